"""Certificates from elsewhere, the register of assessors, and the tables by which credits are given."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class Qualification(Identified, Base):
    """A certificate somebody else issued to a person, as it was entered; what is known of it stands in its words.

    `level`: the ordered code 0–7 (domain/levels.py), None for kinds without levels. `issuer_code`: the issuer's
    统一社会信用代码, "" where it is not known. `number_index`: by which the same number is found again. Never changed,
    but for an erasure. `organisation_id`: the institution that entered it, None where she did so herself.
    """

    __tablename__ = "qualifications"
    __table_args__ = (
        Index("ix_qualifications_person_id", "person_id"),
        Index("ix_qualifications_number_index", "number_index"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[str] = mapped_column(String(16))
    occupation: Mapped[str] = mapped_column(String(80))
    level: Mapped[int | None]
    issuer: Mapped[str] = mapped_column(String(120))
    issuer_code: Mapped[str] = mapped_column(String(18))
    number_sealed: Mapped[str] = mapped_column(Text)
    number_index: Mapped[str] = mapped_column(String(64))
    issued_on: Mapped[date]
    valid_until: Mapped[date | None]
    entered_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    entered_at: Mapped[datetime]


class QualificationWord(Identified, Base):
    """One word on a certificate: seen, verified, refuted, revoked, withdrawn; the last one holds. Insert-only.

    `way`: how it became known, "" for a withdrawal. `organisation_id`: the institution that said it, None for the
    platform and for the learner herself.
    """

    __tablename__ = "qualification_words"
    __table_args__ = (UniqueConstraint("qualification_id", "number"),)

    qualification_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("qualifications.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisations.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))
    way: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(Text)
    said_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    said_at: Mapped[datetime]


class AssessorFiling(Identified, Base):
    """A filing (备案) of an assessor, copied from the authority's register. Insert-only.

    `scopes`: [[occupation, lowest level, highest level]], levels as ordered codes.
    """

    __tablename__ = "assessor_filings"
    __table_args__ = (UniqueConstraint("code", "number"),)

    code: Mapped[str] = mapped_column(String(18))
    name: Mapped[str] = mapped_column(String(120))
    number: Mapped[str] = mapped_column(String(60))
    authority: Mapped[str] = mapped_column(String(120))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    scopes: Mapped[list[Any]]
    entered_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    entered_at: Mapped[datetime]


class AssessorAct(Identified, Base):
    """What was done with a filing, in order: who, when, from which day on, in which words, the state. Insert-only."""

    __tablename__ = "assessor_acts"
    __table_args__ = (UniqueConstraint("filing_id", "place"),)

    filing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessor_filings.id"))
    place: Mapped[int]
    act: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))
    holds_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]


class CreditTable(Identified, Base):
    """An equivalence table of a scheme, in force from a day on. Insert-only.

    `rows`: [[basis, name, detail, credits, target, per]], numbers in hundredths (domain/credits.py); `digest`: SHA-256.
    """

    __tablename__ = "credit_tables"
    __table_args__ = (UniqueConstraint("code"), UniqueConstraint("scheme", "from_on"))

    code: Mapped[str] = mapped_column(String(40))
    scheme: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(200))
    confirmed: Mapped[bool]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    rows: Mapped[list[Any]]
    digest: Mapped[str] = mapped_column(String(64))
    published_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    published_at: Mapped[datetime]
