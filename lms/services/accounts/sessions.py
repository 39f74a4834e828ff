"""Logins on devices: opened by a proof, found again by a token, ended on the server."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from lms.bulk import Lookup
from lms.crypto import digest
from lms.crypto import token as new_token
from lms.domain.roles import STAFF, Role
from lms.models.accounts import Account, LoginSession, Membership
from lms.services import audit
from lms.services.scopes import Actor

PASSWORD, CODE = "password", "code"  # how a login was proved
STAFF_LIFETIME = timedelta(hours=12)
LEARNER_LIFETIME = timedelta(days=30)
MARK_LIFETIME = timedelta(days=365)


@dataclass(frozen=True)
class Device:
    """A login as its owner sees it: what kind of device, since when, and whether it is this one."""

    kind: str
    since: datetime
    is_this: bool


def open_session(
    session: Session, account_id: uuid.UUID, *, method: str, now: datetime, device: str = "", device_mark: str = ""
) -> str:
    """A new login of an account that has proved itself; returns the token, which only the device keeps.

    It ends after 12 hours for staff and 30 days for learners, however busy it is.
    """
    token = new_token()
    lifetime = STAFF_LIFETIME if is_staff(session, account_id, now=now) else LEARNER_LIFETIME
    session.add(
        LoginSession(
            account_id=account_id,
            token_digest=digest(token),
            method=method,
            device=device,
            device_mark=device_mark,
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    audit.record(session, "account.sign_in", account_id, now=now, account_id=account_id, detail={"method": method})
    return token


def is_staff(session: Session, account_id: uuid.UUID, *, now: datetime) -> bool:
    """Whether the account works for an institution or the platform, or inspects them, and still may."""
    mine = select(Membership.id).where(Membership.account_id == account_id, Membership.role.in_(STAFF))
    lasting = Membership.expires_at.is_(None) | (Membership.expires_at > now)
    return session.scalar(mine.where(lasting).limit(1)) is not None


def find_actor(session: Session, token: str, now: datetime) -> Actor | None:
    """Who holds this token; None once the login ended, expired or the account was disabled.

    A role that has ended is no role any more: it is looked at anew with every request.
    """
    mine = select(Account).join(LoginSession, LoginSession.account_id == Account.id)
    mine = mine.where(LoginSession.token_digest == digest(token), _live(now), Account.disabled_at.is_(None))
    found = session.scalar(mine)
    if found is None:
        return None
    return _actor(found, now)


def actor_of(session: Session, account_id: uuid.UUID, *, now: datetime) -> Actor | None:
    """Who an account is today, for work done in her name while she is away; None for one that is disabled."""
    found = session.get(Account, account_id)
    return _actor(found, now) if found is not None and found.disabled_at is None else None


def _actor(found: Account, now: datetime) -> Actor:
    lasting = (each for each in found.memberships if each.expires_at is None or each.expires_at > now)
    roles = frozenset((Role(each.role), each.organisation_id) for each in lasting)
    return Actor(account_id=found.id, person_id=found.person_id, name=found.name, roles=roles)


@dataclass(frozen=True)
class Holder:
    """Whose login a token is, as far as studying needs to know: every account may learn."""

    account_id: uuid.UUID
    person_id: uuid.UUID | None


LOGINS = Lookup(
    select(LoginSession.token_digest, LoginSession.expires_at, Account.id, Account.person_id)
    .join(Account, LoginSession.account_id == Account.id)
    .where(LoginSession.ended_at.is_(None), Account.disabled_at.is_(None)),
    key=LoginSession.__table__.c.token_digest,
)


def find_holders(session: Session, digests: Collection[str], now: datetime) -> dict[str, Holder]:
    """By digest of a token: who holds it, by the same rules as `find_actor`, many in one query."""
    rows = LOGINS.rows(session, digests)
    return {row.token_digest: Holder(row.id, row.person_id) for row in rows if row.expires_at > now}


def _live(now: datetime) -> ColumnElement[bool]:
    return LoginSession.ended_at.is_(None) & (LoginSession.expires_at > now)


def sign_out(session: Session, token: str, *, now: datetime) -> None:
    """Ends this device's login; a token that is unknown or over changes nothing."""
    _end(session, LoginSession.token_digest == digest(token), now=now)


def sign_out_everywhere(session: Session, account_id: uuid.UUID, *, now: datetime, keep: str | None = None) -> int:
    """Ends all logins of the account but the one whose token is `keep`; returns how many ended."""
    mine = LoginSession.account_id == account_id
    if keep is not None:
        mine &= LoginSession.token_digest != digest(keep)
    ended = _end(session, mine, now=now)
    if ended:
        who, detail = account_id, {"ended": ended}
        audit.record(session, "account.end_sessions", who, now=now, account_id=who, detail=detail)
    return ended


def forget_marks(session: Session, *, now: datetime) -> None:
    """Browsers of a year ago are not known again: their marks have served what they are kept for (decision 0187)."""
    old = LoginSession.created_at < now - MARK_LIFETIME
    session.execute(update(LoginSession).where(old, LoginSession.device_mark != "").values(device_mark=""))


def list_devices(session: Session, account_id: uuid.UUID, token: str, *, now: datetime) -> list[Device]:
    """Where the account is signed in, newest first; `token` tells which of them is asking."""
    rows = select(LoginSession).where(LoginSession.account_id == account_id, _live(now))
    return [
        Device(kind=row.device, since=row.created_at, is_this=row.token_digest == digest(token))
        for row in session.scalars(rows.order_by(LoginSession.id.desc()))
    ]


def _end(session: Session, which: ColumnElement[bool], *, now: datetime) -> int:
    ended = session.execute(
        update(LoginSession)
        .where(which, LoginSession.ended_at.is_(None))
        .values(ended_at=now)
        .returning(LoginSession.id)
    )
    return len(ended.all())
