"""Classes in person: the timetable of a cohort, who signed in and out, paper lists, leave."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class ClassMeeting(Identified, Base):
    """One class of a cohort's timetable: a slot of wall time, which is content that time can be credited for.

    `lesson_id` is the slot as the ledger knows it (a lesson of kind `class` without a course version, as long as the
    slot). A moved class is a new one; the old one is cancelled with a reason.
    """

    __tablename__ = "class_meetings"
    __table_args__ = (Index("ix_class_meetings_cohort_id_starts_at", "cohort_id", "starts_at"),)

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohorts.id"))
    lesson_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lessons.id"), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    module_slug: Mapped[str] = mapped_column(String(80))
    content: Mapped[str] = mapped_column(String(12))
    place: Mapped[str] = mapped_column(String(200))
    teacher_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    held_on: Mapped[date]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    makes_up_for: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("class_meetings.id"))
    created_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(Text)


class AttendanceMark(Identified, Base):
    """One sign-in or sign-out of one person at one class. Insert-only.

    `kind`: in or out; `method`: qr, paper. `ticket`: SHA-256 of the code she showed, "" for paper. `late_ms`: how long
    after the class the paper was typed in. `stands_from_ms`: the moment of the study clock that it stands for. `entry`:
    her entry of evidence that says the same; that of a sign-out also holds what was posted.
    """

    __tablename__ = "attendance_marks"
    __table_args__ = (
        UniqueConstraint("meeting_id", "enrollment_id", "kind"),
        Index("ix_attendance_marks_enrollment_id", "enrollment_id"),
    )

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("class_meetings.id"))
    enrollment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrollments.id"))
    kind: Mapped[str] = mapped_column(String(4))
    method: Mapped[str] = mapped_column(String(8))
    stands_from_ms: Mapped[int] = mapped_column(BigInteger)
    ticket: Mapped[str] = mapped_column(String(64))
    list_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("attendance_lists.id"))
    late_ms: Mapped[int] = mapped_column(BigInteger)
    recorded_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    recorded_ms: Mapped[int] = mapped_column(BigInteger)
    recorded_at: Mapped[datetime]
    entry: Mapped[int] = mapped_column(BigInteger)


class AttendanceList(Identified, Base):
    """A paper list typed in by one person, to be approved by another. Insert-only.

    `rows`: [{enrollment, from, to}] in UTC; the photo of the paper lies in the object store.
    """

    __tablename__ = "attendance_lists"
    __table_args__ = (Index("ix_attendance_lists_meeting_id", "meeting_id"),)

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("class_meetings.id"))
    rows: Mapped[list[Any]]
    reason: Mapped[str] = mapped_column(Text)
    attachment_key: Mapped[str] = mapped_column(String(200))
    attachment_name: Mapped[str] = mapped_column(String(200))
    attachment_hash: Mapped[str] = mapped_column(String(64))
    entered_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    entered_at: Mapped[datetime]


class AttendanceDecision(Base):
    """What the second person said to a paper list: approved or rejected. Insert-only."""

    __tablename__ = "attendance_decisions"

    list_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("attendance_lists.id"), primary_key=True)
    decision: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime]


class AttendanceLeave(Identified, Base):
    """A leave (请假) asked for a class, and the answer, each once. `decision` is empty until somebody answers."""

    __tablename__ = "attendance_leaves"
    __table_args__ = (UniqueConstraint("meeting_id", "enrollment_id"),)

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("class_meetings.id"))
    enrollment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrollments.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    decision: Mapped[str] = mapped_column(String(12))
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
