"""What a learner can study: her lessons, how long each is, and how much of it is credited and confirmed."""

import uuid
from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from lms.models.courses import CourseVersion, Lesson
from lms.models.enrollments import Enrollment
from lms.models.study import LessonProgress
from lms.services import scopes
from lms.services.scopes import Actor


@dataclass(frozen=True)
class LessonView:
    """One lesson; `duration_ms` is None while its video is being made, 0 for a quiz."""

    lesson: uuid.UUID
    title: str
    kind: str
    duration_ms: int | None
    credited_ms: int
    confirmed_ms: int
    position_ms: int


@dataclass(frozen=True)
class CourseView:
    """One enrollment with the lessons of its pinned course version, in order of study."""

    enrollment: uuid.UUID
    title: str
    lessons: tuple[LessonView, ...]


def list_lessons(session: Session, actor: Actor) -> list[CourseView]:
    """A learner's own enrollments in the order they were made."""
    mine = scopes.enrollments_of(actor).join(CourseVersion, CourseVersion.id == Enrollment.course_version_id)
    named = mine.add_columns(CourseVersion.title).order_by(Enrollment.created_at, Enrollment.id)
    return [
        CourseView(enrollment.id, title, _lessons(session, enrollment))
        for enrollment, title in session.execute(named).all()
    ]


def _lessons(session: Session, enrollment: Enrollment) -> tuple[LessonView, ...]:
    here = and_(LessonProgress.lesson_id == Lesson.id, LessonProgress.enrollment_id == enrollment.id)
    rows = (
        select(
            Lesson.id,
            Lesson.title,
            Lesson.kind,
            Lesson.duration_ms,
            func.coalesce(LessonProgress.credited_ms, 0),
            func.coalesce(LessonProgress.confirmed_ms, 0),
            func.coalesce(LessonProgress.position_ms, 0),
        )
        .outerjoin(LessonProgress, here)
        .where(Lesson.course_version_id == enrollment.course_version_id)
        .order_by(Lesson.position)
    )
    return tuple(LessonView(*row) for row in session.execute(rows))
