"""Many sample learners for a demo site, so that `lms simulate` has somebody to be. The same seed, the same people.

Each has an invented identity number of a region that does not exist, and the demo password that everybody knows.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.identity import CHECK_SIGNS, WEIGHTS, DocumentType
from lms.domain.policies import policy_named
from lms.domain.roles import Role
from lms.models.enrollments import Cohort
from lms.models.organisations import Organisation
from lms.services import demo, enrollments, sealed
from lms.services.accounts import registry
from lms.services.accounts.passwords import HASHER
from lms.services.scopes import Actor

MOST, MOST_SEEDS = 10_000, 1_000
HOUSES = (demo.KANGNING, demo.ANHE)
REGIONS = ("229999", "519999")  # of no place; the named demo learners have others
EARLIEST_BIRTH = date(1965, 1, 1)


@dataclass(frozen=True)
class Sample:
    """One invented learner of one of the two demo institutions."""

    phone: str
    name: str
    number: str
    organisation: str


def samples(scale: int, seed: int) -> list[Sample]:
    """The first `scale` learners of a seed; a larger scale begins with the same ones."""
    return [
        Sample(f"191{seed:03d}{place:05d}", f"示例{seed:03d}{place:05d}", _number(place, seed), HOUSES[place % 2])
        for place in range(scale)
    ]


def _number(place: int, seed: int) -> str:
    """One per region, birthday and seed, which makes it the only one."""
    born = EARLIEST_BIRTH + timedelta(days=place // 2)
    body = f"{REGIONS[place % 2]}{born:%Y%m%d}{seed:03d}"
    return body + CHECK_SIGNS[sum(w * int(d) for w, d in zip(WEIGHTS, body, strict=True)) % 11]


def seed(session: Session, keyring: Keyring, *, scale: int, seed: int, now: datetime) -> int:
    """Enters those sample learners who are not there yet into each online demo cohort; returns how many."""
    password_hash = HASHER.hash(demo.PASSWORD)  # once: a public password needs no salt of its own for each
    missing = [each for each in samples(scale, seed) if not _is_known(session, keyring, each)]
    cohorts = {name: _cohorts(session, name) for name in HOUSES}
    offices = {name: _office(session, keyring, name) for name in HOUSES}
    for each in missing:
        for cohort in cohorts[each.organisation]:
            enrollments.enroll(
                session,
                keyring,
                offices[each.organisation],
                cohort.id,
                name=each.name,
                document_type=DocumentType.RESIDENT_ID,
                number=each.number,
                phone=each.phone,
                now=now,
            )
        account = registry.find(session, sealed.phone_index(keyring, each.phone))
        if account is not None:
            account.password_hash = password_hash
    return len(missing)


def _is_known(session: Session, keyring: Keyring, sample: Sample) -> bool:
    return registry.find(session, sealed.phone_index(keyring, sample.phone)) is not None


def _cohorts(session: Session, organisation: str) -> list[Cohort]:
    """Not the blended one: a program does not come to class, and people read its roll; nor one that is filed."""
    theirs = select(Cohort).join(Organisation).where(Organisation.name == organisation)
    found = session.scalars(theirs.order_by(Cohort.created_at, Cohort.id))
    return [each for each in found if not each.filing and policy_named(each.policy_code).blended is None]


def _office(session: Session, keyring: Keyring, organisation: str) -> Actor:
    """The demo institution's own staff, who enrol."""
    login = next(each for each in demo.LOGINS if (each.organisation, each.role) == (organisation, Role.INSTITUTION))
    found = demo.find_actor(session, keyring, login)
    if found is None:
        raise LookupError(f"{login.name} is not there: run `lms seed` first")
    return found
