"""Logins on devices: opened by a proof, found again by a token, ended on the server."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from lms.crypto import digest
from lms.crypto import token as new_token
from lms.domain.roles import STAFF, Role
from lms.models.accounts import Account, LoginSession, Membership
from lms.services import audit
from lms.services.scopes import Actor

PASSWORD, CODE = "password", "code"  # how a login was proved
STAFF_LIFETIME = timedelta(hours=12)
LEARNER_LIFETIME = timedelta(days=30)


@dataclass(frozen=True)
class Device:
    """A login as its owner sees it: what kind of device, since when, and whether it is this one."""

    kind: str
    since: datetime
    is_this: bool


def open_session(session: Session, account_id: uuid.UUID, *, method: str, now: datetime, device: str = "") -> str:
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
    live = (LoginSession.ended_at.is_(None)) & (LoginSession.expires_at > now)
    found = session.scalar(mine.where(LoginSession.token_digest == digest(token), live, Account.disabled_at.is_(None)))
    if found is None:
        return None
    lasting = (each for each in found.memberships if each.expires_at is None or each.expires_at > now)
    roles = frozenset((Role(each.role), each.organisation_id) for each in lasting)
    return Actor(account_id=found.id, person_id=found.person_id, name=found.name, roles=roles)


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


def list_devices(session: Session, account_id: uuid.UUID, token: str, *, now: datetime) -> list[Device]:
    """Where the account is signed in, newest first; `token` tells which of them is asking."""
    live = (LoginSession.ended_at.is_(None)) & (LoginSession.expires_at > now)
    rows = select(LoginSession).where(LoginSession.account_id == account_id, live)
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
