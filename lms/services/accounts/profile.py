"""What a signed-in person sees of her own account."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.identity import mask_mobile
from lms.models.accounts import Account
from lms.services import sealed
from lms.services.accounts import sessions


@dataclass(frozen=True)
class Profile:
    """Name (may be empty), masked phone, whether a password is set, and where she is signed in."""

    name: str
    phone: str
    has_password: bool
    devices: list[sessions.Device]


def profile(session: Session, keyring: Keyring, account_id: uuid.UUID, token: str, *, now: datetime) -> Profile:
    """The own account as its page shows it; `token` tells which device is asking."""
    account = session.get_one(Account, account_id)
    return Profile(
        name=account.name,
        phone=mask_mobile(sealed.open_phone(keyring, account_id, account.phone_sealed)),
        has_password=account.password_hash is not None,
        devices=sessions.list_devices(session, account_id, token, now=now),
    )
