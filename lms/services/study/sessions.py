"""Opening a study session: the person's single lease changes hands."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain import study
from lms.domain.courses import TIMED
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.evidence import EvidenceKind
from lms.domain.study import Lease
from lms.models.base import new_id
from lms.models.courses import Lesson
from lms.models.enrollments import Enrollment
from lms.models.study import StudySession
from lms.services import completion, presence, scopes, study_clock
from lms.services.evidence import Held, Pen
from lms.services.receipts import Answer, Draws, dumps
from lms.services.scopes import Actor
from lms.services.study import sittings


def open_session(
    session: Session,
    actor: Actor,
    *,
    enrollment_id: uuid.UUID,
    lesson_id: uuid.UUID,
    idempotency_key: str | None,
    draws: Draws,
    now: datetime,
) -> Answer:
    """Takes the person's single lease for one lesson; an older session of hers ends here."""
    enrollment, lesson = studied(session, actor, enrollment_id, lesson_id, now)
    pen = Pen(session, now_ms=0, now=now)
    held = pen.hold([enrollment.person_id])[enrollment.person_id]
    again = _opened_before(session, enrollment.person_id, idempotency_key)
    if again is not None:
        if (again.enrollment_id, again.lesson_id) != (enrollment.id, lesson.id):
            raise Conflict("idempotency_key_reused")
        return Answer(again.opened_answer)
    pen.now_ms = study_clock.read_ms(session)
    presence.expire(pen, held, draws)
    opened = _opened(pen, held, enrollment, lesson, idempotency_key, draws)
    opened.opened_answer = dumps(_told(session, pen, held, opened, draws))
    session.add(opened)
    pen.write()
    return Answer(opened.opened_answer)


def studied(
    session: Session, actor: Actor, enrollment_id: uuid.UUID, lesson_id: uuid.UUID, now: datetime
) -> tuple[Enrollment, Lesson]:
    """An own enrollment and a lesson of it that time can be credited for; NotFound, Refused or Conflict."""
    mine = scopes.lessons_of(actor, enrollment_id)
    found = session.execute(mine.where(Lesson.id == lesson_id)).one_or_none()
    if found is None:
        raise NotFound
    enrollment, lesson = found
    completion.require_running(session, enrollment, now=now)
    if lesson.kind not in TIMED:
        raise Refused("lesson_not_for_study")
    if lesson.duration_ms is None:
        raise Conflict("video_not_ready", title=lesson.title)
    return enrollment, lesson


def _opened(
    pen: Pen, held: Held, enrollment: Enrollment, lesson: Lesson, key: str | None, draws: Draws
) -> StudySession:
    taken = study.open_lease(Lease(held.epoch, pen.used_ms(held)), pen.now_ms)
    held.epoch, held.high_water_ms = taken.epoch, taken.high_water_ms
    opened = StudySession(
        id=new_id(),
        person_id=enrollment.person_id,
        enrollment_id=enrollment.id,
        lesson_id=lesson.id,
        idempotency_key=key,
        epoch=taken.epoch,
        nonce=draws.nonce,
        last_seq=0,
        opened_ms=pen.now_ms,
        opened_at=pen.now,
        answered_ms=pen.now_ms,
    )
    facts = {
        "source": str(opened.id),
        "enrollment": str(enrollment.id),
        "lesson": str(lesson.id),
        "epoch": opened.epoch,
        "high_water_ms": held.high_water_ms,
    }
    pen.append(held, EvidenceKind.SESSION, facts)
    return opened


def _told(session: Session, pen: Pen, held: Held, opened: StudySession, draws: Draws) -> dict[str, Any]:
    course = sittings.load_courses(session, opened.enrollment_id, [opened.lesson_id])[opened.lesson_id]
    standing = course.standing(sittings.load_progress(session, opened.enrollment_id, opened.lesson_id))
    return {
        "session": str(opened.id),
        "epoch": opened.epoch,
        "nonce": opened.nonce,
        "next_beat_ms": study.first_beat_ms(draws.beat),
        "policy": course.policy.code,
        **standing.told(),
        "challenge": presence.open_challenge(pen, held),
    }


def _opened_before(session: Session, person_id: uuid.UUID, key: str | None) -> StudySession | None:
    if key is None:
        return None
    mine = select(StudySession).where(StudySession.person_id == person_id)
    return session.scalar(mine.where(StudySession.idempotency_key == key))
