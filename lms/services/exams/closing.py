"""The end of a sitting: handed in, or its time was up; with the grade, and what she is told of it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain import exam_papers, exams
from lms.domain.courses import Course
from lms.domain.errors import NotFound, Refused
from lms.domain.evidence import EvidenceKind, canonical, leaf_of
from lms.domain.exams import Cause
from lms.models.enrollments import Enrollment
from lms.models.exams import ExamAnswer, ExamClosing, ExamGrade, ExamSitting
from lms.services import completion, courses, scopes, study_clock
from lms.services.evidence import Held, Pen
from lms.services.exams import grading, revealing, rows
from lms.services.exams.revealing import Telling
from lms.services.scopes import Actor

SWEEP_BATCH = 50
SWEEP_DAYS = 7  # older ones are closed when somebody looks at them


@dataclass(frozen=True)
class TopicRow:
    """How she did on one objective or module, in percent."""

    text: str
    text_en: str
    percent: int


@dataclass(frozen=True)
class Result:
    """A closed sitting as it is told: no single question before `telling` says so."""

    sitting_id: uuid.UUID
    enrollment_id: uuid.UUID
    cohort_id: uuid.UUID
    title: str
    title_en: str
    number: int
    mode: str
    cause: str
    closed_at: datetime
    score_percent: int
    pass_percent: int
    passed: bool
    regraded: bool
    watermark: str
    topics: tuple[TopicRow, ...]
    telling: Telling


def close(session: Session, actor: Actor, sitting_id: uuid.UUID, *, now: datetime) -> None:
    """Hands in, in her own words; harmless where the sitting is closed already. NotFound."""
    sitting = rows.find(session, actor, sitting_id)
    pen, held = study_clock.hold_one(session, sitting.person_id, now=now)
    rows.find(session, actor, sitting_id, lock=True)
    if rows.is_closed(session, sitting_id):
        return
    if exams.is_over(sitting.due_ms, pen.now_ms):
        grade = close_overdue(pen, held, sitting_id)
    else:
        grade = _close(pen, held, sitting, Cause.HANDED_IN, pen.now_ms, now)
    _write(pen, [(sitting.enrollment_id, grade)])


def close_overdue(pen: Pen, held: Held, sitting_id: uuid.UUID) -> ExamGrade:
    """Closes a sitting whose time is up, as of that moment; the caller holds the lease and writes the evidence."""
    sitting = pen.session.get_one(ExamSitting, sitting_id, with_for_update=True)
    ended_at = sitting.opened_at + timedelta(milliseconds=sitting.due_ms - sitting.opened_ms)
    return _close(pen, held, sitting, Cause.TIME_UP, sitting.due_ms, ended_at)


def get_result(session: Session, actor: Actor, sitting_id: uuid.UUID, *, now: datetime) -> Result | None:
    """What came of a sitting; None while it runs. One whose time is up is closed by looking at it. NotFound."""
    sitting = session.scalar(scopes.results_of(actor).where(ExamSitting.id == sitting_id))
    if sitting is None:
        raise NotFound
    if not rows.is_closed(session, sitting_id):
        pen, held = study_clock.hold_one(session, sitting.person_id, now=now)
        if not exams.is_over(sitting.due_ms, pen.now_ms):
            return None
        if session.get(ExamClosing, sitting_id, populate_existing=True) is None:
            grade = close_overdue(pen, held, sitting_id)
            _write(pen, [(sitting.enrollment_id, grade)])
    return _result(session, sitting, now)


def sweep(session: Session, *, now: datetime) -> int:
    """Closes sittings whose time is up and that nobody looks at; tells how many."""
    now_ms = study_clock.read_ms(session)
    due = (
        select(ExamSitting)
        .where(ExamSitting.opened_at >= now - timedelta(days=SWEEP_DAYS))
        .where(ExamSitting.due_ms + exams.GRACE_MS < now_ms, ~rows.ended())
        .order_by(ExamSitting.opened_at)
        .limit(SWEEP_BATCH)
    )
    found = session.scalars(due).all()
    if not found:
        return 0
    pen = Pen(session, now_ms=now_ms, now=now)
    held = pen.hold([each.person_id for each in found])
    grades = []
    for each in found:
        if session.get(ExamClosing, each.id, populate_existing=True) is None:
            grades.append((each.enrollment_id, close_overdue(pen, held[each.person_id], each.id)))
    _write(pen, grades)
    return len(found)


def _write(pen: Pen, grades: Sequence[tuple[uuid.UUID, ExamGrade]]) -> None:
    """Writes the evidence; a passed exam may have been the last thing missing. `grades`: with their enrollments."""
    pen.write()
    for enrollment_id in (each for each, grade in grades if grade.passed):
        completion.refresh(pen.session, pen.session.get_one(Enrollment, enrollment_id), now=pen.now)


def _close(pen: Pen, held: Held, sitting: ExamSitting, cause: Cause, closed_ms: int, closed_at: datetime) -> ExamGrade:
    kept = rows.saved(pen.session, sitting.id)
    facts = {"cause": cause.value, "answers_hash": answers_hash(kept), "closed_ms": closed_ms}
    told = {"sitting": str(sitting.id), "saved": len(kept), "closed_at": closed_at.isoformat()}
    entry = pen.append(held, EvidenceKind.ANSWERS, {**facts, **told})
    pen.session.add(ExamClosing(sitting_id=sitting.id, closed_at=closed_at, entry=entry.number, **facts))
    return grading.first(pen, held, sitting, exams.counting(map(rows.as_saved, kept), sitting.due_ms))


def answers_hash(kept: list[ExamAnswer]) -> str:
    """SHA-256 of all that was saved in a sitting, in the order of arrival."""
    names = ("number", "place", "client_key", "answer", "held_ms", "received_ms")
    return leaf_of(canonical({"answers": [[getattr(row, name) for name in names] for row in kept]}))


def _result(session: Session, sitting: ExamSitting, now: datetime) -> Result:
    closing = session.get_one(ExamClosing, sitting.id)
    grade = grading.latest(session, sitting.id)
    if grade is None:
        raise Refused("exam_not_graded")
    enrollment = session.get_one(Enrollment, sitting.enrollment_id)
    course = courses.text_of(enrollment.cohort.course_version)
    return Result(
        sitting_id=sitting.id,
        enrollment_id=enrollment.id,
        cohort_id=enrollment.cohort_id,
        title=course.title,
        title_en=course.title_en,
        number=sitting.number,
        mode=sitting.mode,
        cause=closing.cause,
        closed_at=closing.closed_at,
        score_percent=grade.score_percent,
        pass_percent=sitting.pass_percent,
        passed=grade.passed,
        regraded=grade.number > 1,
        watermark=sitting.watermark,
        topics=_topics(sitting, grade, course),
        telling=revealing.telling(session, sitting, enrollment.cohort, grade.scores, now=now),
    )


def _topics(sitting: ExamSitting, grade: ExamGrade, course: Course) -> tuple[TopicRow, ...]:
    modules = {each.id: module.slug for module in course.modules for each in module.objectives}
    words = {module.slug: (module.title, module.title_en) for module in course.modules}
    words |= {each.id: (each.text, each.text_en) for each in course.objectives}
    told = exams.by_topic(exam_papers.from_json(sitting.paper), grade.scores, modules)
    return tuple(TopicRow(*words.get(topic, (topic, topic)), percent) for topic, percent in told.items())
