"""Webhook subscriptions: made by an institution's staff, with a secret that is shown once and can be changed."""

import base64
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain import webhooks as rules
from lms.domain.errors import NotFound, Refused
from lms.domain.webhooks import Event
from lms.models.base import new_id
from lms.models.exchange import WebhookSubscription
from lms.models.organisations import Organisation
from lms.services import audit, scopes, sealed
from lms.services.exchange import deliveries
from lms.services.exchange.deliveries import Told
from lms.services.scopes import Actor

SECRET_BYTES = 32
SECRET_START = "whsec_"  # noqa: S105  # as the Standard Webhooks specification writes secrets


@dataclass(frozen=True)
class SubscriptionView:
    """A subscription as staff see it; `old_until`: how long the secret before the present one still signs."""

    id: uuid.UUID
    organisation: str
    address: str
    events: tuple[Event, ...]
    created_at: datetime
    ended_at: datetime | None
    old_until: datetime | None
    last_state: str


def new_secret() -> str:
    """A fresh secret of 256 bits."""
    return SECRET_START + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def subscribe(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    *,
    organisation_id: uuid.UUID,
    address: str,
    events: Iterable[str],
    demo: bool,
    now: datetime,
) -> tuple[uuid.UUID, str]:
    """A new subscription and its secret, told this once.

    NotFound for a stranger's institution; Refused: webhook_address_shape, webhook_address_scheme,
    webhook_address_port, webhook_events_missing, webhook_too_many.
    """
    if session.scalar(scopes.organisations_of(actor).where(Organisation.id == organisation_id)) is None:
        raise NotFound
    address = address.strip()
    rules.check_address(address, demo=demo)
    wanted = rules.check_events(events)
    live = (WebhookSubscription.organisation_id == organisation_id) & WebhookSubscription.ended_at.is_(None)
    if (session.scalar(select(func.count()).where(live)) or 0) >= rules.MOST_SUBSCRIPTIONS:
        raise Refused("webhook_too_many", most=rules.MOST_SUBSCRIPTIONS)
    made, secret = new_id(), new_secret()
    row = WebhookSubscription(
        id=made,
        organisation_id=organisation_id,
        address=address,
        events=[each.value for each in wanted],
        secret_sealed=sealed.seal_webhook_secret(keyring, made, secret),
        created_by=actor.account_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    _audit(session, "webhook.create", actor, row, now)
    return made, secret


def list_all(session: Session, actor: Actor, *, now: datetime) -> list[SubscriptionView]:
    """The subscriptions of the actor's institutions, the newest first."""
    rows = (
        _subscriptions(actor)
        .join(Organisation, Organisation.id == WebhookSubscription.organisation_id)
        .add_columns(Organisation.name)
        .order_by(WebhookSubscription.id.desc())
    )
    found = session.execute(rows).all()
    last = deliveries.latest(session, [row[0].id for row in found])
    return [_view(row[0], row[1], last[row[0].id].state if row[0].id in last else "", now) for row in found]


def get(session: Session, actor: Actor, subscription_id: uuid.UUID, *, now: datetime) -> SubscriptionView:
    """One of them; NotFound for anybody else's."""
    for each in list_all(session, actor, now=now):
        if each.id == subscription_id:
            return each
    raise NotFound


def _view(row: WebhookSubscription, organisation: str, last_state: str, now: datetime) -> SubscriptionView:
    return SubscriptionView(
        id=row.id,
        organisation=organisation,
        address=row.address,
        events=tuple(Event(each) for each in row.events),
        created_at=row.created_at,
        ended_at=row.ended_at,
        old_until=row.old_until if row.old_until and row.old_until > now else None,
        last_state=last_state,
    )


def rotate(session: Session, keyring: Keyring, actor: Actor, subscription_id: uuid.UUID, *, now: datetime) -> str:
    """A new secret, told this once; the one before signs beside it for a day, so that nothing is missed meanwhile.

    NotFound for anybody else's; Refused: webhook_ended.
    """
    row = _live(session, actor, subscription_id)
    secret = new_secret()
    row.old_secret_sealed, row.old_until = row.secret_sealed, now + rules.OVERLAP
    row.secret_sealed = sealed.seal_webhook_secret(keyring, row.id, secret)
    _audit(session, "webhook.rotate", actor, row, now)
    return secret


def end(session: Session, actor: Actor, subscription_id: uuid.UUID, *, now: datetime) -> None:
    """Ends a subscription; what waits for it is not sent any more. NotFound for anybody else's."""
    row = _get(session, actor, subscription_id)
    if row.ended_at is None:
        row.ended_at = now
        _audit(session, "webhook.end", actor, row, now)


def send_test(session: Session, actor: Actor, subscription_id: uuid.UUID, *, now: datetime) -> uuid.UUID:
    """Sends a message that says nothing but that it is a test. NotFound for anybody else's; Refused: webhook_ended."""
    row = _live(session, actor, subscription_id)
    return deliveries.add(session, row.id, Told(Event.TEST, row.organisation_id, row.organisation_id), now=now)


def _live(session: Session, actor: Actor, subscription_id: uuid.UUID) -> WebhookSubscription:
    row = _get(session, actor, subscription_id)
    if row.ended_at is not None:
        raise Refused("webhook_ended")
    return row


def _get(session: Session, actor: Actor, subscription_id: uuid.UUID) -> WebhookSubscription:
    mine = _subscriptions(actor).where(WebhookSubscription.id == subscription_id)
    found = session.scalar(mine.with_for_update())
    if found is None:
        raise NotFound
    return found


def _subscriptions(actor: Actor) -> Select[WebhookSubscription]:
    mine = scopes.organisations_of(actor).with_only_columns(Organisation.id)
    return select(WebhookSubscription).where(WebhookSubscription.organisation_id.in_(mine))


def _audit(session: Session, action: str, actor: Actor, row: WebhookSubscription, now: datetime) -> None:
    place = row.organisation_id
    audit.record(session, action, row.id, now=now, account_id=actor.account_id, organisation_id=place)
