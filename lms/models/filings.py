"""Filing a class with the authority: what is filed, its plan, its history, its frozen rosters and their changes."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class Filing(Base):
    """What an institution files of a class beyond the class itself; its state and number stand in `cohorts`.

    `version` grows with every filing, so that nobody approves what she has not read. `phone_sealed`: of the person in
    charge. `review_by`: the last day of the answer, by the policy of the day of filing.
    """

    __tablename__ = "filings"

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohorts.id"), primary_key=True)
    programme: Mapped[str] = mapped_column(String(20), default="")
    training_kind: Mapped[str] = mapped_column(String(20), default="")
    occupation: Mapped[str] = mapped_column(String(80), default="")
    level: Mapped[str] = mapped_column(String(8), default="")
    certificate: Mapped[str] = mapped_column(String(20), default="")
    size: Mapped[int | None]
    place: Mapped[str] = mapped_column(String(120), default="")
    manager: Mapped[str] = mapped_column(String(120), default="")
    phone_sealed: Mapped[str] = mapped_column(Text, default="")
    materials: Mapped[str] = mapped_column(Text, default="")
    resources: Mapped[str] = mapped_column(Text, default="")
    exam_plan: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=0)
    filed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    filed_at: Mapped[datetime | None]
    review_by: Mapped[date | None]
    created_at: Mapped[datetime]


class PlanItem(Identified, Base):
    """One line of the plan that is filed (培训计划): class hours of one subject, by whom, where and when."""

    __tablename__ = "plan_items"
    __table_args__ = (Index("ix_plan_items_cohort_id", "cohort_id"),)

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohorts.id"))
    subject: Mapped[str] = mapped_column(String(80))
    content: Mapped[str] = mapped_column(String(12))
    mode: Mapped[str] = mapped_column(String(12))
    hours: Mapped[int]
    teacher_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    place: Mapped[str] = mapped_column(String(120))
    held_on: Mapped[date | None]


class FilingEvent(Identified, Base):
    """One act on a filing: who, when, in which words, and the state it led to. Insert-only.

    `remarks`: what was sent back, by field. `facts`: all that was filed, personal numbers masked, as it stood then;
    `digest`: SHA-256 of them.
    """

    __tablename__ = "filing_events"
    __table_args__ = (UniqueConstraint("cohort_id", "number"),)

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohorts.id"))
    number: Mapped[int]
    act: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text)
    remarks: Mapped[dict[str, Any]]
    facts: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))


class RosterVersion(Identified, Base):
    """A frozen roster (学员花名册): number 1 at approval, one more with each change. Insert-only.

    `rows`: [{enrollment, person, name, document_type, number}], name and number masked; `digest`: SHA-256 of them.
    """

    __tablename__ = "roster_versions"
    __table_args__ = (UniqueConstraint("cohort_id", "number"),)

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohorts.id"))
    number: Mapped[int]
    rows: Mapped[list[Any]]
    digest: Mapped[str] = mapped_column(String(64))
    change_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("roster_changes.id"))
    frozen_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    frozen_at: Mapped[datetime]


class RosterChange(Identified, Base):
    """A change of a frozen roster that one person asks for and another decides on, each once.

    `kind`: add or remove. `person_sealed`: who shall be added, gone once it is decided; `label`: her masked name.
    `enrollment_id`: who shall be taken out; no foreign key, since she goes.
    """

    __tablename__ = "roster_changes"
    __table_args__ = (Index("ix_roster_changes_cohort_id", "cohort_id"),)

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohorts.id"))
    kind: Mapped[str] = mapped_column(String(8))
    enrollment_id: Mapped[uuid.UUID | None]
    person_sealed: Mapped[str | None] = mapped_column(Text)
    label: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime]
    decision: Mapped[str] = mapped_column(String(12), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
