"""Accounts that many learners are to be paid into: read from what stands, under whichever record, and told once."""

import uuid
from datetime import date

import pytest
from sqlalchemy import select

from lms.domain.claims.payees import Card
from lms.domain.crosschecks.patterns import Pattern
from lms.models.payees import PayeeAccount
from lms.models.people import PersonLink
from lms.parts import Parts
from lms.services import crosschecks, outside
from lms.services.claims import payees
from lms.services.claims.payees import Entered
from lms.services.crosschecks import FlagView
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast, Stage
from tests.support.identity import FREE, Office
from tests.support.places import Places, place

TODAY = date(2026, 11, 23)
LEARNERS = (("吴二", "509999196003030016"), ("郑四", "810000198808080013"), ("冯七", "820000199303030019"))
SHARED = "6222 0000 1111 3333"


@pytest.fixture
def places(parts: Parts, cast: Cast) -> Places:
    with parts.database.transaction() as session:
        return place(session, parts.keyring, cast)


def paid_to(parts: Parts, cast: Cast, numbers: tuple[str, ...]) -> list[uuid.UUID]:
    """A class of three learners, each with an account of her own entering under this number."""
    with parts.database.transaction() as session:
        stage = Stage(session, parts.keyring)
        people = [stage.person(*each) for each in LEARNERS]
        cohort, _ = stage.cohort(cast.kangning, cast.version, "收款班", people[0])
        for each in people[1:]:
            stage.enroll(cohort, each)
        for each, number in zip(people, numbers, strict=True):
            herself = Actor(cast.lifang.account_id, each, "学员", frozenset())
            typed = Entered("学员", "云川银行", number, Card.BANK)
            payees.enter_own(session, parts.keyring, herself, typed, agreed=True, language="zh", now=NOON)
    return people


def shared(parts: Parts, cast: Cast, places: Places) -> list[FlagView]:
    with parts.database.transaction() as session:
        crosschecks.look_at(session, places.linlan, cast.cohort, now=NOON)
        found = crosschecks.list_flags(session, places.linlan)
    return [each for each in found if each.pattern is Pattern.ACCOUNT_SHARED]


def test_one_account_for_a_class_is_told_and_holds_its_learners(parts: Parts, cast: Cast, places: Places) -> None:
    people = paid_to(parts, cast, (SHARED, SHARED.replace(" ", ""), SHARED))
    (one,) = shared(parts, cast, places)
    assert one.cohort == "收款班"
    assert one.detail == {"persons": 3, "all": 3}
    with parts.database.transaction(write=False) as session:
        told = outside.doubts(session, people, TODAY)
    assert [[doubt.code for doubt in told[each]] for each in people] == [["pattern_open"]] * len(people)


def test_learners_with_accounts_of_their_own_and_a_couple_are_not_told(
    parts: Parts, cast: Cast, places: Places
) -> None:
    paid_to(parts, cast, (SHARED, SHARED, "6222 0000 1111 4444"))
    assert shared(parts, cast, places) == []


def test_an_account_that_stands_no_more_is_not_looked_at(parts: Parts, cast: Cast, places: Places) -> None:
    people = paid_to(parts, cast, (SHARED, SHARED, SHARED))
    with parts.database.transaction() as session:
        row = session.scalars(select(PayeeAccount).where(PayeeAccount.person_id == people[0])).one()
        herself = Actor(cast.lifang.account_id, people[0], "学员", frozenset())
        payees.withdraw_own(session, herself, row.id, language="zh", now=NOON)
    assert shared(parts, cast, places) == []


def test_an_account_entered_under_another_record_is_hers_too(parts: Parts, cast: Cast, places: Places) -> None:
    ground, people = Office(parts, cast).number(FREE), paid_to(parts, cast, (SHARED, SHARED, SHARED))
    with parts.database.transaction() as session:
        other = Stage(session, parts.keyring).person("吴贰", "509999196103030010")
        session.scalars(select(PayeeAccount).where(PayeeAccount.person_id == people[0])).one().person_id = other
        session.add(PersonLink(person_id=other, living_id=people[0], change_id=ground, linked_at=NOON))
    (one,) = shared(parts, cast, places)
    assert one.detail == {"persons": 3, "all": 3}
