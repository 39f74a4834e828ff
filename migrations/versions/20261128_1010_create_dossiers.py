"""Create class dossiers, inspectors' samples, and what they found."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_1010"
down_revision = "20261128_1000"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "dossiers",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("cohort_id", sa.Uuid(), sa.ForeignKey("cohorts.id"), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("as_of", MOMENT, nullable=False),
        sa.Column("masked", sa.Boolean(), nullable=False),
        sa.Column("purpose", sa.String(200), nullable=False),
        sa.Column("asked_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("object_key", sa.String(200), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("made_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
    )
    op.create_index("ix_dossiers_cohort_id_asked_at", "dossiers", ["cohort_id", "asked_at"])
    _samples()


def _samples() -> None:
    op.create_table(
        "samples",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), sa.ForeignKey("cohorts.id"), nullable=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("seed", sa.String(64), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("population_hash", sa.String(64), nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
    )
    op.create_index("ix_samples_account_id", "samples", ["account_id"])
    op.create_table(
        "sample_items",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("sample_id", sa.Uuid(), sa.ForeignKey("samples.id"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("interval_id", sa.Uuid(), sa.ForeignKey("study_intervals.id"), nullable=True),
        sa.UniqueConstraint("sample_id", "place", name="uq_sample_items_sample_id_place"),
    )
    op.create_table(
        "sample_findings",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("item_id", sa.Uuid(), sa.ForeignKey("sample_items.id"), nullable=False),
        sa.Column("finding", sa.String(12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
    )
    op.create_index("ix_sample_findings_item_id", "sample_findings", ["item_id"])


def downgrade() -> None:
    op.drop_table("sample_findings")
    op.drop_table("sample_items")
    op.drop_table("samples")
    op.drop_table("dossiers")
