"""An institution's videos one by one: which lessons play a file, and taking away what none does."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lms.domain.errors import Conflict, NotFound
from lms.models.courses import Course, CourseVersion, Lesson
from lms.models.drafts import Draft, DraftFile
from lms.models.media import Media
from lms.models.uploads import LibraryFile, MediaCaptions, Upload, UploadPart
from lms.services import audit, media, scopes
from lms.services.scopes import Actor


@dataclass(frozen=True)
class Use:
    """A lesson of a course version that plays the video."""

    version_id: uuid.UUID
    number: int
    course: str
    course_en: str
    slug: str
    title: str
    title_en: str


def uses(session: Session, actor: Actor, media_id: uuid.UUID) -> list[Use]:
    """The lessons that play a file of the actor's library, the newest version first."""
    _own(session, actor, media_id)
    found = (
        select(CourseVersion, Lesson)
        .join(Course, Course.id == CourseVersion.course_id)
        .join(Lesson, Lesson.course_version_id == CourseVersion.id)
        .where(Lesson.media_id == media_id)
        .order_by(Course.slug, CourseVersion.number.desc(), Lesson.position)
    )
    return [_use(version, lesson) for version, lesson in session.execute(found)]


def _use(version: CourseVersion, lesson: Lesson) -> Use:
    return Use(
        version_id=version.id,
        number=version.number,
        course=version.title,
        course_en=version.title_en,
        slug=lesson.slug,
        title=lesson.title,
        title_en=lesson.title_en,
    )


def retry(session: Session, actor: Actor, media_id: uuid.UUID, *, now: datetime) -> None:
    """Once more from the kept original; NotFound("job_not_failed") while there is nothing to retry."""
    _own(session, actor, media_id)
    media.retry(session, media_id, account_id=actor.account_id, now=now)


def cancel(session: Session, actor: Actor, media_id: uuid.UUID, *, now: datetime) -> None:
    """Stops the making of a video; the original stays. NotFound("job_not_running") when it has ended."""
    _own(session, actor, media_id)
    media.cancel(session, media_id, account_id=actor.account_id, now=now)


def remove(session: Session, actor: Actor, media_id: uuid.UUID, *, now: datetime) -> None:
    """Takes a file away that no lesson plays, with its original, its video and its captions.

    Conflict("media_in_use") otherwise: a published lesson keeps its video for ever, and "media_in_draft" while
    a course that is being written names it.
    """
    file = _own(session, actor, media_id)
    made = session.get_one(Media, media_id, with_for_update=True)
    if session.scalar(select(Lesson.id).where(Lesson.media_id == media_id).limit(1)) is not None:
        raise Conflict("media_in_use")
    _check_drafts(session, file)
    told = media.progress(session, media_id)
    if told.can_be_cancelled:
        media.cancel(session, media_id, account_id=actor.account_id, now=now)
    keys = [made.original_key] if made.original_key else []
    media.forget(session, keys=keys, prefixes=[f"media/{media_id}/"], now=now)
    _delete_rows(session, file, made)
    detail: dict[str, object] = {"content_hash": file.content_hash}
    audit.record(
        session,
        "media.remove",
        media_id,
        now=now,
        account_id=actor.account_id,
        organisation_id=file.organisation_id,
        detail=detail,
    )


def _check_drafts(session: Session, file: LibraryFile) -> None:
    named = select(Draft.title).join(DraftFile, DraftFile.draft_id == Draft.id)
    mine = named.where(Draft.organisation_id == file.organisation_id)
    title = session.scalar(mine.where(DraftFile.text.contains(file.content_hash)).limit(1))
    if title is not None:
        raise Conflict("media_in_draft", title=title)


def _delete_rows(session: Session, file: LibraryFile, made: Media) -> None:
    mine = select(Upload.id).where(Upload.media_id == made.id)
    session.execute(delete(UploadPart).where(UploadPart.upload_id.in_(mine)))
    session.execute(delete(Upload).where(Upload.media_id == made.id))
    session.execute(delete(MediaCaptions).where(MediaCaptions.media_id == made.id))
    session.delete(file)
    session.flush()
    session.delete(made)
    session.flush()


def _own(session: Session, actor: Actor, media_id: uuid.UUID) -> LibraryFile:
    found = session.scalar(scopes.library_of(actor).where(LibraryFile.media_id == media_id))
    if found is None:
        raise NotFound("media_not_found")
    return found
