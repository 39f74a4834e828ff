"""Create skill levels, assessors, credits and their conversion."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261129_0940"
down_revision = "20261129_0930"
branch_labels = None
depends_on = None

JSON_VALUE = sa.JSON().with_variant(JSONB(), "postgresql")
APPENDED = ("qualification_words", "assessor_filings", "assessor_acts", "credit_tables")


def upgrade() -> None:
    _qualifications()
    _assessors()
    _credits()
    for table in APPENDED:
        _guard(table)


def downgrade() -> None:
    for table in APPENDED:
        _unguard(table)
    for table in ("credit_tables", "assessor_acts", "assessor_filings", "qualification_words", "qualifications"):
        op.drop_table(table)


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Uuid(), nullable=False)


def _text(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _day(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def _primary(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _qualifications() -> None:
    op.create_table(
        "qualifications",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        _text("kind", 16),
        _text("occupation", 80),
        sa.Column("level", sa.Integer(), nullable=True),
        _text("issuer", 120),
        _text("issuer_code", 18),
        sa.Column("number_sealed", sa.Text(), nullable=False),
        _text("number_index", 64),
        _day("issued_on"),
        _day("valid_until", nullable=True),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        _moment("entered_at"),
        _id(),
        _key("qualifications", "person_id", "people"),
        _key("qualifications", "organisation_id", "organisations"),
        _key("qualifications", "entered_by", "accounts"),
        _primary("qualifications"),
    )
    op.create_index("ix_qualifications_person_id", "qualifications", ["person_id"], unique=False)
    op.create_index("ix_qualifications_number_index", "qualifications", ["number_index"], unique=False)
    op.create_table(
        "qualification_words",
        sa.Column("qualification_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("state", 12),
        _text("way", 12),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        _moment("said_at"),
        _id(),
        _key("qualification_words", "qualification_id", "qualifications"),
        _key("qualification_words", "said_by", "accounts"),
        _primary("qualification_words"),
        _unique("qualification_words", "qualification_id", "number"),
    )


def _assessors() -> None:
    op.create_table(
        "assessor_filings",
        _text("code", 18),
        _text("name", 120),
        _text("number", 60),
        _text("authority", 120),
        _day("from_on"),
        _day("until_on", nullable=True),
        sa.Column("scopes", JSON_VALUE, nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        _moment("entered_at"),
        _id(),
        _key("assessor_filings", "entered_by", "accounts"),
        _primary("assessor_filings"),
        _unique("assessor_filings", "code", "number"),
    )
    op.create_table(
        "assessor_acts",
        sa.Column("filing_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        _text("act", 12),
        _text("state", 12),
        _day("holds_on"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        _moment("at"),
        _id(),
        _key("assessor_acts", "filing_id", "assessor_filings"),
        _key("assessor_acts", "account_id", "accounts"),
        _primary("assessor_acts"),
        _unique("assessor_acts", "filing_id", "place"),
    )


def _credits() -> None:
    op.create_table(
        "credit_tables",
        _text("code", 40),
        _text("scheme", 120),
        _text("source", 200),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        _day("from_on"),
        _day("until_on", nullable=True),
        sa.Column("rows", JSON_VALUE, nullable=False),
        _text("digest", 64),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        _moment("published_at"),
        _id(),
        _key("credit_tables", "published_by", "accounts"),
        _primary("credit_tables"),
        _unique("credit_tables", "code"),
        _unique("credit_tables", "scheme", "from_on"),
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
