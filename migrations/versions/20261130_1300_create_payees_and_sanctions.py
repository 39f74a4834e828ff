"""Create accounts to pay to, inspections and sanctions."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261130_1300"
down_revision = "20261130_1200"
branch_labels = None
depends_on = None

APPENDED = ("payee_steps", "inspections", "sanction_steps")


def upgrade() -> None:
    _payees()
    _inspections()
    _sanctions()
    for table in APPENDED:
        _guard(table)


def downgrade() -> None:
    for table in APPENDED:
        _unguard(table)
    for table in ("sanction_steps", "sanctions", "inspections", "payee_steps", "payee_accounts"):
        op.drop_table(table)


def _id(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _words(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _day(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def _primary(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _payees() -> None:
    op.create_table(
        "payee_accounts",
        _id("organisation_id", nullable=True),
        _id("person_id", nullable=True),
        _text("card", 12),
        _text("holder", 120),
        _text("bank", 120),
        _words("account_sealed"),
        _text("account_index", 64),
        _text("account_tail", 4),
        _text("state", 12),
        _id("entered_by"),
        _moment("entered_at"),
        _id("id"),
        sa.CheckConstraint(
            "(organisation_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_payee_accounts_one_owner")
        ),
        _key("payee_accounts", "organisation_id", "organisations"),
        _key("payee_accounts", "person_id", "people"),
        _key("payee_accounts", "entered_by", "accounts"),
        _primary("payee_accounts"),
    )
    for column in ("organisation_id", "person_id", "account_index"):
        op.create_index(f"ix_payee_accounts_{column}", "payee_accounts", [column], unique=False)
    op.create_table(
        "payee_steps",
        _id("payee_account_id"),
        _number("number"),
        _text("act", 12),
        _words("note"),
        _id("account_id"),
        _moment("at"),
        _id("id"),
        _key("payee_steps", "payee_account_id", "payee_accounts"),
        _key("payee_steps", "account_id", "accounts"),
        _primary("payee_steps"),
        _unique("payee_steps", "payee_account_id", "number"),
    )


def _inspections() -> None:
    op.create_table(
        "inspections",
        _id("organisation_id"),
        _id("cohort_id", nullable=True),
        _day("checked_on"),
        _text("way", 12),
        _number("expected", nullable=True),
        _number("present", nullable=True),
        _words("problems"),
        _text("second_inspector", 50),
        _id("recorded_by"),
        _moment("recorded_at"),
        _id("id"),
        _key("inspections", "organisation_id", "organisations"),
        _key("inspections", "cohort_id", "cohorts"),
        _key("inspections", "recorded_by", "accounts"),
        _primary("inspections"),
    )
    columns = ["organisation_id", "checked_on"]
    op.create_index("ix_inspections_organisation_id_checked_on", "inspections", columns, unique=False)


def _sanctions() -> None:
    op.create_table(
        "sanctions",
        _id("organisation_id"),
        _number("number"),
        _id("inspection_id", nullable=True),
        _text("rung", 12),
        _words("words"),
        _day("fix_until", nullable=True),
        _day("closed_until", nullable=True),
        _text("state", 12),
        _id("proposed_by"),
        _moment("proposed_at"),
        _id("id"),
        _key("sanctions", "organisation_id", "organisations"),
        _key("sanctions", "inspection_id", "inspections"),
        _key("sanctions", "proposed_by", "accounts"),
        _primary("sanctions"),
        _unique("sanctions", "organisation_id", "number"),
    )
    op.create_index("ix_sanctions_state", "sanctions", ["state"], unique=False)
    op.create_table(
        "sanction_steps",
        _id("sanction_id"),
        _number("number"),
        _text("act", 12),
        _words("words"),
        _id("account_id"),
        _moment("at"),
        _id("id"),
        _key("sanction_steps", "sanction_id", "sanctions"),
        _key("sanction_steps", "account_id", "accounts"),
        _primary("sanction_steps"),
        _unique("sanction_steps", "sanction_id", "number"),
    )


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


def _unguard(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER tr_{table}_appended ON {table}")
        return
    for act in ("update", "delete"):
        op.execute(f"DROP TRIGGER tr_{table}_no_{act}")
