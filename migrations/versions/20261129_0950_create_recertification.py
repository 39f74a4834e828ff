"""Create validity and reminders of records."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_0950"
down_revision = "20261129_0940"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "validity_rules",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("open_days", sa.Integer(), nullable=False),
        sa.Column("due_days", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_validity_rules_course_id")),
        sa.ForeignKeyConstraint(["set_by"], ["accounts.id"], name=op.f("fk_validity_rules_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_validity_rules")),
    )
    op.create_index(
        "ix_validity_rules_course_id_effective_from", "validity_rules", ["course_id", "effective_from"], unique=False
    )
    op.create_table(
        "validities",
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("renewed_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_validities_course_id")),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollments.id"], name=op.f("fk_validities_enrollment_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_validities_person_id")),
        sa.ForeignKeyConstraint(["renewed_by"], ["enrollments.id"], name=op.f("fk_validities_renewed_by")),
        sa.ForeignKeyConstraint(["rule_id"], ["validity_rules.id"], name=op.f("fk_validities_rule_id")),
        sa.PrimaryKeyConstraint("enrollment_id", name=op.f("pk_validities")),
    )
    for column in ("person_id", "course_id", "valid_until", "next_on"):
        op.create_index(op.f(f"ix_validities_{column}"), "validities", [column], unique=False)
    op.create_table(
        "renewal_reminders",
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("phase", sa.String(length=10), nullable=False),
        sa.Column("by_sms", sa.Boolean(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["validities.enrollment_id"], name=op.f("fk_renewal_reminders_enrollment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewal_reminders")),
        sa.UniqueConstraint("enrollment_id", "phase", name=op.f("uq_renewal_reminders_enrollment_id_phase")),
    )


def downgrade() -> None:
    op.drop_table("renewal_reminders")
    op.drop_table("validities")
    op.drop_table("validity_rules")
