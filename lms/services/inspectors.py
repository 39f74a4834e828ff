"""Inspectors: let in by the platform, at one organisation with all below it or everywhere, for ninety days at most."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain.errors import NotFound, Refused
from lms.domain.identity import check_mobile, check_name, mask_mobile
from lms.domain.roles import Role
from lms.models.accounts import Account, Membership
from lms.models.organisations import Organisation
from lms.services import accounts, audit, humans, organisations, scopes, sealed
from lms.services.accounts import registry
from lms.services.scopes import Actor

LONGEST = timedelta(days=90)
INSTITUTION_ROLES = frozenset({Role.INSTITUTION, Role.TRAINER})


@dataclass(frozen=True)
class Grant:
    """An inspector's leave to look. `organisation` is empty for all institutions; the phone is masked."""

    id: uuid.UUID
    name: str
    phone: str
    organisation: str
    last_day: date
    is_over: bool


def grant(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    *,
    name: str,
    phone: str,
    organisation_id: uuid.UUID | None,
    last_day: date,
    now: datetime,
) -> uuid.UUID:
    """Lets the phone's account look until the end of `last_day`; granting again sets a new last day.

    NotFound for an unknown organisation; Refused: inspector_day_past, inspector_day_too_far,
    inspector_works_there, and those of names and phones.
    """
    scopes.require(actor, Role.PLATFORM)
    phone, name = check_mobile(phone), check_name(name)
    _check_day(last_day, clock.civil_day(now))
    if organisation_id is not None and session.get(Organisation, organisation_id) is None:
        raise NotFound
    account = _account(session, keyring, phone, name, organisation_id, now)
    membership = _membership(session, account.id, organisation_id)
    membership.expires_at = _end_of(last_day)
    session.flush()
    accounts.sign_out_everywhere(session, account.id, now=now)  # a learner's login lives too long for an inspector
    audit.record(
        session,
        "inspector.grant",
        account.id,
        now=now,
        account_id=actor.account_id,
        organisation_id=organisation_id,
        detail={"grant": str(membership.id), "last_day": last_day.isoformat()},
    )
    return membership.id


def _check_day(last_day: date, today: date) -> None:
    if last_day < today:
        raise Refused("inspector_day_past")
    if last_day > today + LONGEST:
        raise Refused("inspector_day_too_far", longest=LONGEST.days)


def _account(
    session: Session, keyring: Keyring, phone: str, name: str, organisation_id: uuid.UUID | None, now: datetime
) -> Account:
    """The phone's account, held until the end of the transaction, made first where there is none."""
    account = registry.find(session, sealed.phone_index(keyring, phone))
    account = account or registry.add(session, keyring, phone=phone, name=name, now=now)
    session.refresh(account, with_for_update=True)
    if _works_there(session, account, organisation_id):
        raise Refused("inspector_works_there")
    account.name = account.name or name
    return account


def _works_there(session: Session, account: Account, organisation_id: uuid.UUID | None) -> bool:
    """Nobody inspects the institution she works for, nor one above or below it."""
    hers = humans.works_at(session, account.id, INSTITUTION_ROLES)
    if organisation_id is None or not hers:
        return bool(hers)
    return organisations.touch(session, hers, organisation_id)


def _membership(session: Session, account_id: uuid.UUID, organisation_id: uuid.UUID | None) -> Membership:
    mine = select(Membership).where(Membership.account_id == account_id, Membership.role == Role.INSPECTOR.value)
    found = session.scalar(mine.where(Membership.organisation_id == organisation_id))
    if found is None:
        found = Membership(account_id=account_id, organisation_id=organisation_id, role=Role.INSPECTOR.value)
        session.add(found)
    return found


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), clock.CHINA)


def list_all(session: Session, keyring: Keyring, actor: Actor, *, now: datetime) -> list[Grant]:
    """Every leave ever given, those that end last first."""
    scopes.require(actor, Role.PLATFORM)
    rows = (
        select(Membership, Account, Organisation.name)
        .join(Account, Account.id == Membership.account_id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.role == Role.INSPECTOR.value)
        .order_by(Membership.expires_at.desc(), Membership.id)
    )
    return [_view(keyring, *row, now) for row in session.execute(rows)]


def list_own(session: Session, keyring: Keyring, actor: Actor, *, now: datetime) -> list[Grant]:
    """An inspector's own leave, as long as it lasts."""
    rows = (
        select(Membership, Account, Organisation.name)
        .join(Account, Account.id == Membership.account_id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.role == Role.INSPECTOR.value, Membership.account_id == actor.account_id)
        .order_by(Membership.expires_at)
    )
    found = [_view(keyring, *row, now) for row in session.execute(rows)]
    return [each for each in found if not each.is_over]


def _view(keyring: Keyring, membership: Membership, account: Account, organisation: str | None, now: datetime) -> Grant:
    until = membership.expires_at or now
    return Grant(
        id=membership.id,
        name=account.name,
        phone=mask_mobile(sealed.open_phone(keyring, account.id, account.phone_sealed)),
        organisation=organisation or "",
        last_day=clock.civil_day(until - timedelta(microseconds=1)),
        is_over=until <= now,
    )


def revoke(session: Session, actor: Actor, grant_id: uuid.UUID, *, now: datetime) -> None:
    """Ends an inspector's leave at once, on every device; it stays on record. NotFound if there is none."""
    scopes.require(actor, Role.PLATFORM)
    mine = select(Membership).where(Membership.id == grant_id, Membership.role == Role.INSPECTOR.value)
    found = session.scalar(mine.with_for_update())
    if found is None:
        raise NotFound
    found.expires_at = min(found.expires_at or now, now)
    accounts.sign_out_everywhere(session, found.account_id, now=now)
    audit.record(
        session,
        "inspector.revoke",
        found.account_id,
        now=now,
        account_id=actor.account_id,
        organisation_id=found.organisation_id,
        detail={"grant": str(found.id)},
    )
