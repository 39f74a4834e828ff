"""Presence checks: what was asked, and what became of it."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class PresenceCheck(Identified, Base):
    """A question about what was just played. Insert-only.

    `kind`: study (in mid-lesson) or recovery (asked for by the learner). The segments with an entry in
    (from_entry, to_entry] wait for it; `to_entry` is empty for a study check, which covers all up to its answer.
    `question`: {stem, options: [text, …]}; `right_option` counts from 0.
    """

    __tablename__ = "presence_checks"
    __table_args__ = (Index("ix_presence_checks_person_id_issued_ms", "person_id", "issued_ms"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    enrollment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrollments.id"))
    lesson_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lessons.id"))
    kind: Mapped[str] = mapped_column(String(12))
    from_entry: Mapped[int] = mapped_column(BigInteger)
    to_entry: Mapped[int | None] = mapped_column(BigInteger)
    question: Mapped[dict[str, Any]]
    right_option: Mapped[int]
    issued_ms: Mapped[int] = mapped_column(BigInteger)
    issued_at: Mapped[datetime]
    due_ms: Mapped[int] = mapped_column(BigInteger)
    entry: Mapped[int] = mapped_column(BigInteger)


class PresenceOutcome(Base):
    """What became of a check: passed, wrong, busy, late or missed. Insert-only.

    `passed` confirms the segments with an entry in (from_entry, to_entry]; wrong, late and missed leave them
    unconfirmed until a recovery check is passed; busy leaves them to the next check.
    `body_hash` and `answer` serve a redelivered answer; both are empty for `missed`, which nobody sent.
    """

    __tablename__ = "presence_outcomes"
    __table_args__ = (Index("ix_presence_outcomes_person_id_recorded_at", "person_id", "recorded_at"),)

    check_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("presence_checks.id"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    outcome: Mapped[str] = mapped_column(String(12))
    picked: Mapped[int | None]
    from_entry: Mapped[int] = mapped_column(BigInteger)
    to_entry: Mapped[int] = mapped_column(BigInteger)
    body_hash: Mapped[str] = mapped_column(String(64))
    answer: Mapped[str] = mapped_column(Text)
    recorded_ms: Mapped[int] = mapped_column(BigInteger)
    recorded_at: Mapped[datetime]
    entry: Mapped[int] = mapped_column(BigInteger)
