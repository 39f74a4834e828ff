"""Classes in person through the real services: signing, posting on free wall time, paper lists, leave, facts."""

import uuid
from dataclasses import replace
from datetime import time
from random import Random

import pytest
from sqlalchemy import select

from lms.crypto import digest
from lms.domain.attendance import AttendanceFacts, ClassDay, MarkKind, State
from lms.domain.corrections import Decision
from lms.domain.errors import Conflict, Forbidden, NotFound, Refused
from lms.domain.roles import Role
from lms.domain.spans import measure
from lms.models.attendance import AttendanceLeave, AttendanceMark, ClassMeeting
from lms.models.audit import AuditEvent
from lms.models.enrollments import Enrollment
from lms.models.study import LessonProgress, StudyLease, StudySegment
from lms.parts import Parts
from lms.services import attendance, enrollments, ledger, reports, study_clock
from lms.services.attendance import PaperRow
from lms.services.scopes import Actor
from lms.verifier import open_reader, verify
from tests.support.cast import Cast, Stage
from tests.support.classes import KEY, MINUTE, TODAY, School, plan, row
from tests.support.humans import one_human
from tests.support.study import Phone, WoundClock, now

CAME = ClassDay(TODAY, 1, 1)


@pytest.fixture
def school(parts: Parts, cast: Cast, wound: WoundClock) -> School:
    with parts.database.transaction() as session:
        study_clock.read_ms(session)
    return School(parts, cast)


def progress(school: School, meeting_id: uuid.UUID) -> tuple[int, int, dict[str, int]]:
    lesson_id = school.meeting(meeting_id).lesson_id
    with school.parts.database.transaction(write=False) as session:
        found = session.get_one(LessonProgress, (school.cast.enrollment, lesson_id))
        return found.credited_ms, found.confirmed_ms, found.by_class


def walls(school: School) -> list[tuple[int, int]]:
    with school.parts.database.transaction(write=False) as session:
        rows = select(StudySegment.wall_from_ms, StudySegment.wall_to_ms)
        mine = rows.where(StudySegment.person_id == school.cast.lifang.person_id)
        return [(start, end) for start, end in session.execute(mine)]


def facts(school: School) -> AttendanceFacts:
    with school.parts.database.transaction(write=False) as session:
        enrollment = session.get_one(Enrollment, school.cast.enrollment)
        return attendance.facts(session, [enrollment], now())[enrollment.id]


def clean(school: School) -> bool:
    with open_reader(school.parts.database.engine.url.render_as_string(hide_password=False)) as reader:
        return verify(reader).findings == []


def test_a_class_from_sign_in_to_sign_out_is_credited_and_confirmed(school: School, wound: WoundClock) -> None:
    made = school.add()
    wound.forward(50 * MINUTE)
    school.pass_by(made, MarkKind.IN)
    wound.forward(70 * MINUTE)
    assert facts(school) == AttendanceFacts()
    school.pass_by(made, MarkKind.OUT)
    assert progress(school, made) == (60 * MINUTE, 60 * MINUTE, {"attended": 60 * MINUTE})
    assert facts(school) == AttendanceFacts(held=1, attended=1, attended_ms=60 * MINUTE)
    assert clean(school)


def test_late_and_early_count_what_she_was_there(school: School, wound: WoundClock) -> None:
    made = school.add()
    wound.forward(70 * MINUTE)
    school.pass_by(made, MarkKind.IN)
    wound.forward(40 * MINUTE)
    school.pass_by(made, MarkKind.OUT)
    assert progress(school, made)[0] == 40 * MINUTE
    wound.forward(10 * MINUTE)
    assert facts(school) == AttendanceFacts(held=1, attended=1, late=1, left_early=1, attended_ms=40 * MINUTE)


