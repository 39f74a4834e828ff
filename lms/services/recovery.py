"""Making up for presence checks that were missed, within seven days (study-time.md, Presence)."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.domain import presence
from lms.domain.errors import Conflict, NotFound, TooMany
from lms.domain.presence import CheckKind
from lms.domain.spans import Span
from lms.models.courses import CourseVersion, Lesson
from lms.models.enrollments import Enrollment
from lms.models.presence import PresenceCheck, PresenceOutcome
from lms.models.study import StudyLease, StudySegment
from lms.services import presence as presence_checks
from lms.services import questions, scopes, study_clock, study_progress
from lms.services.evidence import Held, Pen
from lms.services.receipts import Draws
from lms.services.scopes import Actor


@dataclass(frozen=True)
class Waiting:
    """A stretch of study whose check was not passed. `until` is empty for one that was not asked about yet."""

    enrollment_id: uuid.UUID
    title: str
    title_en: str
    unconfirmed_ms: int
    until: datetime | None


def start(session: Session, actor: Actor, enrollment_id: uuid.UUID, *, draws: Draws, now: datetime) -> dict[str, Any]:
    """A check for what was missed, the oldest first, else for what was not asked about yet.

    NotFound for a stranger's enrollment; Conflict("nothing_to_confirm"), Conflict("no_tries_left");
    TooMany("challenge_too_soon").
    """
    if session.scalar(scopes.enrollments_of(actor).where(Enrollment.id == enrollment_id)) is None:
        raise NotFound
    pen, held = presence_checks.hold(session, actor, now=now)
    presence_checks.expire(pen, held, draws)
    last = _last_recovery(session, held)
    if last is not None and last.enrollment_id == enrollment_id:
        outcome = session.get(PresenceOutcome, last.id)
        if outcome is None and pen.now_ms <= last.due_ms:
            return presence_checks.challenge(last, pen.now_ms)
        _check_pause(last, outcome, pen.now_ms)
    check = _recovery(pen, held, enrollment_id, draws)
    pen.write()
    return presence_checks.challenge(check, pen.now_ms)


def _check_pause(last: PresenceCheck, outcome: PresenceOutcome | None, now_ms: int) -> None:
    """A miss costs a minute, so that guessing costs more than looking."""
    wait = last.issued_ms + presence.RECOVERY_PAUSE_MS - now_ms
    if wait > 0 and (outcome is None or outcome.outcome in presence.UNCONFIRMED):
        raise TooMany("challenge_too_soon", retry_after_seconds=-(-wait // 1000))


def _recovery(pen: Pen, held: Held, enrollment_id: uuid.UUID, draws: Draws) -> PresenceCheck:
    session, used_up = pen.session, False
    for span, _until in _stretches(session, held, pen.now_ms):
        if not study_progress.unconfirmed_ms(session, held.person_id, enrollment_id, span):
            continue
        if _tries(session, held, span) >= presence.MOST_TRIES:
            used_up = True
            continue
        segment = _last_segment(session, enrollment_id, span)
        dice = Random(draws.dice)  # noqa: S311  # drawn at the edge
        question = segment and questions.about(session, segment.lesson_id, segment.to_ms, dice)
        if segment and question:
            return presence_checks.issue(
                pen, held, enrollment_id, segment.lesson_id, question, CheckKind.RECOVERY, *span
            )
    raise Conflict("no_tries_left" if used_up else "nothing_to_confirm")


def _tries(session: Session, held: Held, span: Span) -> int:
    """How often she has been asked to make up for a stretch; an open one is known by where it begins."""
    asked = (PresenceCheck.person_id == held.person_id) & (PresenceCheck.kind == CheckKind.RECOVERY.value)
    return session.scalar(select(func.count()).where(asked, PresenceCheck.from_entry == span[0])) or 0


def list_waiting(session: Session, actor: Actor) -> list[Waiting]:
    """What of her study no check has confirmed and one still can, by course, the most urgent first."""
    lease = session.get(StudyLease, actor.person_id) if actor.person_id else None
    if lease is None:
        return []
    rows = (
        scopes.enrollments_of(actor)
        .join(CourseVersion, CourseVersion.id == Enrollment.course_version_id)
        .add_columns(CourseVersion.title, CourseVersion.title_en)
    )
    now_ms = study_clock.peek_ms(session)
    stretches = _stretches(session, lease, now_ms)
    return [
        Waiting(enrollment.id, title, title_en, missing, until)
        for enrollment, title, title_en in session.execute(rows).all()
        for span, until in stretches
        if (missing := study_progress.unconfirmed_ms(session, lease.person_id, enrollment.id, span))
    ]


def _stretches(session: Session, held: Held | StudyLease, now_ms: int) -> list[tuple[Span, datetime | None]]:
    """The stretches of entries that a recovery check can confirm, and until when: the missed, then the open one."""
    outcomes = session.scalars(
        select(PresenceOutcome)
        .join(PresenceCheck, PresenceCheck.id == PresenceOutcome.check_id)
        .where(PresenceOutcome.person_id == held.person_id, PresenceCheck.kind == CheckKind.STUDY.value)
        .where(PresenceOutcome.outcome.in_([each.value for each in presence.UNCONFIRMED]))
        .where(PresenceOutcome.recorded_ms > now_ms - presence.RECOVERY_MS)
        .order_by(PresenceOutcome.recorded_ms)
    ).all()
    until = {
        (each.from_entry, each.to_entry): each.recorded_at + timedelta(milliseconds=presence.RECOVERY_MS)
        for each in outcomes
    }
    missed = presence.to_recover(list(until), study_progress.passed_stretches(session, held.person_id))
    open_one = (held.closed_entry, held.entries)
    return [*((span, until[span]) for span in missed), (open_one, None)]


def _last_recovery(session: Session, held: Held) -> PresenceCheck | None:
    mine = select(PresenceCheck).where(PresenceCheck.person_id == held.person_id)
    recovery = mine.where(PresenceCheck.kind == CheckKind.RECOVERY.value)
    return session.scalar(recovery.order_by(PresenceCheck.issued_ms.desc(), PresenceCheck.id.desc()).limit(1))


def _last_segment(session: Session, enrollment_id: uuid.UUID, span: Span) -> StudySegment | None:
    played = select(Lesson.id).where(Lesson.course_version_id.is_not(None))  # what a class in person was, nobody asks
    mine = select(StudySegment).where(StudySegment.enrollment_id == enrollment_id, StudySegment.lesson_id.in_(played))
    inside = mine.where(StudySegment.entry > span[0], StudySegment.entry <= span[1])
    return session.scalar(inside.order_by(StudySegment.entry.desc(), StudySegment.to_ms.desc()).limit(1))
