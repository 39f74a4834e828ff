"""What reports of a day that is over rest on, where the tables they read were changed since. Rows are only added."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class EnrollmentDeparture(Base):
    """Somebody who was taken out of a class before she studied: what reports of the days before say of her.

    `person_id` points nowhere: nobody may know her any more. `pid`: keyed index of her first document, by which she is
    found when she is to be erased. `told`: {names: [[since, name]], leaves: [[class, granted at]]}, moments in ISO.
    """

    __tablename__ = "enrollment_departures"
    __table_args__ = (Index("ix_enrollment_departures_cohort_id_removed_at", "cohort_id", "removed_at"),)

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    enrollment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohorts.id"))
    course_version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("course_versions.id"))
    pid: Mapped[str] = mapped_column(String(64), index=True)
    document_sealed: Mapped[str] = mapped_column(Text)
    told: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime]


class CohortPast(Identified, Base):
    """What a class was called and on which days it was to be held, until its draft was changed."""

    __tablename__ = "cohort_pasts"
    __table_args__ = (Index("ix_cohort_pasts_cohort_id_until", "cohort_id", "until"),)

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohorts.id"))
    until: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(120))
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    policy_code: Mapped[str] = mapped_column(String(40))


class PersonNumberPast(Base):
    """The `number`-th document that reports printed of a person, until another took its place. `person_id` points
    nowhere: she may be forgotten, and stand in reports of the days before."""

    __tablename__ = "person_number_pasts"

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    document_sealed: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime]
