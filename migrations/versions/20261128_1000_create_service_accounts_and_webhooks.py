"""Create service accounts, kept answers, the order of changes and webhooks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261128_1000"
down_revision = "20261128_0950"
branch_labels = None
depends_on = None

JSON_VALUE = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def mark(kind: str, subject: str, parent: str = "NULL", *, only_if: str = "") -> str:
    where = f" WHERE {only_if}" if only_if else ""
    return f"INSERT INTO change_marks (kind, subject_id, parent_id) SELECT '{kind}', {subject}, {parent}{where};"


def of_sitting(table: str) -> str:
    found = f"SELECT 'score', enrollment_id, NULL FROM {table} WHERE id = NEW.sitting_id;"  # noqa: S608
    return f"INSERT INTO change_marks (kind, subject_id, parent_id) {found}"


ENROLLED = mark("enrollment", "NEW.id", "NEW.cohort_id")
HOLDER = mark("person", "NEW.person_id", only_if="NEW.person_id IS NOT NULL")
MARKS = (
    ("cohorts", "INSERT", "", mark("cohort", "NEW.id")),
    ("cohorts", "UPDATE", "", mark("cohort", "NEW.id")),
    ("enrollments", "INSERT", "", mark("new_enrollment", "NEW.id", "NEW.cohort_id")),
    ("enrollments", "UPDATE", "", ENROLLED),
    ("enrollments", "DELETE", "", mark("enrollment", "OLD.id", "OLD.cohort_id")),
    ("certificates", "INSERT", "", mark("certificate", "NEW.enrollment_id")),
    ("certificates", "UPDATE", "", mark("certificate", "NEW.enrollment_id")),
    ("quiz_attempts", "INSERT", "", mark("score", "NEW.enrollment_id")),
    ("exam_sittings", "INSERT", "", mark("score", "NEW.enrollment_id")),
    ("exam_closings", "INSERT", "", of_sitting("exam_sittings")),
    ("exam_grades", "INSERT", "", of_sitting("exam_sittings")),
    ("practice_sittings", "INSERT", "", mark("score", "NEW.enrollment_id")),
    ("practice_sheets", "INSERT", "", of_sitting("practice_sittings")),
    ("attendance_marks", "INSERT", "", mark("attendance", "NEW.enrollment_id")),
    ("attendance_leaves", "INSERT", "", mark("attendance", "NEW.enrollment_id")),
    ("attendance_leaves", "UPDATE", "", mark("attendance", "NEW.enrollment_id")),
    ("class_meetings", "INSERT", "", mark("class", "NEW.cohort_id")),
    ("class_meetings", "UPDATE", "", mark("class", "NEW.cohort_id")),
    ("people", "UPDATE", " OF name, pid", mark("person", "NEW.id")),
    ("restrictions", "INSERT", "", mark("restricted", "NEW.person_id")),
    ("restrictions", "UPDATE", "", mark("restricted", "NEW.person_id")),
    ("accounts", "INSERT", "", HOLDER),
    (
        "accounts",
        "UPDATE",
        " OF phone_index, person_id",
        HOLDER + " " + mark("person", "OLD.person_id", only_if="OLD.person_id IS NOT NULL"),
    ),
    (
        "lessons",
        "UPDATE",
        " OF duration_ms",
        mark("version", "NEW.course_version_id", only_if="NEW.course_version_id IS NOT NULL"),
    ),
)


def upgrade() -> None:
    _create_services()
    _create_changes()
    _create_webhooks()
    for table, act, columns, body in MARKS:
        name = f"{table}_{act.lower()}"
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE FUNCTION mark_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"
            )
            op.execute(
                f"CREATE TRIGGER tr_{name}_marks AFTER {act}{columns} ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION mark_{name}()"
            )
            continue
        op.execute(f"CREATE TRIGGER tr_{name}_marks AFTER {act}{columns} ON {table} BEGIN {body} END")


def _create_services() -> None:
    op.create_table(
        "service_accounts",
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_service_accounts_created_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_service_accounts_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_accounts")),
    )
    op.create_index(op.f("ix_service_accounts_organisation_id"), "service_accounts", ["organisation_id"], unique=False)
    op.create_table(
        "service_tokens",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("hint", sa.String(length=8), nullable=False),
        sa.Column("scopes", JSON_VALUE, nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("last_used_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_service_tokens_created_by")),
        sa.ForeignKeyConstraint(["service_id"], ["service_accounts.id"], name=op.f("fk_service_tokens_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_tokens")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_service_tokens_token_digest")),
    )
    op.create_index(op.f("ix_service_tokens_service_id"), "service_tokens", ["service_id"], unique=False)
    op.create_table(
        "kept_answers",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "key", name=op.f("pk_kept_answers")),
    )
    op.create_index(op.f("ix_kept_answers_created_at"), "kept_answers", ["created_at"], unique=False)


def _create_changes() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "change_marks",
        sa.Column("id", number, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_marks")),
    )
    op.create_table(
        "changes",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("placed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_changes_organisation_id")),
        sa.PrimaryKeyConstraint("kind", "subject_id", name=op.f("pk_changes")),
        sa.UniqueConstraint("number", name=op.f("uq_changes_number")),
    )
    columns = ["kind", "organisation_id", "number"]
    op.create_index("ix_changes_kind_organisation_id_number", "changes", columns, unique=False)
    op.create_index("ix_changes_kind_number", "changes", ["kind", "number"], unique=False)
    op.create_table(
        "change_clerk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("placed_at", MOMENT, nullable=False),
        sa.Column("studied_at", MOMENT, nullable=False),
        sa.Column("classes_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_clerk")),
    )


def _create_webhooks() -> None:
    op.create_table(
        "webhook_subscriptions",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("events", JSON_VALUE, nullable=False),
        sa.Column("secret_sealed", sa.Text(), nullable=False),
        sa.Column("old_secret_sealed", sa.Text(), nullable=True),
        sa.Column("old_until", MOMENT, nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_webhook_subscriptions_created_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_webhook_subscriptions_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_subscriptions")),
    )
    op.create_index(
        op.f("ix_webhook_subscriptions_organisation_id"), "webhook_subscriptions", ["organisation_id"], unique=False
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("problem", sa.String(length=40), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("tried_at", MOMENT, nullable=True),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["webhook_subscriptions.id"], name=op.f("fk_webhook_deliveries_subscription_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index(
        "ix_webhook_deliveries_subscription_id_id", "webhook_deliveries", ["subscription_id", "id"], unique=False
    )
    op.create_index(op.f("ix_webhook_deliveries_created_at"), "webhook_deliveries", ["created_at"], unique=False)


def downgrade() -> None:
    for table, act, _columns, _body in reversed(MARKS):
        name = f"{table}_{act.lower()}"
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER tr_{name}_marks ON {table}")
            op.execute(f"DROP FUNCTION mark_{name}()")
            continue
        op.execute(f"DROP TRIGGER tr_{name}_marks")
    for table in (
        "webhook_deliveries",
        "webhook_subscriptions",
        "change_clerk",
        "changes",
        "change_marks",
        "kept_answers",
        "service_tokens",
        "service_accounts",
    ):
        op.drop_table(table)
