"""Deliveries of webhooks: one row a message, one job a try; the bytes stay, so that a replay is the same message."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.errors import NotFound, Refused
from lms.domain.roles import Role
from lms.domain.webhooks import DeliveryState, Event, pause_after, succeeded
from lms.models.base import new_id
from lms.models.exchange import WebhookDelivery, WebhookSubscription
from lms.models.organisations import Organisation
from lms.services import audit, jobs, scopes, sealed
from lms.services.scopes import Actor

DELIVER = "deliver_webhook"
KEPT = timedelta(days=30)
PAGE = 50
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Told:
    """What is to be told: which event, of whose cohort, of which enrollment if it is about one."""

    event: Event
    organisation_id: uuid.UUID
    cohort_id: uuid.UUID
    enrollment_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Message:
    """What the worker sends: where to, the bytes, and the secrets that sign it, the present one first."""

    id: uuid.UUID
    address: str
    body: bytes
    secrets: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What came of a try: the status of the answer, or why there was none, as a code."""

    status: int | None = None
    problem: str = ""


@dataclass(frozen=True)
class DeliveryView:
    """A delivery as staff see it; `next_at` while it will be tried again."""

    id: uuid.UUID
    event: Event
    state: DeliveryState
    tries: int
    status: int | None
    problem: str
    created_at: datetime
    tried_at: datetime | None
    next_at: datetime | None


def ask(session: Session, told: Sequence[Told], *, now: datetime) -> None:
    """Asks for a delivery of each event to each subscription that wants it."""
    places = {each.organisation_id for each in told}
    live = WebhookSubscription.ended_at.is_(None) & WebhookSubscription.organisation_id.in_(places)
    wanting: dict[uuid.UUID, list[WebhookSubscription]] = {}
    for row in session.scalars(select(WebhookSubscription).where(live)) if places else ():
        wanting.setdefault(row.organisation_id, []).append(row)
    for each in told:
        for subscription in wanting.get(each.organisation_id, ()):
            if each.event.value in subscription.events:
                add(session, subscription.id, each, now=now)


def add(session: Session, subscription_id: uuid.UUID, told: Told, *, now: datetime) -> uuid.UUID:
    """One delivery to one subscription, to be tried at once."""
    made = WebhookDelivery(
        id=new_id(),
        subscription_id=subscription_id,
        event=told.event.value,
        body=body_of(told, now),
        state=DeliveryState.WAITING.value,
        asked=0,
        tries=0,
        created_at=now,
    )
    session.add(made)
    session.flush()
    _try(session, made, now, timedelta(0))
    return made.id


def body_of(told: Told, now: datetime) -> str:
    """The message: what happened, when it was noticed, ids and a state; no name and no number."""
    data: dict[str, str] = {"organisation": str(told.organisation_id)}
    if told.event is not Event.TEST:
        data["cohort"] = str(told.cohort_id)
    if told.enrollment_id is not None:
        data["enrollment"] = str(told.enrollment_id)
    data["state"] = told.event.value.rpartition(".")[2]
    return ENCODER.encode({"type": told.event.value, "timestamp": now.isoformat(), "data": data})


def _try(session: Session, row: WebhookDelivery, now: datetime, pause: timedelta) -> None:
    row.asked += 1
    row.next_at = now + pause
    job = jobs.enqueue(session, DELIVER, f"webhook:{row.id}:{row.asked}", {"delivery_id": str(row.id)}, now=now)
    job.due_at = row.next_at


def prepare(session: Session, keyring: Keyring, delivery_id: uuid.UUID, *, now: datetime) -> Message | None:
    """What is to be sent; None when the subscription ended or the delivery is no longer waiting."""
    row = session.get(WebhookDelivery, delivery_id)
    subscription = session.get(WebhookSubscription, row.subscription_id) if row else None
    if row is None or subscription is None or subscription.ended_at or row.state != DeliveryState.WAITING.value:
        return None
    kept = [subscription.secret_sealed]
    if subscription.old_secret_sealed and subscription.old_until and now < subscription.old_until:
        kept.append(subscription.old_secret_sealed)
    secrets = tuple(sealed.open_webhook_secret(keyring, subscription.id, each) for each in kept)
    return Message(row.id, subscription.address, row.body.encode(), secrets)


def settle(session: Session, delivery_id: uuid.UUID, outcome: Outcome, *, now: datetime) -> None:
    """Records a try: delivered, to be tried again after a pause, or given up."""
    row = session.get(WebhookDelivery, delivery_id, with_for_update=True)
    if row is None or row.state != DeliveryState.WAITING.value:
        return
    row.tries += 1
    row.status, row.problem, row.tried_at, row.next_at = outcome.status, outcome.problem, now, None
    if succeeded(outcome.status):
        row.state = DeliveryState.DELIVERED.value
        return
    row.problem = outcome.problem or "refused"
    pause = pause_after(row.tries)
    if pause is None:
        row.state = DeliveryState.FAILED.value
    else:
        _try(session, row, now, pause)


def replay(
    session: Session, actor: Actor, subscription_id: uuid.UUID, delivery_id: uuid.UUID, *, now: datetime
) -> None:
    """Sends a message again as it was, under its own id; one that waits is sent now. NotFound for anybody else's;
    Refused: webhook_ended."""
    mine = _deliveries(actor).where(WebhookDelivery.subscription_id == subscription_id)
    row = session.scalar(mine.where(WebhookDelivery.id == delivery_id).with_for_update())
    if row is None:
        raise NotFound
    subscription = session.get_one(WebhookSubscription, subscription_id)
    if subscription.ended_at is not None:
        raise Refused("webhook_ended")
    row.state, row.tries = DeliveryState.WAITING.value, 0
    _try(session, row, now, timedelta(0))
    audit.record(
        session,
        "webhook.replay",
        row.id,
        now=now,
        account_id=actor.account_id,
        organisation_id=subscription.organisation_id,
    )


def list_recent(session: Session, actor: Actor, subscription_id: uuid.UUID) -> list[DeliveryView]:
    """The newest deliveries of one subscription first."""
    rows = _deliveries(actor).where(WebhookDelivery.subscription_id == subscription_id)
    return [_view(row) for row in session.scalars(rows.order_by(WebhookDelivery.id.desc()).limit(PAGE))]


def latest(session: Session, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, WebhookDelivery]:
    """By subscription id: its newest delivery."""
    found: dict[uuid.UUID, WebhookDelivery] = {}
    for each in ids:
        mine = select(WebhookDelivery).where(WebhookDelivery.subscription_id == each)
        row = session.scalar(mine.order_by(WebhookDelivery.id.desc()).limit(1))
        if row is not None:
            found[each] = row
    return found


def _deliveries(actor: Actor) -> Select[WebhookDelivery]:
    mine = scopes.organisations_of(actor, Role.INSTITUTION).with_only_columns(Organisation.id)
    subscribed = select(WebhookSubscription.id).where(WebhookSubscription.organisation_id.in_(mine))
    return select(WebhookDelivery).where(WebhookDelivery.subscription_id.in_(subscribed))


def _view(row: WebhookDelivery) -> DeliveryView:
    return DeliveryView(
        id=row.id,
        event=Event(row.event),
        state=DeliveryState(row.state),
        tries=row.tries,
        status=row.status,
        problem=row.problem,
        created_at=row.created_at,
        tried_at=row.tried_at,
        next_at=row.next_at,
    )


def forget(session: Session, *, now: datetime) -> None:
    """Forgets deliveries older than a month, and their jobs have long ended."""
    session.execute(delete(WebhookDelivery).where(WebhookDelivery.created_at <= now - KEPT))
