"""The author lint as a table: what is wrong with a course, and what is said of it."""

from dataclasses import replace

import pytest

from lms.domain.courses import Course, Exam, ExamPart, Lesson, LessonKind, Module, Objective, Topic
from lms.domain.lint import Finding, LintFacts, MediaFacts, ReadingFacts, coverage, lint

HASH = "a" * 64
VIDEO = Lesson("v", LessonKind.VIDEO, "视频", "Video", 45, ("o1",), tuple(Topic), body="慢慢说话。")
MODULE = Module("m1", "模块", "Module", 1, (Objective("o1", "能说", "Can"),), (VIDEO,))
COURSE = Course("c", "课", "Course", "", "", "zh-Hans", "CC", (), (MODULE,))


def course(**lesson: object) -> Course:
    return replace(COURSE, modules=(replace(MODULE, lessons=(replace(VIDEO, **lesson),)),))


def said(course: Course, facts: LintFacts | None = None) -> list[tuple[str, bool]]:
    return [(finding.code, finding.blocks) for finding in lint(course, facts or LintFacts())]


READY = LintFacts(media={HASH: MediaFacts(True, 45 * 60_000, True)})
EXAM = Exam(30, 60, (ExamPart("o1", 2),))


@pytest.mark.parametrize(
    ("told", "facts", "expected"),
    [
        (COURSE, None, []),
        (course(topics=tuple(Topic)[1:]), None, [("topic_missing", True)]),
        (course(minutes=44), None, [("hours_over_material", True)]),
        (course(minutes=45), None, []),
        (course(objectives=()), None, [("objective_not_taught", True)]),
        (course(upload=HASH, captions="WEBVTT"), READY, []),
        (course(upload=HASH), READY, [("captions_missing", True)]),
        (course(upload=HASH, captions="WEBVTT"), None, [("upload_not_playable", True)]),
        (
            course(upload=HASH, captions="WEBVTT"),
            LintFacts(media={HASH: MediaFacts(False, 0, False)}),
            [("hours_over_material", True), ("upload_not_playable", True)],
        ),
        (
            course(upload=HASH, captions="WEBVTT"),
            LintFacts(media={HASH: MediaFacts(True, 45 * 60_000, False)}),
            [("upload_silent", False)],
        ),
        (
            course(upload=HASH, captions="WEBVTT"),
            LintFacts(media={HASH: MediaFacts(True, 44 * 60_000, True)}),
            [("hours_over_material", True)],
        ),
        (course(needs_expert_review=True, body="急救和止血"), None, [("expert_review_pending", False)]),
        (course(body="急救和止血"), None, [("medical_unmarked", False)]),
        (course(body="他说过一次急救"), None, []),
        (course(), LintFacts(reading={"v": ReadingFacts(0.16, "长句", 0.0)}), [("sentences_long", False)]),
        (course(), LintFacts(reading={"v": ReadingFacts(0.15, "长句", 0.10)}), []),
        (course(), LintFacts(reading={"v": ReadingFacts(0.0, "", 0.11, ("谵妄",))}), [("words_hard", False)]),
        (replace(COURSE, exam=EXAM), None, [("few_variants", False)]),
        (replace(COURSE, exam=EXAM), LintFacts(variants={"o1": 5}), [("few_variants", False)]),
        (replace(COURSE, exam=EXAM), LintFacts(variants={"o1": 6}), []),
    ],
)
def test_each_fault_is_told_once(told: Course, facts: LintFacts | None, expected: list[tuple[str, bool]]) -> None:
    assert said(told, facts) == expected


def test_what_blocks_comes_first() -> None:
    findings = lint(course(minutes=3, body="急救和止血", topics=()), LintFacts())
    assert [finding.blocks for finding in findings] == sorted((finding.blocks for finding in findings), reverse=True)
    assert findings[-1] == Finding("medical_unmarked", False, lesson="v", values={"words": "急救、止血"})


def test_the_matrix_counts_lessons_by_module_and_topic() -> None:
    assert coverage(course(topics=(Topic.LAW,)))["m1"] == {topic: int(topic is Topic.LAW) for topic in Topic}
