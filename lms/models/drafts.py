"""Courses being written: the files of a draft, every state they had, and the review before release."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.models.base import Base, Identified
from lms.models.organisations import Organisation


class Draft(Identified, Base):
    """A course of one organisation being written. `revision` counts the changes of all its files.

    States: open, and review while another person reads it; files change only while it is open.
    """

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("organisation_id", "slug"),)

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(12), default="open")
    revision: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship()
    files: Mapped[list["DraftFile"]] = relationship(order_by="DraftFile.path")


class DraftFile(Base):
    """A file of a draft as it is now: text, or a picture or paper that lies in the store under its SHA-256.

    `revision` is that of the draft when the file last changed: who saves names the revision she began with.
    """

    __tablename__ = "draft_files"

    draft_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("drafts.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    revision: Mapped[int]
    text: Mapped[str | None] = mapped_column(Text)
    sha256: Mapped[str | None] = mapped_column(String(64))
    content_type: Mapped[str | None] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(BigInteger)
    changed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    changed_at: Mapped[datetime]


class DraftChange(Base):
    """One change of one file, with what it was afterwards; neither text nor SHA-256 where it was removed. Insert-only.

    The changes that one act makes together share their `revision`, and are undone together.
    """

    __tablename__ = "draft_changes"
    __table_args__ = (Index("ix_draft_changes_draft_id_path_revision", "draft_id", "path", "revision"),)

    draft_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("drafts.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    act: Mapped[str] = mapped_column(String(40))
    text: Mapped[str | None] = mapped_column(Text)
    sha256: Mapped[str | None] = mapped_column(String(64))
    content_type: Mapped[str | None] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(BigInteger)
    changed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    changed_at: Mapped[datetime]


class Review(Identified, Base):
    """One reading of a draft by a second person, of the content whose hash was asked about.

    States: open, approved (and released as a version), returned, withdrawn.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        Index(
            "uq_reviews_open",
            "draft_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    draft_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("drafts.id"), index=True)
    revision: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    words: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default="open")
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    decision_words: Mapped[str] = mapped_column(Text, default="")
    version_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("course_versions.id"))

    draft: Mapped[Draft] = relationship()


class ReviewComment(Identified, Base):
    """What somebody said about one file of a draft in review; settled once it was answered or mended."""

    __tablename__ = "review_comments"

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reviews.id"), index=True)
    path: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text)
    written_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    written_at: Mapped[datetime]
    settled_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    settled_at: Mapped[datetime | None]
