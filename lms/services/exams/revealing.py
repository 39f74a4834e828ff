"""The questions of a closed sitting with their answers, once the class has closed; until then no key is even read."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lms.clock import civil_day
from lms.domain import exam_papers, exams
from lms.domain.courses import Asset
from lms.domain.errors import NotFound
from lms.domain.exam_reveal import Outcome, Revealed, outcome, reveal
from lms.domain.exams import Reveal
from lms.domain.policies import policy_named
from lms.models.enrollments import Cohort, Enrollment
from lms.models.exams import ExamClosing, ExamSitting
from lms.services import scopes, study_clock
from lms.services.exams import rows
from lms.services.scopes import Actor


@dataclass(frozen=True)
class ToldQuestion:
    """One place of a paper, from 0. `before`: what it was worth as it is written, where a ruling changed that."""

    place: int
    revealed: Revealed
    is_answered: bool
    outcome: Outcome
    before: Outcome | None


@dataclass(frozen=True)
class Telling:
    """Whether the questions of a closed sitting are told; from which day, where that is still to come."""

    state: Reveal
    from_on: date
    questions: tuple[ToldQuestion, ...] = ()


def telling(
    session: Session, sitting: ExamSitting, cohort: Cohort, scores: Sequence[int | None], *, now: datetime
) -> Telling:
    """What may be told of a closed sitting now; `scores`: those of the grade that counts."""
    state, from_on = _state(session, sitting, cohort, now), exams.reveal_on(cohort.closes_on)
    if state is not Reveal.TOLD:
        return Telling(state, from_on)
    return Telling(state, from_on, _questions(session, sitting, scores))


def get_picture(session: Session, actor: Actor, sitting_id: uuid.UUID, place: int, *, now: datetime) -> Asset:
    """The picture at one place of a paper: for whoever answers it, and once it is told for whose it is. NotFound."""
    sitting = session.scalar(scopes.sittings_of(actor).where(ExamSitting.id == sitting_id))
    sitting = sitting or _told(session, actor, sitting_id, now)
    paper = exam_papers.from_json(sitting.paper)
    if not 0 <= place < len(paper):
        raise NotFound
    (item,) = rows.items_of(session, [paper[place : place + 1]]).values()
    if item.picture is None:
        raise NotFound
    return item.picture


def _told(session: Session, actor: Actor, sitting_id: uuid.UUID, now: datetime) -> ExamSitting:
    """Her own oral sitting, which somebody else entered."""
    sitting = session.scalar(scopes.results_of(actor).where(ExamSitting.id == sitting_id))
    if sitting is None or not rows.is_closed(session, sitting_id):
        raise NotFound
    cohort = session.get_one(Enrollment, sitting.enrollment_id).cohort
    if _state(session, sitting, cohort, now) is not Reveal.TOLD:
        raise NotFound
    return sitting


def _state(session: Session, sitting: ExamSitting, cohort: Cohort, now: datetime) -> Reveal:
    blended = policy_named(sitting.policy_code).blended
    if blended is None or blended.exam is None:
        return Reveal.NEVER
    busy = _is_sat(session, cohort.id, sitting.person_id)
    return exams.reveal(blended.exam, cohort.closes_on, civil_day(now), still_sitting=busy)


def _is_sat(session: Session, cohort_id: uuid.UUID, person_id: uuid.UUID) -> bool:
    """Whether somebody of the class, or this person in any, sits an exam now."""
    closed = select(ExamClosing.sitting_id).where(ExamClosing.sitting_id == ExamSitting.id).exists()
    classmates = select(Enrollment.id).where(Enrollment.cohort_id == cohort_id)
    running = select(ExamSitting.id).where(
        or_(ExamSitting.person_id == person_id, ExamSitting.enrollment_id.in_(classmates)),
        ExamSitting.due_ms + exams.GRACE_MS >= study_clock.peek_ms(session),
        ~closed,
    )
    return session.scalar(running.limit(1)) is not None


def _questions(session: Session, sitting: ExamSitting, scores: Sequence[int | None]) -> tuple[ToldQuestion, ...]:
    paper = exam_papers.from_json(sitting.paper)
    items = rows.in_order(rows.items_of(session, [paper]), paper)
    answers = exams.counting(map(rows.as_saved, rows.saved(session, sitting.id)), sitting.due_ms)
    written = map(outcome, exams.raw_scores(paper, items, answers))
    counted = map(outcome, scores)
    told = []
    for place, (item, slot, before, after) in enumerate(zip(items, paper, written, counted, strict=True)):
        answered = exam_papers.is_answered(item, answers.get(place))
        shown = reveal(item, slot, answers.get(place))
        told.append(ToldQuestion(place, shown, answered, after, before if before is not after else None))
    return tuple(told)
