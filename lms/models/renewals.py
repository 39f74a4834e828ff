"""How long completions hold: rules by course, the days of each completion, what was told about them."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class ValidityRule(Identified, Base):
    """How long completions of a course hold, from a day on (domain/renewals.py). Insert-only: the newest that is in
    force on the day a completion is issued decides, for good.

    `months` is empty for “without a last day”; `source` is the document it rests on, empty while none is named.
    """

    __tablename__ = "validity_rules"
    __table_args__ = (Index("ix_validity_rules_course_id_effective_from", "course_id", "effective_from"),)

    course_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("courses.id"))
    months: Mapped[int | None]
    open_days: Mapped[int]
    due_days: Mapped[int]
    source: Mapped[str] = mapped_column(String(200))
    effective_from: Mapped[date]
    set_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    set_at: Mapped[datetime]


class Validity(Base):
    """The days of one completion, fixed when it was issued; without a last day the three days are empty.

    Three columns change: `renewed_by`, when the course was completed again; `ended_at`, when its record was taken back;
    `next_on`, the day on which there is something to tell next.
    """

    __tablename__ = "validities"

    enrollment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrollments.id"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    course_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("courses.id"), index=True)
    rule_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("validity_rules.id"))
    issued_on: Mapped[date]
    opens_on: Mapped[date | None]
    due_on: Mapped[date | None]
    valid_until: Mapped[date | None] = mapped_column(index=True)
    renewed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("enrollments.id"))
    ended_at: Mapped[datetime | None]
    next_on: Mapped[date | None] = mapped_column(index=True)


class RenewalReminder(Identified, Base):
    """That she was told, once for each phase: on her pages at once; `by_sms`, a message was asked for as well."""

    __tablename__ = "renewal_reminders"
    __table_args__ = (UniqueConstraint("enrollment_id", "phase"),)

    enrollment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("validities.enrollment_id"))
    phase: Mapped[str] = mapped_column(String(10))
    by_sms: Mapped[bool]
    told_at: Mapped[datetime]
