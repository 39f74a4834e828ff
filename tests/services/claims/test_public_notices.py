"""Notices are opened, read until their end, objected to, and hold claims back; two humans where it ends in payment."""

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from lms.domain.claims.publicity import Act, State
from lms.domain.claims.states import ClaimState, LineState
from lms.domain.errors import Conflict, Forbidden, NotFound, Refused
from lms.domain.identity import GONE
from lms.domain.organisations import Kind
from lms.domain.roles import Role
from lms.models.claims import ClaimPlace
from lms.models.publicity import NoticeObjection, PublicNotice
from lms.parts import Parts
from lms.services import resealing, rights, tree
from lms.services.claims import ageing, objection_pages, objections, publicity
from lms.services.rights import erasing
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast
from tests.support.humans import one_human
from tests.support.noticed import AMOUNT, PHONE, REASON, WORDS, Board, board

LAST, AFTER = date(2026, 11, 30), date(2026, 12, 1)
CONTACT = "王先生，微信 care-2026"


@pytest.fixture
def hall(parts: Parts, cast: Cast) -> Board:
    return board(parts, cast)


def objected(hall: Board, notice: uuid.UUID, place: int | None = 1) -> uuid.UUID:
    with hall.parts.database.transaction() as session:
        return objections.make(session, hall.parts.keyring, notice, place, WORDS, CONTACT, now=NOON)


def settle(hall: Board, objection: uuid.UUID, act: Act, actor: Actor) -> None:
    with hall.parts.database.transaction() as session:
        objections.settle(session, actor, objection, act, "查了签到和学习记录，情况写在这里", now=NOON)


