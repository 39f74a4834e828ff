"""Create lists from outside, whom they matched, strange patterns of classes, and the words on both."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261130_1600"
down_revision = "20261130_1500"
branch_labels = None
depends_on = None

JSON_VALUE = sa.JSON().with_variant(JSONB(), "postgresql")
APPENDED = ("outside_matches", "outside_words", "pattern_flags", "pattern_persons", "pattern_words")


def upgrade() -> None:
    _lists()
    _matches()
    _patterns()
    with op.batch_alter_table("login_sessions") as logins:
        logins.add_column(sa.Column("device_mark", sa.String(length=64), nullable=False, server_default=""))
    op.create_index("ix_login_sessions_device_mark", "login_sessions", ["device_mark"], unique=False)
    for table in APPENDED:
        _guard(table)


def downgrade() -> None:
    for table in APPENDED:
        _unguard(table)
    op.drop_index("ix_login_sessions_device_mark", "login_sessions")
    with op.batch_alter_table("login_sessions") as logins:
        logins.drop_column("device_mark")
    for table in (*reversed(APPENDED), "outside_entries", "outside_lists"):
        op.drop_table(table)


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Uuid(), nullable=False)


def _uuid(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _day(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def _primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*(columns or ("id",)), name=op.f(f"pk_{table}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns), unique=False)


def _lists() -> None:
    op.create_table(
        "outside_lists",
        _uuid("organisation_id"),
        _text("kind", 16),
        _text("source", 120),
        _day("as_of_on"),
        _text("basis", 200),
        _uuid("keeper_id"),
        _day("kept_until"),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("problems", JSON_VALUE, nullable=False),
        _moment("brought_at"),
        _moment("removed_at", nullable=True),
        _uuid("removed_by", nullable=True),
        _id(),
        _key("outside_lists", "organisation_id", "organisations"),
        _key("outside_lists", "keeper_id", "accounts"),
        _key("outside_lists", "removed_by", "accounts"),
        _primary("outside_lists"),
    )
    _index("outside_lists", "organisation_id")
    op.create_table(
        "outside_entries",
        _uuid("list_id"),
        _text("pid", 64),
        _text("name_index", 64),
        _day("from_on", nullable=True),
        _day("until_on", nullable=True),
        _key("outside_entries", "list_id", "outside_lists"),
        _primary("outside_entries", "list_id", "pid"),
    )
    _index("outside_entries", "pid")


def _matches() -> None:
    op.create_table(
        "outside_matches",
        _uuid("list_id"),
        _uuid("person_id"),
        sa.Column("name_fits", sa.Boolean(), nullable=False),
        _day("from_on", nullable=True),
        _day("until_on", nullable=True),
        _moment("found_at"),
        _id(),
        _key("outside_matches", "list_id", "outside_lists"),
        _key("outside_matches", "person_id", "people"),
        _primary("outside_matches"),
        _unique("outside_matches", "list_id", "person_id"),
    )
    _index("outside_matches", "person_id")
    op.create_table(
        "outside_words",
        _uuid("match_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("outcome", 12),
        _day("over_on", nullable=True),
        *_said("outside_words"),
        _key("outside_words", "match_id", "outside_matches"),
        _unique("outside_words", "match_id", "number"),
    )


def _said(table: str) -> tuple[Any, ...]:
    return (
        sa.Column("words", sa.Text(), nullable=False),
        _uuid("said_by"),
        _moment("said_at"),
        _id(),
        _key(table, "said_by", "accounts"),
        _primary(table),
    )


def _patterns() -> None:
    op.create_table(
        "pattern_flags",
        _text("key", 200),
        _text("pattern", 24),
        _uuid("cohort_id"),
        _uuid("organisation_id"),
        _text("subject", 80),
        sa.Column("detail", JSON_VALUE, nullable=False),
        sa.Column("evidence", JSON_VALUE, nullable=False),
        _moment("raised_at"),
        _id(),
        _key("pattern_flags", "cohort_id", "cohorts"),
        _key("pattern_flags", "organisation_id", "organisations"),
        _primary("pattern_flags"),
        _unique("pattern_flags", "key"),
    )
    _index("pattern_flags", "cohort_id")
    _index("pattern_flags", "organisation_id", "raised_at")
    op.create_table(
        "pattern_persons",
        _uuid("flag_id"),
        _uuid("person_id"),
        sa.Column("is_suspect", sa.Boolean(), nullable=False),
        _key("pattern_persons", "flag_id", "pattern_flags"),
        _key("pattern_persons", "person_id", "people"),
        _primary("pattern_persons", "flag_id", "person_id"),
    )
    _index("pattern_persons", "person_id")
    op.create_table(
        "pattern_words",
        _uuid("flag_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("outcome", 12),
        *_said("pattern_words"),
        _key("pattern_words", "flag_id", "pattern_flags"),
        _unique("pattern_words", "flag_id", "number"),
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
