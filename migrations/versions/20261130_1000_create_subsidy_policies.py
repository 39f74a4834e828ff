"""Create subsidy policies, drafts of them, and the pins of classes."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261130_1000"
down_revision = "20261129_1000"
branch_labels = None
depends_on = None

JSON_VALUE = sa.JSON().with_variant(JSONB(), "postgresql")
APPENDED = ("subsidy_versions", "subsidy_draft_acts", "subsidy_pins")


def upgrade() -> None:
    _versions()
    _drafts()
    _pins()
    for table in APPENDED:
        _guard(table)


def downgrade() -> None:
    for table in APPENDED:
        _unguard(table)
    for table in ("subsidy_pins", "subsidy_draft_acts", "subsidy_drafts", "subsidy_versions"):
        op.drop_table(table)


def _id(name: str = "id", *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _word(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def _primary(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _versions() -> None:
    table = "subsidy_versions"
    op.create_table(
        table,
        _word("code", 12),
        _word("jurisdiction", 2),
        _text("title"),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        _text("text"),
        _word("digest", 64),
        _word("origin", 8),
        _id("published_by", nullable=True),
        _moment("published_at"),
        _id(),
        _key(table, "published_by", "accounts"),
        _primary(table),
        _unique(table, "code"),
        _unique(table, "digest"),
        _unique(table, "jurisdiction", "effective_from"),
    )


def _drafts() -> None:
    table, acts = "subsidy_drafts", "subsidy_draft_acts"
    op.create_table(
        table,
        _id("origin_id"),
        _text("text"),
        _word("state", 12),
        _number("edition"),
        _id("version_id", nullable=True),
        _moment("created_at"),
        _moment("changed_at"),
        _id(),
        _key(table, "origin_id", "subsidy_versions"),
        _key(table, "version_id", "subsidy_versions"),
        _primary(table),
    )
    op.create_index("ix_subsidy_drafts_state", table, ["state"])
    op.create_table(
        acts,
        _id("draft_id"),
        _number("number"),
        _word("act", 12),
        _text("note"),
        _word("digest", 64),
        _id("account_id"),
        _moment("at"),
        _id(),
        _key(acts, "draft_id", table),
        _key(acts, "account_id", "accounts"),
        _primary(acts),
        _unique(acts, "draft_id", "number"),
    )


def _pins() -> None:
    table = "subsidy_pins"
    op.create_table(
        table,
        _id("cohort_id"),
        _number("number"),
        _id("version_id"),
        sa.Column("chain", JSON_VALUE, nullable=False),
        _word("cause", 12),
        _moment("pinned_at"),
        _id(),
        _key(table, "cohort_id", "cohorts"),
        _key(table, "version_id", "subsidy_versions"),
        _primary(table),
        _unique(table, "cohort_id", "number"),
    )
    op.create_index("ix_subsidy_pins_version_id", table, ["version_id"])


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
