"""The facts that completion is judged by, read for many enrollments in three queries; or as they were then.

`before` a moment: only what was recorded before it, added up anew from the ledger, for the sums kept by lesson tell of
now (decision 0113).
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.domain.completion import LessonFacts
from lms.domain.courses import COUNTED, LessonKind
from lms.models.courses import Lesson
from lms.models.enrollments import Enrollment
from lms.models.media import Media
from lms.models.quizzes import QuizAttempt
from lms.models.study import LessonProgress
from lms.services import ledger_as_of

Facts = dict[uuid.UUID, tuple[LessonFacts, ...]]


def facts(session: Session, enrollments: Sequence[Enrollment], before: datetime | None = None) -> Facts:
    """By enrollment id: the facts of each lesson of its pinned course version, in order of study."""
    ids = [enrollment.id for enrollment in enrollments]
    blank = _lessons(session, {enrollment.course_version_id for enrollment in enrollments}, before)
    credited = _credited(session, ids) if before is None else _credited_then(session, enrollments, before)
    best = _best_scores(session, ids, before)
    return {
        enrollment.id: tuple(
            replace(
                fact,
                credited_ms=credited.get((enrollment.id, fact.lesson_id), 0),
                best_score=best.get((enrollment.id, fact.lesson_id)),
            )
            for fact in blank[enrollment.course_version_id]
        )
        for enrollment in enrollments
    }


@dataclass
class Evidence:
    """What is confirmed of an enrollment's credited time, and how it came to be known. Times in ms.

    `in_class_ms`: what was credited for classes in person, which are no lessons of the course.
    """

    confirmed_ms: int = 0
    in_class_ms: int = 0
    by_class: dict[str, int] = field(default_factory=dict)


def evidence(
    session: Session, enrollments: Sequence[Enrollment], before: datetime | None = None
) -> dict[uuid.UUID, Evidence]:
    """By enrollment id, from the sums that are kept by lesson: one query however many enrollments."""
    if before is not None:
        return _evidence_then(session, enrollments, before)
    found = {enrollment.id: Evidence() for enrollment in enrollments}
    rows = (
        select(LessonProgress.enrollment_id, LessonProgress.confirmed_ms, LessonProgress.by_class)
        .add_columns(LessonProgress.credited_ms, Lesson.kind)
        .join(Lesson, Lesson.id == LessonProgress.lesson_id)
        .where(LessonProgress.enrollment_id.in_(found))
    )
    for enrollment_id, confirmed_ms, by_class, credited_ms, kind in session.execute(rows):
        mine = found[enrollment_id]
        mine.confirmed_ms += confirmed_ms
        mine.in_class_ms += credited_ms if kind == LessonKind.CLASS else 0
        for name, credited_ms in by_class.items():
            mine.by_class[name] = mine.by_class.get(name, 0) + credited_ms
    return found


def _evidence_then(session: Session, enrollments: Sequence[Enrollment], before: datetime) -> dict[uuid.UUID, Evidence]:
    known = ledger_as_of.of_enrollments(session, enrollments, before)
    lessons = {each.lesson for statements in known.values() for each in statements}
    classes = set(session.scalars(select(Lesson.id).where(Lesson.id.in_(lessons), Lesson.kind == LessonKind.CLASS)))
    found = {enrollment.id: Evidence() for enrollment in enrollments}
    for enrollment_id, statements in known.items():
        mine = found[enrollment_id]
        for each in statements:
            mine.confirmed_ms += each.confirmed_ms
            mine.in_class_ms += each.credited_ms if each.lesson in classes else 0
            for name, credited_ms in each.by_class.items():
                if credited_ms:
                    mine.by_class[name] = mine.by_class.get(name, 0) + credited_ms
    return found


def _credited_then(
    session: Session, enrollments: Sequence[Enrollment], before: datetime
) -> dict[tuple[uuid.UUID, str], int]:
    known = ledger_as_of.of_enrollments(session, enrollments, before)
    return {(key, str(each.lesson)): each.credited_ms for key, statements in known.items() for each in statements}


def _lessons(session: Session, versions: set[uuid.UUID], before: datetime | None) -> dict[uuid.UUID, list[LessonFacts]]:
    """The length of a video is known from when it was made, and never changes afterwards."""
    found: dict[uuid.UUID, list[LessonFacts]] = {version: [] for version in versions}
    rows = (
        select(Lesson, Media.measured_at)
        .outerjoin(Media, Media.id == Lesson.media_id)
        .where(Lesson.course_version_id.in_(versions), Lesson.kind.in_(COUNTED))
        .order_by(Lesson.position)
    )
    for row, measured_at in session.execute(rows):
        if row.course_version_id is None:
            continue
        is_known = before is None or measured_at is None or measured_at < before
        length_ms = row.duration_ms if is_known else None
        facts = LessonFacts(str(row.id), row.title, LessonKind(row.kind), length_ms, title_en=row.title_en)
        found[row.course_version_id].append(facts)
    return found


def _credited(session: Session, ids: Sequence[uuid.UUID]) -> dict[tuple[uuid.UUID, str], int]:
    rows = select(LessonProgress.enrollment_id, LessonProgress.lesson_id, LessonProgress.credited_ms)
    found = session.execute(rows.where(LessonProgress.enrollment_id.in_(ids)))
    return {(enrollment, str(lesson)): credited for enrollment, lesson, credited in found}


def _best_scores(
    session: Session, ids: Sequence[uuid.UUID], before: datetime | None
) -> dict[tuple[uuid.UUID, str], int]:
    rows = (
        select(QuizAttempt.enrollment_id, QuizAttempt.lesson_id, func.max(QuizAttempt.score))
        .where(QuizAttempt.enrollment_id.in_(ids))
        .group_by(QuizAttempt.enrollment_id, QuizAttempt.lesson_id)
    )
    if before is not None:
        rows = rows.where(QuizAttempt.submitted_at < before)
    return {(enrollment, str(lesson)): score for enrollment, lesson, score in session.execute(rows)}
