"""Certificates are entered, seen, verified by other hands; levels and credits follow; numbers stay sealed."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from lms.domain.assessors import Act, Filing
from lms.domain.errors import Conflict, Forbidden, NotFound, Refused
from lms.domain.identity import GONE
from lms.domain.levels import Level, Move
from lms.domain.qualifications import Kind, State, Way
from lms.domain.reveals import Purpose, RevealField
from lms.domain.roles import Role
from lms.models.audit import AuditEvent
from lms.models.base import new_id
from lms.models.shares import Share
from lms.models.skills import AssessorFiling, CreditTable, Qualification, QualificationWord
from lms.parts import Parts
from lms.services import resealing, reveals, rights, sealed, skills
from lms.services.skills import reading
from tests.support.cast import NOON, Cast, Stage
from tests.support.humans import one_human
from tests.support.identity import Office
from tests.support.skills import CODE, FILING, ISSUED, NOTE, OTHER_CODE, PAPER, Desk, listed

NUMBER = PAPER.number


@pytest.fixture
def desk(parts: Parts, cast: Cast) -> Desk:
    return Desk(parts, cast)


def reasons(desk: Desk) -> list[str]:
    (row,) = desk.own().certificates
    return [reason.code for reason in (*row.level_verdict.unmet, *row.level_verdict.unsure)]


def test_a_level_comes_of_a_certificate_that_others_verified(desk: Desk) -> None:
    one = desk.enter()
    assert reasons(desk) == ["qualification_not_verified"]
    desk.say(one, State.SEEN, actor=desk.cast.zhoumin, desk=Role.INSTITUTION)
    desk.say(one)
    assert reasons(desk) == ["assessor_unknown"]
    filing = desk.file()
    assert reasons(desk) == ["assessor_out_of_scope"]
    desk.act(filing, Act.LIST, desk.colleague())
    found = desk.own()
    assert reasons(desk) == []
    assert found.current["养老护理员"].level is Level.JUNIOR
    assert [word.state for word in found.certificates[0].words] == [State.SEEN, State.VERIFIED]
    assert found.certificates[0].number == "S00002" + "*" * 12 + "0001"


def test_the_history_grows_in_the_order_of_days_and_what_is_revoked_goes(desk: Desk) -> None:
    listed(desk)
    senior = desk.enter(level=Level.SENIOR, number="S000021017266243000009", issued_on=ISSUED + timedelta(days=90))
    junior = desk.enter()
    for one in (senior, junior):
        desk.say(one)
    steps = desk.own().steps["养老护理员"]
    assert [(step.grant.level, step.move, step.skipped) for step in steps] == [
        (Level.JUNIOR, Move.FIRST, ()), (Level.SENIOR, Move.UP, (Level.INTERMEDIATE,)),
    ]  # fmt: skip
    desk.say(senior, State.REVOKED)
    assert desk.own().current["养老护理员"].level is Level.JUNIOR


def test_a_certificate_that_two_entered_counts_once(desk: Desk) -> None:
    listed(desk)
    for one in (desk.enter(), desk.enter_for()):
        desk.say(one)
    assert len(desk.own().certificates) == 2
    assert len(desk.own().steps["养老护理员"]) == 1
    with pytest.raises(Conflict, match="qualification_twice"):
        desk.enter(number=NUMBER.lower())


def test_a_suspended_assessor_keeps_what_it_issued_before(desk: Desk) -> None:
    filing = listed(desk)
    one, late = desk.enter(), desk.enter(number="S000021017266245000002", issued_on=NOON.date())
    for each in (one, late):
        desk.say(each)
    desk.act(filing, Act.SUSPEND, desk.cast.admin)
    counted = {row.id: row.level_verdict.is_yes for row in desk.own().certificates}
    assert counted == {one: True, late: False}


def test_the_register_takes_two_people_and_its_steps_in_order(desk: Desk) -> None:
    filing = desk.file()
    with pytest.raises(Forbidden, match="assessor_second_person"):
        desk.act(filing, Act.LIST, desk.cast.admin)
    with pytest.raises(Conflict, match="assessor_step"):
        desk.act(filing, Act.SUSPEND, desk.cast.admin)
    with pytest.raises(Conflict, match="assessor_taken"):
        desk.file()
    desk.act(filing, Act.LIST, desk.colleague())
    desk.act(filing, Act.END, desk.cast.admin)
    with desk.parts.database.transaction(write=False) as session:
        (row,) = skills.list_filings(session, desk.cast.admin, now=NOON)
    assert (row.state, row.acts_open, row.scopes) == (Filing.ENDED, (), ("养老护理员 初级工-高级工",))
    assert [each.who for each in row.acts] == ["王磊", desk.cast.admin.name]
    for stranger in (desk.cast.zhoumin, desk.cast.lifang):
        with desk.parts.database.transaction(write=False) as session, pytest.raises(Forbidden):
            skills.list_filings(session, stranger, now=NOON)


def test_nobody_decides_on_what_went_through_her_hands(desk: Desk) -> None:
    own = desk.enter_for()
    with pytest.raises(Forbidden, match="qualification_second_person"):
        desk.say(own, State.SEEN, actor=desk.cast.zhoumin, desk=Role.INSTITUTION)
    with pytest.raises(Forbidden, match="qualification_desk"):
        desk.say(desk.enter(), State.VERIFIED, actor=desk.cast.zhoumin, desk=Role.INSTITUTION)
    with pytest.raises(Refused, match="qualification_way"):
        desk.say(own, way=Way.ORIGINAL)


def test_it_is_taken_back_by_who_entered_it_until_it_is_decided(desk: Desk) -> None:
    own, theirs = desk.enter(), desk.enter_for()
    with desk.parts.database.transaction() as session:
        with pytest.raises(NotFound):
            skills.withdraw_own(session, desk.cast.lifang, theirs, now=NOON)
        with pytest.raises(NotFound):
            skills.withdraw_at_desk(session, desk.cast.zhoumin, own, now=NOON)
        skills.withdraw_own(session, desk.cast.lifang, own, now=NOON)
    desk.say(theirs)
    with desk.parts.database.transaction() as session, pytest.raises(Conflict, match="qualification_step"):
        skills.withdraw_at_desk(session, desk.cast.zhoumin, theirs, now=NOON)
    assert desk.enter() != own


def test_an_institution_sees_what_she_or_it_entered_and_no_other(desk: Desk, parts: Parts, cast: Cast) -> None:
    own, theirs = desk.enter(), desk.enter_for()
    foreign = desk.enter_for(cast.sunyue, enrollment=cast.foreign_enrollment)
    assert {row.id for row in desk.seen_by(cast.zhoumin).certificates} == {own, theirs}
    with pytest.raises(NotFound):
        desk.seen_by(cast.sunyue)
    Office(parts, cast).join()  # 李芳 and 陈默 are one human: she sees all, and no institution is told
    assert {row.id for row in desk.own().certificates} == {own, theirs, foreign}
    assert {row.id for row in desk.seen_by(cast.zhoumin).certificates} == {own, theirs}
    with parts.database.transaction(write=False) as session:
        assert skills.get_own(session, parts.keyring, cast.lifang, foreign).row.id == foreign
        for stranger, role in ((cast.zhoumin, Role.INSTITUTION), (cast.sunyue, Role.INSTITUTION)):
            hidden = own if stranger is cast.sunyue else foreign
            with pytest.raises(NotFound):
                skills.get_at_desk(session, parts.keyring, stranger, role, hidden)


def test_one_number_of_two_people_is_told_to_the_platform_alone(desk: Desk, parts: Parts, cast: Cast) -> None:
    one = desk.enter()
    desk.enter(cast.chenmo)
    with parts.database.transaction(write=False) as session:
        everywhere = skills.get_at_desk(session, parts.keyring, cast.admin, Role.PLATFORM, one)
        at_home = skills.get_at_desk(session, parts.keyring, cast.zhoumin, Role.INSTITUTION, one)
    assert (everywhere.same_number, at_home.same_number) == (1, 0)


def test_a_number_is_sealed_and_shown_for_a_reason_on_record(desk: Desk, parts: Parts, cast: Cast) -> None:
    one = desk.enter()
    with parts.database.transaction() as session:
        row = session.get_one(Qualification, one)
        assert NUMBER not in row.number_sealed
        with pytest.raises(Forbidden):
            skills.reveal(session, parts.keyring, cast.zhoumin, one, NOTE, now=NOON)
        with pytest.raises(NotFound):
            skills.reveal(session, parts.keyring, cast.admin, uuid.uuid4(), NOTE, now=NOON)
        assert skills.reveal(session, parts.keyring, cast.admin, one, NOTE, now=NOON) == ("李芳", NUMBER)
    with parts.database.transaction(write=False) as session:
        (seen,) = skills.get_own(session, parts.keyring, cast.lifang, one).shown
        acts = set(session.scalars(select(AuditEvent.action).where(AuditEvent.subject == str(one))))
        assert "qualifications.number_sealed" in resealing.count(session)
    assert (seen.who, seen.reason) == (cast.admin.name, NOTE)
    assert acts == {"qualification.enter", "qualification.reveal"}


def test_an_erasure_takes_the_number_and_leaves_that_it_was_verified(desk: Desk, parts: Parts, cast: Cast) -> None:
    listed(desk)
    one = desk.enter()
    desk.say(one)
    assert cast.lifang.person_id
    with parts.database.transaction() as session:
        rights.erasing.overwrite(session, parts.keyring, cast.lifang.person_id, NOON)
    with parts.database.transaction(write=False) as session:
        row = session.get_one(Qualification, one)
        index = sealed.qualification_index(parts.keyring, Kind.SKILL_LEVEL, NUMBER)
        assert (row.number_sealed, row.number_index == index) == ("", False)
    assert desk.own().current["养老护理员"].level is Level.JUNIOR


def test_what_is_appended_is_never_changed(desk: Desk) -> None:
    one, _filing = desk.enter(), listed(desk)
    desk.say(one)
    desk.publish()
    for table in (QualificationWord, AssessorFiling, CreditTable):
        with pytest.raises(DBAPIError), desk.parts.database.transaction() as session:
            session.execute(update(table).values(id=uuid.uuid4()))


def test_what_is_not_so_is_refused(desk: Desk) -> None:
    for changes, code in (
        ({"number": "1"}, "qualification_number"),
        ({"occupation": " "}, "qualification_occupation"),
        ({"issuer_code": "123"}, "credit_code_shape"),
        ({"level": None}, "qualification_level"),
        ({"issued_on": NOON.date() + timedelta(days=1)}, "qualification_day"),
    ):
        with pytest.raises(Refused, match=code):
            desk.enter(**changes)
    with pytest.raises(Refused, match="assessor_term"):
        desk.file(until_on=FILING.from_on - timedelta(days=1))
    with pytest.raises(Refused, match="credit_code"):
        desk.publish(code="a")
    assert replace(FILING, code=OTHER_CODE).code != CODE


def test_what_waits_longest_stands_first_and_what_is_decided_last(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    decided, seen, newest = (desk.enter(number=f"S00002101726624500000{place}") for place in range(3))
    desk.say(decided)
    desk.say(seen, State.SEEN, actor=desk.cast.zhoumin, desk=Role.INSTITUTION)
    for most, found in ((9, [seen, newest, decided]), (1, [seen])):
        monkeypatch.setattr(reading, "MOST", most)
        with desk.parts.database.transaction(write=False) as session:
            rows = skills.list_at_desk(session, desk.parts.keyring, desk.cast.admin, Role.PLATFORM)
        assert [row.id for row in rows] == found


def test_two_accounts_of_one_human_are_not_two_people(desk: Desk) -> None:
    _, again = one_human(desk.parts, desk.cast, [desk.cast.admin, desk.colleague()])
    filing = desk.file()
    with pytest.raises(Forbidden, match="assessor_second_person"):
        desk.act(filing, Act.LIST, again)
    with desk.parts.database.transaction(write=False) as session:
        (row,) = skills.list_filings(session, again, now=NOON)
    assert row.acts_open == ()


def test_a_certificate_goes_through_the_hands_of_two_humans(desk: Desk) -> None:
    first, again = one_human(desk.parts, desk.cast, [desk.cast.zhoumin, desk.colleague()])
    one = desk.enter_for(first)
    with pytest.raises(Forbidden, match="qualification_second_person"):
        desk.say(one, actor=again)


def test_nobody_enters_or_verifies_her_own_by_another_account(desk: Desk) -> None:
    one = desk.enter()
    _, again = one_human(desk.parts, desk.cast, [desk.cast.lifang, desk.cast.zhoumin])
    with pytest.raises(Forbidden, match="qualification_own"):
        desk.enter_for(again, number="S000021017266245000077")
    with pytest.raises(Forbidden, match="qualification_own"):
        desk.say(one, State.SEEN, actor=again, desk=Role.INSTITUTION)


def learns_at_anhe(desk: Desk) -> uuid.UUID:
    """李芳 learns at 安和 as well."""
    assert desk.cast.lifang.person_id
    with desk.parts.database.transaction() as session:
        return Stage(session).enroll(desk.cast.foreign_cohort, desk.cast.lifang.person_id)


def test_no_institution_reads_what_another_one_said(desk: Desk, parts: Parts, cast: Cast) -> None:
    elsewhere, one = learns_at_anhe(desk), desk.enter()
    desk.say(one, State.SEEN, actor=cast.zhoumin, desk=Role.INSTITUTION)
    with parts.database.transaction() as session:
        who = (session, parts.keyring, cast.sunyue)
        shown = skills.get_at_desk(*who, Role.INSTITUTION, one)
        assert (shown.row.words, shown.row.state, shown.open_words) == ((), State.ENTERED, (State.SEEN,))
        assert [row.words for row in skills.list_at_desk(*who, Role.INSTITUTION)] == [()]
        assert skills.get_profile(*who, elsewhere, now=NOON).certificates[0].words == ()
        assert skills.export_of_learner(*who, elsewhere, now=NOON)["certificates"][0]["words"] == []
        assert [word.who for word in desk.seen_by(cast.zhoumin).certificates[0].words] == ["周敏"]
    desk.say(one, State.SEEN, actor=cast.sunyue, desk=Role.INSTITUTION)
    desk.say(one)
    with parts.database.transaction(write=False) as session:
        said = [
            [word.who for word in skills.get_at_desk(session, parts.keyring, who, role, one).row.words]
            for who, role in (
                (cast.zhoumin, Role.INSTITUTION), (cast.sunyue, Role.INSTITUTION), (cast.admin, Role.PLATFORM),
            )
        ]  # fmt: skip
        hers = skills.get_own(session, parts.keyring, cast.lifang, one).row
        assert cast.lifang.person_id
        source = next(each for each in rights.gathering.SOURCES if each.table is QualificationWord)
        kept = rights.gathering.gather(session, [cast.lifang.person_id], source)
    admin = cast.admin.name
    assert said == [["周敏", admin], ["孙悦", admin], ["周敏", "孙悦", admin]]
    assert [word.note for word in hers.words] == [row["note"] for row in kept] == [NOTE] * 3


def test_she_sees_each_look_at_a_number_and_the_institution_its_export(desk: Desk, parts: Parts, cast: Cast) -> None:
    one = desk.enter()
    with parts.database.transaction() as session:
        skills.reveal(session, parts.keyring, cast.admin, one, NOTE, now=NOON)
        skills.export_of_learner(session, parts.keyring, cast.zhoumin, cast.enrollment, now=NOON)
    with parts.database.transaction(write=False) as session:
        (seen,) = reveals.list_of_learner(session, cast.lifang)
        assert reveals.list_of_learner(session, cast.chenmo) == []
        assert cast.lifang.person_id
        (told,) = rights.gathering.reveals_of_her(session, [cast.lifang.person_id])
        place = select(AuditEvent.organisation_id).where(AuditEvent.action == "skills.export")
        assert session.scalars(place).all() == [cast.kangning]
    assert (seen.who, seen.learner, seen.field, seen.reason) == (cast.admin.name, "李芳", RevealField.CERTIFICATE, NOTE)
    assert (told["field"], told["reason"]) == ("certificate", NOTE)


def test_nobody_asks_an_institution_for_the_number_of_a_certificate(parts: Parts, cast: Cast) -> None:
    wanted = (RevealField.CERTIFICATE, Purpose.CERTIFICATE, NOTE)
    with parts.database.transaction() as session, pytest.raises(NotFound):
        reveals.reveal(session, parts.keyring, cast.zhoumin, cast.enrollment, *wanted, now=NOON)


def test_no_label_takes_a_number_and_an_erasure_takes_what_was_typed(desk: Desk, parts: Parts, cast: Cast) -> None:
    for field in ("occupation", "issuer"):
        for number in ("219999198501010026", "２１９９９９１９８５０１０１００２６", "138 0000 0001", "员\u200b"):
            with pytest.raises(Refused, match=f"qualification_{field}"):
                desk.enter(**{field: f"护理员{number}"})
    typed, known = desk.enter(occupation="张家的护理员"), desk.enter(number="S000021017266245000055")
    assert cast.lifang.person_id
    with parts.database.transaction() as session:
        rights.erasing.overwrite(session, parts.keyring, cast.lifang.person_id, NOON)
    with parts.database.transaction(write=False) as session:
        left = [session.get_one(Qualification, each).occupation for each in (typed, known)]
    assert left == [GONE, "养老护理员"]


def test_a_level_rests_on_the_register_however_wide_it_was_typed(desk: Desk) -> None:
    listed(desk)
    desk.say(desk.enter(occupation="养老 护理员"))
    assert reasons(desk) == []


def test_what_was_typed_and_old_links_go_when_their_rules_have_run_out(desk: Desk, parts: Parts, cast: Cast) -> None:
    one, later = desk.enter(), NOON + timedelta(days=800)
    assert cast.lifang.person_id
    link = {"token_digest": "a" * 64, "reader": "employer", "with_name": False, "made_at": NOON}
    with parts.database.transaction() as session:
        session.add(Share(id=new_id(), person_id=cast.lifang.person_id, expires_at=NOON + timedelta(days=7), **link))
    with parts.database.transaction() as session:
        assert rights.keeping.sweep(session, now=later) == 0  # no period was found: it stays until one is set
        held = {each.rule.code: each.until for each in rights.holdings.list_holdings(session, cast.lifang.person_id)}
        assert {code: held[code] for code in ("outside_certificates", "share_links")} == {
            "outside_certificates": None,
            "share_links": None,
        }
        for code in ("outside_certificates", "share_links"):
            rights.set_period(session, cast.admin, code, 24, "某市档案办法第三条", "M", now=NOON)
        assert rights.keeping.sweep(session, now=NOON + timedelta(days=700)) == 0
        assert rights.keeping.sweep(session, now=later) == 2
        assert rights.keeping.sweep(session, now=later) == 0
    with parts.database.transaction(write=False) as session:
        row = session.get_one(Qualification, one)
        assert (row.number_sealed, row.issuer, row.occupation) == ("", GONE, "养老护理员")
        assert session.scalars(select(Share.id)).all() == []
