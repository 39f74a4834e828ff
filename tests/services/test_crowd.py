"""Sample learners: the same for the same seed, nobody twice, entered once."""

import pytest
from sqlalchemy import func, select

from lms import clock
from lms.domain.identity import DocumentType, check_mobile, check_number
from lms.models.enrollments import Enrollment
from lms.models.people import Person
from lms.parts import Parts
from lms.services import accounts, crowd, demo


def test_numbers_can_be_and_are_nobodys_twice() -> None:
    people = [sample for seed in (0, 1, 999) for sample in crowd.samples(2_000, seed)]
    assert len({sample.number for sample in people}) == len({sample.phone for sample in people}) == len(people)
    for sample in people:
        assert check_number(DocumentType.RESIDENT_ID, sample.number) == sample.number
        assert check_mobile(sample.phone) == sample.phone
        assert sample.number[:6] in crowd.REGIONS
    named = {login.number for login in demo.LOGINS} | {login.phone for login in demo.LOGINS}
    assert not named & {text for sample in people for text in (sample.number, sample.phone)}


def test_a_larger_crowd_begins_with_the_same_people() -> None:
    assert crowd.samples(50, 3)[:20] == crowd.samples(20, 3)
    assert {sample.organisation for sample in crowd.samples(2, 3)} == {demo.KANGNING, demo.ANHE}


def count(parts: Parts) -> tuple[int, int]:
    with parts.database.transaction(write=False) as session:
        people = session.scalar(select(func.count()).select_from(Person)) or 0
        return people, session.scalar(select(func.count()).select_from(Enrollment)) or 0


def seeded(parts: Parts, scale: int) -> int:
    with parts.database.transaction() as session:
        return crowd.seed(session, parts.keyring, scale=scale, seed=1, now=clock.now())


def test_a_crowd_is_entered_once_and_can_sign_in(parts: Parts) -> None:
    with parts.database.transaction() as session:
        demo.seed(session, parts.keyring, parts.store, now=clock.now())
    people, enrollments = count(parts)
    assert (seeded(parts, 3), seeded(parts, 5), seeded(parts, 5)) == (3, 2, 0)
    assert count(parts) == (people + 5, enrollments + 3 * 1 + 2 * 2)  # each in the online classes of her institution
    with parts.database.transaction() as session:
        phone = crowd.samples(5, 1)[4].phone
        token = accounts.sign_in_with_password(
            session, parts.keyring, phone=phone, password=demo.PASSWORD, now=clock.now()
        )
    assert isinstance(token, str)


def test_without_the_demo_there_is_nowhere_to_enter_them(parts: Parts) -> None:
    with pytest.raises(LookupError, match="lms seed"):
        seeded(parts, 1)
