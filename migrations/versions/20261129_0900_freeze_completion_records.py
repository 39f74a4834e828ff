"""Freeze completion records, with states that follow each other.

What lay in `certificates` as JSON becomes the bytes that its hash was made of.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261129_0900"
down_revision = "20261128_1020"
branch_labels = None
depends_on = None

JSON_VALUE = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
APPENDED = ("records", "record_proposals", "record_states", "record_decisions", "record_proofs")
SHARED = ("id", "enrollment_id", "code", "facts_hash", "issued_at")
BATCH = 500


def mark(kind: str, subject: str, *, of: str = "") -> str:
    return f"INSERT INTO change_marks (kind, subject_id, parent_id) SELECT '{kind}', {subject}, NULL{of};"


NEW_MARKS = {
    "records_insert": ("records", "INSERT", mark("certificate", "NEW.enrollment_id")),
    "record_states_insert": (
        "record_states",
        "INSERT",
        mark("record_state", "enrollment_id", of=" FROM records WHERE id = NEW.record_id"),
    ),
}
OLD_MARKS = {
    "certificates_insert": ("certificates", "INSERT", mark("certificate", "NEW.enrollment_id")),
    "certificates_update": ("certificates", "UPDATE", mark("certificate", "NEW.enrollment_id")),
}


def upgrade() -> None:
    _create_records()
    _create_beside()
    _fill_records()
    op.drop_table("certificates")
    _drop_functions(OLD_MARKS)
    _guard(APPENDED)
    _mark(NEW_MARKS)


def downgrade() -> None:
    op.create_table(
        "certificates",
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=23), nullable=False),
        sa.Column("facts", JSON_VALUE, nullable=False),
        sa.Column("facts_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollments.id"], name=op.f("fk_certificates_enrollment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("code", name=op.f("uq_certificates_code")),
        sa.UniqueConstraint("enrollment_id", name=op.f("uq_certificates_enrollment_id")),
    )
    _fill_certificates()
    for table in ("proofs", "states", "decisions", "proposals", "holders"):
        op.drop_table(f"record_{table}")
    op.drop_table("records")
    _drop_functions(NEW_MARKS)
    _guard(("certificates",))
    _mark(OLD_MARKS)


def _create_records() -> None:
    op.create_table(
        "records",
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("record_class", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=23), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("facts_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollments.id"], name=op.f("fk_records_enrollment_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["records.id"], name=op.f("fk_records_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records")),
        sa.UniqueConstraint("code", name=op.f("uq_records_code")),
        sa.UniqueConstraint("enrollment_id", "number", name=op.f("uq_records_enrollment_id_number")),
    )
    op.create_index(op.f("ix_records_issued_at"), "records", ["issued_at"], unique=False)
    op.create_table(
        "record_holders",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("document_type", sa.String(length=32), nullable=False),
        sa.Column("document_sealed", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name=op.f("fk_record_holders_record_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_record_holders_person_id")),
        sa.PrimaryKeyConstraint("record_id", "person_id", name=op.f("pk_record_holders")),
    )
    op.create_index(op.f("ix_record_holders_person_id"), "record_holders", ["person_id"], unique=False)


def _create_beside() -> None:
    op.create_table(
        "record_proposals",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name=op.f("fk_record_proposals_record_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["accounts.id"], name=op.f("fk_record_proposals_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_proposals")),
    )
    op.create_index(op.f("ix_record_proposals_record_id"), "record_proposals", ["record_id"], unique=False)
    op.create_table(
        "record_decisions",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["record_proposals.id"], name=op.f("fk_record_decisions_proposal_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_record_decisions_decided_by")),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_record_decisions")),
    )
    op.create_table(
        "record_states",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("successor_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name=op.f("fk_record_states_record_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_record_states_decided_by")),
        sa.ForeignKeyConstraint(["proposal_id"], ["record_proposals.id"], name=op.f("fk_record_states_proposal_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["records.id"], name=op.f("fk_record_states_successor_id")),
        sa.PrimaryKeyConstraint("record_id", "number", name=op.f("pk_record_states")),
    )
    op.create_table(
        "record_proofs",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("path", JSON_VALUE, nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name=op.f("fk_record_proofs_record_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_record_proofs")),
    )


def _table(name: str, *columns: str) -> sa.TableClause:
    kinds: dict[str, Any] = {
        **dict.fromkeys(("id", "enrollment_id"), sa.Uuid()),
        "issued_at": MOMENT,
        "facts": JSON_VALUE,
        "number": sa.Integer(),
    }
    return sa.table(name, *(sa.column(each, kinds.get(each, sa.Text())) for each in columns))


def _batches(query: sa.Select[Any]) -> Iterable[list[Mapping[str, Any]]]:
    rows = op.get_bind().execute(query).mappings().all()
    for low in range(0, len(rows), BATCH):
        yield [dict(row) for row in rows[low : low + BATCH]]


def _fill_records() -> None:
    old = _table("certificates", *SHARED, "facts")
    new = _table("records", *SHARED, "body", "number", "record_class")
    for rows in _batches(sa.select(old).order_by(old.c.id)):
        made = [
            {
                **{name: row[name] for name in SHARED},
                "body": json.dumps(row["facts"], ensure_ascii=False, sort_keys=True, separators=(",", ":")),
                "number": 1,
                "record_class": "completion",
            }
            for row in rows
        ]
        op.get_bind().execute(sa.insert(new), made)
    op.execute(
        "INSERT INTO record_holders (record_id, person_id, name, document_type, document_sealed, salt)"
        " SELECT records.id, people.id, people.name, people.document_type, people.document_sealed, ''"
        " FROM records JOIN enrollments ON enrollments.id = records.enrollment_id"
        " JOIN people ON people.id = enrollments.person_id"
    )


def _fill_certificates() -> None:
    """The last record of each enrollment; which were taken back is lost on the way down."""
    old = _table("records", *SHARED, "body", "number")
    later = old.alias("later")
    last = ~sa.exists().where(later.c.enrollment_id == old.c.enrollment_id, later.c.number > old.c.number)
    new = _table("certificates", *SHARED, "facts")
    for rows in _batches(sa.select(old).where(last).order_by(old.c.id)):
        made = [{**{name: row[name] for name in SHARED}, "facts": json.loads(row["body"])} for row in rows]
        op.get_bind().execute(sa.insert(new), made)


def _guard(tables: Iterable[str]) -> None:
    for table in tables:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER tr_{table}_appended BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            continue
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER tr_{table}_no_{act} BEFORE {act.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'evidence is appended, never changed: {table}'); END"
            )


def _mark(marks: Mapping[str, tuple[str, str, str]]) -> None:
    for name, (table, act, body) in marks.items():
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE FUNCTION mark_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"
            )
            op.execute(
                f"CREATE TRIGGER tr_{name}_marks AFTER {act} ON {table} FOR EACH ROW EXECUTE FUNCTION mark_{name}()"
            )
            continue
        op.execute(f"CREATE TRIGGER tr_{name}_marks AFTER {act} ON {table} BEGIN {body} END")


def _drop_functions(marks: Iterable[str]) -> None:
    """After their tables, and the triggers with them, are gone."""
    if op.get_bind().dialect.name == "postgresql":
        for name in marks:
            op.execute(f"DROP FUNCTION mark_{name}()")
