"""Who is found to be one human after something of hers was paid is not paid for the same a second time."""

import uuid

import pytest

from lms.domain.errors import Conflict, Refused
from lms.domain.levels import Level
from lms.domain.subsidies import Atom, Payable, SubsidyKind
from lms.models.people import PersonLink
from lms.parts import Parts
from lms.services.funds import bank_files, batches, owed
from tests.support.cast import NOON, Cast, Stage
from tests.support.funds import Treasury, treasury
from tests.support.identity import FREE, Office

NUMBER = "810000198808080013"


@pytest.fixture
def money(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Treasury:
    found = treasury(parts, cast, monkeypatch)
    found.fill()
    return found


def lines(money: Treasury) -> tuple[Payable, Payable]:
    """The same subsidy of 李芳, asked for first, and of somebody who nobody knows yet is her."""
    with money.parts.database.transaction() as session:
        other = Stage(session, money.parts.keyring).person("李芳芳", NUMBER)
    hers = money.cast.lifang.person_id
    assert hers
    older, younger = (
        money.line(atom=Atom(each, SubsidyKind.TRAINING, "养老护理员", Level.JUNIOR)) for each in (hers, other)
    )
    return older, younger


def link(money: Treasury, younger: Payable) -> None:
    ground = Office(money.parts, money.cast).number(FREE)
    with money.parts.database.transaction() as session:
        told = {"living_id": money.cast.lifang.person_id, "change_id": ground, "linked_at": NOON}
        session.add(PersonLink(person_id=younger.atom.person_id, **told))


def doubles(money: Treasury) -> dict[uuid.UUID, bool]:
    with money.parts.database.transaction(write=False) as session:
        found = owed.list_owed(session, money.parts.keyring, money.qian, money.book)
    return {each.payable.line_id: each.is_double for each in found}


def test_the_older_line_is_not_paid_once_the_younger_was(money: Treasury) -> None:
    older, younger = lines(money)
    money.sent([younger])
    assert doubles(money) == {older.line_id: False}
    link(money, younger)
    assert doubles(money) == {older.line_id: True}
    with pytest.raises(Refused, match="payment_double"):
        money.plan([older])


def test_two_lines_of_hers_are_in_no_batch_together(money: Treasury) -> None:
    older, younger = lines(money)
    link(money, younger)
    with pytest.raises(Refused, match="payment_double"):
        money.plan([older, younger])


def test_a_planned_batch_is_not_agreed_to_while_another_holds_the_same(money: Treasury) -> None:
    older, younger = lines(money)
    planned = money.plan([older])
    money.sent([younger])
    link(money, younger)
    with pytest.raises(Conflict, match="batch_stale"), money.parts.database.transaction() as session:
        batches.check(session, money.he, planned, now=NOON)


def test_the_file_of_an_agreed_batch_is_not_made_while_another_holds_the_same(money: Treasury) -> None:
    older, younger = lines(money)
    checked = money.checked([older])
    money.sent([younger])
    link(money, younger)
    with pytest.raises(Conflict, match="batch_stale"), money.parts.database.transaction() as session:
        bank_files.make(session, money.parts.keyring, money.qian, checked, "csv", now=NOON)
    with pytest.raises(Conflict, match="batch_stale"), money.parts.database.transaction() as session:
        batches.send(session, money.qian, checked, now=NOON)
