"""Accounts in two people's hands, and sanctions that two people decide, that doubt and close but never refuse."""

import uuid
from datetime import date, timedelta

import pytest

from lms.domain.claims.payees import Act as PayeeAct
from lms.domain.claims.payees import Card
from lms.domain.claims.sanctions import Act, Rung, State, Way
from lms.domain.errors import Conflict, Forbidden, NotFound, Refused
from lms.domain.identity import GONE
from lms.domain.roles import Role
from lms.domain.subsidies import ReasonCode
from lms.models.payees import PayeeAccount
from lms.parts import Parts
from lms.services import resealing, sanctioned, sealed
from lms.services.claims import payees, sanction_pages, sanctions
from lms.services.claims.payees import Entered
from lms.services.claims.sanction_pages import Checked
from lms.services.claims.sanctions import Proposed
from lms.services.funds.sealing import open_payee
from lms.services.rights import erasing, opening
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast
from tests.support.noticed import Board, board, colleague

TODAY = date(2026, 11, 23)
LATER = TODAY + timedelta(days=90)
BANK = Entered("康宁养老服务中心", "云川银行东湖支行", "6222 0000 1111 2222")
OWN = Entered("李芳", "云川银行", "6222000011113333", Card.SOCIAL_CARD)
WORDS = "签到表和视频对不上，请在五个工作日内说明"


@pytest.fixture
def hall(parts: Parts, cast: Cast) -> Board:
    return board(parts, cast)


def entered(hall: Board, typed: Entered = BANK) -> uuid.UUID:
    with hall.parts.database.transaction() as session:
        who = (session, hall.parts.keyring, hall.cast.zhoumin, hall.cast.kangning)
        return payees.enter(*who, typed, now=NOON)


def decide(hall: Board, one: uuid.UUID, act: PayeeAct, actor: Actor) -> None:
    with hall.parts.database.transaction() as session:
        payees.decide(session, actor, one, act, "开户名写错了，请改了再填", now=NOON)


def test_an_institutions_account_takes_two_people(parts: Parts, cast: Cast, hall: Board) -> None:
    other, one = colleague(hall), entered(hall)
    with pytest.raises(Conflict, match="payee_waiting"):
        entered(hall)
    with pytest.raises(Forbidden, match="payee_second_person"):
        decide(hall, one, PayeeAct.CONFIRM, cast.zhoumin)
    with pytest.raises(NotFound):
        decide(hall, one, PayeeAct.CONFIRM, cast.sunyue)
    decide(hall, one, PayeeAct.CONFIRM, other)
    with parts.database.transaction(write=False) as session:
        found = payees.payees_of(session, [cast.kangning])[cast.kangning]
        assert (found.kind, found.account_tail, found.bank) == ("organisation", "2222", BANK.bank)
        assert sealed.open_account(parts.keyring, one, found.account_sealed) == "6222000011112222"
        assert open_payee(parts.keyring, found) == "6222000011112222"
        assert payees.doubts(session, [cast.kangning]) == {}
    assert "payee_accounts.account_sealed" in {each.name for each in resealing.FIELDS}


def test_a_new_account_replaces_the_one_before_once_it_is_confirmed(parts: Parts, cast: Cast, hall: Board) -> None:
    other, one = colleague(hall), entered(hall)
    decide(hall, one, PayeeAct.CONFIRM, other)
    two = entered(hall, Entered("康宁", BANK.bank, "6222000011114444"))
    with parts.database.transaction(write=False) as session:
        assert payees.payees_of(session, [cast.kangning])[cast.kangning].account_tail == "2222"
    decide(hall, two, PayeeAct.CONFIRM, other)
    with parts.database.transaction(write=False) as session:
        assert payees.payees_of(session, [cast.kangning])[cast.kangning].account_tail == "4444"
        (doubt,) = payees.doubts(session, [cast.kangning])[cast.kangning]
        assert (doubt.code, doubt.reason) == ("payee_name_differs", ReasonCode.ACCOUNT_MISMATCH)
        states = [row.state for row in payees.list_at_desk(session, cast.zhoumin)]
        assert states == ["in_force", "replaced"]
        assert payees.list_at_desk(session, cast.sunyue) == []


def test_a_learners_account_needs_her_consent_and_goes_with_it(parts: Parts, cast: Cast, hall: Board) -> None:
    with parts.database.transaction() as session:
        who = (session, parts.keyring, cast.lifang)
        with pytest.raises(Refused, match="payee_consent"):
            payees.enter_own(*who, OWN, agreed=False, language="zh", now=NOON)
        one = payees.enter_own(*who, OWN, agreed=True, language="zh", now=NOON)
    person = cast.lifang.person_id
    assert person
    with parts.database.transaction() as session:
        assert payees.payees_of(session, [person])[person].account_tail == "3333"
        (told,) = opening.payee_accounts(session, parts.keyring, [person])
        assert told["account"] == OWN.account
        with pytest.raises(NotFound):
            payees.withdraw_own(session, cast.chenmo, one, language="zh", now=NOON)
        payees.withdraw_own(session, cast.lifang, one, language="zh", now=NOON)
        assert payees.payees_of(session, [person]) == {}
        erasing.overwrite(session, parts.keyring, person, NOON)
        row = session.get_one(PayeeAccount, one)
        assert (row.account_sealed, row.account_tail, row.holder) == ("", "", GONE)


