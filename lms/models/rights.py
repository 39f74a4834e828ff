"""What people ask about their own data, and what was done: activation, requests, restriction, erasure, statements."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class Activation(Identified, Base):
    """She read her name and masked number on her own phone: `confirmed` or `disputed`. Insert-only; the last holds."""

    __tablename__ = "activations"
    __table_args__ = (Index("ix_activations_person_id", "person_id"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    outcome: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]


class RightsRequest(Identified, Base):
    """A wish about her own data. `organisation_id`: whose desk answers; empty where she is in no class.

    `rule`, `until`: what the decision rested on. `words` and `note` are overwritten when she is erased.
    """

    __tablename__ = "rights_requests"
    __table_args__ = (
        Index("ix_rights_requests_person_id", "person_id"),
        Index("ix_rights_requests_organisation_id_state", "organisation_id", "state"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(String(40), default="")
    until: Mapped[date | None]
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    second_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    second_at: Mapped[datetime | None]


class Restriction(Base):
    """Archive only: her records are kept and shown to nobody but herself and the supervising office.

    `request_id` is empty where an erasure was applied again to a backup from before the request.
    """

    __tablename__ = "restrictions"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    request_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("rights_requests.id"))
    since: Mapped[datetime]
    lifted_at: Mapped[datetime | None]


class Erasure(Base):
    """The deletion ledger: whose personal columns were overwritten, and by which two. Insert-only, without a name.

    A copy lies in the object store, where a restored database finds it again; so nothing here has a foreign key.
    """

    __tablename__ = "erasures"

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    request_id: Mapped[uuid.UUID]
    proposed_by: Mapped[uuid.UUID]
    approved_by: Mapped[uuid.UUID]
    erased_at: Mapped[datetime]


class PersonalExport(Identified, Base):
    """A file with everything about one person, made by a job; its key is known from the id, it lies there for a day."""

    __tablename__ = "personal_exports"
    __table_args__ = (Index("ix_personal_exports_person_id", "person_id"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    sha256: Mapped[str] = mapped_column(String(64), default="")
    size_bytes: Mapped[int] = mapped_column(BigInteger, default=0)


class MonthlyStatement(Identified, Base):
    """What was counted in a person's name in a month, as it stood when it was written; `rows`: one a class."""

    __tablename__ = "monthly_statements"
    __table_args__ = (UniqueConstraint("person_id", "month"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    month: Mapped[date]
    rows: Mapped[list[Any]]
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]


class RetentionSetting(Identified, Base):
    """A period that the platform's staff entered, with its source. Insert-only; the last of a code holds."""

    __tablename__ = "retention_settings"

    code: Mapped[str] = mapped_column(String(40))
    months: Mapped[int]
    source: Mapped[str] = mapped_column(String(200))
    confidence: Mapped[str] = mapped_column(String(1))
    set_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    set_at: Mapped[datetime]
