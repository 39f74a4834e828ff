"""Gating exams through the services: opening, saving, closing, grading, and grading anew."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from lms.domain.bank import FULL
from lms.domain.courses import Asset
from lms.domain.errors import Forbidden, NotFound, Refused
from lms.domain.exams import GRACE_MS, HOUR_MS, ExamFacts, RulingKind
from lms.domain.roles import Role
from lms.models.audit import AuditEvent
from lms.models.bank import BankAnswer
from lms.models.enrollments import Cohort, Enrollment
from lms.models.exams import ExamAnswer, ExamClosing, ExamGrade, ExamSitting
from lms.parts import Parts
from lms.services import exams
from lms.services.scopes import Actor
from lms.worker import sweeping
from tests.domain.bank_entries import SINGLE
from tests.support import examiners
from tests.support.cast import LESSON_MS, Cast, Stage
from tests.support.classes import School, plan
from tests.support.exams import KINDS, MINUTES, QUESTIONS, SEED, Hall, Sitter, course, fields_for, stage, study
from tests.support.study import WoundClock, now

MINUTE_MS = 60_000


@pytest.fixture
def hall(parts: Parts, cast: Cast, wound: WoundClock) -> Hall:
    with parts.database.transaction() as session:
        return stage(session, cast, items=KINDS * 2)


@pytest.fixture
def lifang(parts: Parts, cast: Cast, hall: Hall) -> Sitter:
    return Sitter(parts, cast.lifang, hall.enrollment)


def test_a_whole_exam_of_all_seven_kinds(lifang: Sitter, parts: Parts) -> None:
    sitting = lifang.sit()
    result = lifang.result(sitting)
    assert result is not None
    assert (result.score_percent, result.passed, result.cause, result.number) == (100, True, "handed_in", 1)
    with parts.database.transaction(write=False) as session:
        scores = session.scalars(select(BankAnswer.score_permille).where(BankAnswer.attempt_id == sitting)).all()
    assert list(scores) == [FULL] * QUESTIONS


def test_what_is_wrong_earns_nothing(lifang: Sitter) -> None:
    result = lifang.result(lifang.sit(right=0))
    assert result is not None
    assert (result.passed, result.topics[0].text) == (False, "能向老人问好")
    assert result.score_percent < 15


def test_another_phone_goes_on_with_the_same_sitting(lifang: Sitter, parts: Parts) -> None:
    first = lifang.open()
    item, slot = lifang.paper(first)[0]
    lifang.give(first, 0, fields_for(item, slot))
    other = replace(lifang, seed="f" * 16)
    assert other.open() == first
    with parts.database.transaction(write=False) as session:
        sheet = exams.get_sheet(session, other.actor, first)
    assert [question.is_answered for question in sheet.questions] == [True] + [False] * (QUESTIONS - 1)


def test_an_answer_sent_twice_is_saved_once(lifang: Sitter, parts: Parts) -> None:
    sitting = lifang.open()
    item, slot = lifang.paper(sitting)[0]
    told = fields_for(item, slot)
    assert lifang.give(sitting, 0, told, key="k").number == lifang.give(sitting, 0, told, key="k").number == 1
    with pytest.raises(Refused, match="exam_answer_changed"):
        lifang.give(sitting, 0, fields_for(item, slot, right=False), key="k")
    with pytest.raises(Refused, match="exam_place_unknown"):
        lifang.give(sitting, QUESTIONS, {})
    with parts.database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(ExamAnswer)) == 1


def test_what_comes_after_the_time_and_its_grace_is_refused(lifang: Sitter, wound: WoundClock) -> None:
    sitting = lifang.open()
    item, slot = lifang.paper(sitting)[0]
    wound.forward(MINUTES * MINUTE_MS + GRACE_MS)
    lifang.give(sitting, 0, fields_for(item, slot))
    wound.forward(1)
    with pytest.raises(Refused, match="exam_time_over"):
        lifang.give(sitting, 1, {}, held_ms=MINUTES * MINUTE_MS)
    result = lifang.result(sitting)
    assert result is not None
    assert (result.cause, result.score_percent) == ("time_up", 100 // QUESTIONS)


def test_the_worker_closes_as_of_the_moment_when_the_time_was_up(
    lifang: Sitter, parts: Parts, wound: WoundClock
) -> None:
    sitting = lifang.open()
    with parts.database.transaction() as session:
        assert exams.sweep(session, now=session.get_one(ExamSitting, sitting).opened_at) == 0
    wound.forward(5 * HOUR_MS)
    with time_machine.travel(now()):  # it looks at the last days only, whenever this test runs
        sweeping.close_exams(parts)
    with parts.database.transaction() as session:
        assert exams.sweep(session, now=now()) == 0
        kept, closing = session.get_one(ExamSitting, sitting), session.get_one(ExamClosing, sitting)
        assert closing.closed_ms == kept.due_ms == kept.opened_ms + MINUTES * MINUTE_MS
        assert (closing.closed_at - kept.opened_at).total_seconds() == MINUTES * 60


def test_a_queued_answer_does_not_overwrite_a_later_one(lifang: Sitter, parts: Parts, wound: WoundClock) -> None:
    sitting = lifang.open()
    item, slot = lifang.paper(sitting)[0]
    wound.forward(60_000)
    lifang.give(sitting, 0, fields_for(item, slot))  # on the second phone
    wound.forward(10_000)
    lifang.give(sitting, 0, fields_for(item, slot, right=False), held_ms=30_000)  # the first one's queue
    lifang.hand_in(sitting)
    with parts.database.transaction(write=False) as session:
        grade = session.get_one(ExamGrade, (sitting, 1))
    assert grade.scores[0] == FULL


def test_tries_are_counted_and_the_cool_down_kept(lifang: Sitter, wound: WoundClock) -> None:
    for number in range(3):
        assert lifang.result(lifang.sit(right=0)) is not None
        if number < 2:
            with pytest.raises(Refused, match="exam_cooling_down"):
                lifang.open()
        wound.forward(24 * HOUR_MS)
    with pytest.raises(Refused, match="exam_no_tries_left"):
        lifang.open()


def test_questions_she_had_come_last(lifang: Sitter, wound: WoundClock) -> None:
    first = {slot.question for _, slot in lifang.paper(lifang.sit(right=0))}
    wound.forward(24 * HOUR_MS)
    second = {slot.question for _, slot in lifang.paper(lifang.open())}
    assert first & second == set()


def test_study_comes_first(parts: Parts, cast: Cast, lifang: Sitter) -> None:
    with parts.database.transaction() as session:
        study(session, session.get_one(Enrollment, lifang.enrollment).course_version_id, LESSON_MS)
    with pytest.raises(Refused, match="exam_study_first"):
        lifang.open()


def test_too_small_a_bank_is_told(parts: Parts, cast: Cast, wound: WoundClock) -> None:
    with parts.database.transaction() as session:
        hall = stage(session, cast, items=KINDS, text=course(questions=8))
    with pytest.raises(Refused, match="exam_bank_short"):
        Sitter(parts, cast.lifang, hall.enrollment).open()


def test_a_class_without_the_policy_has_no_exam(parts: Parts, cast: Cast, hall: Hall, lifang: Sitter) -> None:
    with parts.database.transaction() as session:
        session.get_one(Cohort, hall.cohort).policy_code = "base-2023"
    with parts.database.transaction(write=False) as session:
        assert exams.find_door(session, cast.lifang, hall.enrollment, now=now()) is None
    with pytest.raises(NotFound):
        lifang.open()


def test_a_stranger_finds_nothing(parts: Parts, cast: Cast, hall: Hall, lifang: Sitter) -> None:
    sitting = lifang.open()
    for stranger in (cast.chenmo, cast.sunyue, cast.zhaoqin, cast.zhoumin):
        other = replace(lifang, actor=stranger)
        for act in (other.open, lambda o=other: o.give(sitting, 0, {}), lambda o=other: o.hand_in(sitting)):
            with pytest.raises(NotFound):
                act()
        with pytest.raises(NotFound):
            other.result(sitting)


def facts_of(parts: Parts, hall: Hall) -> ExamFacts:
    with parts.database.transaction(write=False) as session:
        return exams.facts(session, [session.get_one(Enrollment, hall.enrollment)])[hall.enrollment]


def test_facts_for_those_who_judge(lifang: Sitter, parts: Parts, hall: Hall, wound: WoundClock) -> None:
    assert facts_of(parts, hall) == ExamFacts()
    lifang.sit(right=3)
    wound.forward(24 * HOUR_MS)
    lifang.open()
    found = facts_of(parts, hall)
    assert (found.tries, found.passed, found.open_sitting) == (2, False, True)
    assert found.best_percent is not None
    assert found.last_closed_at == now() - timedelta(hours=24)


def ruled(parts: Parts, cast: Cast, slot: tuple[str, int], kind: RulingKind) -> int:
    with parts.database.transaction() as session:
        return exams.rule(session, cast.zhoumin, uuid.UUID(slot[0]), slot[1], kind, "题目印错了", now=now())


def test_a_ruling_grades_anew_with_its_reason(lifang: Sitter, parts: Parts, cast: Cast, wound: WoundClock) -> None:
    sitting = lifang.sit(right=QUESTIONS - 1)
    _, last = lifang.paper(sitting)[-1]
    wound.forward(1_000)
    assert ruled(parts, cast, (last.question, 1), RulingKind.LEAVE_OUT) == 1
    assert ruled(parts, cast, (last.question, 1), RulingKind.LEAVE_OUT) == 0
    wound.forward(1_000)
    assert ruled(parts, cast, (last.question, 1), RulingKind.ACCEPT_ALL) == 1
    with parts.database.transaction(write=False) as session:
        rows = session.scalars(select(ExamGrade).where(ExamGrade.sitting_id == sitting).order_by(ExamGrade.number))
        grades = [(row.number, row.scores[-1], row.score_percent, row.ruling_id is None) for row in rows]
        noted = session.scalars(select(AuditEvent.detail).where(AuditEvent.action == "exam.ruling")).all()
    assert [each[0] for each in grades] == [1, 2, 3]
    assert grades[1:] == [(2, None, 100, False), (3, FULL, 100, False)]
    assert [each["changed"] for each in noted] == [1, 0, 1]
    wound.forward(1_000)
    assert ruled(parts, cast, (last.question, 1), RulingKind.AS_WRITTEN) == 1


def test_a_question_ruled_out_is_drawn_no_more(lifang: Sitter, parts: Parts, cast: Cast, wound: WoundClock) -> None:
    sitting = lifang.sit(right=0)
    out = {slot.question for _, slot in lifang.paper(sitting)[:2]}
    for question in out:
        ruled(parts, cast, (question, 1), RulingKind.LEAVE_OUT)
    wound.forward(24 * HOUR_MS)
    lifang.sit(right=0)
    wound.forward(24 * HOUR_MS)
    assert not out & {slot.question for _, slot in lifang.paper(lifang.open())}


def test_only_the_institutions_own_staff_rules(lifang: Sitter, parts: Parts, cast: Cast) -> None:
    sitting = lifang.sit(right=0)
    question = uuid.UUID(lifang.paper(sitting)[0][1].question)
    for stranger in (cast.sunyue, cast.wanglei, cast.lifang):
        with parts.database.transaction() as session, pytest.raises(NotFound):
            exams.rule(session, stranger, question, 1, RulingKind.LEAVE_OUT, "错", now=now())
    for reason, code in (("  ", "exam_reason_missing"), ("长" * 501, "exam_reason_too_long")):
        with parts.database.transaction() as session, pytest.raises(Refused, match=code):
            exams.rule(session, cast.zhoumin, question, 1, RulingKind.LEAVE_OUT, reason, now=now())
    with parts.database.transaction(write=False) as session:
        assert len(exams.list_questions(session, cast.zhoumin)) == QUESTIONS
        assert exams.list_questions(session, cast.sunyue) == []


@pytest.fixture
def heping(parts: Parts, cast: Cast, password_hash: str, hall: Hall) -> Actor:
    with parts.database.transaction() as session:
        return examiners.stage(session, parts.keyring, cast, password_hash).heping


def open_oral(parts: Parts, actor: Actor, enrollment: uuid.UUID) -> uuid.UUID:
    with parts.database.transaction() as session:
        return exams.open_oral(session, actor, enrollment, seed=SEED, now=now())


def test_an_oral_exam_is_entered_by_the_examiner_alone(
    lifang: Sitter, heping: Actor, parts: Parts, cast: Cast, hall: Hall
) -> None:
    sitting = open_oral(parts, heping, hall.enrollment)
    with pytest.raises(Refused, match="exam_open_already"):
        lifang.open()
    with pytest.raises(NotFound):
        lifang.give(sitting, 0, {})
    examiner = replace(lifang, actor=heping)
    examiner.answer(sitting)
    with parts.database.transaction(write=False) as session:
        (row,) = exams.list_oral(session, heping, hall.cohort) or []
        assert row.open_sitting == sitting
        with pytest.raises(NotFound):
            exams.list_oral(session, cast.sunyue, hall.cohort)
    examiner.hand_in(sitting)
    for actor in (heping, cast.lifang):
        result = replace(lifang, actor=actor).result(sitting)
        assert result is not None
        assert (result.mode, result.passed) == ("oral", True)


def test_nobody_examines_herself_or_those_she_teaches(
    heping: Actor, parts: Parts, cast: Cast, hall: Hall, lifang: Sitter
) -> None:
    herself = replace(heping, person_id=cast.lifang.person_id)
    with pytest.raises(Forbidden, match="exam_examiner_learns"):
        open_oral(parts, herself, hall.enrollment)
    with pytest.raises(NotFound):
        open_oral(parts, cast.zhoumin, hall.enrollment)
    trainer = replace(heping, roles=heping.roles | {(Role.TRAINER, cast.kangning)})
    with pytest.raises(Forbidden, match="exam_examiner_teaches"):
        open_oral(parts, trainer, hall.enrollment)


def test_classmates_do_not_examine_each_other(heping: Actor, parts: Parts, cast: Cast, hall: Hall) -> None:
    assert cast.chenmo.person_id is not None
    with parts.database.transaction() as session:
        Stage(session).enroll(hall.cohort, cast.chenmo.person_id)
    with pytest.raises(Forbidden, match="exam_examiner_learns"):
        open_oral(parts, replace(heping, person_id=cast.chenmo.person_id), hall.enrollment)


def test_who_taught_the_class_does_not_examine_it_once_she_is_no_trainer_any_more(
    heping: Actor, parts: Parts, cast: Cast, hall: Hall
) -> None:
    school = School(parts, cast)
    school.add(plan(cast), cohort=hall.cohort)
    retired = replace(heping, account_id=cast.wanglei.account_id)
    with pytest.raises(Forbidden, match="exam_examiner_teaches"):
        open_oral(parts, retired, hall.enrollment)
    open_oral(parts, heping, hall.enrollment)


def test_the_reason_of_a_ruling_holds_nobodys_number(lifang: Sitter, parts: Parts, cast: Cast) -> None:
    """It is kept for good."""
    _, slot = lifang.paper(lifang.sit())[0]
    for reason in ("李芳 219999198501010026 说题目错了", "题目错了\x00"):
        with parts.database.transaction() as session, pytest.raises(Refused, match="words_personal"):
            exams.rule(session, cast.zhoumin, uuid.UUID(slot.question), 1, RulingKind.LEAVE_OUT, reason, now=now())


def test_a_trace_looks_for_no_more_than_a_paper_could_hold(lifang: Sitter, parts: Parts, cast: Cast) -> None:
    stems = [item.stem for item, _ in lifang.paper(lifang.open())]
    with parts.database.transaction() as session:
        assert exams.trace(session, cast.zhoumin, "ABCD\x00EFGH", now=now()) == []
        with pytest.raises(Refused, match="exam_trace_too_little"):
            exams.trace(session, cast.zhoumin, "\n".join(["没有的题"] * 100 + stems), now=now())


def test_a_leaked_paper_is_traced(lifang: Sitter, parts: Parts, cast: Cast, hall: Hall) -> None:
    sitting = lifang.open()
    with parts.database.transaction() as session:
        chenmo = cast.chenmo.person_id
        assert chenmo is not None
        other = Stage(session).enroll(hall.cohort, chenmo)
    second = Sitter(parts, cast.chenmo, other, seed="abcd" * 4).open()
    stems = [item.stem for item, _ in lifang.paper(sitting)]
    with parts.database.transaction() as session:
        mark = session.get_one(ExamSitting, sitting).watermark
        for text in (f" {mark[:4]}-{mark[4:].lower()} ", "\n".join(stems)):
            assert [row.sitting_id for row in exams.trace(session, cast.zhoumin, text, now=now())] == [sitting]
        assert exams.trace(session, cast.sunyue, mark, now=now()) == []
        with pytest.raises(Refused, match="exam_trace_too_little"):
            exams.trace(session, cast.zhoumin, "没有的题\n也没有的\n还是没有", now=now())
    assert second != sitting
    with parts.database.transaction(write=False) as session:
        noted = session.scalars(select(AuditEvent.detail).where(AuditEvent.action == "exam.trace")).all()
    assert sorted((each["by"], each["found"]) for each in noted) == [("order", 1), ("watermark", 0), ("watermark", 1)]


def test_one_person_sits_one_exam_at_a_time(lifang: Sitter, parts: Parts, cast: Cast, hall: Hall) -> None:
    with parts.database.transaction() as session:
        first = session.get_one(Cohort, hall.cohort)
        second = Cohort(
            organisation_id=first.organisation_id,
            course_version_id=first.course_version_id,
            name="二班",
            opens_on=first.opens_on,
            closes_on=first.closes_on,
            policy_code=first.policy_code,
            created_at=first.created_at,
        )
        session.add(second)
        session.flush()
        assert cast.lifang.person_id is not None
        other = Stage(session).enroll(second.id, cast.lifang.person_id)
    lifang.open()
    with pytest.raises(Refused, match="exam_open_elsewhere"):
        replace(lifang, enrollment=other).open()


def test_a_picture_is_for_whoever_answers_the_paper(parts: Parts, cast: Cast, wound: WoundClock) -> None:
    picture = Asset("assets/picture.png", "0" * 64, "image/png", 10)
    with parts.database.transaction() as session:
        hall = stage(session, cast, items=[replace(SINGLE, picture=picture)] * 7)
    sitting = Sitter(parts, cast.lifang, hall.enrollment).open()
    with parts.database.transaction(write=False) as session:
        assert exams.get_picture(session, cast.lifang, sitting, 0, now=now()) == picture
        for actor, place in ((cast.chenmo, 0), (cast.zhoumin, 0), (cast.lifang, 7)):
            with pytest.raises(NotFound):
                exams.get_picture(session, actor, sitting, place, now=now())
