"""Create share links of records."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_0930"
down_revision = "20261129_0920"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "shares",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("reader", sa.String(12), nullable=False),
        sa.Column("with_name", sa.Boolean(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("opened_count", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.UniqueConstraint("token_digest", name="uq_shares_token_digest"),
    )
    op.create_index("ix_shares_person_id", "shares", ["person_id"])
    op.create_table(
        "share_records",
        sa.Column("share_id", sa.Uuid(), sa.ForeignKey("shares.id"), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("code", sa.String(23), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("share_records")
    op.drop_table("shares")
