"""A course finds its own parts, and text is measured by the server alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.courses import (
    Course,
    Lesson,
    LessonKind,
    Module,
    Objective,
    Option,
    Question,
    QuestionType,
    Source,
    Topic,
    count_characters,
    reading_budget_ms,
)


def lesson(slug: str, *topics: Topic) -> Lesson:
    return Lesson(slug, LessonKind.READING, slug, slug, topics=topics)


HELLO, BATH, MEAL = lesson("hello", Topic.CONDUCT), lesson("bath", Topic.SAFETY), lesson("meal", Topic.SAFETY)
GREET, WASH = Objective("greet", "能问好", "Can greet"), Objective("wash", "能洗", "Can wash")
ONE = Module("one", "一", "One", 1, (GREET,), (HELLO, BATH))
TWO = Module("two", "二", "Two", 1, (WASH,), (MEAL,))
PAPER = Source("paper", "只有纸本")
COURSE = Course("c", "课", "Course", "", "", "zh-Hans", "CC-BY-4.0", (PAPER,), (ONE, TWO))


def test_lessons_and_objectives_come_in_order_of_study() -> None:
    assert COURSE.lessons == (HELLO, BATH, MEAL)
    assert COURSE.objectives == (GREET, WASH)


@pytest.mark.parametrize(
    ("slug", "found", "module", "after"),
    [
        ("hello", HELLO, ONE, BATH),
        ("bath", BATH, ONE, MEAL),
        ("meal", MEAL, TWO, None),
        ("stranger", None, None, None),
    ],
)
def test_a_slug_finds_its_lesson_its_module_and_what_follows(
    slug: str, found: Lesson | None, module: Module | None, after: Lesson | None
) -> None:
    assert COURSE.find_lesson(slug) == found
    assert COURSE.find_module_of(slug) == module
    assert COURSE.find_next(slug) == after


def test_a_source_is_found_by_its_id() -> None:
    assert COURSE.find_source("paper") == PAPER
    assert COURSE.find_source("web") is None


def test_topics_show_their_lessons_and_those_left_out() -> None:
    assert COURSE.lessons_about(Topic.SAFETY) == (BATH, MEAL)
    assert COURSE.missing_topics() == (
        Topic.LAW,
        Topic.ETHICS,
        Topic.HEALTH,
        Topic.EPIDEMIC,
        Topic.PSYCHOLOGY,
        Topic.NUTRITION,
    )


def test_right_options_are_told_by_number() -> None:
    options = (Option("a", ""), Option("b", "", correct=True), Option("c", "", correct=True))
    question = Question("q", QuestionType.MULTIPLE, "greet", "？", options)
    assert question.correct_options == frozenset({1, 2})


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("", 0),
        ("先看着他，再慢慢开口。", 9),
        ("拨打 120", 5),
        ("……！？——（）\n\t ", 0),
        ("𠮷野家 café", 7),
    ],
)
def test_only_letters_and_digits_count(text: str, characters: int) -> None:
    assert count_characters(text) == characters


@pytest.mark.parametrize(
    ("characters", "budget_ms"),
    [
        (0, 60_000),
        (220, 60_000),
        (223, 60_000),
        (224, 61_000),
        (440, 120_000),
        (1100, 300_000),
    ],
)
def test_reading_takes_a_minute_for_220_characters(characters: int, budget_ms: int) -> None:
    assert reading_budget_ms("字" * characters) == budget_ms


@given(st.text(), st.text())
def test_more_text_never_takes_less_time(text: str, more: str) -> None:
    assert 60_000 <= reading_budget_ms(text) <= reading_budget_ms(text + more)


@given(st.text(), st.text(alphabet="，。！？ \n*#->"))
def test_padding_without_letters_earns_nothing(text: str, padding: str) -> None:
    assert reading_budget_ms(text + padding) == reading_budget_ms(text)


@given(st.text())
def test_the_budget_is_in_whole_seconds(text: str) -> None:
    assert reading_budget_ms(text) % 1000 == 0
