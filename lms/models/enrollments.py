"""Cohorts (班期) and who is in them."""

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.models.base import Base, Identified

if TYPE_CHECKING:
    from lms.models.courses import CourseVersion
    from lms.models.organisations import Organisation
    from lms.models.people import Person


class Cohort(Identified, Base):
    """A class of an institution in one course version; its opening day picked the policy.

    `filing`: the state of its filing with the authority (domain/filings.py), "" for one that is not filed;
    `filing_number`: 班期备案号, once it is approved.
    """

    __tablename__ = "cohorts"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    course_version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("course_versions.id"))
    name: Mapped[str] = mapped_column(String(120))
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    policy_code: Mapped[str] = mapped_column(String(40))
    filing: Mapped[str] = mapped_column(String(12), default="")
    filing_number: Mapped[str | None] = mapped_column(String(40), unique=True)
    created_at: Mapped[datetime]

    organisation: Mapped["Organisation"] = relationship("Organisation")
    course_version: Mapped["CourseVersion"] = relationship("CourseVersion")


class Enrollment(Identified, Base):
    """One learner in one cohort, pinned to its course version."""

    __tablename__ = "enrollments"
    __table_args__ = (
        UniqueConstraint("cohort_id", "person_id"),
        Index("ix_enrollments_cohort_id_id", "cohort_id", "id"),  # reports read a cohort batch by batch
    )

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohorts.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    course_version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("course_versions.id"))
    created_at: Mapped[datetime]

    cohort: Mapped[Cohort] = relationship()
    person: Mapped["Person"] = relationship("Person")
