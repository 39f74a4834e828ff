"""Create cohorts."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0930"
down_revision = "20261123_0920"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cohorts",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("course_version_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("policy_code", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_version_id"], ["course_versions.id"], name=op.f("fk_cohorts_course_version_id")
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_cohorts_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohorts")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_cohorts_organisation_id_name")),
    )
    op.create_index(op.f("ix_cohorts_organisation_id"), "cohorts", ["organisation_id"], unique=False)
    op.create_table(
        "enrollments",
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("course_version_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_enrollments_cohort_id")),
        sa.ForeignKeyConstraint(
            ["course_version_id"], ["course_versions.id"], name=op.f("fk_enrollments_course_version_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_enrollments_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollments")),
        sa.UniqueConstraint("cohort_id", "person_id", name=op.f("uq_enrollments_cohort_id_person_id")),
    )
    op.create_index(op.f("ix_enrollments_cohort_id_id"), "enrollments", ["cohort_id", "id"], unique=False)
    op.create_index(op.f("ix_enrollments_person_id"), "enrollments", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_enrollments_person_id"), table_name="enrollments")
    op.drop_index(op.f("ix_enrollments_cohort_id_id"), table_name="enrollments")
    op.drop_table("enrollments")
    op.drop_index(op.f("ix_cohorts_organisation_id"), table_name="cohorts")
    op.drop_table("cohorts")
