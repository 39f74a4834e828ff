"""Completion: every lesson studied long enough, every quiz passed; else each reason by name."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.completion import (
    LessonFacts,
    assess,
    credited_total_ms,
    is_done,
    mean_best_score,
    missing_ms,
    required_ms,
    unmet,
)
from lms.domain.courses import LessonKind
from lms.domain.policies import Policy
from lms.domain.verdicts import Reason

POLICY = Policy(code="test", effective_from=date(2026, 1, 1))
VIDEO = LessonFacts("v", "视频课", LessonKind.VIDEO, 100_000)
READING = LessonFacts("r", "阅读课", LessonKind.READING, 60_000)
QUIZ = LessonFacts("q", "小测验", LessonKind.QUIZ, 0)
VIDEO_NAMES = {"lesson_id": "v", "title": "视频课", "title_en": ""}
QUIZ_NAMES = {"lesson_id": "q", "title": "小测验", "title_en": ""}


@pytest.mark.parametrize(
    ("lesson", "expected"),
    [
        (VIDEO, Reason("lesson_time_missing", {**VIDEO_NAMES, "missing_ms": 95_000})),
        (replace(VIDEO, credited_ms=94_999), Reason("lesson_time_missing", {**VIDEO_NAMES, "missing_ms": 1})),
        (replace(VIDEO, credited_ms=95_000), None),
        (replace(VIDEO, credited_ms=100_000), None),
        (replace(VIDEO, duration_ms=None), Reason("video_not_ready", VIDEO_NAMES)),
        (replace(READING, credited_ms=57_000), None),
        (QUIZ, Reason("quiz_not_tried", QUIZ_NAMES)),
        (
            replace(QUIZ, best_score=59),
            Reason("quiz_not_passed", {**QUIZ_NAMES, "score": 59, "pass_mark": 60}),
        ),
        (replace(QUIZ, best_score=60), None),
        (replace(QUIZ, best_score=0), Reason("quiz_not_passed", {**QUIZ_NAMES, "score": 0, "pass_mark": 60})),
    ],
)
def test_what_a_lesson_still_wants(lesson: LessonFacts, expected: Reason | None) -> None:
    assert unmet(lesson, POLICY) == expected
    assert is_done(lesson, POLICY) is (expected is None)


@pytest.mark.parametrize(
    ("lesson", "required", "missing"),
    [
        (VIDEO, 95_000, 95_000),
        (replace(VIDEO, credited_ms=40_000), 95_000, 55_000),
        (replace(VIDEO, credited_ms=99_000), 95_000, 0),
        (replace(VIDEO, duration_ms=None), 0, 0),
        (QUIZ, 0, 0),
    ],
)
def test_time_required_and_missing(lesson: LessonFacts, required: int, missing: int) -> None:
    assert (required_ms(lesson, POLICY), missing_ms(lesson, POLICY)) == (required, missing)


def test_a_course_is_complete_when_nothing_is_missing() -> None:
    done = [replace(VIDEO, credited_ms=95_000), replace(QUIZ, best_score=100)]
    assert assess(done, POLICY).is_yes


def test_all_reasons_are_told_in_the_order_of_study() -> None:
    verdict = assess([VIDEO, replace(READING, credited_ms=60_000), QUIZ], POLICY)
    assert [reason.code for reason in verdict.unmet] == ["lesson_time_missing", "quiz_not_tried"]
    assert not verdict.is_yes
    assert verdict.unsure == ()


def test_an_empty_course_completes_nobody() -> None:
    assert [reason.code for reason in assess([], POLICY).unmet] == ["course_empty"]


@pytest.mark.parametrize(
    ("lessons", "expected"),
    [
        ([], 0),
        ([replace(VIDEO, credited_ms=40_000), replace(READING, credited_ms=60_000), QUIZ], 100_000),
        ([replace(VIDEO, credited_ms=140_000)], 100_000),
        ([replace(VIDEO, duration_ms=None, credited_ms=5_000)], 0),
    ],
)
def test_credited_time_never_exceeds_a_lesson(lessons: list[LessonFacts], expected: int) -> None:
    assert credited_total_ms(lessons) == expected


@pytest.mark.parametrize(
    ("scores", "expected"),
    [([], None), ([None], None), ([80], 80), ([80, None], None), ([80, 75], 77), ([0, 0], 0)],
)
def test_the_mean_of_the_best_scores(scores: list[int | None], expected: int | None) -> None:
    lessons = [VIDEO, *(replace(QUIZ, best_score=score) for score in scores)]
    assert mean_best_score(lessons) == expected


@given(st.lists(st.integers(0, 130_000), max_size=6), st.integers(0, 5), st.integers(0, 50_000))
def test_more_study_never_makes_a_verdict_worse(credited: list[int], which: int, more: int) -> None:
    before = [replace(VIDEO, lesson_id=str(n), credited_ms=ms) for n, ms in enumerate(credited)]
    after = [replace(one, credited_ms=one.credited_ms + more * (n == which)) for n, one in enumerate(before)]
    wanted = {reason.values.get("lesson_id") for reason in assess(before, POLICY).unmet}
    assert {reason.values.get("lesson_id") for reason in assess(after, POLICY).unmet} <= wanted
    assert credited_total_ms(after) >= credited_total_ms(before)