def test_nobody_is_in_a_classroom_and_online_at_once(school: School, wound: WoundClock) -> None:
    made = school.add()
    wound.forward(60 * MINUTE)
    school.pass_by(made, MarkKind.IN)
    wound.forward(10 * MINUTE)
    phone = Phone(school.parts, school.cast.lifang, school.cast.enrollment, school.cast.lessons["say-hello"])
    phone.open()
    for at in (0, 20_000, 40_000):
        wound.forward(20_000)
        phone.beat(at, at + 20_000)
    wound.forward(49 * MINUTE)
    phone.open()
    wound.forward(10_000)
    school.pass_by(made, MarkKind.OUT)
    wound.forward(10_000)
    phone.beat(60_000, 80_000)
    assert progress(school, made)[0] == 60 * MINUTE - 60_000
    used = walls(school)
    assert measure(used) == sum(end - start for start, end in used) == 60 * MINUTE + 20_000
    assert clean(school)


def test_a_late_heartbeat_cannot_reach_back_into_a_class(school: School, wound: WoundClock) -> None:
    made = school.add()
    wound.forward(60 * MINUTE)
    school.pass_by(made, MarkKind.IN)
    wound.forward(59 * MINUTE)
    phone = Phone(school.parts, school.cast.lifang, school.cast.enrollment, school.cast.lessons["say-hello"])
    phone.open()
    wound.forward(30_000)
    school.pass_by(made, MarkKind.OUT)
    with school.parts.database.transaction(write=False) as session:
        lease = session.get_one(StudyLease, school.cast.lifang.person_id)
        mark = session.scalars(select(AttendanceMark).where(AttendanceMark.kind == "out")).one()
        assert lease.high_water_ms == mark.stands_from_ms
    assert phone.beat(0, 30_000)["credited_total_ms"] == 0


def test_signing_again_is_the_same_mark(school: School, wound: WoundClock) -> None:
    made = school.add()
    wound.forward(60 * MINUTE)
    ticket = school.code(made, MarkKind.IN)
    scan = school.scan(ticket)
    school.sign(ticket, scan)
    school.sign(ticket, scan)
    wound.forward(20 * MINUTE)
    assert school.scan(ticket).is_done
    with school.parts.database.transaction(write=False) as session:
        (mark,) = session.scalars(select(AttendanceMark)).all()
        assert (mark.ticket, mark.stands_from_ms, mark.method) == (ticket.digest, scan.scanned_ms, "qr")
        assert mark.ticket != digest("")


def test_a_photo_sent_on_is_worth_nothing(school: School, wound: WoundClock) -> None:
    made = school.add()
    wound.forward(60 * MINUTE)
    ticket = school.code(made, MarkKind.IN)
    with pytest.raises(NotFound):
        school.scan(ticket, school.cast.chenmo)
    scan = school.scan(ticket)
    with pytest.raises(NotFound):
        school.sign(ticket, scan, school.cast.chenmo)
    wound.forward(30_000)
    with pytest.raises(Refused, match="ticket_old"):
        school.scan(ticket)
    school.sign(ticket, scan)  # she scanned in time; her line was slow
    out = school.code(made, MarkKind.OUT)
    with pytest.raises(Refused, match="ticket_false"):
        school.sign(out, scan)


def test_there_is_a_code_only_around_the_class(school: School, wound: WoundClock) -> None:
    made = school.add()
    for kind, minutes, code in (
        (MarkKind.IN, 20, "class_sign_too_early"),
        (MarkKind.OUT, 39, "class_sign_too_early"),
        (MarkKind.IN, 62, "class_sign_too_late"),
        (MarkKind.OUT, 30, "class_sign_too_late"),
    ):
        wound.forward(minutes * MINUTE)
        with pytest.raises(Refused, match=code):
            school.code(made, kind)


def test_out_comes_after_in(school: School, wound: WoundClock) -> None:
    made = school.add()
    wound.forward(90 * MINUTE)
    with pytest.raises(Refused, match="class_sign_in_first"):
        school.scan(school.code(made, MarkKind.OUT))


