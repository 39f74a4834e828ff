"""File cohorts: what is filed, its plan, its history, frozen rosters and their changes.

Cohorts that are there stay what they were: opened directly, not filed.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261128_0940"
down_revision = "20261128_0930"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
APPENDED = ("filing_events", "roster_versions")


def _cohort() -> sa.Column[sa.Uuid]:
    return sa.Column("cohort_id", sa.Uuid(), sa.ForeignKey("cohorts.id"), nullable=False)


def _account(name: str, *, nullable: bool = False) -> sa.Column[sa.Uuid]:
    return sa.Column(name, sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=nullable)


def upgrade() -> None:
    with op.batch_alter_table("cohorts") as cohorts:
        cohorts.add_column(sa.Column("filing", sa.String(12), nullable=False, server_default=""))
        cohorts.add_column(sa.Column("filing_number", sa.String(40), nullable=True))
        cohorts.create_unique_constraint("uq_cohorts_filing_number", ["filing_number"])
    with op.batch_alter_table("cohorts") as cohorts:
        cohorts.alter_column("filing", existing_type=sa.String(12), server_default=None)
    _filings()
    _rosters()
    for table in APPENDED:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER tr_{table}_appended BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            continue
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER tr_{table}_no_{act} BEFORE {act.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'evidence is appended, never changed: {table}'); END"
            )


def _filings() -> None:
    op.create_table(
        "filings",
        sa.Column("cohort_id", sa.Uuid(), sa.ForeignKey("cohorts.id"), primary_key=True),
        sa.Column("programme", sa.String(20), nullable=False),
        sa.Column("training_kind", sa.String(20), nullable=False),
        sa.Column("occupation", sa.String(80), nullable=False),
        sa.Column("level", sa.String(8), nullable=False),
        sa.Column("certificate", sa.String(20), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("manager", sa.String(120), nullable=False),
        sa.Column("phone_sealed", sa.Text(), nullable=False),
        sa.Column("materials", sa.Text(), nullable=False),
        sa.Column("resources", sa.Text(), nullable=False),
        sa.Column("exam_plan", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _account("filed_by", nullable=True),
        sa.Column("filed_at", MOMENT, nullable=True),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
    )
    op.create_table(
        "plan_items",
        _cohort(),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("content", sa.String(12), nullable=False),
        sa.Column("mode", sa.String(12), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        _account("teacher_id", nullable=True),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
    )
    op.create_index("ix_plan_items_cohort_id", "plan_items", ["cohort_id"])
    op.create_table(
        "filing_events",
        _cohort(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(12), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        _account("account_id"),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("remarks", JSON, nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.UniqueConstraint("cohort_id", "number", name="uq_filing_events_cohort_id_number"),
    )


def _rosters() -> None:
    op.create_table(
        "roster_changes",
        _cohort(),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=True),
        sa.Column("person_sealed", sa.Text(), nullable=True),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _account("proposed_by"),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("decision", sa.String(12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        _account("decided_by", nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
    )
    op.create_index("ix_roster_changes_cohort_id", "roster_changes", ["cohort_id"])
    op.create_table(
        "roster_versions",
        _cohort(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rows", JSON, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("change_id", sa.Uuid(), sa.ForeignKey("roster_changes.id"), nullable=True),
        _account("frozen_by"),
        sa.Column("frozen_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.UniqueConstraint("cohort_id", "number", name="uq_roster_versions_cohort_id_number"),
    )


def downgrade() -> None:
    for table in ("roster_versions", "roster_changes", "filing_events", "plan_items", "filings"):
        op.drop_table(table)
    with op.batch_alter_table("cohorts") as cohorts:
        cohorts.drop_constraint("uq_cohorts_filing_number", type_="unique")
        cohorts.drop_column("filing_number")
        cohorts.drop_column("filing")
