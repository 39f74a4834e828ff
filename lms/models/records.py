"""Completion records: what was true when the verdict fell, frozen; what became of each, appended beside it."""

import json
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.domain import records
from lms.models.base import Base, Identified


class Record(Identified, Base):
    """One record of an enrollment, found by an unguessable code. Insert-only: `body` is the record, byte for byte.

    `number` counts the records of the enrollment; `replaces_id` the one whose place it took. `facts_hash` is the
    SHA-256 of `body`. `record_class`: one of `domain.records.RecordClass`.
    """

    __tablename__ = "records"
    __table_args__ = (UniqueConstraint("enrollment_id", "number"),)

    enrollment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrollments.id"))
    number: Mapped[int] = mapped_column(default=1)
    record_class: Mapped[str] = mapped_column(String(20), default=records.RecordClass.COMPLETION.value)
    code: Mapped[str] = mapped_column(String(23), unique=True)
    body: Mapped[str] = mapped_column(Text)
    facts_hash: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime] = mapped_column(index=True)
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("records.id"))

    @property
    def facts(self) -> dict[str, Any]:
        """What the record says."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    @facts.setter
    def facts(self, told: dict[str, Any]) -> None:
        self.body = records.write(told)


class RecordHolder(Base):
    """Whose a record is, as she was called when it was issued; overwritten when she is erased.

    `document_sealed` is bound to the person, as it is in `people`. `salt`: what her hash in the record was made with;
    empty for records from before there was one.
    """

    __tablename__ = "record_holders"

    record_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("records.id"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    name: Mapped[str] = mapped_column(String(120))
    document_type: Mapped[str] = mapped_column(String(32))
    document_sealed: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(64))


class RecordStep(Base):
    """A state that followed the issue of a record. Insert-only; `link` binds it to the step before.

    `number` counts from 2: the first step is the issue. `decided_by` is empty for what came by itself.
    """

    __tablename__ = "record_states"

    record_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("records.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    link: Mapped[str] = mapped_column(String(64))
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    proposal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("record_proposals.id"))
    successor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("records.id"))


class RecordProposal(Identified, Base):
    """That a record be taken back or issued anew. Insert-only."""

    __tablename__ = "record_proposals"

    record_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("records.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime]


class RecordDecision(Base):
    """What a second person said of a proposal. Insert-only."""

    __tablename__ = "record_decisions"

    proposal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("record_proposals.id"), primary_key=True)
    decision: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime]


class RecordProof(Base):
    """That the last evidence a record rests on stands in the log: its place in the tree of the first checkpoint over
    it, and the hashes beside the way up. Insert-only, once there is such a checkpoint."""

    __tablename__ = "record_proofs"

    record_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("records.id"), primary_key=True)
    leaf: Mapped[str] = mapped_column(String(64))
    position: Mapped[int] = mapped_column(BigInteger)
    size: Mapped[int] = mapped_column(BigInteger)
    path: Mapped[list[Any]]
