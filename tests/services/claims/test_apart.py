"""Nobody decides about money of the place she works for; what the first review took out stays out; closed is closed."""

import uuid
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from lms.domain.claims.publicity import Act
from lms.domain.claims.sanctions import Act as SanctionAct
from lms.domain.claims.sanctions import Rung, State
from lms.domain.claims.states import Act as ClaimAct
from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.roles import Role
from lms.models.accounts import Membership
from lms.models.base import new_id
from lms.models.claims import ClaimPlace
from lms.models.rights import Restriction
from lms.models.sanctions import Sanction
from lms.parts import Parts
from lms.services import claims
from lms.services.claims import objections, publicity, sanctions
from lms.services.claims.sanctions import Proposed
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast
from tests.support.claims import NUMBERS, Claims, claims_desk
from tests.support.humans import one_human
from tests.support.noticed import AMOUNT, WORDS, board, colleague

SAID = "查了签到和学习记录，情况写在这里"


def works_there(actor: Actor, place: uuid.UUID) -> Actor:
    return replace(actor, roles=actor.roles | {(Role.TRAINER, place)})


def test_who_works_there_settles_no_objection_and_opens_no_notice(parts: Parts, cast: Cast) -> None:
    hall = board(parts, cast)
    near = works_there(hall.city.linlan, cast.kangning)
    with pytest.raises(Forbidden, match="claim_works_there"):
        hall.publish(near)
    notice = hall.publish()
    with parts.database.transaction() as session:
        one = objections.make(session, parts.keyring, notice, 1, WORDS, "", now=NOON)
        for act in (Act.DOUBT, Act.UPHOLD):
            with pytest.raises(Forbidden, match="claim_works_there"):
                objections.settle(session, near, one, act, SAID, now=NOON)
        with pytest.raises(Forbidden, match="claim_works_there"):
            publicity.take_down(session, near, notice, SAID, now=NOON)
        objections.settle(session, hall.city.linlan, one, Act.DOUBT, SAID, now=NOON)


def test_an_account_of_hers_elsewhere_counts_and_so_does_being_in_the_claim(parts: Parts, cast: Cast) -> None:
    hall = board(parts, cast)
    one = objected(hall.publish(), parts)
    here, _there = one_human(parts, cast, [hall.city.gaoyuan, colleague(hall)])
    with parts.database.transaction() as session, pytest.raises(Forbidden, match="claim_works_there"):
        objections.settle(session, here, one, Act.DOUBT, SAID, now=NOON)
    herself = replace(hall.city.linlan, person_id=cast.lifang.person_id)
    with parts.database.transaction() as session, pytest.raises(Forbidden, match="claim_own"):
        objections.settle(session, herself, one, Act.DOUBT, SAID, now=NOON)


def objected(notice: uuid.UUID, parts: Parts) -> uuid.UUID:
    with parts.database.transaction() as session:
        return objections.make(session, parts.keyring, notice, None, WORDS, "", now=NOON)


def test_who_works_there_lifts_no_sanction(parts: Parts, cast: Cast) -> None:
    hall = board(parts, cast)
    with parts.database.transaction() as session:
        wanted = Proposed(cast.kangning, Rung.RECTIFY, WORDS)
        one = sanctions.propose(session, hall.city.linlan, wanted, now=NOON)
        near = works_there(hall.city.gaoyuan, cast.kangning)
        with pytest.raises(Forbidden, match="claim_works_there"):
            sanctions.act(session, near, one, SanctionAct.TURN_DOWN, SAID, now=NOON)
        sanctions.act(session, hall.city.gaoyuan, one, SanctionAct.IMPOSE, SAID, now=NOON)


