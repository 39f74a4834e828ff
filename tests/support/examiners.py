"""何平 and 韩梅 examine for 康宁, 冯燕 is a mentor there: accounts beside the cast, for the tests that need them."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.roles import Role
from lms.services.scopes import Actor
from tests.support.cast import Cast, Stage


@dataclass(frozen=True)
class Examiners:
    """Their actors; the phones stand with those of the cast."""

    heping: Actor
    hanmei: Actor
    fengyan: Actor


def stage(session: Session, keyring: Keyring, cast: Cast, password_hash: str) -> Examiners:
    """Puts the three into the database."""
    on, place = Stage(session, keyring, password_hash), cast.kangning
    return Examiners(
        heping=on.account("heping", "何平", role=Role.EXAMINER, organisation_id=place),
        hanmei=on.account("hanmei", "韩梅", role=Role.EXAMINER, organisation_id=place),
        fengyan=on.account("fengyan", "冯燕", role=Role.MENTOR, organisation_id=place),
    )