def proposed(hall: Board, rung: Rung = Rung.RECTIFY, until: date | None = LATER) -> uuid.UUID:
    with hall.parts.database.transaction() as session:
        wanted = Proposed(hall.cast.kangning, rung, WORDS, closed_until=until)
        return sanctions.propose(session, hall.city.linlan, wanted, now=NOON)


def act(hall: Board, one: uuid.UUID, wanted: Act, actor: Actor) -> None:
    with hall.parts.database.transaction() as session:
        sanctions.act(session, actor, one, wanted, "看过材料，同意这样处理", now=NOON)


def test_a_sanction_takes_two_people_and_covers_branches(parts: Parts, cast: Cast, hall: Board) -> None:
    one, places = proposed(hall), hall.city
    everywhere = [cast.kangning, places.branch, cast.anhe]
    with pytest.raises(Forbidden, match="sanction_second_person"):
        act(hall, one, Act.IMPOSE, places.linlan)
    with pytest.raises(NotFound):
        act(hall, one, Act.IMPOSE, places.weiguang)
    with parts.database.transaction() as session:
        assert sanctioned.doubts(session, everywhere, TODAY) == {}
        with pytest.raises(NotFound):
            sanction_pages.get(session, cast.zhoumin, Role.INSTITUTION, one, now=NOON)
    act(hall, one, Act.IMPOSE, places.gaoyuan)
    with parts.database.transaction() as session:
        found = sanctioned.doubts(session, everywhere, LATER)
        assert set(found) == {cast.kangning, places.branch}
        assert found[cast.kangning][0].reason is ReasonCode.UNDER_INVESTIGATION
        assert sanctioned.closed(session, everywhere, LATER)[places.branch] == ("rectify", LATER)
        assert sanctioned.doubts(session, everywhere, LATER + timedelta(days=1)) == {}
        sanctions.answer(session, cast.zhoumin, one, "设备坏了一天，材料已经补交", now=NOON)
        row = sanction_pages.get(session, cast.zhoumin, Role.INSTITUTION, one, now=NOON)
        assert (row.state, row.acts_open) == (State.IN_FORCE, (Act.ANSWER,))
        with pytest.raises(NotFound):
            sanctions.answer(session, cast.sunyue, one, WORDS, now=NOON)


def test_lifting_takes_two_people(parts: Parts, cast: Cast, hall: Board) -> None:
    one, places = proposed(hall, Rung.TERMINATE, None), hall.city
    act(hall, one, Act.IMPOSE, places.gaoyuan)
    act(hall, one, Act.ASK_LIFT, places.gaoyuan)
    with pytest.raises(Forbidden, match="sanction_second_person"):
        act(hall, one, Act.LIFT, places.gaoyuan)
    with parts.database.transaction() as session:
        assert sanctioned.closed(session, [cast.kangning], LATER) == {cast.kangning: ("terminate", None)}
    act(hall, one, Act.LIFT, places.linlan)
    with parts.database.transaction() as session:
        assert sanctioned.closed(session, [cast.kangning], LATER) == {}


def test_a_check_stands_in_the_list_with_what_followed(parts: Parts, cast: Cast, hall: Board) -> None:
    seen = Checked(cast.kangning, cast.cohort, TODAY, Way.ONSITE, 30, 21, "九个人没有来，也没有请假", "赵检")
    with parts.database.transaction() as session:
        early = Checked(cast.kangning, None, LATER, Way.VIDEO, None, None, "", "赵检")
        with pytest.raises(Refused, match="inspection_day"):
            sanction_pages.inspect(session, hall.city.linlan, early, now=NOON)
        one = sanction_pages.inspect(session, hall.city.linlan, seen, now=NOON)
        wanted = Proposed(cast.kangning, Rung.TALK, WORDS, fix_until=LATER, inspection_id=one)
        sanctions.propose(session, hall.city.linlan, wanted, now=NOON)
        elsewhere = Proposed(cast.anhe, Rung.TALK, WORDS, inspection_id=one)
        with pytest.raises(NotFound):
            sanctions.propose(session, hall.city.linlan, elsewhere, now=NOON)
        (row,), others = sanction_pages.list_all(session, hall.city.linlan, now=NOON)
        assert (row.inspectors, row.sanctions[0].rung, others) == (("林岚", "赵检"), Rung.TALK, [])
        assert sanction_pages.list_all(session, hall.city.weiguang, now=NOON) == ([], [])
