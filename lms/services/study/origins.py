"""What an upload hangs on: a session's gap or an offline pass, and the window it leaves."""

import json
import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain import offline, study
from lms.domain.errors import NotFound
from lms.domain.offline import Part, Window
from lms.models.offline import StudyPass
from lms.models.study import StudyHeartbeat, StudySession
from lms.services.evidence import Held, Pen


@dataclass(frozen=True)
class Upload:
    """Some parts of one chain as a phone sent them: of a session after heartbeat `after_seq`, or of a pass."""

    source_id: uuid.UUID
    is_gap: bool
    after_seq: int
    head: str
    count: int
    parts: tuple[Part, ...]
    body_hash: str


@dataclass(frozen=True)
class Origin:
    """What a chain hangs on: its lessons, its seed, and the window it can lie in."""

    enrollment_id: uuid.UUID
    lesson_ids: tuple[uuid.UUID, ...]
    seed: str
    window: Window


def origin_of(session: Session, pen: Pen, held: Held, upload: Upload) -> Origin:
    """What an upload hangs on; NotFound for a session or pass that is not hers, or an answer she never had."""
    return _gap(session, pen, held, upload) if upload.is_gap else _pass(session, pen, held, upload)


def _gap(session: Session, pen: Pen, held: Held, upload: Upload) -> Origin:
    """A gap begins with the last answer the phone had, and ends ten minutes later, or when she took up elsewhere.

    A heartbeat after the next one proves that the phone had the next answer: there was a line again, and what
    was paused since then is no gap (decision 0005).
    """
    mine = select(StudySession).where(StudySession.person_id == held.person_id)
    opened = session.scalar(mine.where(StudySession.id == upload.source_id))
    if opened is None or not 0 <= upload.after_seq <= opened.last_seq:
        raise NotFound
    anchor, told = opened.opened_ms, opened.opened_answer
    if upload.after_seq:
        beat = session.get_one(StudyHeartbeat, (opened.id, upload.after_seq))
        anchor, told = beat.received_ms, beat.answer
    ended = session.scalar(
        select(StudySession.opened_ms).where(
            StudySession.person_id == held.person_id, StudySession.epoch == opened.epoch + 1
        )
    )
    limits = [pen.now_ms, anchor + offline.LONGEST_GAP_MS, *([ended] if ended is not None else [])]
    if opened.last_seq > upload.after_seq + 1:
        limits.append(session.get_one(StudyHeartbeat, (opened.id, upload.after_seq + 1)).received_ms)
    seed = json.loads(told)["nonce"]
    return Origin(opened.enrollment_id, (opened.lesson_id,), seed, Window(anchor, anchor, min(limits)))


def _pass(session: Session, pen: Pen, held: Held, upload: Upload) -> Origin:
    """A pass reaches from its issue to its end, or to the next pass. Whoever is online just now keeps that time."""
    mine = select(StudyPass).where(StudyPass.person_id == held.person_id)
    found = session.scalar(mine.where(StudyPass.id == upload.source_id))
    if found is None or upload.after_seq:
        raise NotFound
    later = mine.where(StudyPass.issued_ms > found.issued_ms).order_by(StudyPass.issued_ms)
    following = session.scalar(later.limit(1))
    limits = [pen.now_ms, found.expires_ms, *([following.issued_ms] if following else [])]
    if pen.used_ms(held) > pen.now_ms - study.HORIZON_MS:
        limits.append(pen.used_ms(held))
    lessons = tuple(uuid.UUID(hex=lesson) for lesson in found.lesson_ids)
    window = Window(found.issued_ms, found.issued_ms, min(limits))
    return Origin(found.enrollment_id, lessons, found.seed, window)
