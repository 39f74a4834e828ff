"""Completion records: what was true when the verdict fell, frozen."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class Certificate(Identified, Base):
    """One record per enrollment, found by an unguessable code. `facts` never change afterwards."""

    __tablename__ = "certificates"

    enrollment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrollments.id"), unique=True)
    code: Mapped[str] = mapped_column(String(23), unique=True)
    facts: Mapped[dict[str, Any]]
    facts_hash: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime]
