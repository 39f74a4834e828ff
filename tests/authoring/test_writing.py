"""What is written is read again as the same course."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.authoring.files import HeldFiles
from lms.authoring.package import read_files, read_package
from lms.authoring.writing import write_package
from lms.domain.courses import (
    Course,
    Lesson,
    LessonKind,
    Module,
    Objective,
    Option,
    Practice,
    Question,
    QuestionType,
    Quiz,
    Source,
    Step,
    Topic,
)
from tests.authoring.packages import write
from tests.authoring.test_companions import WHOLE

COURSES = Path(__file__).parents[2] / "courses"


def read_again(course: Course, more: dict[str, bytes] | None = None) -> Course | None:
    texts = {path: text.encode() for path, text in write_package(course).items()}
    again, problems = read_files(HeldFiles(texts | (more or {})), lambda _slug: None)
    assert [str(problem) for problem in problems] == []
    return again


@pytest.mark.parametrize("name", ["getting-started", "dementia-care"])
def test_a_shipped_course_comes_back(name: str) -> None:
    course, _ = read_package(COURSES / name)
    assert course
    assert read_again(course) == course


def test_pictures_papers_films_and_practice_come_back(tmp_path: Path) -> None:
    course, _ = read_package(write(tmp_path / "whole", WHOLE))
    assert course
    kept = {path: data for path, data in WHOLE.items() if isinstance(data, bytes)}
    assert read_again(course, kept) == course


# What YAML could take for something else, between words.
SIGNS = "老人说慢一点abcXYZ0129 :#-'\"[]{}&*!|>%@`,?：，。“”~=<>\\/._"
WORDS = st.text(SIGNS, min_size=1, max_size=30).map(lambda words: " ".join(words.split())).filter(bool)
SLUGS = st.text("abc019", min_size=1, max_size=12)
STEPS = st.lists(st.tuples(WORDS, st.booleans()), min_size=3, max_size=8).map(
    lambda rows: tuple(
        Step(text, 100 - (len(rows) - 1) if place == 0 else 1, critical) for place, (text, critical) in enumerate(rows)
    )
)


@st.composite
def written_courses(draw: st.DrawFn) -> Course:
    goal, source = draw(SLUGS), draw(SLUGS)
    texts = draw(st.lists(WORDS, min_size=3, max_size=3, unique=True))
    options = tuple(Option(text, draw(WORDS), place == 1) for place, text in enumerate(texts))
    question = Question(draw(SLUGS), QuestionType.SINGLE, goal, draw(WORDS), options)
    common = {"objectives": (goal,), "topics": (draw(st.sampled_from(Topic)),), "sources": (source,)}
    quiz = Lesson("quiz", LessonKind.QUIZ, draw(WORDS), draw(WORDS), quiz=Quiz((question,)), **common)
    prepare = tuple(draw(st.lists(WORDS, min_size=1, max_size=3, unique=True)))
    practice = Practice(prepare, draw(STEPS), draw(st.integers(1, 100)))
    hands = Lesson("hands", LessonKind.PRACTICE, draw(WORDS), draw(WORDS), practice=practice, **common)
    objectives = (Objective(goal, draw(WORDS), draw(WORDS)),)
    module = Module(draw(SLUGS), draw(WORDS), draw(WORDS), draw(st.integers(0, 100)), objectives, (quiz, hands))
    sources = (Source(source, draw(WORDS), draw(st.none() | st.just("https://example.org/a"))),)
    names = {"title": draw(WORDS), "title_en": draw(WORDS), "summary": draw(WORDS), "summary_en": draw(WORDS)}
    return Course(draw(SLUGS), **names, language="zh-Hans", licence=draw(WORDS), sources=sources, modules=(module,))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(written_courses())
def test_any_words_come_back(course: Course) -> None:
    assert read_again(course) == course
