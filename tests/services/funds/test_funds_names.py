"""Who signed for money stands in lists of days that are over as she was called then, whatever she is called since."""

from datetime import date, timedelta

import pytest

from lms import clock
from lms.domain.funds.paid_list import sheet
from lms.models.accounts import Account
from lms.models.funds import FundBatch
from lms.models.reconciliation import Reconciliation
from lms.parts import Parts
from lms.services import people
from lms.services.funds import months, paid_list, reconciling
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast, Stage
from tests.support.funds import TODAY, Treasury, treasury
from tests.support.identity import FREE, Office

NUMBER = "810000198808080013"
NOVEMBER = date(2026, 11, 1)
LATER = NOON + timedelta(days=40)


@pytest.fixture
def money(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Treasury:
    found = treasury(parts, cast, monkeypatch)
    found.fill()
    with parts.database.transaction() as session:
        person = Stage(session, parts.keyring).person("何对", NUMBER)
        session.get_one(Account, found.he.account_id).person_id = person
    return found


def rename(money: Treasury, who: Actor, name: str) -> None:
    """As an approved change of her name does."""
    ground = Office(money.parts, money.cast).number(FREE)
    with money.parts.database.transaction() as session:
        account = session.get_one(Account, who.account_id)
        assert account.person_id
        people.rename(session, money.parts.keyring, account.person_id, name, ground, now=LATER)
        account.name = name


def hands(money: Treasury, as_of: date | None = None) -> list[str]:
    with money.parts.database.transaction(write=False) as session:
        rows = sheet(paid_list.list_rows(session, money.qian, money.book, as_of=as_of))
    return [each[12] for each in rows[:-1]]


def test_the_list_of_a_past_day_names_hands_as_they_were_called(money: Treasury) -> None:
    batch = money.sent([money.line()])
    with money.parts.database.transaction(write=False) as session:
        number = session.get_one(FundBatch, batch).number
    money.book_answer(batch, f"{number}-0001,1000.00,成功,R1,2026-11-23,")
    assert hands(money, TODAY) == ["钱进/何对"]
    rename(money, money.he, "何双")
    assert hands(money, TODAY) == ["钱进/何对"]
    assert hands(money) == hands(money, clock.civil_day(LATER)) == ["钱进/何双"]


def test_a_signed_month_names_who_signed_as_she_was_called(money: Treasury) -> None:
    with money.parts.database.transaction() as session:
        found = months.look(session, money.qian, money.book, NOVEMBER)
        for each in found.outcome.differences:
            where = (session, money.qian, money.book, NOVEMBER, each.key)
            reconciling.explain(*where, "流水还没有导入", now=LATER - timedelta(days=2))
        made = reconciling.prepare(session, money.qian, money.book, NOVEMBER, now=LATER - timedelta(days=2))
        digest = session.get_one(Reconciliation, made).digest
        reconciling.sign(session, money.he, made, digest, now=LATER - timedelta(days=1))
    rename(money, money.he, "何双")
    with money.parts.database.transaction(write=False) as session:
        assert months.names_of(session, months.of(session, money.qian, made)) == ("钱进", "何对")
