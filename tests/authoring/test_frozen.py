"""A frozen course thaws into itself, and no change of it keeps the hash."""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.authoring.frozen import content_hash, freeze, thaw
from lms.authoring.package import read_package
from lms.domain.courses import Course, Lesson, LessonKind, Module, QuestionType, Quiz, Topic
from tests.authoring.packages import write

small = st.integers(0, 1000)
lessons = st.builds(
    Lesson,
    minutes=small,
    objectives=...,
    topics=...,
    sources=...,
    body=...,
    slides=...,
    quiz=st.none() | st.from_type(Quiz),
    needs_expert_review=...,
)
modules = st.builds(Module, class_hours_online=small, lessons=st.lists(lessons, max_size=2).map(tuple))
courses = st.builds(Course, modules=st.lists(modules, max_size=2).map(tuple))


@pytest.fixture
def course(tmp_path: Path) -> Course:
    course, _ = read_package(write(tmp_path))
    assert course
    return course


@settings(deadline=None, max_examples=50)
@given(courses)
def test_a_frozen_course_thaws_into_itself(course: Course) -> None:
    assert thaw(freeze(course)) == course


def test_kinds_topics_and_types_thaw_as_what_they_were(course: Course) -> None:
    lessons = thaw(freeze(course)).lessons
    assert isinstance(lessons[0].kind, LessonKind)
    assert [type(topic) for topic in lessons[0].topics] == [Topic, Topic]
    assert lessons[2].quiz
    assert isinstance(lessons[2].quiz.questions[0].type, QuestionType)


@settings(deadline=None, max_examples=50)
@given(courses, courses)
def test_equal_bytes_mean_equal_courses(one: Course, other: Course) -> None:
    assert (freeze(one) == freeze(other)) == (one == other)


def test_bytes_are_canonical_json(course: Course) -> None:
    told = json.loads(freeze(course))
    assert list(told) == ["course", "format"]
    assert told["course"]["modules"][0]["lessons"][0]["kind"] == "video"
    assert b": " not in freeze(course)
    assert "先走到老人面前".encode() in freeze(course)


def test_the_hash_is_sha256_in_hexadecimal() -> None:
    assert content_hash(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_any_change_changes_the_hash(course: Course) -> None:
    changed = [content_hash(freeze(other)) for other in _changes(course)]
    assert len(changed) > 100
    assert content_hash(freeze(course)) not in changed
    assert len(set(changed)) == len(changed)


def _changes(value: Any) -> Iterator[Any]:
    """Copies of a value, each with one thing changed somewhere in it."""
    if isinstance(value, Enum):
        yield next(other for other in type(value) if other != value)
    elif isinstance(value, str):
        yield value + "。"
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, tuple):
        yield from _changed_items(value)
    elif is_dataclass(value):
        yield from _changed_fields(value)


def _changed_fields(value: Any) -> Iterator[Any]:
    for field in fields(value):
        for other in _changes(getattr(value, field.name)):
            yield replace(value, **{field.name: other})


def _changed_items(items: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if items:
        yield items[:-1]
    for place, item in enumerate(items):
        for other in _changes(item):
            yield (*items[:place], other, *items[place + 1 :])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[]",
        b"7",
        b"{}",
        b'{"format":1}',
        b'{"format":1,"course":[]}',
        b'{"format":1,"course":{"sources":[],"modules":[]}}',
        b'{"format":1,"course":{"sources":[],"modules":[{"objectives":[],"lessons":[{"kind":"film"}]}]}}',
        b'{"format":1,"course":{"sources":[7],"modules":[]}}',
        b"[" * 100_000,
    ],
)
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a frozen course"):
        thaw(data)


def test_another_format_is_refused(course: Course) -> None:
    later = freeze(course).replace(b'"format":1', b'"format":2')
    with pytest.raises(ValueError, match="another format"):
        thaw(later)
