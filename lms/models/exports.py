"""Files made in the background, and views of reports that somebody keeps or has made for her regularly."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class Export(Identified, Base):
    """A file that one account asked for, or that a saved view has made for her (`view_id`).

    `asked`: what was chosen, by ids, days and words of the report; `organisations`: whose rows may be in it, by id.
    `object_key`, `size`, `digest` (SHA-256): the file, once it is there. `expires_at`: from when it is offered no more.
    """

    __tablename__ = "exports"
    __table_args__ = (Index("ix_exports_account_id_created_at", "account_id", "created_at"),)

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    view_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("saved_views.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(40))
    asked: Mapped[dict[str, Any]]
    organisations: Mapped[list[Any]]
    file_format: Mapped[str] = mapped_column(String(8))
    unmasked: Mapped[bool]
    purpose: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(10))
    rows: Mapped[int]
    name: Mapped[str] = mapped_column(String(300))
    plain_name: Mapped[str] = mapped_column(String(120))
    object_key: Mapped[str | None] = mapped_column(String(200))
    size: Mapped[int | None] = mapped_column(BigInteger)
    digest: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SavedView(Identified, Base):
    """A choice of report and filters under a name; `every`: weekly or monthly, "" for a view only to be opened.

    `made_through`: the last day of the last period that a file was made for.
    """

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(40))
    asked: Mapped[dict[str, Any]]
    every: Mapped[str] = mapped_column(String(10), index=True)
    file_format: Mapped[str] = mapped_column(String(8))
    language: Mapped[str] = mapped_column(String(10))
    made_through: Mapped[date | None]
    created_at: Mapped[datetime]
