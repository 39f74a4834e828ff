"""何平 and 韩梅 examine for 康宁, 冯燕 is a mentor there: accounts beside the cast, for the tests that need them."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.roles import Role
from lms.models.accounts import Account, Membership
from lms.models.base import new_id
from lms.services import sealed
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast

PHONES = {"heping": "19900000021", "hanmei": "19900000022", "fengyan": "19900000023"}


@dataclass(frozen=True)
class Examiners:
    """Their actors; the phones stand in PHONES."""

    heping: Actor
    hanmei: Actor
    fengyan: Actor


def stage(session: Session, keyring: Keyring, cast: Cast, password_hash: str) -> Examiners:
    """Puts the three into the database."""
    roles = {"heping": Role.EXAMINER, "hanmei": Role.EXAMINER, "fengyan": Role.MENTOR}
    names = {"heping": "何平", "hanmei": "韩梅", "fengyan": "冯燕"}
    made = {}
    for key, role in roles.items():
        account_id = new_id()
        session.add(
            Account(
                id=account_id,
                phone_index=sealed.phone_index(keyring, PHONES[key]),
                phone_sealed=sealed.seal_phone(keyring, account_id, PHONES[key]),
                name=names[key],
                password_hash=password_hash,
                created_at=NOON,
            )
        )
        session.flush()
        session.add(Membership(account_id=account_id, organisation_id=cast.kangning, role=role.value))
        made[key] = Actor(account_id, None, names[key], frozenset({(role, cast.kangning)}))
    session.flush()
    return Examiners(**made)
