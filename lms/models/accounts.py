"""Logins: accounts by mobile number, their roles, their sessions, their one-time codes."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.models.base import Base, Identified


class Account(Identified, Base):
    """A login. A learner's account points at her person; staff accounts need none."""

    __tablename__ = "accounts"

    phone_index: Mapped[str] = mapped_column(String(64), unique=True)
    phone_sealed: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(String(120), default="")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"), unique=True)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    memberships: Mapped[list["Membership"]] = relationship(back_populates="account", lazy="selectin")


class Membership(Identified, Base):
    """A role of an account: in one organisation, or over the platform (`organisation_id` empty).

    An inspector's role ends at `expires_at`; other roles have no end of their own.
    """

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("account_id", "organisation_id", "role"),)

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    expires_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(back_populates="memberships")


class LoginSession(Identified, Base):
    """A login on one device. The token itself is only on the device; here is its digest.

    `method` tells how it was proved (password or code), `device` what kind of machine it is, in few words.
    `device_mark`: digest of a random word that the browser keeps over logins, "" where it keeps none (decision 0187).
    """

    __tablename__ = "login_sessions"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    method: Mapped[str] = mapped_column(String(20))
    device: Mapped[str] = mapped_column(String(40), default="")
    device_mark: Mapped[str] = mapped_column(String(64), default="", server_default="", index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class LoginGuard(Identified, Base):
    """What is counted for a phone number, whether or not an account has it; its row is the number's lock."""

    __tablename__ = "login_guards"

    phone_index: Mapped[str] = mapped_column(String(64), unique=True)
    held_at: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)
    failed_at: Mapped[datetime | None]
    locked_until: Mapped[datetime | None]


class LoginCode(Identified, Base):
    """A one-time code sent to a phone: its keyed fingerprint, tries made, once used.

    `message_sealed` holds phone and code for the SMS, encrypted, until the code is used or too old.
    """

    __tablename__ = "login_codes"
    __table_args__ = (Index("ix_login_codes_phone_index_created_at", "phone_index", "created_at"),)

    phone_index: Mapped[str] = mapped_column(String(64))
    code_index: Mapped[str] = mapped_column(String(64))
    message_sealed: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]
