"""Certificates on paper: templates of institutions, papers that have a serial number, archives of whole classes."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class PaperTemplate(Identified, Base):
    """How an institution's certificates look from then on: `facts` of domain/papers.py. Insert-only."""

    __tablename__ = "paper_templates"
    __table_args__ = (UniqueConstraint("organisation_id", "number"),)

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    number: Mapped[int]
    facts: Mapped[dict[str, Any]]
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]


class PaperCounter(Base):
    """The last serial number of a civil year; whoever numbers papers holds its row until the end."""

    __tablename__ = "paper_counters"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Paper(Identified, Base):
    """The certificate of one record, numbered once: what it shows never changes afterwards.

    `template_id`: the template of that day, None for the one that everybody has who chose none.
    """

    __tablename__ = "papers"

    record_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("records.id"), unique=True)
    template_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("paper_templates.id"))
    serial: Mapped[str] = mapped_column(String(20), unique=True)
    numbered_at: Mapped[datetime]


class PaperBundle(Identified, Base):
    """The certificates of a whole class as one archive, asked for by staff.

    It lies in the object store under a random key until `removed_at`; its SHA-256 stays. `made` certificates are in it;
    `left` records have none, and a list in the archive says why.
    """

    __tablename__ = "paper_bundles"
    __table_args__ = (Index("ix_paper_bundles_cohort_id_asked_at", "cohort_id", "asked_at"),)

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohorts.id"))
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    object_key: Mapped[str] = mapped_column(String(200))
    made: Mapped[int | None]
    left: Mapped[int | None]
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
