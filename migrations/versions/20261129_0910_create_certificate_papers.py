"""Create templates and papers of certificates."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261129_0910"
down_revision = "20261129_0900"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
FACTS = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    _templates()
    op.create_table(
        "paper_counters",
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
    )
    op.create_table(
        "papers",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("record_id", sa.Uuid(), sa.ForeignKey("records.id"), nullable=False),
        sa.Column("template_id", sa.Uuid(), sa.ForeignKey("paper_templates.id"), nullable=True),
        sa.Column("serial", sa.String(20), nullable=False),
        sa.Column("numbered_at", MOMENT, nullable=False),
        sa.UniqueConstraint("record_id", name="uq_papers_record_id"),
        sa.UniqueConstraint("serial", name="uq_papers_serial"),
    )
    _bundles()


def _templates() -> None:
    op.create_table(
        "paper_templates",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("organisation_id", sa.Uuid(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("facts", FACTS, nullable=False),
        sa.Column("made_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.UniqueConstraint("organisation_id", "number", name="uq_paper_templates_organisation_id_number"),
    )


def _bundles() -> None:
    op.create_table(
        "paper_bundles",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("cohort_id", sa.Uuid(), sa.ForeignKey("cohorts.id"), nullable=False),
        sa.Column("asked_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("object_key", sa.String(200), nullable=False),
        sa.Column("made", sa.Integer(), nullable=True),
        sa.Column("left", sa.Integer(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("made_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
    )
    op.create_index("ix_paper_bundles_cohort_id_asked_at", "paper_bundles", ["cohort_id", "asked_at"])


def downgrade() -> None:
    op.drop_table("paper_bundles")
    op.drop_table("papers")
    op.drop_table("paper_counters")
    op.drop_table("paper_templates")
