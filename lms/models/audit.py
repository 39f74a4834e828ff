"""Who did what, when: appended, never changed."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class AuditEvent(Identified, Base):
    """One act by a person or by the system (`account_id` empty)."""

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_organisation_id_at", "organisation_id", "at"),
        Index("ix_audit_events_subject", "subject"),
    )

    at: Mapped[datetime]
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisations.id"))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120))
    detail: Mapped[dict[str, Any]]
