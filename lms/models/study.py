"""Study time: the lease, the sessions, the heartbeats with their verdicts, the segments earned."""

import uuid
from datetime import datetime
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


class StudyLease(Base):
    """A person's single lease, and how far her wall time is used up (`high_water_ms`)."""

    __tablename__ = "study_leases"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    epoch: Mapped[int] = mapped_column(default=0)
    high_water_ms: Mapped[int] = mapped_column(BigInteger, default=0)


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
    """A heartbeat as it was reported, the verdict on it, and the answer given. Never changed."""

    __tablename__ = "study_heartbeats"
    __table_args__ = (Index("ix_study_heartbeats_enrollment_id_lesson_id", "enrollment_id", "lesson_id"),)

    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("study_sessions.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    enrollment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrollments.id"))
    lesson_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lessons.id"))
    body_hash: Mapped[str] = mapped_column(String(64))
    from_ms: Mapped[int]
    to_ms: Mapped[int]
    advisory: Mapped[dict[str, Any]]
    received_ms: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime]
    verdict: Mapped[str] = mapped_column(String(40))
    rule: Mapped[str] = mapped_column(String(40))
    credited_ms: Mapped[int]
    answer: Mapped[str] = mapped_column(Text)


class StudySegment(Identified, Base):
    """Content [from, to) paired with wall time (wall_from, wall_to] of one person. Insert-only.

    The database itself refuses overlapping wall time of one person (study-time.md, Online 5): an
    exclusion constraint on PostgreSQL, a trigger on SQLite, both written in the migration.
    """

    __tablename__ = "study_segments"
    __table_args__ = (
        CheckConstraint("from_ms < to_ms AND wall_from_ms < wall_to_ms", name="not_empty"),
        CheckConstraint("to_ms - from_ms <= wall_to_ms - wall_from_ms", name="content_within_wall"),
        Index("ix_study_segments_person_id_wall_to_ms", "person_id", "wall_to_ms"),
        Index("ix_study_segments_enrollment_id_lesson_id", "enrollment_id", "lesson_id"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    enrollment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrollments.id"))
    lesson_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lessons.id"))
    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("study_sessions.id"))
    seq: Mapped[int]
    from_ms: Mapped[int]
    to_ms: Mapped[int]
    wall_from_ms: Mapped[int] = mapped_column(BigInteger)
    wall_to_ms: Mapped[int] = mapped_column(BigInteger)
    evidence_class: Mapped[str] = mapped_column(String(12))


class LessonProgress(Base):
    """What the segments of one lesson add up to: a cache that `replay` can rebuild."""

    __tablename__ = "lesson_progress"

    enrollment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrollments.id"), primary_key=True)
    lesson_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lessons.id"), primary_key=True)
    covered: Mapped[list[Any]]
    credited_ms: Mapped[int] = mapped_column(default=0)
    position_ms: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime]
