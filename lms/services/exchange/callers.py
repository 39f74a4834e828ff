"""Programs that show a token: whose it is, and that it was used."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from lms import crypto
from lms.domain.roles import Role
from lms.models.exchange import ServiceAccount, ServiceToken
from lms.services import audit
from lms.services.scopes import Actor

TOUCH = timedelta(minutes=1)


@dataclass(frozen=True)
class Caller:
    """A program that has shown a token: as whom it asks, with which token, how often it may."""

    actor: Actor
    token_id: uuid.UUID
    per_minute: int
    is_touched: bool


def find_caller(session: Session, token: str, *, now: datetime) -> Caller | None:
    """Whose token this is; None once it ended or expired, or its account ended."""
    mine = ServiceToken.token_digest == crypto.digest(token)
    rows = select(ServiceToken, ServiceAccount).join(ServiceAccount, ServiceAccount.id == ServiceToken.service_id)
    row = session.execute(rows.where(mine, live(now), ServiceAccount.ended_at.is_(None))).one_or_none()
    if row is None:
        return None
    found, service = row
    actor = Actor(
        account_id=service.created_by,
        person_id=None,
        name=service.name,
        roles=frozenset({(Role(service.role), service.organisation_id)}),
        service_id=service.id,
        scopes=frozenset(found.scopes),
    )
    used = found.last_used_at
    return Caller(actor, found.id, service.per_minute, used is not None and used > now - TOUCH)


def note_use(session: Session, caller: Caller, scope: str, status: int, *, now: datetime) -> None:
    """Notes that a token was used, to the minute, and puts on record what for; "" is where nothing is for programs."""
    session.execute(update(ServiceToken).where(ServiceToken.id == caller.token_id).values(last_used_at=now))
    (place,) = {place for _role, place in caller.actor.roles}
    audit.record(
        session,
        "service.use",
        caller.actor.service_id,
        now=now,
        account_id=caller.actor.account_id,
        organisation_id=place,
        detail={"token": str(caller.token_id), "scope": scope, "status": status},
    )


def live(now: datetime) -> ColumnElement[bool]:
    """The tokens that open something."""
    return ServiceToken.ended_at.is_(None) & (ServiceToken.expires_at > now)
