"""Create notices and rights."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261128_0920"
down_revision = "20261128_0910"
branch_labels = None
depends_on = None

JSON_VALUE = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
APPENDED = ("activations", "erasures", "retention_settings")
TABLES = (
    "retention_settings",
    "monthly_statements",
    "personal_exports",
    "erasures",
    "restrictions",
    "rights_requests",
    "activations",
)


def upgrade() -> None:
    op.add_column("consents", sa.Column("language", sa.String(length=12), nullable=False, server_default=""))
    op.add_column("consents", sa.Column("text_hash", sa.String(length=64), nullable=False, server_default=""))
    _create_activations()
    _create_requests()
    _create_erasures()
    _create_exports()
    _create_statements()
    _create_settings()
    for table in APPENDED:
        _guard(table)


def _guard(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER tr_{table}_appended BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER tr_{table}_no_{act} BEFORE {act.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'evidence is appended, never changed: {table}'); END"
        )


def _person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f(f"fk_{table}_person_id"))


def _account(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["accounts.id"], name=op.f(f"fk_{table}_{column}"))


def _key(table: str, column: str = "id") -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(column, name=op.f(f"pk_{table}"))


def _create_activations() -> None:
    op.create_table(
        "activations",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _person("activations"),
        _account("activations", "account_id"),
        _key("activations"),
    )
    op.create_index("ix_activations_person_id", "activations", ["person_id"], unique=False)


def _create_requests() -> None:
    table = "rights_requests"
    op.create_table(
        table,
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("second_by", sa.Uuid(), nullable=True),
        sa.Column("second_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        _person(table),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f(f"fk_{table}_organisation_id")),
        *(_account(table, column) for column in ("asked_by", "decided_by", "second_by")),
        _key(table),
    )
    op.create_index("ix_rights_requests_person_id", table, ["person_id"], unique=False)
    op.create_index("ix_rights_requests_organisation_id_state", table, ["organisation_id", "state"], unique=False)
    op.create_table(
        "restrictions",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("lifted_at", MOMENT, nullable=True),
        _person("restrictions"),
        sa.ForeignKeyConstraint(["request_id"], [f"{table}.id"], name=op.f("fk_restrictions_request_id")),
        _key("restrictions", "person_id"),
    )


def _create_erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=False),
        sa.Column("erased_at", MOMENT, nullable=False),
        _key("erasures", "person_id"),
    )


def _create_exports() -> None:
    table = "personal_exports"
    op.create_table(
        table,
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("ready_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _person(table),
        _account(table, "account_id"),
        _key(table),
    )
    op.create_index("ix_personal_exports_person_id", table, ["person_id"], unique=False)


def _create_statements() -> None:
    table = "monthly_statements"
    op.create_table(
        table,
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("rows", JSON_VALUE, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        _person(table),
        _key(table),
        sa.UniqueConstraint("person_id", "month", name=op.f("uq_monthly_statements_person_id_month")),
    )


def _create_settings() -> None:
    table = "retention_settings"
    op.create_table(
        table,
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("confidence", sa.String(length=1), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _account(table, "set_by"),
        _key(table),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("consents", "text_hash")
    op.drop_column("consents", "language")
