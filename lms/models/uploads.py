"""Files on their way in, the library they end in, and the captions people wrote for them."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class Upload(Identified, Base):
    """One file that arrives in parts. `client_key` is the browser's own name for it, so that asking twice is once.

    States: open while parts come, receiving while the server joins and hashes them, received with its `media_id`,
    or refused with the code of the problem. `ref` is the store's name for the parts, `key` where the whole will lie.
    """

    __tablename__ = "uploads"
    __table_args__ = (
        UniqueConstraint("account_id", "organisation_id", "client_key"),
        Index("ix_uploads_state_touched_at", "state", "touched_at"),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    client_key: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(200))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    part_bytes: Mapped[int]
    sha256: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20))
    problem: Mapped[str | None] = mapped_column(String(80))
    problem_values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    key: Mapped[str] = mapped_column(String(200))
    ref: Mapped[str] = mapped_column(String(1000))
    media_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("media.id"), index=True)
    created_at: Mapped[datetime]
    touched_at: Mapped[datetime]


class UploadPart(Base):
    """A part that the store has. `sha256` is empty where it went straight there and nobody has read it yet."""

    __tablename__ = "upload_parts"

    upload_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("uploads.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size_bytes: Mapped[int]
    sha256: Mapped[str | None] = mapped_column(String(64))
    etag: Mapped[str] = mapped_column(String(200))


class LibraryFile(Identified, Base):
    """A video of an institution's own. The same content is there once (`content_hash`: SHA-256 of the original)."""

    __tablename__ = "library_files"
    __table_args__ = (UniqueConstraint("organisation_id", "content_hash"),)

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    media_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("media.id"), unique=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    content_hash: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]


class MediaCaptions(Base):
    """One state of a video's captions, as WebVTT; a correction is the next number, and earlier ones stay."""

    __tablename__ = "media_captions"

    media_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("media.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
