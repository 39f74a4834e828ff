"""Rosters (花名册) that institutions bring: the file, its rows while they are needed, and what is remembered."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class RosterImport(Identified, Base):
    """One file brought for a cohort, and how far it came. States: see `services/rosters/states.py`.

    `columns` says which column tells what (field → place from 0), `shape` is the fingerprint of its titles, `counts`
    what came of its rows. `heading_sealed` holds the rows above the people, encrypted. `round` counts the jobs.
    At `emptied_at` everything personal of the file was gone.
    """

    __tablename__ = "roster_imports"
    __table_args__ = (
        Index("ix_roster_imports_cohort_id_id", "cohort_id", "id"),
        Index("ix_roster_imports_emptied_at_created_at", "emptied_at", "created_at"),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohorts.id"))
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12))
    problem: Mapped[str | None] = mapped_column(String(40))
    problem_values: Mapped[dict[str, Any]]
    shape: Mapped[str | None] = mapped_column(String(64))
    heading_sealed: Mapped[str | None] = mapped_column(Text)
    columns: Mapped[dict[str, Any]]
    document_type: Mapped[str] = mapped_column(String(32))
    mode: Mapped[str] = mapped_column(String(8))
    counts: Mapped[dict[str, Any]]
    round: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    imported_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    emptied_at: Mapped[datetime | None]


class RosterRow(Base):
    """One row of a file by its number in it, from 1. Its cells are encrypted and leave as soon as they can.

    `remarks` are codes with their cells and numbers, nothing personal. `enrollment_id` is what was made of it; it is
    no foreign key, since a learner may be taken out of her class without asking the file she came in.
    """

    __tablename__ = "roster_rows"
    __table_args__ = (Index("ix_roster_rows_import_id_state_number", "import_id", "state", "number"),)

    import_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("roster_imports.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(8))
    cells_sealed: Mapped[str | None] = mapped_column(Text)
    remarks: Mapped[list[Any]]
    enrollment_id: Mapped[uuid.UUID | None] = mapped_column(index=True)


class RosterMapping(Identified, Base):
    """Which column tells what, remembered per institution and shape of the titles."""

    __tablename__ = "roster_mappings"
    __table_args__ = (Index("uq_roster_mappings_organisation_id_shape", "organisation_id", "shape", unique=True),)

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    shape: Mapped[str] = mapped_column(String(64))
    columns: Mapped[dict[str, Any]]
    document_type: Mapped[str] = mapped_column(String(32))
    changed_at: Mapped[datetime]


class EnrollmentDetail(Base):
    """What a roster told of a learner beside who she is (人员类别, 文化程度 …), encrypted as one document."""

    __tablename__ = "enrollment_details"

    enrollment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrollments.id", ondelete="CASCADE"), primary_key=True)
    details_sealed: Mapped[str] = mapped_column(Text)
