"""Corrections of study time: proposed by one person, decided by another, never an edit."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class Correction(Identified, Base):
    """A proposal to void segments or to credit time by hand. Insert-only.

    `kind`: void or credit. A void names `segment_ids` (hexadecimal); a credit names content [from_ms, to_ms),
    the wall time (wall_from_ms, wall_to_ms] of the study clock and an evidence class (attended or imported).
    The attachment lies in the object store under `attachment_key`; its SHA-256 is in the evidence.
    """

    __tablename__ = "corrections"
    __table_args__ = (Index("ix_corrections_organisation_id_proposed_at", "organisation_id", "proposed_at"),)

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    enrollment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrollments.id"), index=True)
    lesson_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lessons.id"))
    kind: Mapped[str] = mapped_column(String(12))
    evidence_class: Mapped[str] = mapped_column(String(12))
    segment_ids: Mapped[list[Any]]
    from_ms: Mapped[int]
    to_ms: Mapped[int]
    wall_from_ms: Mapped[int] = mapped_column(BigInteger)
    wall_to_ms: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Text)
    attachment_key: Mapped[str] = mapped_column(String(200))
    attachment_name: Mapped[str] = mapped_column(String(200))
    attachment_hash: Mapped[str] = mapped_column(String(64))
    proposed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime]


class CorrectionDecision(Base):
    """What a second person said: approved or rejected, and the lesson's time before and after. Insert-only."""

    __tablename__ = "correction_decisions"

    correction_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("corrections.id"), primary_key=True)
    decision: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(Text)
    before_ms: Mapped[int]
    after_ms: Mapped[int]
    decided_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime]
    entry: Mapped[int] = mapped_column(BigInteger)


class StudyVoid(Base):
    """A segment that no longer counts. Its wall time stays used. Insert-only."""

    __tablename__ = "study_voids"

    segment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("study_segments.id"), primary_key=True)
    correction_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("corrections.id"), index=True)
    entry: Mapped[int] = mapped_column(BigInteger)
    recorded_at: Mapped[datetime]
