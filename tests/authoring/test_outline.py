"""A course is rearranged by pure steps, and what cannot be read is never written over."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.authoring import outline as steps
from lms.authoring.outline import Outline, read_outline
from lms.domain.courses import LessonKind, Module
from lms.domain.errors import Conflict, NotFound, Refused
from tests.authoring.packages import MANIFEST
from tests.authoring.test_companions import EXAM

A, B, QUIZ, WASH = (
    "lessons/01-hello.md",
    "lessons/02-again.md",
    "quizzes/03-quiz-hello.yaml",
    "quizzes/04-quiz-wash.yaml",
)


def small(text: str = MANIFEST) -> Outline:
    outline, _ = read_outline(text)
    assert outline
    return outline


def test_it_is_written_as_it_was_read() -> None:
    whole = small(MANIFEST + EXAM + "includes: [shared-core]\n")
    again, problems = read_outline(whole.write())
    assert problems == []
    assert again == whole
    assert whole.includes == ("shared-core",)
    assert whole.course.exam


@pytest.mark.parametrize("old", ["format: 1", "slug: small", "lessons/01-hello.md", "class_hours_online: 1"])
def test_a_file_that_would_lose_something_is_not_rearranged(old: str) -> None:
    spoilt = MANIFEST.replace(old, "format: 7" if old == "format: 1" else f"{old}\n    extra: 1")
    outline, problems = read_outline(spoilt)
    assert outline is None
    assert problems


def test_what_lacks_may_lack_while_it_is_written() -> None:
    bare = replace(small(), shelves=())
    outline, problems = read_outline(bare.write())
    assert outline == bare
    assert {problem.code for problem in problems} == {"list_empty"}


def test_modules_come_move_and_go() -> None:
    more = steps.add_module(small(), Module("m3", "新", "New", 0, (), ()))
    assert [shelf.module.slug for shelf in steps.move_module(more, "m3", 0).shelves] == ["m3", "m1", "m2"]
    assert [shelf.module.slug for shelf in steps.move_module(more, "m1", 99).shelves] == ["m2", "m3", "m1"]
    assert steps.remove_module(more, "m3") == small()
    with pytest.raises(Conflict, match="module_slug_taken"):
        steps.add_module(more, Module("m1", "又", "Again", 0, (), ()))
    with pytest.raises(Refused, match="module_not_empty"):
        steps.remove_module(more, "m1")
    with pytest.raises(NotFound):
        steps.move_module(more, "m9", 0)


def test_a_module_keeps_its_slug_and_its_lessons_when_its_words_change() -> None:
    changed = steps.change_module(small(), "m1", Module("other", "打招呼", "Hello", 2, (), ()))
    assert (changed.shelf("m1").module.title, changed.shelf("m1").paths) == ("打招呼", (A, B, QUIZ))


@pytest.mark.parametrize(
    ("path", "module", "place", "first", "second"),
    [
        (A, "m1", 0, (A, B, QUIZ), (WASH,)),
        (A, "m1", 1, (B, A, QUIZ), (WASH,)),
        (A, "m1", 99, (B, QUIZ, A), (WASH,)),
        (QUIZ, "m1", -3, (QUIZ, A, B), (WASH,)),
        (A, "m2", 0, (B, QUIZ), (A, WASH)),
        (WASH, "m1", 2, (A, B, WASH, QUIZ), ()),
    ],
)
def test_a_lesson_moves(path: str, module: str, place: int, first: tuple[str, ...], second: tuple[str, ...]) -> None:
    moved = steps.move_lesson(small(), path, module, place)
    assert (moved.shelf("m1").paths, moved.shelf("m2").paths) == (first, second)


def test_a_lesson_comes_and_goes() -> None:
    path = steps.new_path(small(), "m2", LessonKind.PRACTICE, "wash-hands")
    assert path == "practices/05-wash-hands.yaml"
    more = steps.add_lesson(small(), "m2", path)
    assert more.shelf("m2").paths == (WASH, path)
    assert steps.remove_lesson(more, path) == small()
    with pytest.raises(Conflict, match="lesson_slug_taken"):
        steps.add_lesson(more, "m1", "lessons/77-wash-hands.md")
    with pytest.raises(NotFound):
        steps.remove_lesson(small(), path)


def test_a_full_course_takes_no_more() -> None:
    full = steps.add_lesson(small(), "m1", "lessons/999-last.md")
    with pytest.raises(Refused, match="course_full"):
        steps.new_path(full, "m1", LessonKind.VIDEO, "one-more")


@given(st.lists(st.tuples(st.sampled_from([A, B, QUIZ, WASH]), st.sampled_from(["m1", "m2"]), st.integers(-2, 9))))
def test_no_moving_about_loses_a_lesson(moves: list[tuple[str, str, int]]) -> None:
    outline = small()
    for move in moves:
        outline = steps.move_lesson(outline, *move)
    assert sorted(outline.paths) == [A, B, QUIZ, WASH]
