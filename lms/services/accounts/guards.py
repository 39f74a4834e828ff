"""What is counted for a phone number, in the same way whether or not an account has it.

The guard's row is also the lock of its number: everything about codes and failures of one phone happens
in turn, on PostgreSQL by `FOR UPDATE`, on SQLite because writers queue.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.domain.errors import TooMany
from lms.models.accounts import LoginGuard
from lms.services import audit

MAX_FAILURES = 5
COOL_DOWN = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


def hold(session: Session, phone_index: str, *, now: datetime) -> LoginGuard:
    """The guard of a phone number, locked until the transaction ends; made on first use."""
    guard = _lock(session, phone_index) or _make(session, phone_index, now)
    guard.held_at = now
    return guard


def _lock(session: Session, phone_index: str) -> LoginGuard | None:
    asked = select(LoginGuard).where(LoginGuard.phone_index == phone_index).with_for_update()
    return session.scalar(asked.execution_options(populate_existing=True))


def _make(session: Session, phone_index: str, now: datetime) -> LoginGuard:
    made = LoginGuard(phone_index=phone_index, held_at=now, failures=0)
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:  # somebody else made it while we waited
        return _lock(session, phone_index) or _make(session, phone_index, now)
    return made


def cooling(guard: LoginGuard, *, now: datetime) -> TooMany | None:
    """The refusal while password sign-in rests after too many failures, else None."""
    if guard.locked_until is None or guard.locked_until <= now:
        return None
    return wait("sign_in_cooling", guard.locked_until - now)


def wait(code: str, rest: timedelta) -> TooMany:
    """A refusal until `rest` is over, told in whole minutes to people and in seconds to programs."""
    seconds = max(1, -(-rest // timedelta(seconds=1)))
    return TooMany(code, retry_after_seconds=seconds, minutes=-(-seconds // 60))


def count_failure(session: Session, guard: LoginGuard, *, now: datetime) -> None:
    """Counts a wrong password; the fifth within the window starts the cool-down."""
    is_old = guard.failed_at is not None and guard.failed_at <= now - COOL_DOWN
    guard.failures = 1 if is_old else guard.failures + 1
    guard.failed_at = now
    if guard.failures >= MAX_FAILURES:
        guard.failures, guard.locked_until = 0, now + COOL_DOWN
        audit.record(session, "sign_in.cool_down", guard.id, now=now)


def clear(guard: LoginGuard) -> None:
    """Forgets the failures: whoever holds the phone or knows the password has come."""
    guard.failures, guard.failed_at, guard.locked_until = 0, None, None


def forget_idle(session: Session, *, now: datetime) -> None:
    """Deletes guards that nobody held for a day."""
    session.execute(delete(LoginGuard).where(LoginGuard.held_at < now - FORGOTTEN_AFTER))
