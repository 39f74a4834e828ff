"""One-time codes by SMS: drawn at random, sent by the worker, good once, for ten minutes and five tries."""

import hmac
import secrets
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lms.adapters.sms import SmsGateway
from lms.crypto import Keyring
from lms.domain.errors import Refused, TooMany
from lms.domain.identity import check_mobile, mask_mobile
from lms.models.accounts import LoginCode
from lms.models.base import new_id
from lms.services import jobs, sealed
from lms.services.accounts import guards, registry, sessions

SEND_SMS = "send_sms"  # the kind of job
LIFETIME = timedelta(minutes=10)
MAX_TRIES = 5
LIMITS = ((timedelta(minutes=1), 1), (timedelta(hours=1), 5), (timedelta(days=1), 10))
KEPT_FOR = max(window for window, _ in LIMITS)


class Message(NamedTuple):
    """What an SMS tells, and to which phone."""

    phone: str
    code: str


def draw_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def request_code(
    session: Session, keyring: Keyring, *, phone: str, now: datetime, draw: Callable[[], str] = draw_code
) -> uuid.UUID | TooMany:
    """Asks for a code to be sent, whether or not an account has this phone; returns the request's id.

    Older codes of the phone die. More than one a minute, five an hour, ten a day are refused, as a value.
    """
    phone = check_mobile(phone)
    phone_index = sealed.phone_index(keyring, phone)
    guards.hold(session, phone_index, now=now)
    if rest := _rest(session, phone_index, now):
        return rest
    _end_older(session, phone_index, now)
    request_id, code = new_id(), draw()
    session.add(
        LoginCode(
            id=request_id,
            phone_index=phone_index,
            code_index=_code_index(keyring, request_id, phone_index, code),
            message_sealed=keyring.seal(f"{phone} {code}", _place(request_id)),
            created_at=now,
            expires_at=now + LIFETIME,
            tries=0,
        )
    )
    jobs.enqueue(session, SEND_SMS, f"{SEND_SMS}:{request_id}", {"login_code_id": str(request_id)}, now=now)
    return request_id


def request_again(
    session: Session,
    keyring: Keyring,
    request_id: uuid.UUID,
    *,
    now: datetime,
    draw: Callable[[], str] = draw_code,
) -> uuid.UUID | Refused:
    """A new code to the phone of an earlier request; a refusal, as a value, when that one is forgotten."""
    message = _message(session, keyring, request_id)
    if message is None:
        return Refused("code_expired")
    return request_code(session, keyring, phone=message.phone, now=now, draw=draw)


def masked_phone(session: Session, keyring: Keyring, request_id: uuid.UUID) -> str | None:
    """Where the code of a request was sent to, as the page may show it; None when it is forgotten."""
    message = _message(session, keyring, request_id)
    return mask_mobile(message.phone) if message else None


def sign_in_with_code(
    session: Session,
    keyring: Keyring,
    request_id: uuid.UUID,
    *,
    code: str,
    now: datetime,
    device: str = "",
    device_mark: str = "",
) -> str | Refused:
    """The token of a new login, or the refusal as a value: its count must be committed, not rolled back.

    A phone without account gets one: anyone willing may learn.
    """
    phone_index = session.scalar(select(LoginCode.phone_index).where(LoginCode.id == request_id))
    if phone_index is None:
        return Refused("code_expired")
    guard = guards.hold(session, phone_index, now=now)
    asked = session.get_one(LoginCode, request_id, populate_existing=True)
    if asked.used_at is not None or asked.expires_at <= now or asked.tries >= MAX_TRIES:
        return Refused("code_expired")
    asked.tries += 1
    if not hmac.compare_digest(asked.code_index, _code_index(keyring, request_id, phone_index, code)):
        return Refused("code_wrong" if asked.tries < MAX_TRIES else "code_expired")
    guards.clear(guard)
    return _enter(session, keyring, asked, now=now, on=(device, device_mark))


def _enter(
    session: Session, keyring: Keyring, asked: LoginCode, *, now: datetime, on: tuple[str, str]
) -> str | Refused:
    account = registry.find(session, asked.phone_index)
    if account is None:
        phone = _open(keyring, asked).phone
        account = registry.add(session, keyring, phone=phone, name="", now=now)
    asked.used_at, asked.message_sealed = now, None
    if account.disabled_at is not None:
        return Refused("account_disabled")
    return sessions.open_session(session, account.id, method=sessions.CODE, now=now, device=on[0], device_mark=on[1])


def send_code(
    session: Session, keyring: Keyring, sms: SmsGateway, payload: Mapping[str, object], *, now: datetime
) -> None:
    """Performs a job of kind `send_sms`; a code that is used, replaced or too old is not sent any more."""
    asked = session.get(LoginCode, uuid.UUID(str(payload["login_code_id"])))
    if asked is None or asked.used_at is not None or asked.expires_at <= now:
        return
    message = _open(keyring, asked)
    sms.send_code(message.phone, message.code, LIFETIME // timedelta(minutes=1))


def forget_expired(session: Session, *, now: datetime) -> None:
    """Deletes codes and guards that no limit counts any more: no list of phone numbers grows."""
    session.execute(delete(LoginCode).where(LoginCode.created_at < now - KEPT_FOR))
    guards.forget_idle(session, now=now)


def _rest(session: Session, phone_index: str, now: datetime) -> TooMany | None:
    rows = select(LoginCode.created_at).where(
        LoginCode.phone_index == phone_index, LoginCode.created_at > now - KEPT_FOR
    )
    sent = session.scalars(rows.order_by(LoginCode.created_at.desc())).all()
    rests = [sent[most - 1] + window - now for window, most in LIMITS if len(sent) >= most]
    rest = max(rests, default=timedelta(0))
    return guards.wait("code_too_often", rest) if rest > timedelta(0) else None


def _end_older(session: Session, phone_index: str, now: datetime) -> None:
    older = (LoginCode.phone_index == phone_index) & (LoginCode.expires_at > now)
    session.execute(update(LoginCode).where(older).values(expires_at=now))


def _message(session: Session, keyring: Keyring, request_id: uuid.UUID) -> Message | None:
    asked = session.get(LoginCode, request_id)
    return _open(keyring, asked) if asked is not None and asked.message_sealed is not None else None


def _open(keyring: Keyring, asked: LoginCode) -> Message:
    phone, _, code = keyring.open(asked.message_sealed or "", _place(asked.id)).partition(" ")
    return Message(phone, code)


def _place(request_id: uuid.UUID) -> str:
    return f"login_codes:{request_id}:message"


def _code_index(keyring: Keyring, request_id: uuid.UUID, phone_index: str, code: str) -> str:
    return keyring.index("login-code", f"{request_id}:{phone_index}:{code}")
