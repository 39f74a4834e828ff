"""Exchange with other systems: service accounts, kept answers, the order of changes, webhooks."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class ServiceAccount(Identified, Base):
    """A program of an institution or of an authority, which asks under `role`; `organisation_id` is empty for an
    authority that may look into all institutions. `created_by` answers for it."""

    __tablename__ = "service_accounts"

    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    per_minute: Mapped[int]
    created_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ServiceToken(Identified, Base):
    """A secret of a service account, of which only the digest is here; `hint` is its end, to tell it from others."""

    __tablename__ = "service_tokens"

    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service_accounts.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(8))
    scopes: Mapped[list[Any]]
    created_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class KeptAnswer(Base):
    """What a write with an `Idempotency-Key` was answered, for the same request to be answered again."""

    __tablename__ = "kept_answers"

    owner_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(index=True)


class ChangeMark(Base):
    """That something changed, written by triggers in the transaction that changed it; the clerk takes it away.

    `kind`: what `subject_id` is; `parent_id`: the cohort of an enrollment that is gone.
    """

    __tablename__ = "change_marks"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[uuid.UUID]
    parent_id: Mapped[uuid.UUID | None]


class Change(Base):
    """The place of a subject's latest change in the one order of changes. Numbers only grow, and are told once."""

    __tablename__ = "changes"
    __table_args__ = (
        Index("ix_changes_kind_organisation_id_number", "kind", "organisation_id", "number"),
        Index("ix_changes_kind_number", "kind", "number"),
    )

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    subject_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, unique=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    cohort_id: Mapped[uuid.UUID]
    gone: Mapped[bool] = mapped_column(default=False)
    placed_at: Mapped[datetime]


class ChangeClerk(Base):
    """The one row that whoever gives out numbers holds: the last number, and how far evidence and classes were seen."""

    __tablename__ = "change_clerk"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, default=0)
    position: Mapped[int] = mapped_column(BigInteger, default=0)
    placed_at: Mapped[datetime]
    studied_at: Mapped[datetime]
    classes_at: Mapped[datetime]


class WebhookSubscription(Identified, Base):
    """Where an institution's program wants to be told of events. Both secrets are sealed; the old one signs beside
    the new one until `old_until`."""

    __tablename__ = "webhook_subscriptions"

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    address: Mapped[str] = mapped_column(String(500))
    events: Mapped[list[Any]]
    secret_sealed: Mapped[str] = mapped_column(Text)
    old_secret_sealed: Mapped[str | None] = mapped_column(Text)
    old_until: Mapped[datetime | None]
    created_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class WebhookDelivery(Identified, Base):
    """One message to one subscription, its bytes kept so that a replay is the same; its id is the message's.

    `asked` counts the tries asked for, `tries` those of this round; `problem`: a code, never what the other side said.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (Index("ix_webhook_deliveries_subscription_id_id", "subscription_id", "id"),)

    subscription_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("webhook_subscriptions.id"))
    event: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12))
    asked: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    status: Mapped[int | None]
    problem: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime] = mapped_column(index=True)
    tried_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
