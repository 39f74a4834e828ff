"""Study reported afterwards: offline passes, and the hash chains of gaps and passes."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class StudyPass(Identified, Base):
    """Leave to study downloaded lessons without a line, from `issued_ms` to `expires_ms` of the study clock.

    A person has one open pass: a later one ends the window of the one before. `lesson_ids` are hexadecimal.
    """

    __tablename__ = "study_passes"
    __table_args__ = (UniqueConstraint("person_id", "idempotency_key"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    enrollment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrollments.id"))
    lesson_ids: Mapped[list[Any]]
    seed: Mapped[str] = mapped_column(String(64))
    idempotency_key: Mapped[str | None] = mapped_column(String(80))
    issued_ms: Mapped[int] = mapped_column(BigInteger)
    issued_at: Mapped[datetime]
    expires_ms: Mapped[int] = mapped_column(BigInteger)
    answer: Mapped[str] = mapped_column(Text)


class StudyChain(Base):
    """A hash chain of parts, committed by its head before the parts are looked at.

    `source_id` is the session (gap) or the pass (offline); `after_seq` the last heartbeat before the gap (0 for a
    pass). `anchor_ms` is the study clock at the chain's own zero; what it says can only lie in
    (window_from_ms, window_to_ms]. `settled` counts the parts that have their verdict, `settled_leaf` is the hash
    of the last of them, `cursor_ms` the wall time they reached.
    """

    __tablename__ = "study_chains"

    source_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    after_seq: Mapped[int] = mapped_column(primary_key=True)
    evidence_class: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    enrollment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrollments.id"))
    seed_hash: Mapped[str] = mapped_column(String(64))
    head: Mapped[str] = mapped_column(String(64))
    count: Mapped[int]
    anchor_ms: Mapped[int] = mapped_column(BigInteger)
    window_from_ms: Mapped[int] = mapped_column(BigInteger)
    window_to_ms: Mapped[int] = mapped_column(BigInteger)
    committed_ms: Mapped[int] = mapped_column(BigInteger)
    committed_at: Mapped[datetime]
    settled: Mapped[int] = mapped_column(default=0)
    settled_leaf: Mapped[str] = mapped_column(String(64))
    cursor_ms: Mapped[int] = mapped_column(BigInteger)


class StudyPart(Base):
    """One part of a chain as the phone sent it. Insert-only."""

    __tablename__ = "study_parts"

    source_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    after_seq: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lessons.id"))
    from_ms: Mapped[int]
    to_ms: Mapped[int]
    mono_from_ms: Mapped[int] = mapped_column(BigInteger)
    mono_to_ms: Mapped[int] = mapped_column(BigInteger)
    leaf: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime]


class StudyBatch(Base):
    """An upload of parts and the answer given: what a redelivery is answered with. Insert-only."""

    __tablename__ = "study_batches"

    source_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    answer: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime]
