"""Service accounts: made by staff, known by tokens of which only digests are kept, ended at once."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, true, update
from sqlalchemy.orm import Session

from lms import crypto
from lms.domain import exchange as rules
from lms.domain.errors import NotFound, Refused
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.base import new_id
from lms.models.exchange import ServiceAccount, ServiceToken
from lms.models.organisations import Organisation
from lms.services import audit, scopes
from lms.services.exchange import places
from lms.services.exchange.callers import live
from lms.services.scopes import Actor

HINT = 4


@dataclass(frozen=True)
class TokenView:
    """A token as staff see it: never the secret, only how it ends."""

    id: uuid.UUID
    hint: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    is_over: bool


@dataclass(frozen=True)
class ServiceView:
    """A service account; `organisation` is empty where it may look into all institutions."""

    id: uuid.UUID
    name: str
    organisation: str
    role: Role
    per_minute: int
    created_by: str
    created_at: datetime
    ended_at: datetime | None
    tokens: tuple[TokenView, ...]


@dataclass(frozen=True)
class Wanted:
    """A service account to be made: for whom, under which role, how often it may ask in a minute."""

    name: str
    organisation_id: uuid.UUID | None
    role: Role = Role.INSTITUTION
    per_minute: int = rules.USUAL_PER_MINUTE


def create(session: Session, actor: Actor, desk: Role, wanted: Wanted, *, now: datetime) -> uuid.UUID:
    """A new service account without any token.

    NotFound for a stranger's institution; Refused: service_name_length, service_name_strange_sign, service_rate_range,
    service_role (an institution's staff makes none for an authority, only an inspection sees all institutions, an
    office stands at its city or district).
    """
    if desk is Role.PLATFORM:
        scopes.require(actor, Role.PLATFORM)
    name, per_minute = rules.check_name(wanted.name), rules.check_rate(wanted.per_minute)
    if wanted.role not in rules.ROLES or (desk is not Role.PLATFORM and wanted.role is not Role.INSTITUTION):
        raise Refused("service_role")
    places.check(session, actor, desk, wanted.role, wanted.organisation_id)
    made = ServiceAccount(
        id=new_id(),
        organisation_id=wanted.organisation_id,
        role=wanted.role.value,
        name=name,
        per_minute=per_minute,
        created_by=actor.account_id,
        created_at=now,
    )
    session.add(made)
    session.flush()
    _audit(session, "service.create", actor, made, now=now, role=made.role)
    return made.id


def _own(actor: Actor, desk: Role) -> ColumnElement[bool]:
    """The service accounts this desk looks after."""
    if desk is Role.PLATFORM:
        scopes.require(actor, Role.PLATFORM)
        return true()
    mine = scopes.organisations_of(actor).with_only_columns(Organisation.id)
    return ServiceAccount.organisation_id.in_(mine) & (ServiceAccount.role == Role.INSTITUTION.value)


def list_all(session: Session, actor: Actor, desk: Role, *, now: datetime) -> list[ServiceView]:
    """The service accounts of this desk with their tokens, the newest first."""
    rows = (
        select(ServiceAccount, Organisation.name, Account.name)
        .select_from(ServiceAccount)
        .outerjoin(Organisation, Organisation.id == ServiceAccount.organisation_id)
        .join(Account, Account.id == ServiceAccount.created_by)
        .where(_own(actor, desk))
        .order_by(ServiceAccount.id.desc())
    )
    found = session.execute(rows).all()
    tokens: dict[uuid.UUID, list[TokenView]] = {}
    ids = [row[0].id for row in found]
    mine = select(ServiceToken).where(ServiceToken.service_id.in_(ids)).order_by(ServiceToken.id.desc())
    for token in session.scalars(mine):
        tokens.setdefault(token.service_id, []).append(_token_view(token, now))
    return [_view(row[0], row[1], row[2], tokens.get(row[0].id, [])) for row in found]


def get(session: Session, actor: Actor, desk: Role, service_id: uuid.UUID, *, now: datetime) -> ServiceView:
    """One of them; NotFound for anybody else's."""
    for each in list_all(session, actor, desk, now=now):
        if each.id == service_id:
            return each
    raise NotFound


