"""Parts as they come: begun, noted, completed, given up."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lms.adapters.multipart import Part
from lms.adapters.reception import Arriving, SentPart
from lms.db import insert_if_absent
from lms.domain.errors import Conflict, Refused
from lms.domain.uploads import UploadLimits, check_start, part_size
from lms.models.base import new_id
from lms.models.uploads import Upload, UploadPart
from lms.services import jobs, media, scopes
from lms.services.scopes import Actor
from lms.services.uploads.keeping import home, in_library, used_bytes
from lms.services.uploads.rows import (
    OPEN,
    RECEIVED,
    RECEIVING,
    REFUSED,
    Asked,
    UploadView,
    own_row,
    parts_of,
    view_of,
)

RECEIVE = "receive_upload"
ABANDONED_AFTER = timedelta(hours=48)
FORGOTTEN_AFTER = timedelta(days=7)
SWEPT_AT_ONCE = 20


def new_key() -> str:
    """Where an original will lie: nobody can guess it, and nothing of its name is in it."""
    return f"originals/{new_id().hex}"


def _find_begun(session: Session, actor: Actor, place: uuid.UUID, client_key: str) -> Upload | None:
    """The upload that the actor began under this name for this institution."""
    named = scopes.uploads_of(actor).where(Upload.organisation_id == place, Upload.client_key == client_key)
    return session.scalar(named)


def check(session: Session, actor: Actor, asked: Asked, limits: UploadLimits) -> UploadView | None:
    """Whether the file may come at all; the upload there is already, if it was begun before.

    Refused: upload_name, upload_empty, media_too_large, upload_quota, upload_needs_organisation.
    """
    place = home(actor, asked.organisation_id)
    found = _find_begun(session, actor, place, asked.client_key)
    if found is not None and found.state != REFUSED:
        return view_of(session, found)
    check_start(asked.name, asked.size, used_bytes(session, place), limits)
    return None


def start(
    session: Session, actor: Actor, asked: Asked, limits: UploadLimits, *, key: str, ref: str, now: datetime
) -> UploadView:
    """Begins an upload whose parts the store awaits as `ref`. The same content in the library ends it at once."""
    place = home(actor, asked.organisation_id)
    name = check_start(asked.name, asked.size, used_bytes(session, place), limits)
    before = _find_begun(session, actor, place, asked.client_key)
    if before is not None and before.state == REFUSED:  # a file that came damaged may come again
        _drop(session, before, now)
    known = in_library(session, place, asked.sha256) if asked.sha256 else None
    row = Upload(
        organisation_id=place,
        account_id=actor.account_id,
        client_key=asked.client_key,
        name=name,
        size_bytes=asked.size,
        part_bytes=limits.part_bytes,
        sha256=asked.sha256,
        state=RECEIVED if known else OPEN,
        key=key,
        ref=ref,
        media_id=known.media_id if known else None,
        created_at=now,
        touched_at=now,
    )
    session.add(row)
    session.flush()
    if known:
        media.forget(session, uploads=[(key, ref)], now=now)
    return view_of(session, row)


def get(session: Session, actor: Actor, upload_id: uuid.UUID) -> UploadView:
    """One upload of the actor's own; NotFound for any other."""
    return view_of(session, own_row(session, actor, upload_id))


def list_unfinished(session: Session, actor: Actor) -> list[UploadView]:
    """The actor's uploads that are not yet in the library, the newest first."""
    rows = session.scalars(scopes.uploads_of(actor).where(Upload.state != RECEIVED).order_by(Upload.created_at.desc()))
    return [view_of(session, row) for row in rows.all()]


def record_part(
    session: Session, actor: Actor, upload_id: uuid.UUID, part: Part, sha256: str | None, *, now: datetime
) -> UploadView:
    """Notes a part that the store has; the same part again replaces it.

    Refused: upload_part_number, upload_part_size; Conflict: upload_closed.
    """
    row = own_row(session, actor, upload_id, lock=True)
    if row.state != OPEN:
        raise Conflict("upload_closed")
    if part.size != part_size(row.size_bytes, row.part_bytes, part.number):
        raise Refused("upload_part_size")
    told = {"size_bytes": part.size, "sha256": sha256, "etag": part.etag}
    insert_if_absent(session, UploadPart, upload_id=row.id, number=part.number, **told)
    kept = session.get_one(UploadPart, (row.id, part.number), populate_existing=True)
    kept.size_bytes, kept.sha256, kept.etag = part.size, sha256, part.etag
    row.touched_at = now
    session.flush()
    return view_of(session, row)


def complete(session: Session, actor: Actor, upload_id: uuid.UUID, *, now: datetime) -> UploadView:
    """All parts are sent: the worker joins them and looks. Asking again is harmless, and asks the worker again where
    it had given up. Conflict: upload_incomplete."""
    row = own_row(session, actor, upload_id, lock=True)
    if row.state == RECEIVING:
        _ask_again(session, row, now)
    if row.state != OPEN:
        return view_of(session, row)
    missing = view_of(session, row).missing
    if missing:
        raise Conflict("upload_incomplete", count=len(missing))
    row.state, row.touched_at = RECEIVING, now
    jobs.enqueue(session, RECEIVE, _job_key(row), {"upload_id": str(row.id)}, now=now)
    session.flush()
    return view_of(session, row)


def _ask_again(session: Session, row: Upload, now: datetime) -> None:
    job = jobs.find(session, _job_key(row))
    if job is not None and job.state == jobs.FAILED:
        jobs.retry(session, job.id, now=now)


def _job_key(row: Upload) -> str:
    return f"receive:{row.id}"


def abandon(session: Session, actor: Actor, upload_id: uuid.UUID, *, now: datetime) -> None:
    """Gives an upload up; its parts are forgotten after the commit. Conflict: upload_closed while it is received."""
    row = own_row(session, actor, upload_id, lock=True)
    if row.state == RECEIVING:
        raise Conflict("upload_closed")
    _drop(session, row, now)


def arriving(session: Session, upload_id: uuid.UUID) -> Arriving:
    """What the worker needs to join an upload."""
    row = session.get_one(Upload, upload_id)
    parts = [SentPart(Part(part.number, part.size_bytes, part.etag), part.sha256) for part in parts_of(session, row)]
    return Arriving(row.key, row.ref, row.size_bytes, row.sha256, parts)


def sweep(session: Session, *, now: datetime) -> None:
    """Gives up uploads that nobody has touched for two days, and forgets those that came to an end a week ago."""
    stale = select(Upload).where(Upload.state == OPEN, Upload.touched_at < now - ABANDONED_AFTER)
    ended = select(Upload).where(Upload.state.in_((RECEIVED, REFUSED)), Upload.touched_at < now - FORGOTTEN_AFTER)
    for query in (stale, ended):
        for row in session.scalars(query.limit(SWEPT_AT_ONCE)).all():
            _drop(session, row, now)


def _drop(session: Session, row: Upload, now: datetime) -> None:
    if row.state == OPEN:
        media.forget(session, uploads=[(row.key, row.ref)], now=now)
    session.execute(delete(UploadPart).where(UploadPart.upload_id == row.id))
    session.delete(row)
    session.flush()