def test_digits_are_the_same_code_and_guessing_ends(school: School, wound: WoundClock) -> None:
    made = school.add()
    wound.forward(60 * MINUTE)
    database, actor = school.parts.database, school.cast.lifang
    with database.transaction(write=False) as session:
        shown = attendance.show(session, KEY, school.cast.wanglei, Role.TRAINER, made, MarkKind.IN, now=now())
    with database.transaction() as session:
        assert attendance.find_ticket(session, KEY, actor, made, shown.digits, now=now()) == shown.ticket
    for _ in range(10):
        with database.transaction() as session:
            assert isinstance(attendance.find_ticket(session, KEY, actor, made, "12345678", now=now()), Refused)
    with database.transaction() as session, pytest.raises(Refused, match="ticket_guesses"):
        attendance.find_ticket(session, KEY, actor, made, shown.digits, now=now())


def test_without_sign_out_nothing_is_posted_until_paper_mends_it(school: School, wound: WoundClock) -> None:
    made = school.add()
    wound.forward(70 * MINUTE)
    school.pass_by(made, MarkKind.IN)
    wound.forward(90 * MINUTE)
    assert facts(school) == AttendanceFacts(held=1, absent=1)
    assert walls(school) == []
    with school.parts.database.transaction(write=False) as session:
        days = attendance.class_days(session, [school.cast.cohort], now())
        assert days == {school.cast.cohort: (replace(CAME, present=0),)}
    wound.forward(20 * MINUTE)
    typed = school.type_in(made, [row(school.cast)])
    assert walls(school) == []
    school.decide(typed)
    assert progress(school, made)[:2] == (50 * MINUTE, 50 * MINUTE)  # the code's sign-in stands, not the paper's
    with school.parts.database.transaction(write=False) as session:
        mark = session.scalars(select(AttendanceMark).where(AttendanceMark.kind == "out")).one()
        assert (mark.method, mark.late_ms, mark.list_id) == ("paper", 60 * MINUTE, typed)
        assert mark.recorded_by == school.cast.wanglei.account_id
    assert facts(school).late == 1
    with school.parts.database.transaction(write=False) as session:
        assert attendance.class_days(session, [school.cast.cohort], now()) == {school.cast.cohort: (CAME,)}
    assert clean(school)


def test_paper_takes_only_free_wall_time(school: School, wound: WoundClock) -> None:
    made = school.add()
    wound.forward(61 * MINUTE)
    phone = Phone(school.parts, school.cast.lifang, school.cast.enrollment, school.cast.lessons["say-hello"])
    phone.open()
    for at in (0, 20_000):
        wound.forward(20_000)
        phone.beat(at, at + 20_000)
    wound.forward(60 * MINUTE)
    school.decide(school.type_in(made, [row(school.cast)]))
    assert progress(school, made)[0] == 60 * MINUTE - 40_000
    used = walls(school)
    assert measure(used) == sum(end - start for start, end in used)
    assert clean(school)


def test_a_paper_list_takes_two_people_and_is_decided_once(school: School, wound: WoundClock) -> None:
    made = school.add()
    wound.forward(121 * MINUTE)
    typed = school.type_in(made, [row(school.cast)], actor=school.cast.zhoumin)
    with pytest.raises(Refused, match="list_second_person"):
        school.decide(typed)
    with pytest.raises(NotFound):
        school.decide(typed, actor=school.cast.sunyue)
    with school.parts.database.transaction() as session:
        decide = (session, school.cast.wanglei, Role.TRAINER, typed, Decision.REJECTED, "照片上没有她的签名，不算")
        attendance.decide_list(*decide, now=now())
    with school.parts.database.transaction() as session, pytest.raises(Refused, match="list_decided"):
        attendance.decide_list(
            session, school.cast.wanglei, Role.TRAINER, typed, Decision.APPROVED, "x" * 10, now=now()
        )
    assert walls(school) == []


