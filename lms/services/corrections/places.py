"""What a correction is about: one lesson of one enrollment, its segments, and what they add up to."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain import corrections
from lms.domain.courses import TIMED
from lms.domain.errors import NotFound
from lms.domain.ledger import Posting, Tally, tally
from lms.models.corrections import Correction, StudyVoid
from lms.models.courses import Lesson
from lms.models.enrollments import Cohort, Enrollment
from lms.models.people import Person
from lms.models.study import StudyInterval, StudySegment
from lms.services import humans, scopes, study_progress
from lms.services.scopes import Actor
from lms.services.study_progress import Place


@dataclass(frozen=True)
class SegmentRow:
    """A segment as people see it: content, wall time in UTC, class, and whether it is voided."""

    id: uuid.UUID
    from_ms: int
    to_ms: int
    started_at: datetime
    ended_at: datetime
    evidence_class: str
    entry: int
    is_voided: bool


@dataclass(frozen=True)
class LessonChoice:
    """A lesson of the enrollment that study time can be about."""

    id: uuid.UUID
    title: str
    title_en: str
    duration_ms: int
    is_class: bool = False


@dataclass(frozen=True)
class LearnerPage:
    """What a proposal is written on: the learner, her lessons, and one of them with its segments if chosen."""

    enrollment_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    cohort_id: uuid.UUID
    cohort: str
    opens_on: date
    closes_on: date
    lessons: tuple[LessonChoice, ...]
    lesson: LessonChoice | None
    segments: tuple[SegmentRow, ...]


def learner_page(session: Session, actor: Actor, enrollment_id: uuid.UUID, lesson_id: uuid.UUID | None) -> LearnerPage:
    """One learner of the actor's institutions; NotFound for a stranger, or a lesson that is not of her course."""
    mine = scopes.learners_of(actor).where(Enrollment.id == enrollment_id).add_columns(Person, Cohort)
    found = session.execute(mine.join(Person, Person.id == Enrollment.person_id)).one_or_none()
    if found is None:
        raise NotFound
    enrollment, person, cohort = found
    lessons = _lessons(session, enrollment.course_version_id) + _classes(session, enrollment)
    lesson = next((each for each in lessons if each.id == lesson_id), None)
    if lesson_id is not None and lesson is None:
        raise NotFound
    return LearnerPage(
        enrollment_id=enrollment.id,
        person_id=person.id,
        name=person.name,
        cohort_id=cohort.id,
        cohort=cohort.name,
        opens_on=cohort.opens_on,
        closes_on=cohort.closes_on,
        lessons=lessons,
        lesson=lesson,
        segments=list_segments(session, (enrollment.id, lesson.id)) if lesson else (),
    )


def _lessons(session: Session, version_id: uuid.UUID) -> tuple[LessonChoice, ...]:
    rows = select(Lesson).where(Lesson.course_version_id == version_id, Lesson.kind.in_(TIMED))
    return tuple(
        LessonChoice(row.id, row.title, row.title_en, row.duration_ms)
        for row in session.scalars(rows.order_by(Lesson.position))
        if row.duration_ms
    )


def _classes(session: Session, enrollment: Enrollment) -> tuple[LessonChoice, ...]:
    """The classes in person that she has segments of: they can be voided like any other."""
    known = select(StudySegment.lesson_id).where(StudySegment.enrollment_id == enrollment.id)
    rows = select(Lesson).where(Lesson.course_version_id.is_(None), Lesson.id.in_(known)).order_by(Lesson.id)
    return tuple(
        LessonChoice(row.id, row.title, row.title_en, row.duration_ms or 0, is_class=True)
        for row in session.scalars(rows)
    )


def list_segments(session: Session, place: Place, only: Collection[uuid.UUID] | None = None) -> tuple[SegmentRow, ...]:
    """The segments of one lesson in the order of the clock; the caller has reached it through a scope."""
    rows = (
        select(StudySegment, StudyInterval.recorded_ms, StudyVoid.segment_id)
        .join(StudyInterval, StudyInterval.id == StudySegment.interval_id)
        .outerjoin(StudyVoid, StudyVoid.segment_id == StudySegment.id)
        .where(StudySegment.enrollment_id == place[0], StudySegment.lesson_id == place[1])
        .order_by(StudySegment.wall_from_ms)
    )
    if only is not None:
        rows = rows.where(StudySegment.id.in_(only))
    return tuple(_segment(*row) for row in session.execute(rows))


def _segment(row: StudySegment, recorded_ms: int, voided: object) -> SegmentRow:
    return SegmentRow(
        id=row.id,
        from_ms=row.from_ms,
        to_ms=row.to_ms,
        started_at=row.recorded_at + timedelta(milliseconds=row.wall_from_ms - recorded_ms),
        ended_at=row.recorded_at + timedelta(milliseconds=row.wall_to_ms - recorded_ms),
        evidence_class=row.evidence_class,
        entry=row.entry,
        is_voided=voided is not None,
    )


def sum_without(
    session: Session,
    person_id: uuid.UUID,
    place: Place,
    voided: Collection[uuid.UUID] = (),
    added: Collection[Posting] = (),
) -> Tally:
    """What the lesson would add up to without these segments, or with these more."""
    kept = [
        Posting(row.entry, row.from_ms, row.to_ms, row.evidence_class)
        for row in list_segments(session, place)
        if not row.is_voided and row.id not in voided
    ]
    return tally([*kept, *added], study_progress.passed_stretches(session, person_id))


def check_proposer(session: Session, actor: Actor, person_id: uuid.UUID) -> None:
    """Forbidden: correction_own, under whichever person she is on record."""
    corrections.check_proposer(
        humans.living(session, person_id), humans.self_of(session, actor.account_id, actor.person_id)
    )


def check_decider(session: Session, actor: Actor, row: Correction) -> None:
    """Forbidden: correction_own, correction_second_person, by whichever of her accounts she acts."""
    me, proposer = humans.self_of(session, actor.account_id, actor.person_id), humans.self_of(session, row.proposed_by)
    corrections.check_decider(humans.living(session, row.person_id), proposer, me, me)
