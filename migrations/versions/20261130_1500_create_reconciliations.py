"""Create bank statements, words about differences, reconciliations and who signed them."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261130_1500"
down_revision = "20261130_1400"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON_VALUE = sa.JSON().with_variant(JSONB(), "postgresql")
APPENDED = ("bank_statements", "difference_words", "reconciliations", "reconciliation_signings")
ROWS = "bank_statement_rows"
FIXED = (
    *("statement_id", "book_id", "number", "place", "moved_on", "amount_fen", "balance_fen"),
    *("account_tail", "serial", "receipt", "fingerprint"),
)


def upgrade() -> None:
    _statements()
    _tables()
    for table in APPENDED:
        _guard(table)
    _guard(ROWS, FIXED)


def downgrade() -> None:
    for table in (*APPENDED, ROWS):
        _unguard(table)
    for table in ("reconciliation_signings", "reconciliations", "difference_words", ROWS, "bank_statements"):
        op.drop_table(table)


def _key(name: str, table: str, *, primary: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), sa.ForeignKey(f"{table}.id"), nullable=False, primary_key=primary)


def _statements() -> None:
    op.create_table(
        "bank_statements",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _key("book_id", "fund_books"),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("rows", "known", "sums")),
        sa.Column("gaps", JSON_VALUE, nullable=False),
        _key("brought_by", "accounts"),
        sa.Column("brought_at", MOMENT, nullable=False),
        sa.UniqueConstraint("book_id", "sha256", name="uq_bank_statements_book_id_sha256"),
    )
    op.create_table(
        ROWS,
        sa.Column("id", sa.Uuid(), primary_key=True),
        _key("statement_id", "bank_statements"),
        _key("book_id", "fund_books"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("balance_fen", sa.BigInteger(), nullable=True),
        sa.Column("told_sealed", sa.Text(), nullable=False),
        sa.Column("account_tail", sa.String(8), nullable=False),
        sa.Column("serial", sa.String(64), nullable=False),
        sa.Column("receipt", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.UniqueConstraint("book_id", "fingerprint", name="uq_bank_statement_rows_book_id_fingerprint"),
    )
    op.create_index("ix_bank_statement_rows_book_id_moved_on", ROWS, ["book_id", "moved_on"])
    op.create_index("ix_bank_statement_rows_statement_id", ROWS, ["statement_id"])


def _tables() -> None:
    op.create_table(
        "difference_words",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _key("book_id", "fund_books"),
        sa.Column("month_on", sa.Date(), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _key("said_by", "accounts"),
        sa.Column("said_at", MOMENT, nullable=False),
    )
    op.create_index("ix_difference_words_book_id_month_on", "difference_words", ["book_id", "month_on"])
    op.create_table(
        "reconciliations",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _key("book_id", "fund_books"),
        sa.Column("month_on", sa.Date(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        _key("prepared_by", "accounts"),
        sa.Column("prepared_at", MOMENT, nullable=False),
        sa.UniqueConstraint("book_id", "month_on", "round", name="uq_reconciliations_book_id_month_on_round"),
    )
    op.create_table(
        "reconciliation_signings",
        _key("reconciliation_id", "reconciliations", primary=True),
        _key("book_id", "fund_books"),
        sa.Column("month_on", sa.Date(), nullable=False),
        _key("signed_by", "accounts"),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.UniqueConstraint("book_id", "month_on", name="uq_reconciliation_signings_book_id_month_on"),
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