def test_paper_is_for_what_is_over_and_for_who_has_not_signed_out(school: School, wound: WoundClock) -> None:
    made = school.add()
    wound.forward(60 * MINUTE)
    school.pass_by(made, MarkKind.IN)
    with pytest.raises(Refused, match="class_not_over"):
        school.type_in(made, [row(school.cast)])
    wound.forward(60 * MINUTE)
    typed = school.type_in(made, [row(school.cast)])
    with pytest.raises(Refused, match="class_not_over"):
        school.decide(typed)  # a heartbeat may still reach back
    school.pass_by(made, MarkKind.OUT)
    with pytest.raises(Refused, match="list_known"):
        school.type_in(made, [row(school.cast)])
    with pytest.raises(Refused, match="list_empty"):
        school.type_in(made, [])
    with pytest.raises(NotFound):
        school.type_in(made, [row(school.cast), row(school.cast)])
    before = walls(school)
    wound.forward(MINUTE)
    school.decide(typed)
    assert walls(school) == before


UNFIT: list[tuple[time, time, dict[str, object], str]] = [
    (time(13), time(13, 5), {}, "class_length"),
    (time(14), time(13), {}, "class_length"),
    (time(11), time(11, 30), {}, "class_in_past"),
    (time(13), time(14), {"title": " "}, "class_title_length"),
    (time(13), time(14), {"place": "x" * 81}, "class_place_length"),
    (time(13), time(14), {"teacher_id": uuid.uuid4()}, "class_teacher"),
    (time(13), time(14), {"makes_up_for": uuid.uuid4()}, "class_makes_up_for"),
]


def test_a_class_that_cannot_be_is_refused(school: School) -> None:
    for starts, ends, changes, code in UNFIT:
        with pytest.raises(Refused, match=code):
            school.add(plan(school.cast, starts, ends, **changes))


def test_clashes_of_teacher_and_of_cohort_are_refused(school: School) -> None:
    made = school.add()
    with pytest.raises(Refused, match="class_clash_cohort"):
        school.add(plan(school.cast, time(13, 59), time(15), teacher_id=school.cast.liuyang.account_id))
    school.add(plan(school.cast, time(14), time(15)))
    with school.parts.database.transaction() as session:
        attendance.cancel(session, school.cast.zhoumin, made, "老师生病，改到下周三", now=now())
    school.add()
    with pytest.raises(NotFound):
        school.add(actor=school.cast.sunyue)


def test_a_class_is_cancelled_with_a_reason_unless_somebody_came(school: School, wound: WoundClock) -> None:
    made, other = school.add(), school.add(plan(school.cast, time(14), time(15)))
    wound.forward(60 * MINUTE)
    ticket = school.code(made, MarkKind.IN)
    scan = school.scan(ticket)
    with school.parts.database.transaction() as session:
        attendance.cancel(session, school.cast.zhoumin, made, "老师生病，改到下周三", now=now())
    with pytest.raises(Refused, match="class_cancelled"):
        school.sign(ticket, scan)
    wound.forward(40 * MINUTE)
    school.pass_by(other, MarkKind.IN)
    for meeting_id, code in ((made, "class_cancelled"), (other, "class_has_marks")):
        with school.parts.database.transaction() as session, pytest.raises(Refused, match=code):
            attendance.cancel(session, school.cast.zhoumin, meeting_id, "老师生病，改到下周三", now=now())
    wound.forward(200 * MINUTE)
    assert facts(school) == AttendanceFacts(held=1, absent=1)


