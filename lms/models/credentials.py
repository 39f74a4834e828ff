"""Credentials of records: the keys that sign them, what was signed, and which of them were withdrawn."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class CredentialKey(Identified, Base):
    """A key of this site. `private_sealed` is bound to this row; the public half stays published for good.

    `retired_at`: signs no more, what it signed stays good. `distrusted_at`: what it signed counts no more.
    """

    __tablename__ = "credential_keys"

    kid: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    public_jwk: Mapped[dict[str, Any]]
    private_sealed: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    distrusted_at: Mapped[datetime | None]


class CredentialList(Base):
    """A status list as it was last signed; `fingerprint` tells whether it still says what is true."""

    __tablename__ = "credential_lists"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[str] = mapped_column(Text, default="")
    fingerprint: Mapped[str] = mapped_column(String(64), default="")


class Credential(Identified, Base):
    """What was signed for a record, found by its code. Insert-only: a key that is no longer trusted makes another
    edition. `document`, `token`, `compact`: the three forms, byte for byte as they are handed out."""

    __tablename__ = "credentials"
    __table_args__ = (UniqueConstraint("code", "edition"), UniqueConstraint("list_number", "list_index", "edition"))

    code: Mapped[str] = mapped_column(String(23))
    edition: Mapped[int]
    facts_hash: Mapped[str] = mapped_column(String(64))
    list_number: Mapped[int] = mapped_column(ForeignKey("credential_lists.number"))
    list_index: Mapped[int]
    document: Mapped[str] = mapped_column(Text)
    token: Mapped[str] = mapped_column(Text)
    compact: Mapped[str] = mapped_column(Text)
    key_ids: Mapped[list[Any]]
    made_at: Mapped[datetime]


class CredentialWithdrawal(Base):
    """That what was certified under a code counts no more, for good. Insert-only."""

    __tablename__ = "credential_withdrawals"

    code: Mapped[str] = mapped_column(String(23), primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
