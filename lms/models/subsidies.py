"""Subsidy policies as published, drafts of new versions, and which version each filed class pins."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class SubsidyVersion(Identified, Base):
    """One policy in one version, as its file says it; `digest`: SHA-256 of `text`. Insert-only.

    `origin`: shipped with the program, or written at the desk; `published_by`: None for one that was shipped.
    """

    __tablename__ = "subsidy_versions"
    __table_args__ = (
        UniqueConstraint("code"),
        UniqueConstraint("digest"),
        UniqueConstraint("jurisdiction", "effective_from"),
    )

    code: Mapped[str] = mapped_column(String(12))
    jurisdiction: Mapped[str] = mapped_column(String(2))
    title: Mapped[str] = mapped_column(Text)
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    origin: Mapped[str] = mapped_column(String(8))
    published_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    published_at: Mapped[datetime]


class SubsidyDraft(Identified, Base):
    """A new version being written from another one; `edition` counts its changes, so that nobody decides on a text
    she has not read. States: domain/subsidy_policies/drafts.py."""

    __tablename__ = "subsidy_drafts"
    __table_args__ = (Index("ix_subsidy_drafts_state", "state"),)

    origin_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subsidy_versions.id"))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12))
    edition: Mapped[int]
    version_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("subsidy_versions.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class SubsidyDraftAct(Identified, Base):
    """One act on a draft: who, when, in which words, and the SHA-256 of the text as it stood then. Insert-only."""

    __tablename__ = "subsidy_draft_acts"
    __table_args__ = (UniqueConstraint("draft_id", "number"),)

    draft_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subsidy_drafts.id"))
    number: Mapped[int]
    act: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]


class SubsidyPin(Identified, Base):
    """Which version a filed class is paid by; the last number holds, and none is added after the opening day.

    `chain`: the digests of that version and of the frames behind it, in the order in which they are asked.
    `cause`: approval, publication (of a version that holds on the opening day) or late (it had none). Insert-only.
    """

    __tablename__ = "subsidy_pins"
    __table_args__ = (UniqueConstraint("cohort_id", "number"), Index("ix_subsidy_pins_version_id", "version_id"))

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohorts.id"))
    number: Mapped[int]
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subsidy_versions.id"))
    chain: Mapped[list[Any]]
    cause: Mapped[str] = mapped_column(String(12))
    pinned_at: Mapped[datetime]
