"""Links by which learners show their records to others."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class Share(Identified, Base):
    """A link over some records of one learner, `reader` of `domain.shares`.

    The address is made from the id by the index key and stands nowhere; `token_digest` is the SHA-256 by which it is
    found. `opened_count`, `opened_at`: how often it was opened, and when last.
    """

    __tablename__ = "shares"
    __table_args__ = (Index("ix_shares_person_id", "person_id"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    reader: Mapped[str] = mapped_column(String(12))
    with_name: Mapped[bool]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    opened_count: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime | None]


class ShareRecord(Base):
    """A record that a link shows, by its code, in the order in which she chose. Insert-only."""

    __tablename__ = "share_records"

    share_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("shares.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(23))
