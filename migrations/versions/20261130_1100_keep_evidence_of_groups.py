"""Keep evidence of the groups that persons belong to."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_1100"
down_revision = "20261130_1000"
branch_labels = None
depends_on = None

ENTRIES, WORDS = "group_evidence", "group_words"


def upgrade() -> None:
    op.create_table(
        ENTRIES,
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("group_code", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("number_sealed", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _key(ENTRIES, "person_id", "people"),
        _key(ENTRIES, "organisation_id", "organisations"),
        _key(ENTRIES, "entered_by", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{ENTRIES}")),
    )
    op.create_index("ix_group_evidence_person_id", ENTRIES, ["person_id"], unique=False)
    op.create_table(
        WORDS,
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _key(WORDS, "evidence_id", ENTRIES),
        _key(WORDS, "organisation_id", "organisations"),
        _key(WORDS, "said_by", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{WORDS}")),
        sa.UniqueConstraint("evidence_id", "number", name=op.f(f"uq_{WORDS}_evidence_id_number")),
    )
    _guard()


def downgrade() -> None:
    _unguard()
    op.drop_table(WORDS)
    op.drop_table(ENTRIES)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def _guard() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER tr_{WORDS}_appended BEFORE UPDATE OR DELETE ON {WORDS} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER tr_{WORDS}_no_{act} BEFORE {act.upper()} ON {WORDS} "
            f"BEGIN SELECT RAISE(ABORT, 'evidence is appended, never changed: {WORDS}'); END"
        )


def _unguard() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER tr_{WORDS}_appended ON {WORDS}")
        return
    for act in ("update", "delete"):
        op.execute(f"DROP TRIGGER tr_{WORDS}_no_{act}")