def test_a_leave_is_asked_and_answered_once(school: School, wound: WoundClock) -> None:
    made = school.add()
    database, cast = school.parts.database, school.cast
    with database.transaction() as session:
        attendance.ask_leave(session, cast.lifang, made, "孩子发烧", now=now())
    with database.transaction() as session, pytest.raises(Refused, match="leave_asked"):
        attendance.enter_leave(session, cast.zhoumin, Role.INSTITUTION, made, cast.enrollment, "再说", now=now())
    with database.transaction() as session, pytest.raises(NotFound):
        attendance.ask_leave(session, cast.chenmo, made, "孩子发烧", now=now())
    with database.transaction() as session:
        (own,) = attendance.list_own(session, cast.lifang, now=now())
        assert own.presence.leave is not None
        leave_id = own.presence.leave.id
    with database.transaction() as session, pytest.raises(NotFound):
        attendance.decide_leave(session, cast.sunyue, Role.INSTITUTION, leave_id, Decision.APPROVED, now=now())
    with database.transaction() as session:
        attendance.decide_leave(session, cast.zhoumin, Role.INSTITUTION, leave_id, Decision.APPROVED, now=now())
    with database.transaction() as session, pytest.raises(Refused, match="leave_decided"):
        attendance.decide_leave(session, cast.zhoumin, Role.INSTITUTION, leave_id, Decision.REJECTED, now=now())
    wound.forward(121 * MINUTE)
    assert facts(school) == AttendanceFacts(held=1, on_leave=1)
    with database.transaction() as session, pytest.raises(Refused, match="leave_too_late"):
        attendance.ask_leave(session, cast.lifang, made, "孩子发烧", now=now())


def test_a_leave_nobody_answered_is_taken_back_by_her_alone(school: School, wound: WoundClock) -> None:
    made = school.add()
    database, cast = school.parts.database, school.cast

    def withdraw(actor: Actor) -> None:
        with database.transaction() as session:
            attendance.withdraw_leave(session, actor, made, now=now())

    def ask() -> None:
        with database.transaction() as session:
            attendance.ask_leave(session, cast.lifang, made, "孩子发烧", now=now())

    ask()
    for stranger in (cast.chenmo, cast.sunyue, cast.zhoumin):
        with pytest.raises(NotFound):
            withdraw(stranger)
    withdraw(cast.lifang)
    with pytest.raises(NotFound):
        withdraw(cast.lifang)
    ask()
    with database.transaction() as session:
        leave = session.scalars(select(AttendanceLeave)).one()
        attendance.decide_leave(session, cast.zhoumin, Role.INSTITUTION, leave.id, Decision.APPROVED, now=now())
    with pytest.raises(Conflict, match="leave_decided"):
        withdraw(cast.lifang)
    with database.transaction(write=False) as session:
        acts = session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("class.leave%"))).all()
    assert sorted(acts) == ["class.leave", "class.leave", "class.leave_decide", "class.leave_withdraw"]


def test_a_leave_that_staff_entered_is_not_hers_to_take_back(school: School, wound: WoundClock) -> None:
    made = school.add()
    database, cast = school.parts.database, school.cast
    with database.transaction() as session:
        attendance.enter_leave(session, cast.zhoumin, Role.INSTITUTION, made, cast.enrollment, "打来电话", now=now())
    with database.transaction() as session, pytest.raises(NotFound):
        attendance.withdraw_leave(session, cast.lifang, made, now=now())


def test_a_make_up_class_counts_for_the_one_she_missed(school: School, wound: WoundClock) -> None:
    missed = school.add()
    with pytest.raises(Refused, match="class_makes_up_short"):
        school.add(plan(school.cast, time(15), time(15, 59), makes_up_for=missed))
    again = school.add(plan(school.cast, time(15), time(16), makes_up_for=missed))
    wound.forward(180 * MINUTE)
    school.pass_by(again, MarkKind.IN)
    wound.forward(60 * MINUTE)
    school.pass_by(again, MarkKind.OUT)
    assert facts(school) == AttendanceFacts(held=1, attended=1, attended_ms=60 * MINUTE)
    with school.parts.database.transaction(write=False) as session:
        rows = attendance.list_own(session, school.cast.lifang, now=now())
        assert [each.presence.standing.state for each in rows] == [State.ABSENT, State.ATTENDED]


