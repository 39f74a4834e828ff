"""The look at exams: what is strange in real rows becomes flags with evidence, once, and changes no grade."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.bank import Entry, Item, ItemType
from lms.domain.courses import Option
from lms.domain.flags import FlagKind
from lms.domain.roles import Role
from lms.models.bank import BankQuestion, BankRevision
from lms.models.base import new_id
from lms.models.cases import Case, Flag
from lms.models.enrollments import Enrollment
from lms.models.exams import ExamGrade
from lms.parts import Parts
from lms.services import cases
from lms.services.bank import bodies
from tests.support.cast import NOON, Cast
from tests.support.scribe import classmate
from tests.support.training import Training, stage

QUESTIONS = 14
MINUTE = 60_000


def asked(session: Session, cast: Cast) -> list[dict[str, object]]:
    """A paper of 14 single choices with four options each, the first of which is right, shown in another order."""
    paper: list[dict[str, object]] = []
    for number in range(QUESTIONS):
        options = tuple(Option(f"选项{letter}", "", letter == "甲") for letter in "甲乙丙丁")
        entry = Entry(Item(ItemType.SINGLE, f"第 {number} 题，" + "问" * 60, options), "m1-greet")
        question = BankQuestion(
            id=new_id(),
            organisation_id=cast.kangning,
            course_slug="whole-course",
            objective="m1-greet",
            type="single",
            difficulty=3,
            tags="",
            words="",
            content_hash=str(number),
            created_at=NOON,
            changed_at=NOON,
        )
        session.add(question)
        session.flush()
        known = {"act": "create", "content_hash": "", "changed_by": cast.wanglei.account_id, "changed_at": NOON}
        session.add(BankRevision(question_id=question.id, number=1, body=bodies.to_json(entry), **known))
        paper.append({"question": str(question.id), "revision": 1, "objective": "", "order": [3, 2, 1, 0], "parts": []})
    session.flush()
    return paper


def sit(
    training: Training,
    paper: Sequence[dict[str, object]],
    number: int,
    picked: str,
    *,
    pace_ms: int = MINUTE,
    closed_ms: int | None = None,
    **how: object,
) -> uuid.UUID:
    """A classmate's sitting: `picked` are options of the bank, 0 is right; one answer every `pace_ms`."""
    enrollment = classmate(training.session, training.cohort, number, now=NOON)
    person = training.session.get_one(Enrollment, enrollment).person_id
    scores = [1000 if each == "0" else 0 for each in picked]
    score = sum(scores) // 10 // len(picked)
    end = closed_ms or QUESTIONS * pace_ms + number * MINUTE
    place = {"enrollment": enrollment, "person": person, "closed_ms": end, **how}
    made = training.sit(1, score, paper=paper, scores=scores, **place)  # type: ignore[arg-type]
    for at, each in enumerate(picked):
        training.answer(made, at, [3 - int(each)], (at + 1) * pace_ms)
    training.session.flush()
    return made


def look(session: Session) -> list[tuple[str, str]]:
    found = [each for each in cases.look(session, NOON) if each.kind.value.startswith("exam")]
    return sorted((each.kind.value, str(each.detail["sitting"])) for each in found)


SPREAD = ("12312312312312", "23123123123123", "31231231231231")


def test_the_same_mistakes_open_a_case_for_both(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        training = stage(session, cast)
        paper = asked(session, cast)
        for number in range(12):
            sit(
                training,
                paper,
                number,
                SPREAD[number % 3][:7] + "0000000" if number % 2 else "0000000" + SPREAD[number % 3][7:],
            )
        one = sit(training, paper, 20, "13213213213213")
        other = sit(training, paper, 21, "13213213213213")
        assert look(session) == sorted([("exam_alike", str(one)), ("exam_alike", str(other))])
        before = session.scalars(select(ExamGrade.score_percent)).all()
        assert cases.sweep(session, NOON) == 2
        assert cases.sweep(session, NOON) == 0
        assert session.scalars(select(ExamGrade.score_percent)).all() == before
        flag = session.scalars(select(Flag)).first()
        assert flag is not None
        assert flag.detail["same_wrong"] == QUESTIONS
        assert {flag.detail["sitting"], flag.detail["other_sitting"]} == {str(one), str(other)}
        case = session.scalars(select(Case.id)).first()
        assert case is not None
        seen = cases.get_case(session, cast.zhoumin, Role.INSTITUTION, case)
        assert seen.row.kinds == (FlagKind.EXAM_ALIKE,)
        assert seen.flags[0].enrollment_id is None


def test_a_paper_answered_faster_than_it_can_be_read(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        training = stage(session, cast)
        paper = asked(session, cast)
        sit(training, paper, 1, "0" * QUESTIONS)
        fast = sit(training, paper, 2, "0" * QUESTIONS, pace_ms=1_000)
        assert look(session) == [("exam_too_fast", str(fast))]


def test_ten_who_hand_in_in_one_moment(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        training = stage(session, cast)
        paper = asked(session, cast)
        made = [sit(training, paper, number, "0" * QUESTIONS, closed_ms=30 * MINUTE) for number in range(10)]
        assert look(session) == sorted(("exam_handed_in_together", str(each)) for each in made)


def test_what_was_looked_at_is_left_alone(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        training = stage(session, cast)
        paper, before = asked(session, cast), NOON - timedelta(days=2)
        for number in range(10):
            sit(training, paper, number, "0" * QUESTIONS, closed_ms=30 * MINUTE, closed_at=before)
        assert look(session) == []


def test_what_nobody_did_herself_is_left_alone(parts: Parts, cast: Cast) -> None:
    """The end of the time is nobody's doing, and an oral exam is entered by the examiner."""
    with parts.database.transaction() as session:
        training = stage(session, cast)
        paper = asked(session, cast)
        for number in range(20):
            how = {"cause": "time_up"} if number % 2 else {"examiner": cast.liuyang.account_id}
            sit(training, paper, number, "0" * QUESTIONS, closed_ms=30 * MINUTE, **how)
        assert look(session) == []
