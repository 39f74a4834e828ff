"""A claim from draft to paid, by four humans; lines refused and returned; chain, sums, and nothing out of order."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from lms.domain.claims import chain
from lms.domain.claims.states import Act
from lms.domain.eligibility.findings import Outcome
from lms.domain.errors import Conflict, Forbidden, NotFound, Refused
from lms.domain.evidence import leaf_of
from lms.domain.roles import Role
from lms.domain.subsidies import PastState, Payee
from lms.models.audit import AuditEvent
from lms.models.claims import ClaimLine, ClaimOmission, ClaimPlace, ClaimStep
from lms.parts import Parts
from lms.services import claimed, claims, payable
from lms.services.claims import notice_seam
from tests.support.cast import Cast
from tests.support.claims import AMOUNT, NUMBERS, Claims, claims_desk
from tests.support.humans import one_human

WHY = "材料和学时记录对不上"


@pytest.fixture
def desk(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Claims:
    return claims_desk(parts, cast, monkeypatch)


@pytest.fixture
def noticed(monkeypatch: pytest.MonkeyPatch, desk: Claims) -> Claims:
    """The notice is over, and everybody has an account."""
    payee = Payee("person", uuid.UUID(int=1), "李芳", "测试银行", "", "0001", uuid.UUID(int=2))
    monkeypatch.setattr(notice_seam, "notice_is_over", lambda *_args: True)
    monkeypatch.setattr(notice_seam, "payees_of", lambda _session, ids: dict.fromkeys(ids, payee))
    return desk


def refused(code: str, step: Any, /, *told: Any, **more: Any) -> None:
    with pytest.raises(Refused) as found:
        step(*told, **more)
    assert found.value.code == code


def tell(desk: Claims, line: uuid.UUID, state: PastState) -> None:
    with desk.parts.database.transaction() as session:
        payable.tell(session, line, state, desk.now.date(), now=desk.now)


def payables(desk: Claims) -> list[Any]:
    with desk.parts.database.transaction(write=False) as session:
        return payable.list_payables(session, [desk.cast.kangning, desk.cast.anhe])


def test_from_draft_to_paid(noticed: Claims) -> None:
    desk = noticed
    made = desk.make()
    ((line, place),) = desk.lines(made)
    assert (desk.state(made), place.state, line.amount_fen) == ("draft", "asked", AMOUNT)
    assert line.digest == leaf_of(line.body)
    assert json.loads(line.body)["policy"] == "LN-2021"
    desk.act(claims.file, desk.cast.zhoumin, made, committed=True)
    desk.act(claims.pass_first, desk.places.linlan, made)
    assert desk.state(made) == "first"
    desk.act(claims.pass_second, desk.places.gaoyuan, made)
    assert (desk.state(made), payables(desk)) == ("notice", [])
    desk.act(claims.owe, desk.places.linlan, made)
    (found,) = payables(desk)
    assert (found.line_id, found.amount_fen, found.fund.value) == (line.id, AMOUNT, "employment")
    tell(desk, line.id, PastState.PAID)
    tell(desk, line.id, PastState.PAID)
    assert payables(desk) == []
    tell(desk, line.id, PastState.APPROVED)
    assert [each.line_id for each in payables(desk)] == [line.id]
    tell(desk, line.id, PastState.PAID)
    tell(desk, line.id, PastState.CLAWED_BACK)
    view = desk.view(made)
    acts = ["make", "file", "pass_first", "pass_second", "owe", "pay_line", "owe_again", "pay_line", "claw_back"]
    assert ([each.step.act.value for each in view.steps], view.is_whole) == (acts, True)
    with desk.parts.database.transaction(write=False) as session:
        kept = session.scalar(select(func.count()).where(AuditEvent.action.like("claim.%")))
        assert kept == len(acts)


def test_two_humans_make_and_file_and_two_more_review(desk: Claims) -> None:
    made = desk.make()
    refused("claim_second_person", desk.act, claims.file, desk.maker, made, committed=True)
    desk.act(claims.file, desk.cast.zhoumin, made, committed=True)
    desk.act(claims.pass_first, desk.places.linlan, made)
    refused("claim_second_person", desk.act, claims.pass_second, desk.places.linlan, made)
    refused("claim_second_person", desk.act, claims.refuse, desk.places.linlan, made, reason="E30", words=WHY)
    assert desk.state(made) == "first"


def test_two_accounts_of_one_human_are_one(desk: Claims) -> None:
    first, second = one_human(desk.parts, desk.cast, [desk.maker, desk.cast.zhoumin])
    made = desk.make(actor=first)
    refused("claim_second_person", desk.act, claims.file, second, made, committed=True)


def test_strangers_find_nothing_and_drafts_are_the_institutions(desk: Claims) -> None:
    made = desk.make()
    with pytest.raises(NotFound):
        desk.view(made, desk.other_maker)
    with pytest.raises(NotFound):
        desk.view(made, desk.places.linlan, Role.OFFICER)
    desk.act(claims.file, desk.cast.zhoumin, made, committed=True)
    assert desk.view(made, desk.places.linlan, Role.OFFICER).row.state == "filed"
    with pytest.raises(NotFound):
        desk.act(claims.pass_first, desk.places.weiguang, made)


def test_who_may_not_be_funded_is_never_asked_for(desk: Claims) -> None:
    others = [desk.enroll(desk.cast.cohort, f"学员{n}", number) for n, number in enumerate(NUMBERS)]
    no, unknown, doubt, left = others
    desk.told = {no: {"outcome": Outcome.UNMET}, unknown: {"amount": None}, doubt: {"outcome": Outcome.UNSURE}}
    made = desk.make(left_out={left: "本人不愿意申请", no: "写了也没有用"})
    view = desk.view(made)
    assert {each.enrollment_id for each in view.lines} == {desk.cast.enrollment, doubt}
    assert {each.enrollment_id: each.cause for each in view.omissions} == {
        no: "unmet",
        unknown: "no_amount",
        left: "maker",
    }
    assert (view.row.lines, view.row.amount_fen) == (2, 2 * AMOUNT)
    refused("claim_reason", desk.make, left_out={left: "无"})


def test_a_line_goes_back_while_the_rest_goes_on(desk: Claims) -> None:
    other = desk.enroll(desk.cast.cohort, "学员甲", NUMBERS[0])
    made = desk.filed()
    line = next(each for each, _place in desk.lines(made) if each.enrollment_id == other)
    decide = {"reason": "E30", "words": WHY}
    desk.act(claims.decide_line, desk.places.linlan, made, line_id=line.id, act=Act.RETURN_LINE, **decide)
    desk.act(claims.pass_first, desk.places.linlan, made)
    refused("claim_empty", desk.make)
    desk.act(claims.pass_second, desk.places.gaoyuan, made)
    assert (desk.state(made), desk.view(made).row.amount_fen) == ("notice", AMOUNT)
    again = desk.make()
    assert [each.enrollment_id for each, _place in desk.lines(again)] == [other]


def test_the_whole_goes_back_is_assembled_anew_and_filed_again(desk: Claims) -> None:
    made = desk.filed()
    ((line, _place),) = desk.lines(made)
    desk.act(claims.send_back, desk.places.linlan, made, words=WHY)
    desk.told = {desk.cast.enrollment: {"amount": 80_000}}
    refused("claim_stale", desk.act, claims.file, desk.cast.zhoumin, made, committed=True)
    desk.act(claims.refresh, desk.cast.zhoumin, made)
    refused("claim_second_person", desk.act, claims.file, desk.cast.zhoumin, made, committed=True)
    desk.act(claims.file, desk.maker, made, committed=True)
    ((anew, place),) = desk.lines(made)
    assert (anew.id != line.id, anew.amount_fen, place.state, desk.state(made)) == (True, 80_000, "asked", "filed")


def test_all_lines_refused_is_a_claim_refused(desk: Claims) -> None:
    made = desk.filed()
    ((line, _place),) = desk.lines(made)
    decide = {"line_id": line.id, "act": Act.REFUSE_LINE, "words": WHY}
    refused("claim_reason_code", desk.act, claims.decide_line, desk.places.linlan, made, reason="?", **decide)
    desk.act(claims.decide_line, desk.places.linlan, made, reason="E30", **decide)
    desk.act(claims.pass_first, desk.places.linlan, made)
    desk.act(claims.pass_second, desk.places.gaoyuan, made)
    assert (desk.state(made), desk.view(made).is_whole) == ("refused", True)
    desk.make()


def test_a_claim_refused_whole_lets_go_of_a_line_refused_before(desk: Claims) -> None:
    other = desk.enroll(desk.cast.cohort, "学员甲", NUMBERS[0])
    made = desk.filed()
    line = next(each for each, _place in desk.lines(made) if each.enrollment_id == other)
    decide = {"line_id": line.id, "act": Act.REFUSE_LINE, "reason": "E30", "words": WHY}
    desk.act(claims.decide_line, desk.places.linlan, made, **decide)
    desk.act(claims.pass_first, desk.places.linlan, made)
    desk.act(claims.refuse, desk.places.gaoyuan, made, reason="E60", words="金额都不对")
    held = {place.line_id: (place.reason, place.atom_key) for _line, place in desk.lines(made)}
    assert held.pop(line.id) == ("E30", None)
    assert list(held.values()) == [("E60", None)]
    assert {each.enrollment_id for each, _place in desk.lines(desk.make())} == {desk.cast.enrollment, other}


def test_withdrawing_lets_go(desk: Claims) -> None:
    made = desk.filed()
    desk.act(claims.withdraw, desk.maker, made, words=WHY)
    assert desk.state(made) == "withdrawn"
    refused("claim_step", desk.act, claims.file, desk.cast.zhoumin, made, committed=True)
    desk.make()


def test_a_step_from_an_old_page_is_refused(desk: Claims) -> None:
    made = desk.filed()
    refused("claim_changed", desk.act, claims.pass_first, desk.places.linlan, made, version=1)
    refused("claim_commitment", desk.act, claims.file, desk.cast.zhoumin, desk_again(desk, made), committed=False)


def desk_again(desk: Claims, made: uuid.UUID) -> uuid.UUID:
    desk.act(claims.send_back, desk.places.linlan, made, words=WHY)
    return made


def test_the_notice_must_be_over(desk: Claims) -> None:
    made = desk.noticed()
    refused("claim_notice_open", desk.act, claims.owe, desk.places.linlan, made)


def test_called_back_before_a_review_ends(desk: Claims) -> None:
    made = desk.filed()
    sample = desk.act(claims.draw, desk.places.linlan, made, wanted=5, seed="00" * 16)
    refused("claim_calls_open", desk.act, claims.pass_first, desk.places.linlan, made)
    ((line, _place),) = desk.lines(made)
    call = {"sample_id": sample, "line_id": line.id}
    desk.act(claims.note, desk.places.linlan, made, **call, result="denied", words="她说没有参加过")
    refused("claim_call_denied", desk.act, claims.pass_first, desk.places.linlan, made)
    desk.act(claims.note, desk.places.linlan, made, **call, result="confirmed", words="")
    desk.act(claims.pass_first, desk.places.linlan, made)
    (draw,) = desk.view(made, desk.places.linlan, Role.OFFICER).draws
    assert (draw.population, draw.results) == (1, {line.id: ("confirmed", "")})


def test_an_upheld_objection_strikes_a_line(noticed: Claims) -> None:
    desk = noticed
    made = desk.noticed()
    ((line, _place),) = desk.lines(made)
    with desk.parts.database.transaction() as session:
        claims.strike(session, desk.places.linlan, made, [line.id], reason="E90", words=WHY, now=desk.now)
    desk.act(claims.owe, desk.places.linlan, made)
    assert payables(desk) == []
    desk.make()


def test_what_was_asked_for_counts_as_past(noticed: Claims) -> None:
    desk = noticed
    made = desk.noticed()
    desk.act(claims.owe, desk.places.linlan, made)
    person = desk.cast.lifang.person_id
    assert person
    with desk.parts.database.transaction(write=False) as session:
        ((found,),) = claimed.past_claims(session, [person]).values()
    assert (found.state, found.atom.occupation, found.enrollment_id) == (
        PastState.APPROVED,
        "养老护理员",
        desk.cast.enrollment,
    )


@pytest.mark.parametrize("table", [ClaimLine, ClaimStep, ClaimOmission])
def test_what_was_written_stays(desk: Claims, table: Any) -> None:
    doubt = desk.enroll(desk.cast.cohort, "学员甲", NUMBERS[0])
    desk.told = {doubt: {"outcome": Outcome.UNMET}}
    desk.make()
    for change in (update(table).values(claim_id=uuid.uuid4()), delete(table)):
        with pytest.raises(DBAPIError), desk.parts.database.transaction() as session:
            session.execute(change)


def test_a_changed_chain_shows(desk: Claims) -> None:
    made = desk.filed()
    steps = [each.step for each in desk.view(made).steps]
    assert chain.is_whole(made, steps)
    assert not chain.is_whole(made, steps[1:])
    assert not chain.is_whole(made, [steps[0], chain.Step(**{**vars(steps[1]), "note": "别的话"})])
    assert not chain.is_whole(uuid.uuid4(), steps)


def test_places_say_what_steps_say(desk: Claims) -> None:
    made = desk.noticed()
    with desk.parts.database.transaction(write=False) as session:
        states = set(session.scalars(select(ClaimPlace.state).where(ClaimPlace.claim_id == made)))
    assert states == {"approved"}


def test_an_officer_who_works_there_may_not_review(desk: Claims) -> None:
    made = desk.filed()
    both = type(desk.places.linlan)(
        desk.places.linlan.account_id,
        None,
        "林岚",
        desk.places.linlan.roles | {(Role.TRAINER, desk.cast.kangning)},
    )
    with pytest.raises(Forbidden) as found:
        desk.act(claims.pass_first, both, made)
    assert found.value.code == "claim_works_there"


def test_a_running_class_is_not_claimed(desk: Claims) -> None:
    desk.now -= timedelta(days=3)
    refused("claim_class_running", desk.make)


def test_conflict_is_a_conflict(desk: Claims) -> None:
    made = desk.filed()
    with pytest.raises(Conflict):
        desk.act(claims.pass_second, desk.places.linlan, made)
