"""The organisation tree: authorities, departments, institutions that run classes, and their branches."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class Organisation(Identified, Base):
    """A node of the tree (domain/organisations.py). A closed one takes no new classes, staff or nodes below."""

    __tablename__ = "organisations"

    name: Mapped[str] = mapped_column(String(200), unique=True)
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)
    created_at: Mapped[datetime]
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20), default="institution", server_default="institution")
    department: Mapped[str | None] = mapped_column(String(20))
    closed_at: Mapped[datetime | None]


class OrganisationChange(Identified, Base):
    """One change of a node, never edited: a new name or kind, another place, closed or open again, and why."""

    __tablename__ = "organisation_changes"

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    what: Mapped[str] = mapped_column(String(20))
    before: Mapped[str] = mapped_column(String(200))
    after: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(200))
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
