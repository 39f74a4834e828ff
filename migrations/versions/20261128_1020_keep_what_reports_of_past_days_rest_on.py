"""Keep what reports of a past day rest on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261128_1020"
down_revision = "20261128_1010"
branch_labels = None
depends_on = None

JSON_VALUE = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_departures()
    _create_cohort_pasts()
    _create_number_pasts()
    op.add_column("media", sa.Column("measured_at", MOMENT, nullable=True))
    op.execute("UPDATE media SET measured_at = ready_at")


def _create_departures() -> None:
    table = "enrollment_departures"
    op.create_table(
        table,
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("course_version_id", sa.Uuid(), nullable=False),
        sa.Column("pid", sa.String(length=64), nullable=False),
        sa.Column("document_sealed", sa.Text(), nullable=False),
        sa.Column("told", JSON_VALUE, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f(f"fk_{table}_cohort_id")),
        sa.ForeignKeyConstraint(
            ["course_version_id"], ["course_versions.id"], name=op.f(f"fk_{table}_course_version_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "enrollment_id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_enrollment_departures_cohort_id_removed_at", table, ["cohort_id", "removed_at"], unique=False)
    op.create_index(op.f("ix_enrollment_departures_pid"), table, ["pid"], unique=False)


def _create_cohort_pasts() -> None:
    table = "cohort_pasts"
    op.create_table(
        table,
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("policy_code", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f(f"fk_{table}_cohort_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_cohort_pasts_cohort_id_until", table, ["cohort_id", "until"], unique=False)


def _create_number_pasts() -> None:
    table = "person_number_pasts"
    op.create_table(
        table,
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document_sealed", sa.Text(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "number", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    op.drop_column("media", "measured_at")
    for table in ("person_number_pasts", "cohort_pasts", "enrollment_departures"):
        op.drop_table(table)
