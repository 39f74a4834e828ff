"""One human over all institutions: her documents, her names, and what two people changed of them."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class Person(Identified, Base):
    """A real-named human. `pid` = HMAC of type and normalised number of her first document; it never changes
    (study-time.md, Terms). She is found through `person_documents`.

    `name`, `document_type` and `document_sealed` are what reports print: her present name and document.
    """

    __tablename__ = "people"

    pid: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    document_type: Mapped[str] = mapped_column(String(32))
    document_sealed: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class PersonLink(Base):
    """Two people found this person to be the same human as the living one: what is new happens there.

    Nothing that was recorded moves. `living_id` is never itself linked to another.
    """

    __tablename__ = "person_links"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    living_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    change_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("identity_changes.id"))
    linked_at: Mapped[datetime]


class PersonDocument(Identified, Base):
    """One document of a person. A number stands for one document at a time; one typed wrong is withdrawn.

    `pid` is its keyed index; `remarks` codes of `domain.documents`; `state` one of `domain.verification`, a cache of
    the last check that had an outcome.
    """

    __tablename__ = "person_documents"
    __table_args__ = (
        Index(
            "uq_person_documents_pid",
            "pid",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    pid: Mapped[str] = mapped_column(String(64))
    document_type: Mapped[str] = mapped_column(String(32))
    number_sealed: Mapped[str] = mapped_column(Text)
    remarks: Mapped[list[Any]]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    is_current: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(String(12))
    added_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class DocumentCheck(Identified, Base):
    """An authority's service asked about a document: by whom, when, and what it said.

    `sent_at`: the question left this machine; it is never sent again by itself. `outcome` one of
    `domain.verification.Outcome`, empty while it waits.
    """

    __tablename__ = "document_checks"

    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person_documents.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    source: Mapped[str] = mapped_column(String(80))
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(12), default="")
    reference: Mapped[str] = mapped_column(String(80), default="")
    answered_at: Mapped[datetime | None]


class PersonName(Identified, Base):
    """A name a person is or was known by, as typed, from when on. `change_id`: the change that brought it."""

    __tablename__ = "person_names"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    since: Mapped[datetime]
    change_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("identity_changes.id"))


class IdentityChange(Identified, Base):
    """What an institution proposes to change of who a learner is: `kind` of `domain.changes`.

    `enrollment_id` is no key: she may be taken out of the class. `before_sealed`, `after_sealed`: the name or number;
    `document_type` and `after_pid` (keyed index) of the new number, empty for a name.
    """

    __tablename__ = "identity_changes"
    __table_args__ = (Index("ix_identity_changes_organisation_id_proposed_at", "organisation_id", "proposed_at"),)

    kind: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    enrollment_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    document_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person_documents.id"))
    document_type: Mapped[str] = mapped_column(String(32))
    before_sealed: Mapped[str] = mapped_column(Text)
    after_sealed: Mapped[str] = mapped_column(Text)
    after_pid: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime]


class IdentityDecision(Base):
    """What the second person said. `joined_id`: the person found to be the same human; the institution is not told.

    `overlap_ms`: for how long both had studied in the same moment by then.
    """

    __tablename__ = "identity_decisions"

    change_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("identity_changes.id"), primary_key=True)
    decision: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(Text)
    joined_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    overlap_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    decided_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime]
