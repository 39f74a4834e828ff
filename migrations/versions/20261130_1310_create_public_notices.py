"""Create public notices and objections against them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261130_1310"
down_revision = "20261130_1300"
branch_labels = None
depends_on = None

APPENDED = ("public_notices", "public_notice_ends", "objection_steps")
TABLES = ("objection_steps", "notice_objections", "public_notice_ends", "public_notice_rows", "public_notices")


def upgrade() -> None:
    _notices()
    _objections()
    for table in APPENDED:
        _guard(table)


def downgrade() -> None:
    for table in APPENDED:
        _unguard(table)
    for table in TABLES:
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


def _sum(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def _primary(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _notices() -> None:
    op.create_table(
        "public_notices",
        _id("claim_id"),
        _number("number"),
        _id("organisation_id"),
        _id("cohort_id"),
        _text("kind", 12),
        _day("first_on"),
        _day("last_on"),
        _number("days"),
        _words("days_reason"),
        sa.Column("is_certain", sa.Boolean(), nullable=False),
        _text("phone", 40),
        _text("digest", 64),
        _id("opened_by"),
        _moment("opened_at"),
        _id("id"),
        _key("public_notices", "claim_id", "claims"),
        _key("public_notices", "organisation_id", "organisations"),
        _key("public_notices", "cohort_id", "cohorts"),
        _key("public_notices", "opened_by", "accounts"),
        _primary("public_notices"),
        _unique("public_notices", "claim_id", "number"),
    )
    op.create_index("ix_public_notices_last_on", "public_notices", ["last_on"], unique=False)
    op.create_table(
        "public_notice_rows",
        _id("notice_id"),
        _number("place"),
        _id("line_id"),
        _id("person_id"),
        _text("name", 100),
        _text("document", 40),
        _text("occupation", 80),
        _number("level", nullable=True),
        _sum("standard_fen"),
        _sum("amount_fen"),
        _key("public_notice_rows", "notice_id", "public_notices"),
        _key("public_notice_rows", "line_id", "claim_lines"),
        _key("public_notice_rows", "person_id", "people"),
        sa.PrimaryKeyConstraint("notice_id", "place", name=op.f("pk_public_notice_rows")),
    )
    for column in ("line_id", "person_id"):
        op.create_index(f"ix_public_notice_rows_{column}", "public_notice_rows", [column], unique=False)
    op.create_table(
        "public_notice_ends",
        _id("notice_id"),
        _words("words"),
        _id("ended_by"),
        _moment("ended_at"),
        _key("public_notice_ends", "notice_id", "public_notices"),
        _key("public_notice_ends", "ended_by", "accounts"),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_public_notice_ends")),
    )


def _objections() -> None:
    op.create_table(
        "notice_objections",
        _id("notice_id"),
        _number("place", nullable=True),
        _id("line_id", nullable=True),
        _id("person_id", nullable=True),
        _words("words"),
        _words("contact_sealed"),
        _text("state", 12),
        _moment("made_at"),
        _id("id"),
        _key("notice_objections", "notice_id", "public_notices"),
        _key("notice_objections", "line_id", "claim_lines"),
        _key("notice_objections", "person_id", "people"),
        _primary("notice_objections"),
    )
    columns = ["notice_id", "state"]
    op.create_index("ix_notice_objections_notice_id_state", "notice_objections", columns, unique=False)
    op.create_index("ix_notice_objections_person_id", "notice_objections", ["person_id"], unique=False)
    op.create_table(
        "objection_steps",
        _id("objection_id"),
        _number("number"),
        _text("act", 12),
        _words("words"),
        _id("account_id"),
        _moment("at"),
        _id("id"),
        _key("objection_steps", "objection_id", "notice_objections"),
        _key("objection_steps", "account_id", "accounts"),
        _primary("objection_steps"),
        _unique("objection_steps", "objection_id", "number"),
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
