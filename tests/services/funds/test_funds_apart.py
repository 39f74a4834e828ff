"""A clerk pays neither herself nor where she works; a batch that is no longer true is not agreed to."""

import uuid
from dataclasses import replace

import pytest

from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.identity import GONE
from lms.domain.roles import Role
from lms.domain.subsidies import Payee
from lms.models.base import new_id
from lms.parts import Parts
from lms.services import sealed
from lms.services.funds import batches, dropping, statements
from lms.services.rights import erasing, gathering
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast
from tests.support.funds import Treasury, treasury


@pytest.fixture
def money(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Treasury:
    found = treasury(parts, cast, monkeypatch)
    found.fill()
    return found


def check(money: Treasury, batch: uuid.UUID, who: Actor) -> None:
    with money.parts.database.transaction() as session:
        batches.check(session, who, batch, now=NOON)


def test_nobody_pays_where_she_works_or_herself(money: Treasury) -> None:
    line = money.line()
    near = replace(money.qian, roles=money.qian.roles | {(Role.INSTITUTION, money.cast.kangning)})
    herself = replace(money.qian, person_id=money.cast.lifang.person_id)
    for who, code in ((near, "claim_works_there"), (herself, "claim_own")):
        with money.parts.database.transaction() as session, pytest.raises(Forbidden, match=code):
            batches.plan(session, money.parts.keyring, who, money.book, [line.line_id], now=NOON)
    batch = money.plan([line])
    for who, code in ((near, "claim_works_there"), (herself, "claim_own")):
        other = replace(who, account_id=money.he.account_id)
        with pytest.raises(Forbidden, match=code):
            check(money, batch, other)
    check(money, batch, money.he)


def test_a_batch_whose_account_or_line_went_is_not_agreed_to(money: Treasury) -> None:
    line, other = money.line(), money.line(2_000)
    batch = money.plan([line, other])
    money.move(line, "6222000000000019")
    with pytest.raises(Conflict, match="batch_stale"):
        check(money, batch, money.he)
    with money.parts.database.transaction() as session:
        dropping.drop(session, money.he, batch, "账户换了", now=NOON)
    again = money.plan(money.owed)
    gone = money.owed.pop()
    with pytest.raises(Conflict, match="batch_stale"):
        check(money, again, money.he)
    money.owed.append(gone)
    check(money, again, money.he)


HEAD = "交易日期,摘要,收入,支出,余额,对方户名,对方账号,流水号,回单号"
OUT = "2026-11-23,补贴,,50.00,99950.00,李芳,6222000000000033,S1,R1"
OTHER = "2026-11-23,补贴,,10.00,99940.00,康宁养老服务中心,6222000000000001,S2,R2"


def test_an_erasure_takes_her_out_of_the_rows_of_the_bank(money: Treasury) -> None:
    person = money.cast.lifang.person_id
    assert person
    account, keyring = new_id(), money.parts.keyring
    number = sealed.seal_account(keyring, account, "6222000000000033")
    money.plan([money.line(5_000, payee=Payee("person", person, "李芳", "云川银行", number, "0033", account))])
    with money.parts.database.transaction() as session:
        who = (session, keyring, money.he, money.book)
        data = "\r\n".join((HEAD, OUT, OTHER)).encode()
        made = statements.bring(*who, file_name="a.csv", data=data, now=NOON)
        erasing.overwrite(session, keyring, person, NOON)
    with money.parts.database.transaction(write=False) as session:
        rows = statements.list_rows(session, keyring, money.he, made)
    assert [(each.name, each.amount_fen) for each in rows] == [(GONE, -5_000), ("康宁养老服务中心", -1_000)]


def test_why_a_batch_was_given_up_holds_no_number(money: Treasury) -> None:
    batch = money.plan([money.line()])
    with money.parts.database.transaction() as session, pytest.raises(Refused, match="words_personal"):
        dropping.drop(session, money.he, batch, "账号 6222000000000001 不对", now=NOON)


def test_her_own_copy_says_what_was_paid_and_not_into_which_account_of_others(money: Treasury) -> None:
    person = money.cast.lifang.person_id
    assert person
    account = new_id()
    number = sealed.seal_account(money.parts.keyring, account, "6222000000000033")
    own = Payee("person", person, "李芳", "云川银行西湖支行", number, "0033", account)
    money.plan([money.line(), money.line(5_000, payee=own)])
    source = next(each for each in gathering.SOURCES if each.name == "fund_payments")
    with money.parts.database.transaction(write=False) as session:
        found = gathering.gather(session, [person], source)
    theirs, hers = sorted(found, key=lambda each: -int(str(each["amount_fen"])))
    assert (theirs["amount_fen"], theirs["payee_name"]) == (100_000, "康宁养老服务中心")
    assert (theirs["bank"], theirs["account_tail"], theirs["payee_id"]) == (None, None, None)
    assert (hers["bank"], hers["account_tail"], hers["payee_id"]) == ("云川银行西湖支行", "0033", str(person))
    assert list(theirs) == list(hers)