@pytest.fixture
def desk(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Claims:
    return claims_desk(parts, cast, monkeypatch)


def test_what_the_first_review_took_out_no_other_human_lets_in_alone(desk: Claims) -> None:
    made = desk.filed()
    ((line, _place),) = desk.lines(made)
    out = {"act": ClaimAct.REFUSE_LINE, "reason": "E30", "words": "学时记录对不上"}
    back = {"act": ClaimAct.ADMIT_LINE, "words": "核对过了没有问题"}
    desk.act(claims.decide_line, desk.places.linlan, made, line_id=line.id, **out)
    desk.act(claims.pass_first, desk.places.linlan, made)
    with pytest.raises(Forbidden, match="claim_line_first"):
        desk.act(claims.decide_line, desk.places.gaoyuan, made, line_id=line.id, **back)
    desk.act(claims.decide_line, desk.places.linlan, made, line_id=line.id, **back)
    desk.act(claims.decide_line, desk.places.gaoyuan, made, line_id=line.id, **out)
    desk.act(claims.decide_line, desk.places.gaoyuan, made, line_id=line.id, **back)
    desk.act(claims.pass_second, desk.places.gaoyuan, made)
    with desk.parts.database.transaction(write=False) as session:
        assert session.get_one(ClaimPlace, line.id).state == "approved"


def closed(desk: Claims) -> None:
    with desk.parts.database.transaction() as session:
        told = {"number": 1, "rung": Rung.TERMINATE.value, "words": WORDS, "state": State.IN_FORCE.value}
        by = {"proposed_by": desk.places.linlan.account_id, "proposed_at": NOON}
        session.add(Sanction(id=new_id(), organisation_id=desk.cast.kangning, **told, **by))


def test_a_closed_institution_makes_and_files_nothing_new_but_corrects(desk: Claims) -> None:
    returned = desk.filed()
    desk.act(claims.send_back, desk.places.linlan, returned, words="证书编号请再核对")
    closed(desk)
    with pytest.raises(Refused, match="claim_closed"):
        desk.make()
    desk.act(claims.refresh, desk.maker, returned)
    desk.act(claims.file, desk.cast.zhoumin, returned, committed=True)


def test_a_draft_of_before_is_not_filed_while_it_is_closed(desk: Claims) -> None:
    made = desk.make()
    closed(desk)
    with pytest.raises(Refused, match="claim_closed"):
        desk.act(claims.file, desk.cast.zhoumin, made, committed=True)


def test_membership_rows_count_not_only_the_roles_of_this_login(desk: Claims) -> None:
    made = desk.filed()
    with desk.parts.database.transaction() as session:
        who = desk.places.linlan.account_id
        session.add(Membership(account_id=who, organisation_id=desk.cast.kangning, role=Role.TRAINER.value))
    with pytest.raises(Forbidden, match="claim_works_there"):
        desk.act(claims.pass_first, desk.places.linlan, made)


def archived(session: Session, person_id: uuid.UUID | None) -> None:
    session.add(Restriction(person_id=person_id, since=NOON))


def test_whose_records_are_archive_only_is_in_no_new_claim(desk: Claims) -> None:
    other = desk.enroll(desk.cast.cohort, "学员甲", NUMBERS[0])
    draft = desk.make()
    with desk.parts.database.transaction() as session:
        archived(session, desk.cast.lifang.person_id)
    with pytest.raises(Refused, match="claim_stale"):
        desk.act(claims.file, desk.cast.zhoumin, draft, committed=True)
    desk.act(claims.refresh, desk.maker, draft)
    assert [line.enrollment_id for line, _place in desk.lines(draft)] == [other]
    assert desk.view(draft).omissions == ()


def test_a_notice_that_stands_no_longer_shows_her(parts: Parts, cast: Cast) -> None:
    hall = board(parts, cast)
    notice = hall.publish()
    with parts.database.transaction() as session:
        archived(session, cast.lifang.person_id)
    with parts.database.transaction(write=False) as session:
        found = publicity.find(session, notice)
    assert found
    assert (found.rows[0].name, found.rows[0].document, found.rows[0].amount_fen) == ("李*", "", AMOUNT)


def test_she_objects_once_while_it_waits(parts: Parts, cast: Cast) -> None:
    hall = board(parts, cast)
    notice = hall.publish()
    with parts.database.transaction() as session:
        one = objections.make_own(session, cast.lifang, notice, WORDS, now=NOON)
        with pytest.raises(Conflict, match="objection_waits"):
            objections.make_own(session, cast.lifang, notice, WORDS, now=NOON)
        objections.withdraw_own(session, cast.lifang, one, now=NOON)
        assert objections.make_own(session, cast.lifang, notice, WORDS, now=NOON)