def test_ledger_and_report_show_the_class_beside_the_lessons(school: School, wound: WoundClock) -> None:
    made = school.add()
    wound.forward(60 * MINUTE)
    school.pass_by(made, MarkKind.IN)
    wound.forward(60 * MINUTE)
    school.pass_by(made, MarkKind.OUT)
    keyring = school.parts.keyring
    with school.parts.database.transaction(write=False) as session:
        told = ledger.read(session, keyring, school.cast.lifang, school.cast.enrollment, role=Role.LEARNER)
        (line,) = reports.completion_rows(session, keyring, school.cast.zhoumin, now=now())
    assert told.lessons[-1].title == "翻身与拍背"
    assert (told.totals.credited_ms, told.totals.confirmed_ms) == (60 * MINUTE, 60 * MINUTE)
    assert told.lessons[-1].missing_ms == 0
    assert (line.credited_ms, line.confirmed_ms, line.by_class) == (60 * MINUTE, 60 * MINUTE, {"attended": 60 * MINUTE})
    assert not line.verdict.is_yes


@pytest.mark.parametrize("seed", range(2))  # the rule itself has its property in the domain
def test_whatever_she_does_attended_and_online_seconds_are_disjoint(
    school: School, wound: WoundClock, seed: int
) -> None:
    """Heartbeats, gaps, a class by code and one on paper, in any order: no millisecond of her clock is used twice."""
    dice = Random(seed)
    by_code, on_paper = school.add(), school.add(plan(school.cast, time(14), time(15)))
    wound.forward(58 * MINUTE)
    phone = Phone(school.parts, school.cast.lifang, school.cast.enrollment, school.cast.lessons["say-hello"])
    signs = sorted(dice.sample(range(70), 2))
    for minute in range(75):
        if minute in signs:
            school.pass_by(by_code, MarkKind.IN if minute == signs[0] else MarkKind.OUT)
        act, at = dice.choice(["beat", "gap", "rest", "rest"]), dice.randrange(60_000)
        if act != "rest":
            phone.open()
            wound.forward(30_000)
            phone.beat(at, at + 20_000)
        if act == "gap":
            kept = phone.gap((at, at + 20_000, 0, 20_000))
            wound.forward(25_000)
            phone.upload(kept)
        wound.forward(dice.choice([5_000, MINUTE]))
    while now() < school.meeting(on_paper).ends_at:
        wound.forward(10 * MINUTE)
    wound.forward(MINUTE)
    school.decide(school.type_in(on_paper, [row(school.cast, time(13, 45), time(15))]))
    used = walls(school)
    assert measure(used) == sum(end - start for start, end in used)
    assert clean(school)


def test_who_signed_in_is_not_taken_out_of_the_cohort_and_who_only_asked_for_leave_is(
    school: School, wound: WoundClock
) -> None:
    made, later = school.add(), school.add(plan(school.cast, time(15), time(16)))
    cast, database = school.cast, school.parts.database
    with database.transaction() as session:
        attendance.ask_leave(session, cast.lifang, later, "孩子发烧", now=now())
        attendance.add(session, cast.sunyue, cast.foreign_cohort, foreign_plan(school), now=now())
    with database.transaction() as session:
        foreign = session.scalars(select(ClassMeeting).where(ClassMeeting.cohort_id == cast.foreign_cohort)).one().id
        attendance.ask_leave(session, cast.chenmo, foreign, "孩子发烧", now=now())
    with database.transaction() as session:
        enrollments.remove(session, cast.sunyue, cast.foreign_cohort, cast.foreign_enrollment, now=now())
    wound.forward(60 * MINUTE)
    school.pass_by(made, MarkKind.IN)
    with database.transaction() as session, pytest.raises(Refused, match="learner_has_study"):
        enrollments.remove(session, cast.zhoumin, cast.cohort, cast.enrollment, now=now())