def _view(row: ServiceAccount, organisation: str | None, creator: str, tokens: Iterable[TokenView]) -> ServiceView:
    return ServiceView(
        id=row.id,
        name=row.name,
        organisation=organisation or "",
        role=Role(row.role),
        per_minute=row.per_minute,
        created_by=creator,
        created_at=row.created_at,
        ended_at=row.ended_at,
        tokens=tuple(tokens),
    )


def _token_view(row: ServiceToken, now: datetime) -> TokenView:
    return TokenView(
        id=row.id,
        hint=row.hint,
        scopes=tuple(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        is_over=row.ended_at is not None or row.expires_at <= now,
    )


def issue(
    session: Session, actor: Actor, desk: Role, service_id: uuid.UUID, asked: Iterable[str], days: int, *, now: datetime
) -> str:
    """A new token, told this once; only its digest is kept.

    NotFound for a stranger's account; Refused: service_ended, service_scopes_missing, service_scope_not_for_role,
    service_lifetime, service_too_many_tokens.
    """
    service = _get(session, actor, desk, service_id)
    if service.ended_at is not None:
        raise Refused("service_ended")
    if days not in rules.LIFETIME_DAYS:
        raise Refused("service_lifetime")
    wanted = rules.check_scopes(Role(service.role), asked)
    mine = (ServiceToken.service_id == service.id) & live(now)
    if len(session.scalars(select(ServiceToken.id).where(mine)).all()) >= rules.MOST_TOKENS:
        raise Refused("service_too_many_tokens", most=rules.MOST_TOKENS)
    token = rules.TOKEN_START + crypto.token()
    made = ServiceToken(
        id=new_id(),
        service_id=service.id,
        token_digest=crypto.digest(token),
        hint=token[-HINT:],
        scopes=[each.value for each in wanted],
        created_by=actor.account_id,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(made)
    session.flush()
    _audit(session, "service.token", actor, service, now=now, token=str(made.id), scopes=made.scopes)
    return token


def end_token(
    session: Session, actor: Actor, desk: Role, service_id: uuid.UUID, token_id: uuid.UUID, *, now: datetime
) -> None:
    """Ends one token at once; ending it again changes nothing. NotFound for anybody else's."""
    service = _get(session, actor, desk, service_id)
    token = session.get(ServiceToken, token_id)
    if token is None or token.service_id != service.id:
        raise NotFound
    if token.ended_at is None:
        token.ended_at = now
        _audit(session, "service.token_end", actor, service, now=now, token=str(token.id))


def end(session: Session, actor: Actor, desk: Role, service_id: uuid.UUID, *, now: datetime) -> None:
    """Ends a service account with all its tokens at once. NotFound for anybody else's."""
    service = _get(session, actor, desk, service_id)
    if service.ended_at is None:
        service.ended_at = now
        mine = (ServiceToken.service_id == service.id) & ServiceToken.ended_at.is_(None)
        session.execute(update(ServiceToken).where(mine).values(ended_at=now))
        _audit(session, "service.end", actor, service, now=now)


def _get(session: Session, actor: Actor, desk: Role, service_id: uuid.UUID) -> ServiceAccount:
    found = session.scalar(select(ServiceAccount).where(_own(actor, desk), ServiceAccount.id == service_id))
    if found is None:
        raise NotFound
    return found


def _audit(
    session: Session, action: str, actor: Actor, service: ServiceAccount, *, now: datetime, **detail: object
) -> None:
    audit.record(
        session,
        action,
        service.id,
        now=now,
        account_id=actor.account_id,
        organisation_id=service.organisation_id,
        detail=detail,
    )
