"""What is done for each kind of job, outside of any transaction, and on which shelf it waits."""

import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from lms import clock
from lms.adapters import production, reception
from lms.adapters.probe import MediaLimits
from lms.models.jobs import Job
from lms.parts import Parts
from lms.services import accounts, media, uploads
from lms.worker.progress import Progress

Record = Callable[[Session, datetime], None]
"""What to write when the work is done, in the transaction that finishes the job."""


def _make_media(parts: Parts, job: Job, progress: Progress) -> Record:
    outcome = production.make(
        parts.store,
        parts.config.ffmpeg,
        job.payload,
        job.fence,
        limits=MediaLimits(max_bytes=parts.config.upload_max_bytes),
        on_progress=progress.tell,
        cancelled=progress.cancelled,
    )
    media_id = uuid.UUID(job.payload["media_id"])
    return lambda session, now: media.settle(session, media_id, outcome, now=now)


def _receive_upload(parts: Parts, job: Job, progress: Progress) -> Record:
    upload_id = uuid.UUID(job.payload["upload_id"])
    with parts.database.transaction(write=False) as session:
        arriving = uploads.arriving(session, upload_id)
    outcome = reception.receive(parts.store, arriving, on_progress=progress.tell, cancelled=progress.cancelled)
    return lambda session, now: uploads.settle(session, upload_id, outcome, now=now)


def _forget_objects(parts: Parts, job: Job, progress: Progress) -> Record:
    reception.forget(parts.store, **job.payload, cancelled=progress.cancelled)
    return _nothing


def _send_sms(parts: Parts, job: Job, _progress: Progress) -> Record:
    """Read-only, so that a slow gateway holds up nobody's writing."""
    with parts.database.transaction(write=False) as session:
        accounts.send_code(session, parts.keyring, parts.sms, job.payload, now=clock.now())
    return _nothing


def _nothing(_session: Session, _now: datetime) -> None:
    """The `Record` of work that leaves no trace here."""


Handler = Callable[[Parts, Job, Progress], Record]
SLOW: dict[str, Handler] = {media.MAKE_MEDIA: _make_media}
STEADY: dict[str, Handler] = {uploads.RECEIVE: _receive_upload, media.FORGET: _forget_objects}
QUICK: dict[str, Handler] = {accounts.SEND_SMS: _send_sms}
WRITTEN: dict[str, Handler] = {}
"""Files with words in somebody's language: how they are made is told by the application (`learn`)."""
HANDLERS = {**SLOW, **STEADY, **QUICK}


def learn(kind: str, handler: Handler) -> None:
    """From now on this process knows how to write files of this kind."""
    WRITTEN[kind] = HANDLERS[kind] = handler
