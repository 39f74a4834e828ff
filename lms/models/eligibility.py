"""Evidence that a person belongs to a group that funds are for, or are not for, and what is known of it."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class GroupEvidence(Identified, Base):
    """A paper that shows a group of a person, as an institution entered it; what is known of it stands in its words.

    `group_code`: a PersonGroup or ExcludedGroup; `kind`: which paper. `number_sealed`: its number, "" where it has
    none. It covers the days from `valid_from` to `valid_until`, both included. Never changed, but for an erasure.
    """

    __tablename__ = "group_evidence"
    __table_args__ = (Index("ix_group_evidence_person_id", "person_id"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    group_code: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(24))
    number_sealed: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    entered_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    entered_at: Mapped[datetime]


class GroupWord(Identified, Base):
    """One word on an entry: seen, verified, refuted, withdrawn; the last one holds. Insert-only.

    `organisation_id`: the institution that said it, None for an officer.
    """

    __tablename__ = "group_words"
    __table_args__ = (UniqueConstraint("evidence_id", "number"),)

    evidence_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("group_evidence.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisations.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(Text)
    said_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    said_at: Mapped[datetime]
