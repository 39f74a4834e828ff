"""Videos: asked for by what they are made from, made once in the background, shown when they are complete."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lms.adapters.production import Made, NotMade
from lms.domain.courses import Slide
from lms.domain.errors import NotFound
from lms.models.base import new_id
from lms.models.courses import Lesson
from lms.models.jobs import Job
from lms.models.media import Media
from lms.models.uploads import LibraryFile
from lms.services import audit, jobs, scopes
from lms.services.scopes import Actor

MAKE_MEDIA, FORGET = "make_media", "forget_objects"
PIPELINE = "slides-1"  # changes whenever slides, voice or encoding change, so that the same text is made anew
QUEUED, WORKING, READY, REFUSED, FAILED, CANCELLED = "queued", "working", "ready", "refused", "failed", "cancelled"
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
        return self.state in (READY, REFUSED, FAILED, CANCELLED)

    @property
    def can_be_retried(self) -> bool:
        """It ended without a video."""
        return self.state in (REFUSED, FAILED, CANCELLED)

    @property
    def can_be_cancelled(self) -> bool:
        """It waits or is being made."""
        return self.state in (QUEUED, WORKING)


@dataclass(frozen=True)
class LibraryRow:
    """One file of an institution's library with the video that is made of it. `uses`: lessons that play it.

    `content_hash` is the SHA-256 of the original, by which a lesson names it.
    """

    content_hash: str
    name: str
    size_bytes: int
    added_at: datetime
    video: MediaProgress
    width: int | None
    height: int | None
    has_sound: bool | None
    has_captions: bool
    uses: int


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


def settle(session: Session, media_id: uuid.UUID, outcome: Made | NotMade, *, now: datetime) -> None:
    """Shows the finished set to everybody, or notes why there is none.

    Lessons without a length get that of the video; a length that study was credited for never changes.
    """
    media = session.get_one(Media, media_id)
    if isinstance(outcome, NotMade):
        media.state, media.problem, media.problem_values = REFUSED, outcome.code, dict(outcome.values)
        return
    media.state, media.problem, media.problem_values = READY, None, {}
    media.measured_at = media.measured_at or now
    media.prefix, media.duration_ms = outcome.prefix, outcome.duration_ms
    media.size_bytes, media.has_captions, media.ready_at = outcome.size_bytes, outcome.has_captions, now
    media.width, media.height, media.has_sound = outcome.width, outcome.height, outcome.has_sound
    session.execute(
        update(Lesson)
        .where(Lesson.media_id == media_id, Lesson.duration_ms.is_(None))
        .values(duration_ms=outcome.duration_ms)
    )


def find_ready(session: Session, organisation_id: uuid.UUID, source_hash: str) -> Media | None:
    """The finished video of an institution's own file, named by the SHA-256 of the original."""
    named = select(Media).join(LibraryFile, LibraryFile.media_id == Media.id)
    mine = named.where(LibraryFile.organisation_id == organisation_id, LibraryFile.content_hash == source_hash)
    return session.scalar(mine.where(Media.state == READY))


def list_library(
    session: Session, actor: Actor, *, words: str = "", page: int = 1, size: int | None = None
) -> tuple[list[LibraryRow], int]:
    """The files of the institutions the actor teaches for, the newest first, with the state of each video.

    `words`: part of the file's name. One page of `size` rows (all without one), and how many rows there are in all.
    """
    found = scopes.library_of(actor)
    if words:
        found = found.where(LibraryFile.name.icontains(words, autoescape=True))
    total = session.scalar(found.with_only_columns(func.count())) or 0
    newest = found.order_by(LibraryFile.created_at.desc(), LibraryFile.id.desc())
    if size is not None:
        newest = newest.limit(size).offset((page - 1) * size)
    return _library_rows(session, session.scalars(newest).all()), total


def get_library_row(session: Session, actor: Actor, media_id: uuid.UUID) -> LibraryRow:
    """One file of the actor's library; NotFound for one of another institution."""
    files = session.scalars(scopes.library_of(actor).where(LibraryFile.media_id == media_id)).all()
    if not files:
        raise NotFound("media_not_found")
    return _library_rows(session, files)[0]


def _library_rows(session: Session, files: Sequence[LibraryFile]) -> list[LibraryRow]:
    ids = [file.media_id for file in files]
    found = {media.id: media for media in session.scalars(select(Media).where(Media.id.in_(ids)))}
    told = list_progress(session, ids)
    counted = select(Lesson.media_id, func.count()).where(Lesson.media_id.in_(ids)).group_by(Lesson.media_id)
    uses: dict[uuid.UUID | None, int] = {row[0]: row[1] for row in session.execute(counted)}
    return [_library_row(file, found[file.media_id], told[file.media_id], uses.get(file.media_id, 0)) for file in files]


def _library_row(file: LibraryFile, media: Media, video: MediaProgress, uses: int) -> LibraryRow:
    return LibraryRow(
        content_hash=file.content_hash,
        name=file.name,
        size_bytes=file.size_bytes,
        added_at=file.created_at,
        video=video,
        width=media.width,
        height=media.height,
        has_sound=media.has_sound,
        has_captions=media.captions_number is not None,
        uses=uses,
    )


def get_prefix(session: Session, actor: Actor, media_id: uuid.UUID) -> str:
    """Where the finished video of the actor's library lies in the store; NotFound while there is none."""
    mine = scopes.library_of(actor).where(LibraryFile.media_id == media_id)
    made = session.get(Media, media_id) if session.scalar(mine) is not None else None
    if made is None or made.prefix is None:
        raise NotFound("media_not_found")
    return made.prefix


def check_visible(session: Session, actor: Actor, media_id: uuid.UUID) -> None:
    """NotFound for a file of an institution the actor does not teach for; videos of courses are everybody's.

    Without a code of its own: a video that is nowhere is refused in the same words.
    """
    owned = session.scalar(select(LibraryFile.id).where(LibraryFile.media_id == media_id))
    mine = scopes.library_of(actor).where(LibraryFile.media_id == media_id)
    if owned is not None and session.scalar(mine) is None:
        raise NotFound


def cancel(session: Session, media_id: uuid.UUID, *, account_id: uuid.UUID, now: datetime) -> None:
    """Takes back the making of a video; NotFound("job_not_running") when there is nothing to take back."""
    media = session.get(Media, media_id, with_for_update=True)
    job = jobs.find(session, _key(media_id))
    if media is None or job is None:
        raise NotFound
    jobs.cancel(session, job.id, now=now)
    media.state = CANCELLED
    audit.record(session, "media.cancel", media_id, now=now, account_id=account_id)


def forget(
    session: Session,
    *,
    keys: Sequence[str] = (),
    prefixes: Sequence[str] = (),
    uploads: Sequence[tuple[str, str]] = (),
    now: datetime,
) -> None:
    """Asks for objects, whole sets and unfinished uploads (key, ref) to leave the store after the commit."""
    payload = {"keys": list(keys), "prefixes": list(prefixes), "uploads": [list(each) for each in uploads]}
    jobs.enqueue(session, FORGET, f"forget:{new_id()}", payload, now=now)


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
