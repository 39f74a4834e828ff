"""The evidence log: each person's chain, the one Merkle tree over all of them, its signed checkpoints."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base


class EvidenceEntry(Base):
    """One entry of a person's chain, written in the transaction it tells of. Insert-only.

    `body` is canonical JSON (RFC 8785) with the leaf of the entry before it; `leaf` is its SHA-256. It holds no
    name, number or phone, so `person_id` has no foreign key: erasing a person leaves the chain whole.
    """

    __tablename__ = "evidence_entries"
    __table_args__ = (Index("ix_evidence_entries_recorded_ms", "recorded_ms"),)

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    body: Mapped[str] = mapped_column(Text)
    leaf: Mapped[str] = mapped_column(String(64))
    recorded_ms: Mapped[int] = mapped_column(BigInteger)
    recorded_at: Mapped[datetime]


class LogLeaf(Base):
    """The place of an entry in the Merkle tree, counted from 0. Insert-only, by the sequencer alone."""

    __tablename__ = "log_leaves"
    __table_args__ = (UniqueConstraint("person_id", "number"),)

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    person_id: Mapped[uuid.UUID]
    number: Mapped[int] = mapped_column(BigInteger)
    leaf: Mapped[str] = mapped_column(String(64))


class LogCheckpoint(Base):
    """Size and root of the tree, signed by the signer. Insert-only."""

    __tablename__ = "log_checkpoints"

    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text)