def test_a_notice_shows_names_and_partly_hidden_numbers(hall: Board) -> None:
    notice = hall.publish()
    with hall.parts.database.transaction(write=False) as session:
        found = publicity.find(session, notice)
        listed = publicity.list_current(session, today=LAST)
        gone = publicity.list_current(session, today=AFTER)
    assert found is not None
    (row,) = found.rows
    assert (row.name, row.document, row.amount_fen) == ("李芳", "219999********0026", AMOUNT)
    assert (found.first_on, found.last_on, found.days_reason) == (date(2026, 11, 24), LAST, REASON)
    assert (found.people, found.total_fen, found.phone) == (1, AMOUNT, PHONE)
    assert [each.id for each in listed] == [notice]
    assert gone == []
    assert found.is_shown(LAST)
    assert not found.is_shown(AFTER)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"days": None}, "notice_days_unknown"),
        ({"reason": "短"}, "words_length"),
        ({"phone": "打听打听"}, "notice_phone"),
        ({"days": 99}, "notice_days"),
    ],
)
def test_what_an_officer_must_say(hall: Board, changes: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        hall.publish(**changes)
    assert refused.value.code == code


def test_only_where_she_reaches_only_once_and_only_at_this_stage(parts: Parts, cast: Cast, hall: Board) -> None:
    with pytest.raises(NotFound):
        hall.publish(hall.city.weiguang)
    with pytest.raises(Forbidden, match="role_needed"):
        hall.publish(cast.zhoumin)
    notice = hall.publish(hall.city.gaoyuan)
    with pytest.raises(Conflict, match="notice_taken"):
        hall.publish()
    with parts.database.transaction() as session:
        publicity.take_down(session, hall.city.linlan, notice, "监督电话写错了，重新公示", now=NOON)
    assert not hall.is_over(AFTER)
    assert hall.publish(phone="12333") != notice
    assert hall.is_over(AFTER)


def test_a_claim_that_is_not_reviewed_gets_no_notice(parts: Parts, cast: Cast) -> None:
    early = board(parts, cast, ClaimState.FIRST)
    with pytest.raises(Conflict, match="notice_step"):
        early.publish()


def test_a_notice_is_over_after_its_last_day(hall: Board) -> None:
    assert not hall.is_over(AFTER)
    hall.publish()
    assert not hall.is_over(LAST)
    assert hall.is_over(AFTER)


def test_an_objection_holds_back_until_two_humans_find_it_unfounded(hall: Board) -> None:
    one = objected(hall, hall.publish())
    assert not hall.is_over(AFTER)
    settle(hall, one, Act.DOUBT, hall.city.linlan)
    assert not hall.is_over(AFTER)
    with pytest.raises(Forbidden, match="objection_second_person"):
        settle(hall, one, Act.AGREE, hall.city.linlan)
    with pytest.raises(NotFound):
        settle(hall, one, Act.AGREE, hall.city.weiguang)
    settle(hall, one, Act.AGREE, hall.city.gaoyuan)
    assert hall.is_over(AFTER)
    with pytest.raises(Conflict, match="objection_step"):
        settle(hall, one, Act.UPHOLD, hall.city.gaoyuan)


def test_two_accounts_of_one_human_are_no_second_person(parts: Parts, hall: Board) -> None:
    first, second = one_human(parts, hall.cast, [hall.city.linlan, hall.city.gaoyuan])
    one = objected(hall, hall.publish())
    settle(hall, one, Act.DOUBT, first)
    with pytest.raises(Forbidden, match="objection_second_person"):
        settle(hall, one, Act.AGREE, second)


@pytest.mark.parametrize("place", [1, None])
def test_an_upheld_objection_strikes_what_it_is_about(parts: Parts, hall: Board, place: int | None) -> None:
    one = objected(hall, hall.publish(), place)
    with parts.database.transaction() as session:
        assert publicity.held_lines(session, hall.claim) == ({hall.line} if place else frozenset())
    settle(hall, one, Act.UPHOLD, hall.city.linlan)
    with parts.database.transaction() as session:
        assert session.get_one(ClaimPlace, hall.line).state == LineState.REFUSED.value
        assert publicity.is_over(session, hall.claim, AFTER)
        assert publicity.held_lines(session, hall.claim) == frozenset()


def test_a_learner_objects_herself_and_takes_it_back(parts: Parts, cast: Cast, hall: Board) -> None:
    notice = hall.publish()
    with parts.database.transaction() as session:
        with pytest.raises(NotFound):
            objections.make_own(session, cast.chenmo, notice, WORDS, now=NOON)
        one = objections.make_own(session, cast.lifang, notice, "金额不对，我交的钱比这个多", now=NOON)
        (row,) = objection_pages.list_own(session, cast.lifang, today=LAST)
        assert (row.may_object, row.amount_fen, row.objections[0].state) == (False, AMOUNT, State.OPEN)
        with pytest.raises(NotFound):
            objections.withdraw_own(session, cast.chenmo, one, now=NOON)
        objections.withdraw_own(session, cast.lifang, one, now=NOON)
        assert [each.may_object for each in objection_pages.list_own(session, cast.lifang, today=LAST)] == [True]
    assert hall.is_over(AFTER)


def test_after_the_last_day_nobody_objects(parts: Parts, hall: Board) -> None:
    notice = hall.publish()
    late = NOON + timedelta(days=8)
    with parts.database.transaction() as session, pytest.raises(Refused, match="notice_over"):
        objections.make(session, parts.keyring, notice, None, WORDS, "", now=late)
    with parts.database.transaction() as session, pytest.raises(NotFound):
        objections.make(session, parts.keyring, notice, 7, WORDS, "", now=NOON)


def test_how_to_ask_back_is_sealed_and_opened_for_a_reason(parts: Parts, hall: Board) -> None:
    one = objected(hall, hall.publish())
    with parts.database.transaction() as session:
        row = session.get_one(NoticeObjection, one)
        assert CONTACT not in row.contact_sealed
        reason = "要问清楚是哪一天的课"
        told = objections.contact(session, parts.keyring, hall.city.linlan, one, reason, now=NOON)
        assert told == CONTACT
    assert "notice_objections.contact_sealed" in {each.name for each in resealing.FIELDS}


def test_what_was_shown_is_evidence(parts: Parts, hall: Board) -> None:
    hall.publish()
    with pytest.raises(DBAPIError), parts.database.transaction() as session:
        session.execute(update(PublicNotice).values(phone="110"))


def test_an_erasure_takes_her_out_of_what_was_shown(parts: Parts, cast: Cast, hall: Board) -> None:
    notice = hall.publish()
    assert cast.lifang.person_id
    with parts.database.transaction() as session:
        assert rights
        erasing.overwrite(session, parts.keyring, cast.lifang.person_id, NOON)
        found = publicity.find(session, notice)
    assert found
    assert (found.rows[0].name, found.rows[0].document, found.rows[0].amount_fen) == (GONE, "", AMOUNT)


def test_the_ageing_report_starts_at_the_reach(parts: Parts, cast: Cast, hall: Board) -> None:
    hall.publish()
    with parts.database.transaction(write=False) as session:
        rows = ageing.report(session, hall.city.linlan, None, day=AFTER)
        assert ageing.report(session, hall.city.weiguang, None, day=AFTER) == []
        assert ageing.report(session, hall.city.linlan, None, day=date(2026, 11, 1)) == []
        with pytest.raises(NotFound):
            ageing.report(session, hall.city.weiguang, cast.kangning, day=AFTER)
    assert [(row.aged.stage.value, row.aged.waiting, row.aged.overdue) for row in rows] == [
        ("first_review", 0, 0),
        ("second_review", 0, 0),
        ("notice", 1, 1),
    ]


def test_the_ageing_report_of_a_past_day_calls_places_as_they_were_called(
    parts: Parts, cast: Cast, hall: Board
) -> None:
    hall.publish()

    def names(day: date) -> set[str]:
        with parts.database.transaction(write=False) as session:
            return {row.organisation for row in ageing.report(session, hall.city.linlan, None, day=day)}

    before = names(AFTER)
    with parts.database.transaction() as session:
        told = {"name": "康宁护理院", "kind": Kind.ELDER_CARE, "now": NOON + timedelta(days=30)}
        tree.rename(session, cast.admin, Role.PLATFORM, cast.kangning, **told)
    assert names(AFTER) == before
    assert names(AFTER + timedelta(days=60)) == {"康宁护理院"}
