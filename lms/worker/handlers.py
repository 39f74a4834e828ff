"""What is done for each kind of job, outside of any transaction, and on which shelf it waits."""

import tempfile
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from lms import clock, personal
from lms.adapters import production, reception
from lms.adapters.probe import MediaLimits
from lms.models.jobs import Job
from lms.parts import Parts
from lms.services import (
    accounts,
    crosschecks,
    dossiers,
    identity,
    jobs,
    media,
    papers,
    renewals,
    rights,
    rosters,
    uploads,
)
from lms.services.exchange import deliveries, sending
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


def _make_dossier(parts: Parts, job: Job, progress: Progress) -> Record:
    """Read-only while it is written; the folder is gone again before anybody is told."""
    dossier_id = uuid.UUID(job.payload["dossier_id"])
    with tempfile.TemporaryDirectory(prefix="kangxue-") as folder:
        path = Path(folder) / "dossier.zip"
        with parts.database.transaction(write=False) as session:
            wanted = dossiers.wanted(session, dossier_id)
            keyring, store, tell, cancelled = parts.keyring, parts.store, progress.tell, progress.cancelled
            made = dossiers.write(session, keyring, store, wanted, path, on_progress=tell, cancelled=cancelled)
        parts.store.put_file(wanted.object_key, path, "application/zip")
    return lambda session, now: dossiers.settle(session, dossier_id, made, now=now)


def _make_papers(parts: Parts, job: Job, progress: Progress) -> Record:
    """Numbered in a short transaction of its own, then drawn and signed while nobody waits for us."""
    bundle_id = uuid.UUID(job.payload["bundle_id"])
    with parts.database.transaction() as session:
        jobs.check_mine(session, job.id, job.fence)
        papers.prepare(session, bundle_id, now=clock.now())
    signer, address = parts.pdf_signer, parts.record_address
    with parts.database.transaction(write=False) as session:
        signed, now = signer is not None, clock.now()
        wanted = papers.wanted(session, parts.keyring, bundle_id, address=address, signed=signed, now=now)
    with tempfile.TemporaryDirectory(prefix="kangxue-") as folder:
        path = Path(folder) / "papers.zip"
        made = papers.write(wanted, path, signer=signer, on_progress=progress.tell, cancelled=progress.cancelled)
        parts.store.put_file(wanted.object_key, path, "application/zip")
    return lambda session, now: papers.settle(session, bundle_id, made, now=now)


def _send_sms(parts: Parts, job: Job, _progress: Progress) -> Record:
    """Read-only, so that a slow gateway holds up nobody's writing."""
    with parts.database.transaction(write=False) as session:
        accounts.send_code(session, parts.keyring, parts.sms, job.payload, now=clock.now())
    return _nothing


def _send_renewal(parts: Parts, job: Job, _progress: Progress) -> Record:
    """Read-only, as any SMS."""
    with parts.database.transaction(write=False) as session:
        renewals.send(session, parts.keyring, parts.sms, job.payload, now=clock.now())
    return _nothing


def _deliver_webhook(parts: Parts, job: Job, _progress: Progress) -> Record:
    """One try; what came of it is recorded with the delivery, which asks for the next one itself."""
    delivery_id = uuid.UUID(job.payload["delivery_id"])
    with parts.database.transaction(write=False) as session:
        message = deliveries.prepare(session, parts.keyring, delivery_id, now=clock.now())
    if message is None:
        return _nothing
    outcome = sending.post(message, demo=parts.config.is_demo, now=clock.now())
    return lambda session, now: deliveries.settle(session, delivery_id, outcome, now=now)


def _check_identity(parts: Parts, job: Job, _progress: Progress) -> Record:
    """One question, sent once. What cannot be sent, or stays without an answer, is somebody's to ask again."""
    check_id = uuid.UUID(job.payload["check_id"])
    with parts.database.transaction() as session:
        asked = identity.begin(session, parts.keyring, job.payload, now=clock.now())
    answer = identity.put(parts.identity, asked)
    return lambda session, now: identity.settle(session, check_id, answer, now=now)


def _cross_check(parts: Parts, _job: Job, progress: Progress) -> Record:
    """Lists and old marks of browsers in one transaction; classes are read without holding up anybody's writing."""
    with parts.database.transaction() as session:
        crosschecks.sweep_lists(session, parts.keyring, now=clock.now())
        accounts.forget_marks(session, now=clock.now())
    progress.check()
    with parts.database.transaction(write=False) as session:
        found = crosschecks.find_running(session, now=clock.now())
    return lambda session, now: crosschecks.settle_look(session, found, now=now)


def _work_on_roster(parts: Parts, job: Job, progress: Progress) -> Record:
    """Each step in a transaction of its own, so that others get through between them, while the job is ours."""
    import_id = uuid.UUID(job.payload["import_id"])
    for step in rosters.steps(job.kind, parts.store, parts.keyring, import_id):
        with parts.database.transaction() as session:
            jobs.check_mine(session, job.id, job.fence)
            done = step(session, clock.now())
        progress.tell(done)
        progress.check()
    return _nothing


def _nothing(_session: Session, _now: datetime) -> None:
    """The `Record` of work that leaves no trace here."""


Handler = Callable[[Parts, Job, Progress], Record]
SLOW: dict[str, Handler] = {media.MAKE_MEDIA: _make_media}
STEADY: dict[str, Handler] = {
    uploads.RECEIVE: _receive_upload,
    media.FORGET: _forget_objects,
    dossiers.MAKE: _make_dossier,
    papers.MAKE: _make_papers,
    crosschecks.LOOK: _cross_check,
    identity.CHECK: _check_identity,
    rights.exporting.EXPORT: personal.export_person,
    rights.statements.WRITE: personal.write_statements,
}
STEADY |= dict.fromkeys(rosters.JOBS, _work_on_roster)
OUTWARD: dict[str, Handler] = {deliveries.DELIVER: _deliver_webhook}
QUICK: dict[str, Handler] = {
    accounts.SEND_SMS: _send_sms,
    renewals.SEND: _send_renewal,
    rights.erasing.NOTE: personal.note_erasure,
}
WRITTEN: dict[str, Handler] = {}
"""Files with words in somebody's language: how they are made is told by the application (`learn`)."""
HANDLERS = {**SLOW, **STEADY, **OUTWARD, **QUICK}


def learn(kind: str, handler: Handler) -> None:
    """From now on this process knows how to write files of this kind."""
    WRITTEN[kind] = HANDLERS[kind] = handler
