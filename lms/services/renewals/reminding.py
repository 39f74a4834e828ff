"""She is told when the window opens, when it is due, when it is over: once each, on her pages and by SMS."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.adapters.sms import SmsGateway
from lms.crypto import Keyring
from lms.domain.renewals import next_telling
from lms.models.accounts import Account
from lms.models.base import new_id
from lms.models.renewals import RenewalReminder, Validity
from lms.models.rights import Erasure, Restriction
from lms.services import humans, jobs, sealed
from lms.services.renewals.fixing import days_of, phase_of
from lms.services.renewals.taking import find as find_taking

SEND = "send_renewal"  # the kind of job
BATCH = 200
FIRST_HOUR, LAST_HOUR = 9, 20  # nobody's phone rings at night
STALE = timedelta(days=3)


def remind(session: Session, *, by_sms: bool, now: datetime) -> int:
    """Notes for at most `BATCH` completions that something new begins, and asks for an SMS about each; tells how many.

    Only the latest is told of what was missed meanwhile. By day only, China's time. `by_sms`: messages can be sent.
    """
    if not FIRST_HOUR <= now.astimezone(clock.CHINA).hour < LAST_HOUR:
        return 0
    today = clock.civil_day(now)
    due = select(Validity).where(Validity.next_on <= today, Validity.renewed_by.is_(None))
    ordered = due.order_by(Validity.next_on, Validity.enrollment_id).limit(BATCH)
    rows = session.scalars(ordered.with_for_update(skip_locked=True)).all()
    for each in rows:
        days = days_of(each)
        where = phase_of(each, today)
        each.next_on = next_telling(days, where)
        _tell(session, each, where.value, by_sms, now)
    session.flush()
    return len(rows)


def _tell(session: Session, row: Validity, where: str, by_sms: bool, now: datetime) -> None:
    """Whoever joined another class of the course since knows: she is told on her pages only."""
    by_sms = by_sms and not find_taking(session, [row.enrollment_id], clock.civil_day(now))
    made = RenewalReminder(id=new_id(), enrollment_id=row.enrollment_id, phase=where, by_sms=by_sms, told_at=now)
    session.add(made)
    session.flush()
    if by_sms:
        jobs.enqueue(session, SEND, f"{SEND}:{made.id}", {"reminder_id": str(made.id)}, now=now)


def send(session: Session, keyring: Keyring, sms: SmsGateway, payload: Mapping[str, object], *, now: datetime) -> None:
    """Performs a job of kind `send_renewal`. Not sent any more: what is three days old, renewed or taken back, and to
    whoever has no account, closed it, or whose records are kept without being used."""
    told = session.get(RenewalReminder, uuid.UUID(str(payload["reminder_id"])))
    row = session.get(Validity, told.enrollment_id) if told else None
    if (
        told is None
        or row is None
        or row.valid_until is None
        or row.renewed_by
        or row.ended_at
        or told.told_at < now - STALE
    ):
        return
    phone = _phone(session, keyring, humans.bodies(session, row.person_id))
    if phone is not None:
        sms.send_reminder(phone, row.valid_until)


def _phone(session: Session, keyring: Keyring, bodies: list[uuid.UUID]) -> str | None:
    closed = select(Restriction.person_id).where(Restriction.lifted_at.is_(None))
    mine = select(Account).where(
        Account.person_id.in_(bodies),
        Account.person_id.not_in(closed),
        Account.person_id.not_in(select(Erasure.person_id)),
        Account.disabled_at.is_(None),
    )
    account = session.scalars(mine.order_by(Account.created_at).limit(1)).one_or_none()
    return sealed.open_phone(keyring, account.id, account.phone_sealed) if account else None
