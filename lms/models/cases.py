"""Suspicion: flags that change no number, and the cases in which people look at them."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class Flag(Identified, Base):
    """Something that looks strange about a person's study. Insert-only; `key` makes raising it twice harmless."""

    __tablename__ = "flags"
    __table_args__ = (Index("ix_flags_person_id", "person_id"),)

    key: Mapped[str] = mapped_column(String(160), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    detail: Mapped[dict[str, Any]]
    raised_at: Mapped[datetime]
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)


class Case(Identified, Base):
    """One person's flags in one institution under review. `state`: open, decided, appealed, closed."""

    __tablename__ = "cases"
    __table_args__ = (Index("ix_cases_organisation_id_state", "organisation_id", "state"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    state: Mapped[str] = mapped_column(String(12), default="open")
    opened_at: Mapped[datetime]


class CaseStep(Identified, Base):
    """What happened in a case: opened, flagged, words, decision, appeal, appeal_decision. Insert-only."""

    __tablename__ = "case_steps"

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    verdict: Mapped[str] = mapped_column(String(20), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
