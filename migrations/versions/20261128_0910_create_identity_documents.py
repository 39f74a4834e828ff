"""Create identity documents."""

import uuid
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261128_0910"
down_revision = "20261128_0900"
branch_labels = None
depends_on = None

JSON_VALUE = sa.JSON().with_variant(JSONB(), "postgresql")
STANDING = sa.text("withdrawn_at IS NULL")
BATCH = 1000
UNCHECKED = "format"


def upgrade() -> None:
    _documents()
    _changes()
    _names()
    _checks()
    _links()
    op.add_column("study_leases", sa.Column("living_id", sa.Uuid(), nullable=True))
    _fill()


def downgrade() -> None:
    _give_back()
    op.drop_column("study_leases", "living_id")
    for table in ("shared_walls", "person_links", "document_checks", "person_names", "identity_decisions"):
        op.drop_table(table)
    op.drop_table("identity_changes")
    op.drop_table("person_documents")


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Uuid(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def _documents() -> None:
    op.create_table(
        "person_documents",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("pid", sa.String(length=64), nullable=False),
        sa.Column("document_type", sa.String(length=32), nullable=False),
        sa.Column("number_sealed", sa.Text(), nullable=False),
        sa.Column("remarks", JSON_VALUE, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        _moment("added_at"),
        _moment("withdrawn_at", nullable=True),
        _id(),
        _key("person_documents", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_documents")),
    )
    op.create_index(op.f("ix_person_documents_person_id"), "person_documents", ["person_id"], unique=False)
    op.create_index(
        "uq_person_documents_pid",
        "person_documents",
        ["pid"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )


def _changes() -> None:
    op.create_table(
        "identity_changes",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("document_type", sa.String(length=32), nullable=False),
        sa.Column("before_sealed", sa.Text(), nullable=False),
        sa.Column("after_sealed", sa.Text(), nullable=False),
        sa.Column("after_pid", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        _moment("proposed_at"),
        _id(),
        _key("identity_changes", "person_id", "people"),
        _key("identity_changes", "organisation_id", "organisations"),
        _key("identity_changes", "document_id", "person_documents"),
        _key("identity_changes", "proposed_by", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_changes")),
    )
    op.create_index(op.f("ix_identity_changes_person_id"), "identity_changes", ["person_id"], unique=False)
    op.create_index(
        "ix_identity_changes_organisation_id_proposed_at",
        "identity_changes",
        ["organisation_id", "proposed_at"],
        unique=False,
    )
    op.create_table(
        "identity_decisions",
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("joined_id", sa.Uuid(), nullable=True),
        sa.Column("overlap_ms", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        _moment("decided_at"),
        _key("identity_decisions", "change_id", "identity_changes"),
        _key("identity_decisions", "joined_id", "people"),
        _key("identity_decisions", "decided_by", "accounts"),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_identity_decisions")),
    )


def _names() -> None:
    op.create_table(
        "person_names",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        _moment("since"),
        sa.Column("change_id", sa.Uuid(), nullable=True),
        _id(),
        _key("person_names", "person_id", "people"),
        _key("person_names", "change_id", "identity_changes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_names")),
    )
    op.create_index(op.f("ix_person_names_person_id"), "person_names", ["person_id"], unique=False)


def _checks() -> None:
    op.create_table(
        "document_checks",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        _moment("asked_at"),
        _moment("sent_at", nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        _moment("answered_at", nullable=True),
        _id(),
        _key("document_checks", "document_id", "person_documents"),
        _key("document_checks", "organisation_id", "organisations"),
        _key("document_checks", "asked_by", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_checks")),
    )
    op.create_index(op.f("ix_document_checks_document_id"), "document_checks", ["document_id"], unique=False)
    op.create_index(op.f("ix_document_checks_asked_at"), "document_checks", ["asked_at"], unique=False)


def _links() -> None:
    op.create_table(
        "person_links",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("living_id", sa.Uuid(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        _moment("linked_at"),
        _key("person_links", "person_id", "people"),
        _key("person_links", "living_id", "people"),
        _key("person_links", "change_id", "identity_changes"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_links")),
    )
    op.create_index(op.f("ix_person_links_living_id"), "person_links", ["living_id"], unique=False)
    op.create_table(
        "shared_walls",
        sa.Column("living_id", sa.Uuid(), nullable=False),
        sa.Column("high_water_ms", sa.BigInteger(), nullable=False),
        _key("shared_walls", "living_id", "people"),
        sa.PrimaryKeyConstraint("living_id", name=op.f("pk_shared_walls")),
    )


PEOPLE = sa.table(
    "people",
    sa.column("id", sa.Uuid()),
    sa.column("pid", sa.String()),
    sa.column("name", sa.String()),
    sa.column("document_type", sa.String()),
    sa.column("document_sealed", sa.Text()),
    sa.column("created_at", sa.DateTime(timezone=True)),
)
DOCUMENTS = sa.table(
    "person_documents",
    sa.column("id", sa.Uuid()),
    sa.column("person_id", sa.Uuid()),
    sa.column("pid", sa.String()),
    sa.column("document_type", sa.String()),
    sa.column("number_sealed", sa.Text()),
    sa.column("remarks", JSON_VALUE),
    sa.column("is_current", sa.Boolean()),
    sa.column("state", sa.String()),
    sa.column("added_at", sa.DateTime(timezone=True)),
    sa.column("withdrawn_at", sa.DateTime(timezone=True)),
)
NAMES = sa.table(
    "person_names",
    sa.column("id", sa.Uuid()),
    sa.column("person_id", sa.Uuid()),
    sa.column("name", sa.String()),
    sa.column("since", sa.DateTime(timezone=True)),
)


def _fill() -> None:
    """Each person's one document and name, told once more where they are looked for from now on.

    The first document has its person's id: the key of a sealed number is bound to its place, and a migration has
    no keys, so the number stays readable where it was sealed (`services/sealed.py`).
    """
    bind = op.get_bind()
    last = uuid.UUID(int=0)
    while rows := bind.execute(sa.select(PEOPLE).where(PEOPLE.c.id > last).order_by(PEOPLE.c.id).limit(BATCH)).all():
        bind.execute(sa.insert(DOCUMENTS), [_document(row) for row in rows])
        names = [{"id": row.id, "person_id": row.id, "name": row.name, "since": row.created_at} for row in rows]
        bind.execute(sa.insert(NAMES), names)
        last = rows[-1].id


def _document(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "person_id": row.id,
        "pid": row.pid,
        "document_type": row.document_type,
        "number_sealed": row.document_sealed,
        "remarks": [],
        "is_current": True,
        "state": UNCHECKED,
        "added_at": row.created_at,
    }


def _give_back() -> None:
    """People keep name and number as they stand; where the first document stands no more, the pid of the one that
    does becomes the way to find her, as far as nobody else has it."""
    bind = op.get_bind()
    standing = (DOCUMENTS.c.person_id == PEOPLE.c.id) & DOCUMENTS.c.withdrawn_at.is_(None)
    current = sa.select(PEOPLE.c.id, DOCUMENTS.c.pid).where(standing & DOCUMENTS.c.is_current)
    moved = current.where(~sa.exists().where(standing, DOCUMENTS.c.pid == PEOPLE.c.pid).correlate(PEOPLE))
    for person_id, pid in bind.execute(moved).all():
        taken = bind.scalar(sa.select(PEOPLE.c.id).where(PEOPLE.c.pid == pid))
        if taken is None:
            bind.execute(sa.update(PEOPLE).where(PEOPLE.c.id == person_id).values(pid=pid))
