"""What a report is judged by: the study session in memory, with its lesson, policy and progress."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from lms.bulk import Lookup
from lms.domain.policies import Policy, policy_named
from lms.domain.spans import Span
from lms.models.attendance import ClassMeeting
from lms.models.courses import Lesson
from lms.models.enrollments import Cohort, Enrollment
from lms.models.study import LessonProgress, StudySession
from lms.services.receipts import Standing
from lms.services.study_progress import Place


@dataclass
class Progress:
    """What one lesson's segments add up to for one enrollment, held in memory while it changes."""

    enrollment_id: uuid.UUID
    lesson_id: uuid.UUID
    covered: tuple[Span, ...] = ()
    credited_ms: int = 0
    by_class: dict[str, int] = field(default_factory=dict)
    confirmed_ms: int = 0
    position_ms: int = 0
    is_stored: bool = False

    @property
    def place(self) -> Place:
        """Its key."""
        return self.enrollment_id, self.lesson_id


@dataclass(frozen=True)
class Course:
    """Under which rules study is credited: the enrollment's cohort and policy, the lesson's length."""

    person_id: uuid.UUID
    enrollment_id: uuid.UUID
    lesson_id: uuid.UUID
    organisation_id: uuid.UUID
    opens_on: date
    closes_on: date
    policy: Policy
    duration_ms: int

    def standing(self, progress: Progress) -> Standing:
        """Where the lesson stands, as answers tell it."""
        return Standing(
            credited_ms=progress.credited_ms,
            confirmed_ms=progress.confirmed_ms,
            required_ms=self.policy.required_ms(self.duration_ms),
            duration_ms=self.duration_ms,
            position_ms=progress.position_ms,
        )


@dataclass
class Sitting:
    """A study session in memory."""

    session_id: uuid.UUID
    epoch: int
    nonce: str
    last_seq: int
    opened_ms: int
    answered_ms: int
    course: Course
    progress: Progress


SESSION = StudySession.__table__.c
PROGRESS = LessonProgress.__table__.c
RULES = (
    Enrollment.person_id,
    Cohort.organisation_id,
    Cohort.opens_on,
    Cohort.closes_on,
    Cohort.policy_code,
    Lesson.duration_ms,
)
SITTINGS = Lookup(
    select(
        SESSION.id,
        SESSION.enrollment_id,
        SESSION.lesson_id,
        SESSION.epoch,
        SESSION.nonce,
        SESSION.last_seq,
        SESSION.opened_ms,
        SESSION.answered_ms,
        *RULES,
        PROGRESS.covered,
        PROGRESS.credited_ms,
        PROGRESS.by_class,
        PROGRESS.confirmed_ms,
        PROGRESS.position_ms,
    )
    .select_from(StudySession)
    .join(Enrollment, Enrollment.id == SESSION.enrollment_id)
    .join(Cohort, Cohort.id == Enrollment.cohort_id)
    .join(Lesson, Lesson.id == SESSION.lesson_id)
    .outerjoin(
        LessonProgress,
        and_(PROGRESS.enrollment_id == SESSION.enrollment_id, PROGRESS.lesson_id == SESSION.lesson_id),
    ),
    key=SESSION.id,
)


def load(session: Session, session_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Sitting]:
    """The study sessions with these ids; two of one lesson share their progress."""
    known: dict[Place, Progress] = {}
    found: dict[uuid.UUID, Sitting] = {}
    for row in SITTINGS.rows(session, session_ids):
        made = _progress(row)
        found[row.id] = Sitting(
            session_id=row.id,
            epoch=row.epoch,
            nonce=row.nonce,
            last_seq=row.last_seq,
            opened_ms=row.opened_ms,
            answered_ms=row.answered_ms,
            course=_course(row),
            progress=known.setdefault(made.place, made),
        )
    return found


def load_courses(
    session: Session, enrollment_id: uuid.UUID, lesson_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, Course]:
    """By lesson: the rules of study of one enrollment. The caller has reached it through a scope."""
    rows = (
        select(Enrollment.id.label("enrollment_id"), Lesson.id.label("lesson_id"), *RULES)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .join(Lesson, or_(Lesson.course_version_id == Enrollment.course_version_id, _held_for(Enrollment.cohort_id)))
        .where(Enrollment.id == enrollment_id, Lesson.id.in_(list(lesson_ids)))
    )
    return {row.lesson_id: _course(row) for row in session.execute(rows)}


def _held_for(cohort_id: Any) -> Any:
    """A class in person is no lesson of a course, but one of the cohort's timetable."""
    return exists().where(ClassMeeting.lesson_id == Lesson.id, ClassMeeting.cohort_id == cohort_id)


def load_progress(session: Session, enrollment_id: uuid.UUID, lesson_id: uuid.UUID) -> Progress:
    """One lesson's progress, blank if there is none yet."""
    row = session.execute(
        select(LessonProgress.__table__).where(PROGRESS.enrollment_id == enrollment_id, PROGRESS.lesson_id == lesson_id)
    ).one_or_none()
    return _progress(row) if row else Progress(enrollment_id, lesson_id)


def _course(row: Any) -> Course:
    return Course(
        person_id=row.person_id,
        enrollment_id=row.enrollment_id,
        lesson_id=row.lesson_id,
        organisation_id=row.organisation_id,
        opens_on=row.opens_on,
        closes_on=row.closes_on,
        policy=policy_named(row.policy_code),
        duration_ms=row.duration_ms or 0,
    )


def _progress(row: Any) -> Progress:
    if row.covered is None:
        return Progress(row.enrollment_id, row.lesson_id)
    return Progress(
        enrollment_id=row.enrollment_id,
        lesson_id=row.lesson_id,
        covered=tuple((start, end) for start, end in row.covered),
        credited_ms=row.credited_ms,
        by_class=dict(row.by_class),
        confirmed_ms=row.confirmed_ms,
        position_ms=row.position_ms,
        is_stored=True,
    )
