"""Cross-checks: lists from outside and whom they matched, strange patterns of whole classes, and the words on both."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class OutsideList(Identified, Base):
    """A list that an authority brought: who stands on it is in `outside_entries`, until `kept_until` is over.

    `kind`: one of domain/crosschecks/lists.py. `basis`: the legal basis, in words. `keeper_id`: who answers for it.
    `problems`: [[row of the file, code, column]], of rows that were not taken over. `removed_at`: when the entries
    went; this row and the matches stay as the record of what was done.
    """

    __tablename__ = "outside_lists"
    __table_args__ = (Index("ix_outside_lists_organisation_id", "organisation_id"),)

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(120))
    as_of_on: Mapped[date]
    basis: Mapped[str] = mapped_column(String(200))
    keeper_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    kept_until: Mapped[date]
    entries: Mapped[int]
    problems: Mapped[list[Any]]
    brought_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))


class OutsideEntry(Base):
    """One number of a list, as its keyed index only; gone with the list.

    `name_index`: keyed index of the name in matching form, to see whether it fits; no name is kept.
    """

    __tablename__ = "outside_entries"
    __table_args__ = (Index("ix_outside_entries_pid", "pid"),)

    list_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("outside_lists.id"), primary_key=True)
    pid: Mapped[str] = mapped_column(String(64), primary_key=True)
    name_index: Mapped[str] = mapped_column(String(64))
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]


class OutsideMatch(Identified, Base):
    """A person on record whose document stands on a list. Insert-only; what became of it stands in its words."""

    __tablename__ = "outside_matches"
    __table_args__ = (
        UniqueConstraint("list_id", "person_id"),
        Index("ix_outside_matches_person_id", "person_id"),
    )

    list_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("outside_lists.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    name_fits: Mapped[bool]
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]
    found_at: Mapped[datetime]


class OutsideWord(Identified, Base):
    """One word on a match: her objection, or what somebody who looked settled. Insert-only; the last settlement holds.

    `outcome`: objection, true, not_her, over. `over_on`: for `over`, the last day on which it was true.
    """

    __tablename__ = "outside_words"
    __table_args__ = (UniqueConstraint("match_id", "number"),)

    match_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("outside_matches.id"))
    number: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(12))
    over_on: Mapped[date | None]
    words: Mapped[str] = mapped_column(Text)
    said_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    said_at: Mapped[datetime]


class PatternFlag(Identified, Base):
    """A strange pattern in one class. Insert-only; `key` makes raising it twice harmless.

    `subject`: what it is about (a device's digest, a trainer's account), "" for the class itself. `detail`: counts;
    `evidence`: [[kind, id]], by which the pages of the evidence are found.
    """

    __tablename__ = "pattern_flags"
    __table_args__ = (
        Index("ix_pattern_flags_cohort_id", "cohort_id"),
        Index("ix_pattern_flags_organisation_id_raised_at", "organisation_id", "raised_at"),
    )

    key: Mapped[str] = mapped_column(String(200), unique=True)
    pattern: Mapped[str] = mapped_column(String(24))
    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohorts.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    subject: Mapped[str] = mapped_column(String(80))
    detail: Mapped[dict[str, Any]]
    evidence: Mapped[list[Any]]
    raised_at: Mapped[datetime]


class PatternPerson(Base):
    """Whom a flag is about. `is_suspect`: her own study looks strange; else she only waits until somebody looked.
    Insert-only."""

    __tablename__ = "pattern_persons"
    __table_args__ = (Index("ix_pattern_persons_person_id", "person_id"),)

    flag_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pattern_flags.id"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    is_suspect: Mapped[bool]


class PatternWord(Identified, Base):
    """What somebody who looked said of a flag: founded, explained, unfounded. Insert-only; the last one holds."""

    __tablename__ = "pattern_words"
    __table_args__ = (UniqueConstraint("flag_id", "number"),)

    flag_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pattern_flags.id"))
    number: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text)
    said_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    said_at: Mapped[datetime]
