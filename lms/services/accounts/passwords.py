"""Passwords: Argon2id at the OWASP floor, one answer for every kind of wrong, the common ones refused."""

import uuid
from datetime import datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring, digest
from lms.domain.errors import NotSignedIn, Refused
from lms.domain.identity import check_mobile
from lms.models.accounts import Account, LoginSession
from lms.services import audit, sealed
from lms.services.accounts import guards, sessions

SHORTEST, LONGEST = 8, 128
FRESH_CODE = timedelta(minutes=15)
COMMON = frozenset(Path(__file__).with_name("common-passwords.txt").read_text().split())
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Verified where there is nothing to verify, so that this takes as long. Of random bytes that nobody kept.
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$vU0BVqNJKQUJxtBiSntGdA$d7hIG5f5HRgNmsaUYZg81m1tC/dzMsNx4w+D3Mn26Mk"


def sign_in_with_password(
    session: Session,
    keyring: Keyring,
    *,
    phone: str,
    password: str,
    now: datetime,
    device: str = "",
    device_mark: str = "",
) -> str | Refused:
    """The token of a new login, or the refusal as a value: its count must be committed, not rolled back.

    Unknown phone, wrong password, no password and disabled account are one answer after the same work.
    """
    phone_index = sealed.phone_index(keyring, check_mobile(phone))
    guard = guards.hold(session, phone_index, now=now)
    if rest := guards.cooling(guard, now=now):
        return rest
    account_id = _proved(session, phone_index, password)
    if account_id is None:
        guards.count_failure(session, guard, now=now)
        return NotSignedIn("sign_in_wrong")
    guards.clear(guard)
    on = {"device": device, "device_mark": device_mark}
    return sessions.open_session(session, account_id, method=sessions.PASSWORD, now=now, **on)


def _proved(session: Session, phone_index: str, password: str) -> uuid.UUID | None:
    columns = select(Account.id, Account.password_hash, Account.disabled_at)  # no entity: it would load roles
    found = session.execute(columns.where(Account.phone_index == phone_index)).one_or_none()
    password_hash = found.password_hash if found else None
    matches = _matches(password_hash or NOBODY, password)
    if found is None or password_hash is None or found.disabled_at is not None or not matches:
        return None
    if HASHER.check_needs_rehash(password_hash):
        session.get_one(Account, found.id).password_hash = HASHER.hash(password)
    account_id: uuid.UUID = found.id
    return account_id


def _matches(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except VerifyMismatchError:
        return False


def change_password(
    session: Session,
    keyring: Keyring,
    *,
    account_id: uuid.UUID,
    token: str,
    current: str,
    new: str,
    now: datetime,
) -> Refused | None:
    """Sets the own password after the present one, or a code sign-in minutes ago, has proved the owner.

    A wrong present password counts like a wrong sign-in, so refusals are values. Ends all other logins.
    """
    account = session.get_one(Account, account_id)
    if weakness := find_weakness(new, phone=sealed.open_phone(keyring, account_id, account.phone_sealed)):
        return weakness
    if needs_current(session, account_id, token, now=now):
        guard = guards.hold(session, account.phone_index, now=now)
        if rest := guards.cooling(guard, now=now):
            return rest
        if not _matches(account.password_hash or NOBODY, current):
            guards.count_failure(session, guard, now=now)
            return Refused("current_password_wrong")
    _store(session, account, new, now=now, keep=token)
    return None


def needs_current(session: Session, account_id: uuid.UUID, token: str, *, now: datetime) -> bool:
    """Whether the present password must be told: not if there is none, nor just after a code sign-in."""
    if session.get_one(Account, account_id).password_hash is None:
        return False
    proved = select(LoginSession.id).where(
        LoginSession.token_digest == digest(token),
        LoginSession.method == sessions.CODE,
        LoginSession.created_at > now - FRESH_CODE,
    )
    return session.scalar(proved) is None


def set_password(session: Session, keyring: Keyring, *, account_id: uuid.UUID, password: str, now: datetime) -> None:
    """Stores a new password for somebody and ends all her logins; Refused if it is too weak."""
    account = session.get_one(Account, account_id)
    phone = sealed.open_phone(keyring, account_id, account.phone_sealed)
    if weakness := find_weakness(password, phone=phone):
        raise weakness
    _store(session, account, password, now=now, keep=None)


def _store(session: Session, account: Account, password: str, *, now: datetime, keep: str | None) -> None:
    account.password_hash = HASHER.hash(password)
    audit.record(session, "account.set_password", account.id, now=now, account_id=account.id)
    sessions.sign_out_everywhere(session, account.id, now=now, keep=keep)


def find_weakness(password: str, *, phone: str) -> Refused | None:
    """Too short, too long, among the most common, or the phone number itself (ASVS 6.2); else None."""
    if len(password) < SHORTEST:
        return Refused("password_too_short", shortest=SHORTEST)
    if len(password) > LONGEST:
        return Refused("password_too_long", longest=LONGEST)
    if password.lower() in COMMON or password == phone:
        return Refused("password_too_common")
    return None