def test_nobody_signs_by_a_code_that_she_can_call_up_herself(school: School, wound: WoundClock) -> None:
    """Staff who learn in a class, or who teach it, would sign in from anywhere."""
    made = school.add()
    wound.forward(60 * MINUTE)
    ticket, cast = school.code(made, MarkKind.IN), school.cast
    clerk = replace(cast.lifang, roles=frozenset({(Role.INSTITUTION, cast.kangning)}))
    teacher = replace(cast.lifang, account_id=cast.wanglei.account_id, roles=cast.wanglei.roles)
    scan = school.scan(ticket)
    for actor in (clerk, teacher):
        with pytest.raises(Forbidden, match="class_own_code"):
            school.scan(ticket, actor)
        with pytest.raises(Forbidden, match="class_own_code"):
            school.sign(ticket, scan, actor)
    elsewhere = frozenset({(Role.INSTITUTION, cast.anhe), (Role.TRAINER, cast.kangning)})
    school.pass_by(made, MarkKind.IN, replace(cast.lifang, roles=elsewhere))


def test_who_was_entered_after_a_class_is_on_no_paper_of_it(school: School, wound: WoundClock) -> None:
    """Her time would count, and the attendance book would know nothing of it."""
    made, cast = school.add(), school.cast
    wound.forward((120 + 1) * MINUTE)
    with school.parts.database.transaction() as session:
        assert cast.chenmo.person_id is not None
        late = Stage(session).enroll(cast.cohort, cast.chenmo.person_id)
        session.get_one(Enrollment, late).created_at = now()
    with pytest.raises(NotFound):
        school.type_in(made, [PaperRow(late, time(13), time(14))])
    with school.parts.database.transaction(write=False) as session:
        people = attendance.roster(session, session.get_one(ClassMeeting, made), now=now())
    assert [each.enrollment.id for each in people] == [cast.enrollment]
    school.type_in(made, [row(cast)])


def test_nobody_is_on_paper_where_she_was_in_another_class(school: School, wound: WoundClock) -> None:
    """Two institutions, each with two people who agree, have her in both their books for one and the same hour."""
    cast, parts = school.cast, school.parts
    own, foreign = school.add(), school.add(foreign_plan(school), cast.foreign_cohort, cast.sunyue)
    wound.forward(60 * MINUTE)
    school.pass_by(own, MarkKind.IN)
    wound.forward(60 * MINUTE)
    school.pass_by(own, MarkKind.OUT)
    wound.forward(5 * MINUTE)
    with parts.database.transaction() as session:
        assert cast.lifang.person_id is not None
        twice = Stage(session).enroll(cast.foreign_cohort, cast.lifang.person_id)
    rows = [PaperRow(twice, time(13), time(14))]
    second = replace(cast.sunyue, account_id=cast.zhaoqin.account_id)
    with pytest.raises(Conflict, match="list_elsewhere"):
        school.decide(school.type_in(foreign, rows, cast.sunyue), actor=second)
    school.decide(
        school.type_in(foreign, [PaperRow(cast.foreign_enrollment, time(13), time(14))], cast.sunyue), actor=second
    )
    assert clean(school)


def test_what_nobody_sees_is_no_part_of_a_title(school: School) -> None:
    made = school.add(plan(school.cast, title="翻身\x00\u202e课", place="三\u200b楼\x07"))
    assert (school.meeting(made).title, school.meeting(made).place) == ("翻身课", "三楼")
    with pytest.raises(Refused, match="class_title_length"):
        school.add(plan(school.cast, time(15), time(16), title="\x00"))


def foreign_plan(school: School) -> attendance.Plan:
    return plan(school.cast, teacher_id=school.cast.zhaoqin.account_id)


def test_two_accounts_of_one_human_are_not_two_people(school: School, wound: WoundClock) -> None:
    made = school.add()
    wound.forward(121 * MINUTE)
    office = replace(school.cast.wanglei, roles=school.cast.zhoumin.roles)
    first, again = one_human(school.parts, school.cast, [office, school.cast.zhoumin])
    typed = school.type_in(made, [row(school.cast)], actor=first)
    with pytest.raises(Refused, match="list_second_person"):
        school.decide(typed, actor=again)
