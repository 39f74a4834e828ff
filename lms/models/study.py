"""Study time: the lease, the sessions, the heartbeats, every reported interval with its verdict, the segments."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class StudyClock(Base):
    """The one study clock S of this deployment: S = base + the machine's boot counter."""

    __tablename__ = "study_clock"

    id: Mapped[int] = mapped_column(primary_key=True)
    boot_id: Mapped[str] = mapped_column(String(64))
    base_ms: Mapped[int] = mapped_column(BigInteger)
    last_ms: Mapped[int] = mapped_column(BigInteger)
    stored_at: Mapped[datetime]


class StudyLease(Base):
    """A person's single lease: the one row that everything about her study time is ordered by.

    `high_water_ms`: how far her wall time is used up. `entries`, `last_leaf`: the end of her chain of evidence.
    `check_in_ms`: credited time until her next presence check, empty before the first is drawn.
    `open_check_id`: the check she has been asked and has not answered. `closed_entry`: up to which entry
    her segments have been through a check, passed or missed. `living_id`: names the human whose wall time this
    lease shares with that of another person; empty for nearly everybody.
    """

    __tablename__ = "study_leases"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    epoch: Mapped[int] = mapped_column(default=0)
    high_water_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    entries: Mapped[int] = mapped_column(BigInteger, default=0)
    last_leaf: Mapped[str] = mapped_column(String(64), default="")
    check_in_ms: Mapped[int | None]
    open_check_id: Mapped[uuid.UUID | None]
    closed_entry: Mapped[int] = mapped_column(BigInteger, default=0)
    living_id: Mapped[uuid.UUID | None]


class SharedWall(Base):
    """How far the wall time of one human is used up who is on record as several persons. Locked after their leases."""

    __tablename__ = "shared_walls"

    living_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    high_water_ms: Mapped[int] = mapped_column(BigInteger)


class StudySession(Identified, Base):
    """One stretch of study of one lesson on one device, opened under one epoch of the lease."""

    __tablename__ = "study_sessions"
    __table_args__ = (UniqueConstraint("person_id", "idempotency_key"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    enrollment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrollments.id"))
    lesson_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lessons.id"))
    idempotency_key: Mapped[str | None] = mapped_column(String(80))
    epoch: Mapped[int]
    nonce: Mapped[str] = mapped_column(String(64))
    opened_answer: Mapped[str] = mapped_column(Text)
    last_seq: Mapped[int] = mapped_column(default=0)
    opened_ms: Mapped[int] = mapped_column(BigInteger)
    opened_at: Mapped[datetime]
    answered_ms: Mapped[int] = mapped_column(BigInteger)


class StudyHeartbeat(Base):
    """A heartbeat that was accepted, and the answer given: what a redelivery is answered with. Never changed."""

    __tablename__ = "study_heartbeats"

    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("study_sessions.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    advisory: Mapped[dict[str, Any]]
    received_ms: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text)


class StudyInterval(Identified, Base):
    """One interval that was reported, on one civil day, and the verdict on it. Insert-only.

    `source_id` names the session (online, gap), the offline pass (offline), the class in person (attended) or the
    correction (attended, imported) it came by; `number` its sequence number there; `part` counts the pieces that
    midnight made of it.
    `entry` is the number of the person's evidence entry that says the same.
    """

    __tablename__ = "study_intervals"
    __table_args__ = (
        Index("ix_study_intervals_enrollment_id_lesson_id", "enrollment_id", "lesson_id"),
        Index("ix_study_intervals_enrollment_id_studied_on", "enrollment_id", "studied_on"),
        Index("ix_study_intervals_source_id_number", "source_id", "number"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    enrollment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrollments.id"))
    lesson_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lessons.id"))
    evidence_class: Mapped[str] = mapped_column(String(12))
    source_id: Mapped[uuid.UUID]
    number: Mapped[int]
    part: Mapped[int] = mapped_column(default=0)
    from_ms: Mapped[int]
    to_ms: Mapped[int]
    studied_on: Mapped[date]
    verdict: Mapped[str] = mapped_column(String(40))
    rule: Mapped[str] = mapped_column(String(40))
    policy_code: Mapped[str] = mapped_column(String(40))
    credited_ms: Mapped[int]
    entry: Mapped[int] = mapped_column(BigInteger)
    recorded_ms: Mapped[int] = mapped_column(BigInteger)
    recorded_at: Mapped[datetime]


class StudySegment(Identified, Base):
    """Content [from, to) paired with wall time (wall_from, wall_to] of one person, on one civil day. Insert-only.

    The database itself refuses overlapping wall time of one person (study-time.md, Online 5): an
    exclusion constraint on PostgreSQL, a trigger on SQLite, both written in the migration.
    """

    __tablename__ = "study_segments"
    __table_args__ = (
        CheckConstraint("from_ms < to_ms AND wall_from_ms < wall_to_ms", name="not_empty"),
        CheckConstraint("to_ms - from_ms <= wall_to_ms - wall_from_ms", name="content_within_wall"),
        Index("ix_study_segments_person_id_wall_to_ms", "person_id", "wall_to_ms"),
        Index("ix_study_segments_enrollment_id_lesson_id", "enrollment_id", "lesson_id"),
        Index("ix_study_segments_interval_id", "interval_id"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    enrollment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrollments.id"))
    lesson_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lessons.id"))
    interval_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("study_intervals.id"))
    from_ms: Mapped[int]
    to_ms: Mapped[int]
    wall_from_ms: Mapped[int] = mapped_column(BigInteger)
    wall_to_ms: Mapped[int] = mapped_column(BigInteger)
    evidence_class: Mapped[str] = mapped_column(String(12))
    studied_on: Mapped[date]
    entry: Mapped[int] = mapped_column(BigInteger)
    recorded_at: Mapped[datetime]


class LessonProgress(Base):
    """What the segments of one lesson add up to: a cache that `replay` can rebuild.

    `covered`: the union of the segments that are not voided; `by_class`: credited_ms by evidence class, each
    millisecond under the class that earned it first; `confirmed_ms`: the part whose presence checks were passed.
    """

    __tablename__ = "lesson_progress"

    enrollment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrollments.id"), primary_key=True)
    lesson_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lessons.id"), primary_key=True)
    covered: Mapped[list[Any]]
    credited_ms: Mapped[int] = mapped_column(default=0)
    by_class: Mapped[dict[str, Any]] = mapped_column(default=dict)
    confirmed_ms: Mapped[int] = mapped_column(default=0)
    position_ms: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime]
