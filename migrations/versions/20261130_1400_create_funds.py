"""Create books of funds, batches, payments, the bank's answers, and the double-entry ledger."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261130_1400"
down_revision = "20261130_1310"
branch_labels = None
depends_on = None

JSON_VALUE = sa.JSON().with_variant(JSONB(), "postgresql")
APPENDED = ("fund_acts", "fund_postings", "fund_entries", "fund_closes")
FIXED = {
    "fund_books": ("organisation_id", "fund", "opened_by", "opened_at"),
    "fund_appropriations": ("book_id", "amount_fen", "received_on", "document", "receipt", "made_by", "made_at"),
    "fund_batches": ("book_id", "number", "count", "total_fen", "digest", "made_by", "made_at"),
    "fund_payments": (
        *("batch_id", "place", "reference", "line_id", "claim_id", "cohort_id", "organisation_id", "person_id"),
        *("kind", "occupation", "level", "atom", "payee_kind", "payee_id", "amount_fen", "follows_id"),
    ),
    "fund_answers": ("batch_id", "digest", "rows", "problems", "read_by", "read_at"),
    "fund_clawbacks": ("payment_id", "reason", "made_by", "made_at"),
}
LIVE = sa.text("state IN ('waiting', 'paid', 'clawed_back')")
HELD = sa.text("state IN ('waiting', 'paid')")
STANDING = sa.text("state <> 'refused'")
TABLES = (
    *("fund_closes", "fund_entries", "fund_postings", "fund_acts", "fund_clawbacks"),
    *("fund_answers", "fund_payments", "fund_batches", "fund_appropriations", "fund_books"),
)


def upgrade() -> None:
    _books()
    _batches()
    _payments()
    _around()
    _ledger()
    for table in APPENDED:
        _guard(table)
    for table, columns in FIXED.items():
        _guard(table, columns)


def downgrade() -> None:
    for table in (*APPENDED, *FIXED):
        _unguard(table)
    for table in TABLES:
        op.drop_table(table)


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Uuid(), nullable=False)


def _other(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _long(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _day(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _fen(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _json(name: str) -> sa.Column[Any]:
    return sa.Column(name, JSON_VALUE, nullable=False)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def _primary(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns), unique=False)


def _once(name: str, table: str, column: str, where: sa.TextClause) -> None:
    op.create_index(name, table, [column], unique=True, sqlite_where=where, postgresql_where=where)


def _books() -> None:
    table = "fund_books"
    op.create_table(
        table,
        _other("organisation_id"),
        _text("fund", 16),
        _other("opened_by"),
        _moment("opened_at"),
        _id(),
        _key(table, "organisation_id", "organisations"),
        _key(table, "opened_by", "accounts"),
        _primary(table),
        _unique(table, "organisation_id", "fund"),
    )
    table = "fund_appropriations"
    op.create_table(
        table,
        _other("book_id"),
        _fen("amount_fen"),
        _day("received_on"),
        _text("document", 80),
        _text("receipt", 60),
        _text("state", 12),
        _other("made_by"),
        _moment("made_at"),
        _other("decided_by", nullable=True),
        _moment("decided_at", nullable=True),
        _id(),
        _key(table, "book_id", "fund_books"),
        _key(table, "made_by", "accounts"),
        _key(table, "decided_by", "accounts"),
        _primary(table),
    )
    _index(table, "book_id")


def _batches() -> None:
    table = "fund_batches"
    op.create_table(
        table,
        _other("book_id"),
        _text("number", 16),
        _text("state", 12),
        _number("count"),
        _fen("total_fen"),
        _text("digest", 64),
        _other("made_by"),
        _moment("made_at"),
        _other("checked_by", nullable=True),
        _moment("checked_at", nullable=True),
        _id(),
        _key(table, "book_id", "fund_books"),
        _key(table, "made_by", "accounts"),
        _key(table, "checked_by", "accounts"),
        _primary(table),
        _unique(table, "book_id", "number"),
    )
    _index(table, "book_id")


def _payments() -> None:
    table = "fund_payments"
    op.create_table(
        table,
        _other("batch_id"),
        _number("place"),
        _text("reference", 24),
        *map(_other, ("line_id", "claim_id", "cohort_id", "organisation_id", "person_id")),
        _text("kind", 12),
        _text("occupation", 80),
        _number("level", nullable=True),
        _text("atom", 64),
        _text("payee_kind", 12),
        _other("payee_id"),
        _text("payee_name", 200),
        _text("bank", 120),
        _long("account_sealed"),
        _text("account_tail", 8),
        _fen("amount_fen"),
        _other("follows_id", nullable=True),
        _text("state", 12),
        _id(),
        _key(table, "batch_id", "fund_batches"),
        _key(table, "cohort_id", "cohorts"),
        _key(table, "organisation_id", "organisations"),
        _key(table, "person_id", "people"),
        _key(table, "follows_id", "fund_payments"),
        _primary(table),
        _unique(table, "batch_id", "place"),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_fund_payments_amount")),
    )
    _once("uq_fund_payments_live_line", table, "line_id", LIVE)
    _once("uq_fund_payments_held_atom", table, "atom", HELD)
    for column in ("line_id", "claim_id", "organisation_id", "person_id"):
        _index(table, column)


def _around() -> None:
    table = "fund_answers"
    op.create_table(
        table,
        _other("batch_id"),
        _text("digest", 64),
        _json("rows"),
        _json("problems"),
        _text("state", 12),
        _other("read_by"),
        _moment("read_at"),
        _other("booked_by", nullable=True),
        _moment("booked_at", nullable=True),
        _id(),
        _key(table, "batch_id", "fund_batches"),
        _key(table, "read_by", "accounts"),
        _key(table, "booked_by", "accounts"),
        _primary(table),
        _unique(table, "batch_id", "digest"),
    )
    table = "fund_clawbacks"
    op.create_table(
        table,
        _other("payment_id"),
        _text("reason", 200),
        _text("state", 12),
        _other("made_by"),
        _moment("made_at"),
        _other("decided_by", nullable=True),
        _moment("decided_at", nullable=True),
        _id(),
        _key(table, "payment_id", "fund_payments"),
        _key(table, "made_by", "accounts"),
        _key(table, "decided_by", "accounts"),
        _primary(table),
    )
    _once("uq_fund_clawbacks_standing", table, "payment_id", STANDING)
    table = "fund_acts"
    op.create_table(
        table,
        _other("book_id"),
        _other("subject_id"),
        _number("place"),
        _text("act", 20),
        _long("note"),
        _other("account_id"),
        _moment("at"),
        _id(),
        _key(table, "book_id", "fund_books"),
        _key(table, "account_id", "accounts"),
        _primary(table),
        _unique(table, "subject_id", "place"),
    )
    _index(table, "book_id")


def _ledger() -> None:
    table = "fund_postings"
    op.create_table(
        table,
        _other("book_id"),
        _number("number"),
        _number("serial", nullable=True),
        _text("key", 80),
        _text("kind", 16),
        *(_other(name, nullable=True) for name in ("batch_id", "payment_id", "reverses_id")),
        *map(_day, ("fact_on", "booked_on", "period_on")),
        _moment("booked_at"),
        _text("receipt", 60),
        _long("note"),
        _other("made_by"),
        _other("checked_by", nullable=True),
        _other("booked_by"),
        _id(),
        _key(table, "book_id", "fund_books"),
        _key(table, "batch_id", "fund_batches"),
        _key(table, "payment_id", "fund_payments"),
        _key(table, "reverses_id", "fund_postings"),
        *(_key(table, column, "accounts") for column in ("made_by", "checked_by", "booked_by")),
        _primary(table),
        _unique(table, "book_id", "number"),
        _unique(table, "book_id", "serial"),
        _unique(table, "key"),
    )
    _index(table, "book_id", "period_on")
    _index(table, "batch_id")
    _index(table, "payment_id")
    table = "fund_entries"
    op.create_table(
        table,
        _other("posting_id"),
        _number("place"),
        _text("from_account", 12),
        _text("to_account", 12),
        _fen("amount_fen"),
        _id(),
        _key(table, "posting_id", "fund_postings"),
        _primary(table),
        _unique(table, "posting_id", "place"),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_fund_entries_amount")),
        sa.CheckConstraint("from_account <> to_account", name=op.f("ck_fund_entries_two_accounts")),
    )
    table = "fund_closes"
    op.create_table(
        table,
        _other("book_id"),
        _day("month_on"),
        _other("closed_by"),
        _moment("closed_at"),
        _id(),
        _key(table, "book_id", "fund_books"),
        _key(table, "closed_by", "accounts"),
        _primary(table),
        _unique(table, "book_id", "month_on"),
    )


def _guard(table: str, columns: tuple[str, ...] = ()) -> None:
    """No row is ever deleted; none, or none of these columns, is ever changed."""
    of = f" OF {', '.join(columns)}" if columns else ""
    for name, act in (("update", f"UPDATE{of}"), ("delete", "DELETE")):
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER tr_{table}_no_{name} BEFORE {act} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            continue
        op.execute(
            f"CREATE TRIGGER tr_{table}_no_{name} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'evidence is appended, never changed: {table}'); END"
        )


def _unguard(table: str) -> None:
    place = f" ON {table}" if op.get_bind().dialect.name == "postgresql" else ""
    for name in ("update", "delete"):
        op.execute(f"DROP TRIGGER tr_{table}_no_{name}{place}")
