"""The notebook: a miss comes back after growing pauses; order, repetition and haste change nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.courses import Course, Lesson, LessonKind, Module, Option, Question, QuestionType, Quiz
from lms.domain.notebook import (
    LEARNED,
    MOST_A_SESSION,
    PAUSES_DAYS,
    Given,
    Missed,
    answers_in,
    minutes,
    notebook,
    order,
    pick,
    showing,
    teaching,
)
from lms.domain.policies import CHINA

MONDAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
RIGHT, WRONG = True, False


def at(day: int, hour: int = 12) -> datetime:
    """An hour of a day in China, counted from MONDAY."""
    return NOON + timedelta(days=day, hours=hour - 12)


def told(*answers: tuple[int, bool]) -> list[Given]:
    return [
        Given("quiz", "q1", at(day) + timedelta(minutes=place), right) for place, (day, right) in enumerate(answers)
    ]


def stands(answers: Sequence[Given]) -> Missed | None:
    found = notebook(answers, CHINA)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("answers", "box", "due_day"),
    [
        ([(0, WRONG)], 0, 0),
        ([(0, WRONG), (0, RIGHT)], 1, 1),
        ([(0, WRONG), (3, RIGHT)], 1, 4),
        ([(0, WRONG), (0, RIGHT), (0, RIGHT)], 1, 1),
        ([(0, WRONG), (0, RIGHT), (1, RIGHT)], 2, 4),
        ([(0, WRONG), (0, RIGHT), (1, RIGHT), (3, RIGHT)], 2, 4),
        ([(0, WRONG), (0, RIGHT), (1, RIGHT), (4, RIGHT)], 3, 11),
        ([(0, WRONG), (0, RIGHT), (1, RIGHT), (4, RIGHT), (11, RIGHT)], 4, 32),
        ([(0, WRONG), (0, RIGHT), (1, RIGHT), (4, RIGHT), (11, RIGHT), (32, RIGHT)], LEARNED, None),
        ([(0, WRONG), (0, RIGHT), (1, RIGHT), (2, WRONG)], 0, 2),
        ([(0, WRONG), (0, RIGHT), (1, RIGHT), (4, RIGHT), (11, RIGHT), (32, RIGHT), (40, WRONG)], 0, 40),
        ([(0, RIGHT), (1, WRONG)], 0, 1),
    ],
)
def test_a_miss_comes_back_after_growing_pauses(answers: list[tuple[int, bool]], box: int, due_day: int | None) -> None:
    found = stands(told(*answers))
    assert found is not None
    assert found.box == box
    assert found.due_on == (None if due_day is None else MONDAY + timedelta(days=due_day))
    assert found.is_learned == (due_day is None)


def test_what_was_never_missed_is_not_in_it() -> None:
    assert notebook(told((0, RIGHT), (1, RIGHT)), CHINA) == ()
    assert notebook([], CHINA) == ()


def test_misses_are_counted() -> None:
    found = stands(told((0, WRONG), (0, RIGHT), (1, WRONG), (2, WRONG)))
    assert found is not None
    assert (found.misses, found.moved_at) == (3, told((0, WRONG), (0, RIGHT), (1, WRONG), (2, WRONG))[-1].at)


@pytest.mark.parametrize(("hour", "due"), [(23, MONDAY + timedelta(days=1)), (24, MONDAY + timedelta(days=2))])
def test_a_day_is_a_civil_day_of_the_zone(hour: int, due: date) -> None:
    found = stands([Given("quiz", "q1", at(0), WRONG), Given("quiz", "q1", at(0, hour), RIGHT)])
    assert found is not None
    assert found.due_on == due


def test_of_two_answers_at_one_moment_the_wrong_one_counts_last() -> None:
    miss, other = Given("quiz", "q1", at(0), WRONG), Given("quiz", "q1", at(1), RIGHT)
    clash = replace(other, right=WRONG)
    for answers in ([miss, other, clash], [clash, other, miss]):
        found = stands(answers)
        assert found is not None
        assert (found.box, found.misses) == (0, 2)


answers = st.builds(
    Given,
    st.sampled_from(("quiz", "other")),
    st.sampled_from(("q1", "q2")),
    st.integers(0, 60 * 24).map(lambda hour: NOON + timedelta(hours=hour)),
    st.booleans(),
)
histories = st.lists(answers, max_size=30)


@given(histories, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(history: list[Given], dice: Random) -> None:
    again = history + dice.choices(history, k=5) if history else []
    dice.shuffle(again)
    assert notebook(again, CHINA) == notebook(history, CHINA)


@given(histories)
def test_it_holds_exactly_what_was_ever_missed(history: list[Given]) -> None:
    found = notebook(history, CHINA)
    assert {(each.lesson, each.question) for each in found} == {
        (each.lesson, each.question) for each in history if not each.right
    }
    for each in found:
        assert 0 <= each.box <= LEARNED
        assert (each.box == LEARNED) == (each.due_on is None)
        assert each.misses >= 1


@given(histories)
def test_no_haste_learns_a_question_before_its_pauses_are_over(history: list[Given]) -> None:
    for each in notebook(history, CHINA):
        mine = [given for given in history if (given.lesson, given.question) == (each.lesson, each.question)]
        last_miss = max(given.at for given in mine if not given.right)
        waited = (each.moved_at.astimezone(CHINA).date() - last_miss.astimezone(CHINA).date()).days
        assert waited >= sum(PAUSES_DAYS[: each.box])


@given(histories, st.integers(0, 70), st.integers(0, 9))
def test_a_session_is_short_and_takes_the_oldest(history: list[Given], day: int, most: int) -> None:
    today, book = MONDAY + timedelta(days=day), notebook(history, CHINA)
    picked = pick(book, today, most)
    due = [each for each in book if each.is_due(today)]
    assert len(picked) == min(most, len(due))
    assert all(each in due for each in picked)
    left = [each for each in due if each not in picked]
    assert all(mine.due_on <= other.due_on for mine in picked for other in left if mine.due_on and other.due_on)
    assert pick(tuple(reversed(book)), today, most) == picked


def test_what_was_just_missed_waits_behind_the_others() -> None:
    first, second = Given("quiz", "q1", at(0, 8), WRONG), Given("quiz", "q2", at(0, 9), WRONG)
    again = Given("quiz", "q1", at(0, 10), WRONG)
    assert [each.question for each in pick(notebook([first, second], CHINA), MONDAY)] == ["q1", "q2"]
    assert [each.question for each in pick(notebook([first, second, again], CHINA), MONDAY)] == ["q2", "q1"]


@pytest.mark.parametrize(("questions", "about"), [(0, 0), (1, 1), (3, 2), (4, 3), (MOST_A_SESSION, 5)])
def test_how_long_it_takes(questions: int, about: int) -> None:
    assert minutes(questions) == about


def question(type: QuestionType = QuestionType.SINGLE, options: int = 4) -> Question:
    made = tuple(Option(f"选项{number}", "因为", number == 0) for number in range(options))
    return Question("q1", type, "eat", "喂饭先做什么？", made)


def test_an_attempt_says_which_of_its_questions_were_missed() -> None:
    quiz = Quiz((question(), replace(question(), id="q2"), replace(question(), id="q3")))
    picked = {"q1": frozenset({0}), "q2": frozenset({1}), "q9": frozenset({0}), "q3": frozenset({0, 99})}
    found = list(answers_in(quiz, "quiz", picked, NOON))
    assert [(each.question, each.right) for each in found] == [("q1", True), ("q2", False), ("q3", False)]
    assert all(not each.right for each in answers_in(quiz, "quiz", {}, NOON))


@given(st.text(), st.integers(2, 6), st.sampled_from((QuestionType.SINGLE, QuestionType.MULTIPLE)))
def test_the_order_of_options_is_an_order_and_the_seeds_own(seed: str, options: int, type: QuestionType) -> None:
    shown = order(question(type, options), seed)
    assert sorted(shown) == list(range(options))
    assert order(question(type, options), seed) == shown


def test_orders_differ_between_people_and_from_time_to_time() -> None:
    missed = Missed("quiz", "q1", 0, MONDAY, 1, NOON)
    orders = {order(question(), showing(f"enrollment-{number}", missed)) for number in range(50)}
    assert len(orders) > 12
    boxes = {order(question(), showing("enrollment", replace(missed, box=box, misses=box + 1))) for box in range(50)}
    assert len(boxes) > 12


def test_yes_and_no_keep_their_places() -> None:
    assert {order(question(QuestionType.TRUE_FALSE, 2), str(seed)) for seed in range(20)} == {(0, 1)}


def test_a_showing_is_named_anew_when_an_answer_moves_it() -> None:
    missed = Missed("quiz", "q1", 0, MONDAY, 1, NOON)
    names = {showing("e", missed), showing("e", replace(missed, box=1)), showing("e", replace(missed, misses=2))}
    assert len(names | {showing("f", missed), showing("e", replace(missed, question="q2"))}) == 5
    assert showing("e", replace(missed, moved_at=at(3))) == showing("e", missed)


def lesson(slug: str, body: str = "", kind: LessonKind = LessonKind.READING, *objectives: str) -> Lesson:
    return Lesson(slug, kind, slug, slug, objectives=objectives or ("eat",), body=body)


QUIZ_LESSON = lesson("quiz", kind=LessonKind.QUIZ)


@pytest.mark.parametrize(
    ("lessons", "found"),
    [
        ([lesson("one", "喂饭先做什么"), lesson("two", "别的"), QUIZ_LESSON], "one"),
        ([lesson("one", "别的"), lesson("two", "别的"), QUIZ_LESSON], "two"),
        ([lesson("one", "别的"), QUIZ_LESSON, lesson("two", "喂饭先做什么")], "one"),
        ([QUIZ_LESSON, lesson("two", "别的"), lesson("three", "喂饭先做")], "three"),
        ([lesson("one", "喂饭先做什么", LessonKind.FILE), lesson("two", "别的"), QUIZ_LESSON], "two"),
        ([lesson("one", "喂饭先做什么", LessonKind.READING, "wash"), QUIZ_LESSON], None),
    ],
)
def test_the_lesson_that_teaches_it(lessons: list[Lesson], found: str | None) -> None:
    course = Course("c", "", "", "", "", "zh-Hans", "", (), (Module("m", "", "", 1, (), tuple(lessons)),))
    teaches = teaching(course, QUIZ_LESSON, question())
    assert (teaches and teaches.slug) == found
