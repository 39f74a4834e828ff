"""Offline passes: leave to study downloaded lessons without a line."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.errors import Conflict
from lms.domain.evidence import EvidenceKind
from lms.domain.offline import LONGEST_PASS_MS, seed_hash
from lms.models.base import new_id
from lms.models.courses import Lesson
from lms.models.enrollments import Enrollment
from lms.models.offline import StudyPass
from lms.services import study_clock
from lms.services.evidence import Pen
from lms.services.receipts import Answer, Draws, dumps
from lms.services.scopes import Actor
from lms.services.study import sittings
from lms.services.study.sessions import studied


def issue_pass(
    session: Session,
    actor: Actor,
    *,
    enrollment_id: uuid.UUID,
    lesson_ids: Sequence[uuid.UUID],
    idempotency_key: str | None,
    draws: Draws,
    now: datetime,
) -> Answer:
    """A pass for lessons of one own enrollment; it ends the window of an earlier one. The refusals of `studied`."""
    found = [studied(session, actor, enrollment_id, lesson_id, now) for lesson_id in dict.fromkeys(lesson_ids)]
    enrollment, lessons = found[0][0], [lesson for _, lesson in found]
    pen = Pen(session, now_ms=0, now=now)
    held = pen.hold([enrollment.person_id])[enrollment.person_id]
    again = _issued_before(session, enrollment.person_id, idempotency_key)
    if again is not None:
        if (again.enrollment_id, again.lesson_ids) != (enrollment.id, [lesson.id.hex for lesson in lessons]):
            raise Conflict("idempotency_key_reused")
        return Answer(again.answer)
    pen.now_ms = study_clock.read_ms(session)
    made = _made(pen, enrollment, lessons, idempotency_key, draws)
    made.answer = _told(session, made, lessons)
    session.add(made)
    pen.append(held, EvidenceKind.OFFLINE_PASS, _facts(made, lessons))
    pen.write()
    return Answer(made.answer)


def _made(pen: Pen, enrollment: Enrollment, lessons: Sequence[Lesson], key: str | None, draws: Draws) -> StudyPass:
    return StudyPass(
        id=new_id(),
        person_id=enrollment.person_id,
        enrollment_id=enrollment.id,
        lesson_ids=[lesson.id.hex for lesson in lessons],
        seed=draws.nonce,
        idempotency_key=key,
        issued_ms=pen.now_ms,
        issued_at=pen.now,
        expires_ms=pen.now_ms + LONGEST_PASS_MS,
    )


def _facts(made: StudyPass, lessons: Sequence[Lesson]) -> dict[str, object]:
    return {
        "source": str(made.id),
        "enrollment": str(made.enrollment_id),
        "lessons": [str(lesson.id) for lesson in lessons],
        "seed_hash": seed_hash(made.seed),
        "issued_ms": made.issued_ms,
        "expires_ms": made.expires_ms,
    }


def _told(session: Session, made: StudyPass, lessons: Sequence[Lesson]) -> str:
    return dumps(
        {
            "pass": str(made.id),
            "seed": made.seed,
            "expires_in_ms": made.expires_ms - made.issued_ms,
            "lessons": [
                {
                    "lesson": str(lesson.id),
                    "duration_ms": lesson.duration_ms,
                    "position_ms": sittings.load_progress(session, made.enrollment_id, lesson.id).position_ms,
                }
                for lesson in lessons
            ],
        }
    )


def _issued_before(session: Session, person_id: uuid.UUID, key: str | None) -> StudyPass | None:
    if key is None:
        return None
    return session.scalar(select(StudyPass).where(StudyPass.person_id == person_id, StudyPass.idempotency_key == key))
