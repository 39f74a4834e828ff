"""Practical skills: a sitting at one skill, each examiner's sheet, and the pictures taken with consent."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class PracticeSitting(Identified, Base):
    """The `number`-th try of one enrollment at one practice lesson. Insert-only.

    `kind`: exam, judged by `examiners` people, or workplace, a task of 工学一体化 that a mentor signs.
    """

    __tablename__ = "practice_sittings"
    __table_args__ = (UniqueConstraint("enrollment_id", "lesson_id", "kind", "number"),)

    enrollment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrollments.id"))
    lesson_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lessons.id"))
    kind: Mapped[str] = mapped_column(String(12))
    number: Mapped[int]
    examiners: Mapped[int]
    policy_code: Mapped[str] = mapped_column(String(40))
    opened_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    opened_ms: Mapped[int] = mapped_column(BigInteger)
    opened_at: Mapped[datetime]
    entry: Mapped[int] = mapped_column(BigInteger)


class PracticeSheet(Identified, Base):
    """What one examiner or mentor saw: the steps done, in whole points of the checklist. Insert-only."""

    __tablename__ = "practice_sheets"
    __table_args__ = (UniqueConstraint("sitting_id", "account_id"), UniqueConstraint("sitting_id", "client_key"))

    sitting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("practice_sittings.id"))
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    client_key: Mapped[str] = mapped_column(String(80))
    marks: Mapped[list[Any]]
    points: Mapped[int]
    critical_missed: Mapped[int]
    note: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int]
    submitted_ms: Mapped[int] = mapped_column(BigInteger)
    submitted_at: Mapped[datetime]
    entry: Mapped[int] = mapped_column(BigInteger)


class PracticePicture(Identified, Base):
    """A photo or short video of a sitting, in the object store under a random key, with the consent it rests on.

    `removed_at`: when she took the consent back and the object was deleted; its SHA-256 stays.
    """

    __tablename__ = "practice_pictures"
    __table_args__ = (Index("ix_practice_pictures_sitting_id", "sitting_id"),)

    sitting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("practice_sittings.id"))
    consent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consents.id"))
    object_key: Mapped[str] = mapped_column(String(200))
    content_type: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    added_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Consent(Identified, Base):
    """What a person agreed to, or took back, in which words: the last row of a purpose holds. Insert-only.

    `purpose`: notice (read), identity_number, practice_picture. `text_hash`: SHA-256 of the text in the `language` she
    read it in; both empty in rows from before texts stood in files.
    """

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_person_id_purpose", "person_id", "purpose"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    purpose: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(12), default="", server_default="")
    text_hash: Mapped[str] = mapped_column(String(64), default="", server_default="")
    given: Mapped[bool]
    recorded_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]
