"""Videos: asked for by what they are made from, made once in the background, shown when they are complete."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.adapters.production import Made, NotMade
from lms.domain.courses import Slide
from lms.domain.errors import NotFound
from lms.models.courses import Lesson
from lms.models.jobs import Job
from lms.models.media import Media
from lms.services import audit, jobs

MAKE_MEDIA = "make_media"
PIPELINE = "slides-1"  # changes whenever slides, voice or encoding change, so that the same text is made anew
QUEUED, WORKING, READY, REFUSED, FAILED = "queued", "working", "ready", "refused", "failed"
MISSING_PARTS = frozenset({"ffmpeg_missing", "voice_missing", "storage_unavailable"})


@dataclass(frozen=True)
class MediaProgress:
    """How far a video is. `percent` counts while it is being made; `code`: why there is none."""

    media_id: uuid.UUID
    title: str
    state: str
    percent: int
    duration_ms: int | None
    code: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_settled(self) -> bool:
        """Nothing will change any more unless somebody asks for it."""
        return self.state in (READY, REFUSED, FAILED)

    @property
    def can_be_retried(self) -> bool:
        """It ended without a video."""
        return self.state in (REFUSED, FAILED)


def request(session: Session, *, title: str, source_hash: str, payload: Mapping[str, Any], now: datetime) -> Media:
    """The video made from this source: the one there is, or a new one that waits for the worker.

    `payload` names `slides` and `lesson`, or the `original_key` of an upload in the store.
    """
    found = session.scalar(select(Media).where(Media.source_hash == source_hash))
    if found is not None:
        return found
    made = Media(
        title=title,
        source_hash=source_hash,
        state=QUEUED,
        original_key=payload.get("original_key"),
        created_at=now,
    )
    session.add(made)
    session.flush()
    jobs.enqueue(session, MAKE_MEDIA, _key(made.id), {**payload, "media_id": str(made.id)}, now=now)
    return made


def request_slides(session: Session, title: str, slides: Iterable[Slide], *, now: datetime) -> Media:
    """The video of these slides; the same slides under the same title are one video."""
    payload = {"lesson": title, "slides": [asdict(slide) for slide in slides]}
    text = json.dumps([PIPELINE, payload], ensure_ascii=False, sort_keys=True)
    source_hash = hashlib.sha256(text.encode()).hexdigest()
    return request(session, title=title, source_hash=source_hash, payload=payload, now=now)


def find(session: Session, source_hash: str) -> Media | None:
    """The video made from this source, if somebody asked for it."""
    return session.scalar(select(Media).where(Media.source_hash == source_hash))


def settle(session: Session, media_id: uuid.UUID, outcome: Made | NotMade, *, now: datetime) -> None:
    """Shows the finished set to everybody, or notes why there is none.

    Lessons without a length get that of the video; a length that study was credited for never changes.
    """
    media = session.get_one(Media, media_id)
    if isinstance(outcome, NotMade):
        media.state, media.problem, media.problem_values = REFUSED, outcome.code, dict(outcome.values)
        return
    media.state, media.problem, media.problem_values = READY, None, {}
    media.prefix, media.duration_ms = outcome.prefix, outcome.duration_ms
    media.size_bytes, media.has_captions, media.ready_at = outcome.size_bytes, outcome.has_captions, now
    session.execute(
        update(Lesson)
        .where(Lesson.media_id == media_id, Lesson.duration_ms.is_(None))
        .values(duration_ms=outcome.duration_ms)
    )


def retry(session: Session, media_id: uuid.UUID, *, account_id: uuid.UUID, now: datetime) -> None:
    """Asks once more for a video that failed or was refused; NotFound("job_not_failed") otherwise."""
    media = session.get(Media, media_id, with_for_update=True)
    job = jobs.find(session, _key(media_id))
    if media is None or job is None:
        raise NotFound
    if media.state == READY:
        raise NotFound("job_not_failed")
    jobs.retry(session, job.id, now=now)
    media.state, media.problem, media.problem_values = QUEUED, None, {}
    audit.record(session, "media.retry", media_id, now=now, account_id=account_id)


def progress(session: Session, media_id: uuid.UUID) -> MediaProgress:
    """How far one video is."""
    found = list_progress(session, [media_id])
    if media_id not in found:
        raise NotFound
    return found[media_id]


def list_progress(session: Session, media_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, MediaProgress]:
    """How far each of these videos is, in two queries."""
    wanted = session.scalars(select(Job).where(Job.key.in_([_key(media_id) for media_id in media_ids])))
    by_key = {job.key: job for job in wanted}
    found = session.scalars(select(Media).where(Media.id.in_(media_ids)))
    return {media.id: _progress(media, by_key.get(_key(media.id))) for media in found}


def _progress(media: Media, job: Job | None) -> MediaProgress:
    state = media.state
    if state == QUEUED and job is not None:
        state = {jobs.RUNNING: WORKING, jobs.FAILED: FAILED}.get(job.state, QUEUED)
    return MediaProgress(
        media_id=media.id,
        title=media.title,
        state=state,
        percent=100 if state == READY else job.progress if job and state == WORKING else 0,
        duration_ms=media.duration_ms,
        code=job.problem if job and state == FAILED and job.problem in MISSING_PARTS else media.problem,
        values=media.problem_values,
    )


def _key(media_id: uuid.UUID) -> str:
    return f"media:{media_id}"
