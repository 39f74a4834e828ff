"""What has arrived goes into the institution's library, each content once, and its video is asked for."""

import hashlib
import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.adapters.reception import NotReceived, Received
from lms.domain.errors import Forbidden, NotFound
from lms.domain.roles import Role
from lms.domain.uploads import UploadLimits, check_start, title_of
from lms.models.uploads import LibraryFile, Upload
from lms.services import audit, media
from lms.services.scopes import Actor
from lms.services.uploads.rows import OPEN, RECEIVED, RECEIVING, REFUSED, Asked


def home(actor: Actor, organisation_id: uuid.UUID | None) -> uuid.UUID:
    """The institution whose library the file goes to: the one named, or the trainer's only or first one."""
    mine = sorted(actor.organisation_ids(Role.TRAINER))
    if not mine:
        raise Forbidden("upload_needs_organisation")
    if organisation_id is None:
        return mine[0]
    if organisation_id not in mine:
        raise NotFound
    return organisation_id


def used_bytes(session: Session, organisation_id: uuid.UUID) -> int:
    """What an institution's originals take, those on their way included."""
    kept = select(func.coalesce(func.sum(LibraryFile.size_bytes), 0)).where(
        LibraryFile.organisation_id == organisation_id
    )
    coming = select(func.coalesce(func.sum(Upload.size_bytes), 0)).where(
        Upload.organisation_id == organisation_id, Upload.state.in_((OPEN, RECEIVING))
    )
    return int(session.scalar(kept) or 0) + int(session.scalar(coming) or 0)


def settle(session: Session, upload_id: uuid.UUID, outcome: Received | NotReceived, *, now: datetime) -> None:
    """The whole goes into the library and its video is asked for; or why not is noted."""
    row = session.get_one(Upload, upload_id)
    if row.state != RECEIVING:
        return
    row.touched_at = now
    if isinstance(outcome, NotReceived):
        row.state, row.problem = REFUSED, outcome.code
        media.forget(session, keys=[row.key], uploads=[(row.key, row.ref)], now=now)
        return
    row.state = RECEIVED
    row.media_id = _keep(
        session, row.organisation_id, row.account_id, row.name, row.size_bytes, outcome.sha256, row.key, now
    )


def keep_whole(
    session: Session,
    actor: Actor,
    asked: Asked,
    limits: UploadLimits,
    *,
    sha256: str,
    key: str,
    now: datetime,
) -> uuid.UUID:
    """Puts a file that came in one piece, and lies at `key`, into the library; returns its video."""
    place = home(actor, asked.organisation_id)
    name = check_start(asked.name, asked.size, used_bytes(session, place), limits)
    return _keep(session, place, actor.account_id, name, asked.size, sha256, key, now)


def _keep(
    session: Session,
    organisation_id: uuid.UUID,
    account_id: uuid.UUID,
    name: str,
    size: int,
    sha256: str,
    key: str,
    now: datetime,
) -> uuid.UUID:
    known = in_library(session, organisation_id, sha256)
    if known is not None:
        media.forget(session, keys=[key], now=now)
        return known.media_id
    made = media.request(
        session,
        title=title_of(name),
        source_hash=_own_hash(organisation_id, sha256),
        payload={"original_key": key},
        now=now,
    )
    session.add(
        LibraryFile(
            organisation_id=organisation_id,
            media_id=made.id,
            account_id=account_id,
            content_hash=sha256,
            name=name,
            size_bytes=size,
            created_at=now,
        )
    )
    session.flush()
    audit.record(session, "media.upload", made.id, now=now, account_id=account_id, organisation_id=organisation_id)
    return made.id


def _own_hash(organisation_id: uuid.UUID, sha256: str) -> str:
    """A video is made once for each institution: that another has the same file shows in nothing, not even in time."""
    return hashlib.sha256(f"{organisation_id.hex}:{sha256}".encode()).hexdigest()


def in_library(session: Session, organisation_id: uuid.UUID, sha256: str) -> LibraryFile | None:
    """The file of this content in the institution's library."""
    mine = select(LibraryFile).where(LibraryFile.organisation_id == organisation_id)
    return session.scalar(mine.where(LibraryFile.content_hash == sha256))
