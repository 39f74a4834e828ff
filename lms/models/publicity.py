"""Public notices (公示) of claims: what was shown from when until when, and objections against it."""

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class PublicNotice(Identified, Base):
    """One notice of one claim, in its round of review. Insert-only.

    `days`: working days, of the policy or else the officer's choice (`days_reason` says why, "" for the policy's);
    `is_certain`: whether the holiday tables were confirmed. `phone`: 监督电话. `digest`: SHA-256 of the rows shown.
    """

    __tablename__ = "public_notices"
    __table_args__ = (
        UniqueConstraint("claim_id", "number"),
        Index("ix_public_notices_last_on", "last_on"),
    )

    claim_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("claims.id"))
    number: Mapped[int]
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohorts.id"))
    kind: Mapped[str] = mapped_column(String(12))
    first_on: Mapped[date]
    last_on: Mapped[date]
    days: Mapped[int]
    days_reason: Mapped[str] = mapped_column(Text)
    is_certain: Mapped[bool]
    phone: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    opened_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    opened_at: Mapped[datetime]


class PublicNoticeRow(Base):
    """One line as it is shown; never changed, but for an erasure. `document`: partly hidden; sums in fen."""

    __tablename__ = "public_notice_rows"

    notice_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("public_notices.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("claim_lines.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    document: Mapped[str] = mapped_column(String(40))
    occupation: Mapped[str] = mapped_column(String(80))
    level: Mapped[int | None]
    standard_fen: Mapped[int] = mapped_column(BigInteger)
    amount_fen: Mapped[int] = mapped_column(BigInteger)


class PublicNoticeEnd(Base):
    """That a notice was taken down before its last day, and why; nothing is over by it. Insert-only."""

    __tablename__ = "public_notice_ends"

    notice_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("public_notices.id"), primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    ended_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime]


class NoticeObjection(Identified, Base):
    """An objection; never changed, but for `state` (domain/claims/publicity.py) and for an erasure.

    `place`, `line_id`: the row it is about, None for the whole notice. `person_id`: the learner who objects with her
    own account, None for anybody else. `contact_sealed`: how she can be asked back, "" where she left nothing.
    """

    __tablename__ = "notice_objections"
    __table_args__ = (Index("ix_notice_objections_notice_id_state", "notice_id", "state"),)

    notice_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("public_notices.id"))
    place: Mapped[int | None]
    line_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("claim_lines.id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    contact_sealed: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12))
    made_at: Mapped[datetime]


class ObjectionStep(Identified, Base):
    """What was done with an objection, in order. Insert-only."""

    __tablename__ = "objection_steps"
    __table_args__ = (UniqueConstraint("objection_id", "number"),)

    objection_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notice_objections.id"))
    number: Mapped[int]
    act: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
