"""Inspections of classes (检查记录), and what was done about an institution (处理台账)."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class Inspection(Identified, Base):
    """One check of an institution, or of one of its classes, by two people. Insert-only.

    `way`: onsite, video or phone; `expected`, `present`: how many should have been there and were, None where nobody
    was counted. `problems`: "" where none was found.
    """

    __tablename__ = "inspections"
    __table_args__ = (Index("ix_inspections_organisation_id_checked_on", "organisation_id", "checked_on"),)

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    cohort_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("cohorts.id"))
    checked_on: Mapped[date]
    way: Mapped[str] = mapped_column(String(12))
    expected: Mapped[int | None]
    present: Mapped[int | None]
    problems: Mapped[str] = mapped_column(Text)
    second_inspector: Mapped[str] = mapped_column(String(50))
    recorded_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]


class Sanction(Identified, Base):
    """One rung of the ladder for one institution; never changed, but for `state` (domain/claims/sanctions.py).

    `fix_until`: until when it has to be put right; `closed_until`: the last day on which no new claim may be filed.
    Both are what an officer wrote, None where she wrote none. `number`: in order, by institution.
    """

    __tablename__ = "sanctions"
    __table_args__ = (UniqueConstraint("organisation_id", "number"),)

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    number: Mapped[int]
    inspection_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("inspections.id"))
    rung: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text)
    fix_until: Mapped[date | None]
    closed_until: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(12), index=True)
    proposed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime]


class SanctionStep(Identified, Base):
    """What was done with it, in order: imposed or turned down, answered, checked again, lifted. Insert-only."""

    __tablename__ = "sanction_steps"
    __table_args__ = (UniqueConstraint("sanction_id", "number"),)

    sanction_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sanctions.id"))
    number: Mapped[int]
    act: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
