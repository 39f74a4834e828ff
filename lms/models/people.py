"""One human over all institutions."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class Person(Identified, Base):
    """A real-named human. `pid` = HMAC of type and normalised number (study-time.md, Terms)."""

    __tablename__ = "people"

    pid: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    document_type: Mapped[str] = mapped_column(String(32))
    document_sealed: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
