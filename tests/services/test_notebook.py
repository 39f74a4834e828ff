"""The notebook over the tables: read from attempts and reviews; a review earns and changes nothing else."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from lms.domain.errors import NotFound, Refused
from lms.models.enrollments import Cohort, Enrollment
from lms.models.evidence import EvidenceEntry
from lms.models.quizzes import QuizAttempt, QuizReview
from lms.models.records import Record
from lms.models.study import LessonProgress
from lms.parts import Parts
from lms.services import analytics, notebook, quizzes
from lms.services.notebook import Notebook, Told
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast
from tests.support.classroom import Classroom

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
LATER = NOON + MINUTE
ALL_RIGHT = {"q1": [0], "q2": [0, 1], "q3": [0]}


def attempt(
    parts: Parts, cast: Cast, answers: dict[str, Sequence[int]], at: datetime = NOON, who: Actor | None = None
) -> None:
    picked = {question: frozenset(numbers) for question, numbers in answers.items()}
    enrollment = cast.enrollment if who is None else cast.foreign_enrollment
    with parts.database.transaction() as session:
        quizzes.submit_attempt(session, who or cast.lifang, enrollment, cast.lessons["quiz-hello"], picked, now=at)


def own(parts: Parts, cast: Cast, at: datetime = NOON) -> Notebook:
    with parts.database.transaction(write=False) as session:
        return notebook.get_own(session, cast.lifang, cast.enrollment, now=at)


def told(cast: Cast, question: str, *picked: int, key: str = "key1") -> Told:
    return Told(cast.lessons["quiz-hello"], question, frozenset(picked), key)


def review(parts: Parts, cast: Cast, said: Told, at: datetime = LATER, who: Actor | None = None) -> uuid.UUID | None:
    with parts.database.transaction() as session:
        return notebook.record_review(session, who or cast.lifang, cast.enrollment, said, now=at)


def asked(mine: Notebook) -> list[str]:
    return [page.question.id for page in mine.due]


def rows(parts: Parts, *tables: type) -> list[int | None]:
    with parts.database.transaction(write=False) as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_what_was_missed_waits_the_same_day(parts: Parts, cast: Cast) -> None:
    attempt(parts, cast, {**ALL_RIGHT, "q2": [0], "q1": [2]})
    mine = own(parts, cast)
    assert sorted(asked(mine)) == ["q1", "q2"]
    assert mine.pages[0].title == "小测验：问好"
    assert (mine.later, mine.learned) == ((), ())


def test_a_right_review_comes_back_tomorrow_and_after_five_it_is_learned(parts: Parts, cast: Cast) -> None:
    attempt(parts, cast, {**ALL_RIGHT, "q1": [2]})
    for number, day in enumerate((0, 1, 4, 11, 32)):
        at = LATER + day * DAY
        assert asked(own(parts, cast, at)) == ["q1"]
        assert asked(own(parts, cast, at - DAY)) == []
        assert review(parts, cast, told(cast, "q1", 0, key=f"k{number}"), at)
        assert asked(own(parts, cast, at)) == []
        assert (own(parts, cast, at).reviewed, own(parts, cast, at).right) == (1, 1)
    assert [page.question.id for page in own(parts, cast).learned] == ["q1"]


def test_a_wrong_review_waits_again_the_same_day(parts: Parts, cast: Cast) -> None:
    attempt(parts, cast, {**ALL_RIGHT, "q1": [2]})
    review(parts, cast, told(cast, "q1", 1))
    mine = own(parts, cast)
    assert asked(mine) == ["q1"]
    assert (mine.reviewed, mine.right) == (1, 0)


def test_another_try_at_the_quiz_counts_as_an_answer(parts: Parts, cast: Cast) -> None:
    attempt(parts, cast, {**ALL_RIGHT, "q1": [2]})
    attempt(parts, cast, ALL_RIGHT, NOON + 5 * MINUTE)
    assert asked(own(parts, cast)) == []
    assert asked(own(parts, cast, NOON + DAY)) == ["q1"]


def test_an_answer_sent_twice_is_one_and_the_first_stands(parts: Parts, cast: Cast) -> None:
    attempt(parts, cast, {**ALL_RIGHT, "q1": [2]})
    first = review(parts, cast, told(cast, "q1", 0))
    later = LATER + MINUTE
    assert review(parts, cast, told(cast, "q1", 0), later) == first
    assert review(parts, cast, told(cast, "q1", 2), later) == first
    assert rows(parts, QuizReview) == [1]
    assert asked(own(parts, cast)) == []


def test_what_is_not_due_any_more_is_not_kept(parts: Parts, cast: Cast) -> None:
    attempt(parts, cast, {**ALL_RIGHT, "q1": [2]})
    review(parts, cast, told(cast, "q1", 0, key="a"))
    assert review(parts, cast, told(cast, "q1", 2, key="b")) is None
    assert rows(parts, QuizReview) == [1]


def test_the_same_question_is_asked_alike_until_it_is_answered(parts: Parts, cast: Cast) -> None:
    attempt(parts, cast, {**ALL_RIGHT, "q1": [2]})
    once, again = (notebook.find_next(own(parts, cast)) for _ in range(2))
    assert once == again
    assert once is not None
    assert sorted(once.order) == [0, 1, 2]
    review(parts, cast, told(cast, "q1", 2, key=once.key))
    after = notebook.find_next(own(parts, cast))
    assert after is not None
    assert after.key != once.key


NONSENSE: list[tuple[str, tuple[int, ...], str, str]] = [
    ("q1", (), "k", "answer_none_picked"),
    ("q1", (7,), "k", "answer_unknown_option"),
    ("q1", (0, 1), "k", "answer_one_option_only"),
    ("q1", (0,), "", "review_key_malformed"),
    ("q1", (0,), "k" * 81, "review_key_malformed"),
    ("q1", (0,), "a\0", "review_key_malformed"),
    ("q3", (0,), "k", "not_found"),
    ("q9", (0,), "k", "not_found"),
]


def test_what_makes_no_sense_is_refused(parts: Parts, cast: Cast) -> None:
    attempt(parts, cast, {**ALL_RIGHT, "q1": [2]})
    for question, picked, key, code in NONSENSE:
        with pytest.raises(Refused) as refused:
            review(parts, cast, told(cast, question, *picked, key=key))
        assert refused.value.code == code
    assert rows(parts, QuizReview) == [0]


def test_a_review_earns_nothing_and_changes_no_score(parts: Parts, cast: Cast) -> None:
    attempt(parts, cast, {"q1": [2], "q2": [2], "q3": [1]})
    before = rows(parts, QuizAttempt, LessonProgress, EvidenceEntry, Record)
    for number, (question, picked) in enumerate((("q1", (0,)), ("q2", (0, 1)), ("q3", (0,)))):
        assert review(parts, cast, told(cast, question, *picked, key=f"k{number}"))
    assert rows(parts, QuizAttempt, LessonProgress, EvidenceEntry, Record) == before
    with parts.database.transaction(write=False) as session:
        sheet = quizzes.get_sheet(session, cast.lifang, cast.enrollment, cast.lessons["quiz-hello"])
    assert sheet.best_score == 0


def test_it_goes_on_after_the_class_has_closed(parts: Parts, cast: Cast) -> None:
    attempt(parts, cast, {**ALL_RIGHT, "q1": [2]})
    with parts.database.transaction() as session:
        session.get_one(Cohort, cast.cohort).closes_on = NOON.date()
    assert review(parts, cast, told(cast, "q1", 0), NOON + 3 * DAY)


def test_each_enrollment_has_its_own_and_the_list_sums_up(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        person = session.get_one(Enrollment, cast.enrollment).person_id
        second = Classroom(session, cast, cast.foreign_cohort).learner(person)
        Classroom(session, cast).attempt(second, "quiz-hello", {"q1": [1], "q2": [2], "q3": [0]}, 33)
    attempt(parts, cast, {**ALL_RIGHT, "q3": [1]})
    with parts.database.transaction(write=False) as session:
        books = {each.enrollment_id: each for each in notebook.list_own(session, cast.lifang, now=NOON)}
    assert asked(books[cast.enrollment]) == ["q3"]
    assert sorted(asked(books[second.enrollment])) == ["q1", "q2"]
    assert books[second.enrollment].institution == "安和护理院"


def test_a_question_leads_to_the_lesson_that_teaches_it(parts: Parts, cast: Cast) -> None:
    attempt(parts, cast, {**ALL_RIGHT, "q1": [2]})
    made = review(parts, cast, told(cast, "q1", 1))
    assert made is not None
    with parts.database.transaction(write=False) as session:
        seen = notebook.get_review(session, cast.lifang, made, now=NOON)
        assert seen.teaches is not None
        assert seen.teaches.id in (cast.lessons["say-hello"], cast.lessons["read-hello"])
    assert (seen.correct, seen.picked, seen.page.question.id) == (False, frozenset({1}), "q1")


def test_a_stranger_finds_nothing(parts: Parts, cast: Cast) -> None:
    attempt(parts, cast, {**ALL_RIGHT, "q1": [2]})
    made = review(parts, cast, told(cast, "q1", 0))
    assert made is not None
    for stranger in (cast.chenmo, cast.sunyue, cast.zhaoqin, cast.wanglei):
        with parts.database.transaction(write=False) as session:
            with pytest.raises(NotFound):
                notebook.get_own(session, stranger, cast.enrollment, now=NOON)
            with pytest.raises(NotFound):
                notebook.get_review(session, stranger, made, now=NOON)
        with pytest.raises(NotFound):
            review(parts, cast, told(cast, "q1", 0, key="x"), who=stranger)


def test_reviews_are_not_counted_into_what_trainers_see_of_a_quiz(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        room = Classroom(session, cast)
        for who in room.learners(6):
            room.attempt(who, "quiz-hello", {**ALL_RIGHT, "q1": [2]}, 66)
    attempt(parts, cast, {**ALL_RIGHT, "q1": [2]})

    def seen() -> tuple[object, object]:
        with parts.database.transaction(write=False) as session:
            items = analytics.lesson(session, cast.wanglei, cast.version, "quiz-hello").items
            return items, [row.tries for row in analytics.course(session, cast.wanglei, cast.version).lessons]

    before = seen()
    assert before[0] is not None
    for number in range(3):
        review(parts, cast, told(cast, "q1", 1, key=f"k{number}"), LATER + number * DAY)
    assert rows(parts, QuizReview) == [3]
    assert seen() == before
