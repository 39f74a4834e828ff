"""Progress becomes a verdict on completion, with every reason that still stands against it."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.domain.courses import COUNTED, LessonKind
from lms.domain.policies import Policy
from lms.domain.verdicts import Reason, Verdict


@dataclass(frozen=True)
class LessonFacts:
    """What is known of one lesson for one enrollment. Times in milliseconds.

    `duration_ms` is None while a video is still being made; `best_score` None before an attempt.
    """

    lesson_id: str
    title: str
    kind: LessonKind
    duration_ms: int | None
    credited_ms: int = 0
    best_score: int | None = None
    title_en: str = ""


def required_ms(lesson: LessonFacts, policy: Policy) -> int:
    """Credited time this lesson needs; 0 for quizzes, for classes in person, and while its length is unknown."""
    return 0 if lesson.kind is LessonKind.CLASS else policy.required_ms(lesson.duration_ms or 0)


def missing_ms(lesson: LessonFacts, policy: Policy) -> int:
    """Credited time still missing in this lesson."""
    return max(0, required_ms(lesson, policy) - lesson.credited_ms)


def unmet(lesson: LessonFacts, policy: Policy) -> Reason | None:
    """What this lesson still wants, or None when it is done. Practice and papers want nothing: they are for her."""
    names: dict[str, object] = {"lesson_id": lesson.lesson_id, "title": lesson.title, "title_en": lesson.title_en}
    if lesson.kind not in COUNTED:
        return None
    if lesson.kind is LessonKind.QUIZ:
        if lesson.best_score is None:
            return Reason("quiz_not_tried", names)
        if lesson.best_score < policy.quiz_pass_mark:
            names |= {"score": lesson.best_score, "pass_mark": policy.quiz_pass_mark}
            return Reason("quiz_not_passed", names)
        return None
    if lesson.duration_ms is None:
        return Reason("video_not_ready", names)
    missing = missing_ms(lesson, policy)
    return Reason("lesson_time_missing", names | {"missing_ms": missing}) if missing else None


def is_done(lesson: LessonFacts, policy: Policy) -> bool:
    """Whether the lesson stands in nobody's way any more."""
    return unmet(lesson, policy) is None


def assess(lessons: Sequence[LessonFacts], policy: Policy) -> Verdict:
    """The verdict on a whole course: yes when every lesson is done, else no, with all reasons."""
    if not lessons:
        return Verdict(unmet=(Reason("course_empty"),))
    reasons = (unmet(lesson, policy) for lesson in lessons)
    return Verdict(unmet=tuple(reason for reason in reasons if reason))


def credited_total_ms(lessons: Sequence[LessonFacts]) -> int:
    """Credited study time over the course: no lesson counts for more than its length."""
    return sum(min(lesson.credited_ms, lesson.duration_ms or 0) for lesson in lessons)


def mean_best_score(lessons: Sequence[LessonFacts]) -> int | None:
    """The mean of the best quiz scores, rounded down; None while any quiz is untried."""
    scores = [lesson.best_score for lesson in lessons if lesson.kind is LessonKind.QUIZ]
    known = [score for score in scores if score is not None]
    return sum(known) // len(known) if known and len(known) == len(scores) else None
