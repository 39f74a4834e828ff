"""Work outside of requests: a job is claimed, done without a transaction, and recorded under its fence."""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from multiprocessing.util import Finalize

from sqlalchemy.orm import Session

from lms import clock
from lms.adapters import production, reception
from lms.adapters.probe import MediaLimits
from lms.adapters.queue import STOP_SECONDS, Listener
from lms.adapters.sandbox import Cancelled, never
from lms.domain.errors import Conflict, Refused
from lms.models.jobs import Job
from lms.parts import Parts
from lms.services import accounts, bank, cases, exams, exports, jobs, media, study_clock, uploads
from lms.services import log as evidence_log

SWEEP_SECONDS = 10.0
TELL_SECONDS = 2.0
LOOK_MINUTES = 10
LONGEST_PROBLEM = 500
HANDS = 4

log = logging.getLogger(__name__)

Record = Callable[[Session, datetime], None]
"""What to write when the work is done, in the transaction that finishes the job."""


class Progress:
    """Tells how far the work is and keeps its lease. Raises Conflict once the job is another worker's or cancelled."""

    def __init__(self, parts: Parts, job: Job, lease: timedelta, stopping: Callable[[], bool]) -> None:
        self._parts = parts
        self._job = job
        self._lease = lease
        self._stopping = stopping
        self._renew_seconds = lease.total_seconds() / 3
        self._percent = self._told = 0
        self._told_at = self._looked_at = time.monotonic()

    def tell(self, fraction: float) -> None:
        """The work is this far, from 0 to 1."""
        self._percent = max(self._percent, int(fraction * 100))
        self._report()

    def cancelled(self) -> bool:
        """Whether to stop because the process is about to end; asked often, so it keeps the lease as well."""
        self._report()
        self._look()
        return self._stopping()

    def check(self) -> None:
        """Raises Cancelled when the process is about to end; asked between two rows of a long file."""
        if self.cancelled():
            raise Cancelled

    def _look(self) -> None:
        """Reads only: a person who cancels need not wait until the lease is renewed."""
        if time.monotonic() - self._looked_at < min(TELL_SECONDS, self._renew_seconds):
            return
        with self._parts.database.transaction(write=False) as session:
            jobs.check_mine(session, self._job.id, self._job.fence)
        self._looked_at = time.monotonic()

    def _report(self) -> None:
        wait = min(TELL_SECONDS, self._renew_seconds) if self._percent > self._told else self._renew_seconds
        if time.monotonic() - self._told_at < wait:
            return
        with self._parts.database.transaction() as session:
            now, job = clock.now(), self._job
            jobs.report(session, job.id, job.fence, self._percent, now=now, lease=self._lease)
        self._told, self._told_at = self._percent, time.monotonic()


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


def run(
    parts: Parts,
    job_id: uuid.UUID,
    *,
    lease: timedelta = jobs.LEASE,
    stopping: Callable[[], bool] = never,
) -> None:
    """Does one job, unless somebody else has it. Never raises for what goes wrong in the work itself."""
    with parts.database.transaction() as session:
        job = jobs.claim(session, job_id, now=clock.now(), lease=lease)
    if job is None:
        return
    try:
        record = HANDLERS[job.kind](parts, job, Progress(parts, job, lease, stopping))
        _finish(parts, job, record)
    except Conflict:
        log.info("job %s was taken over by another worker", job.id)
    except Cancelled:
        _release(parts, job)
    except Exception as error:
        log.exception("job %s (%s) failed in attempt %s", job.id, job.kind, job.attempts)
        _fail(parts, job, _told(error))


def _told(error: Exception) -> str:
    """What stays in the job's row: the code of a part that is missing, else the fault in its own words."""
    return error.code if isinstance(error, Refused) else f"{type(error).__name__}: {error}"[:LONGEST_PROBLEM]


def _finish(parts: Parts, job: Job, record: Record) -> None:
    with parts.database.transaction() as session:
        now = clock.now()
        jobs.finish(session, job.id, job.fence, now=now)
        record(session, now)
    parts.ring(session)


def _release(parts: Parts, job: Job) -> None:
    with suppress(Conflict), parts.database.transaction() as session:
        jobs.release(session, job.id, job.fence, now=clock.now())


def _fail(parts: Parts, job: Job, problem: str) -> None:
    with suppress(Conflict), parts.database.transaction() as session:
        jobs.fail(session, job.id, job.fence, problem, now=clock.now())


def sweep(parts: Parts) -> None:
    """Rings for work that nobody was told of or that fell silent; keeps the clock; forgets old codes."""
    with parts.database.transaction() as session:
        now = clock.now()
        jobs.give_up_silent(session, now=now)
        due = jobs.list_due(session, QUICK, now=now, limit=100)
        due += jobs.list_due(session, STEADY, now=now, limit=20)
        due += jobs.list_due(session, WRITTEN, now=now, limit=4)
        due += jobs.list_due(session, SLOW, now=now, limit=4)
        uploads.sweep(session, now=now)
        bank.sweep(session, now=now)
        exports.sweep(session, now=now)
        exports.order_due(session, now=now)
        study_clock.store(session, now=now)
        accounts.forget_expired(session, now=now)
    _close_exams(parts)
    _sequence(parts)
    if due and not parts.bell.waiting():
        for job_id in due:
            parts.bell.ring(job_id)
    if is_time_to_look(now):
        look(parts)


def is_time_to_look(now: datetime) -> bool:
    """Every ten minutes by the clock, so that no sweeper need remember; to look twice is harmless."""
    return now.minute % LOOK_MINUTES == 0 and now.second < SWEEP_SECONDS * 1.5


def look(parts: Parts) -> int:
    """Looks for what is strange in recent study; only what is new is written, so that studying never waits for it."""
    now = clock.now()
    with parts.database.transaction(write=False) as session:
        found = cases.look(session, now)
    if not found:
        return 0
    with parts.database.transaction() as session:
        return cases.raise_new(session, found, now=now)


def _close_exams(parts: Parts) -> None:
    """Closes exams whose time is up, some a transaction, so that others get through between them."""
    closed = 1
    while closed:
        with parts.database.transaction() as session:
            closed = exams.sweep(session, now=clock.now())


def _sequence(parts: Parts) -> None:
    """Gives new evidence its places in the log; a batch a transaction, so that beats get through between them."""
    placed = evidence_log.BATCH
    while placed == evidence_log.BATCH:
        with parts.database.transaction() as session:
            placed = evidence_log.sequence(session)


class Crew:
    """Four pairs of hands in this process: one makes videos, one joins uploads, one writes reports, one does only what
    is quick.

    A video takes minutes and a large upload many seconds, and nobody waits so long for a login code: of each such
    shelf only one job is done at a time.
    """

    def __init__(self, parts: Parts, every_seconds: float = SWEEP_SECONDS) -> None:
        self._parts = parts
        self._stopping = threading.Event()
        self._shelves = [(shelf, threading.Lock()) for shelf in (SLOW, STEADY, WRITTEN)]
        sweeper = partial(sweep, parts)
        self._listener: Listener = parts.bell.listen(self._work, sweeper, every_seconds, threads=HANDS)

    def stop(self, within_seconds: float = STOP_SECONDS) -> bool:
        """Gives back what is being worked on and ends; False if that took too long."""
        self._stopping.set()
        return self._listener.stop(within_seconds)

    def _work(self, job_id: uuid.UUID) -> None:
        with self._parts.database.transaction(write=False) as session:
            kind = jobs.find_kind(session, job_id)
        for shelf, taken in self._shelves:
            if kind in shelf:
                return self._work_alone(job_id, shelf, taken)
        return self._run(job_id)

    def _work_alone(self, job_id: uuid.UUID, shelf: dict[str, Handler], taken: threading.Lock) -> None:
        if not taken.acquire(blocking=False):
            return
        try:
            self._run(job_id)
        finally:
            taken.release()
        self._ring_next(shelf)

    def _run(self, job_id: uuid.UUID) -> None:
        run(self._parts, job_id, stopping=self._stopping.is_set)

    def _ring_next(self, shelf: dict[str, Handler]) -> None:
        """Jobs of the shelf that were rung meanwhile were passed over."""
        with self._parts.database.transaction(write=False) as session:
            due = jobs.list_due(session, shelf, now=clock.now(), limit=1)
        for job_id in due:
            self._parts.bell.ring(job_id)


def start(parts: Parts) -> Crew:
    """Begins to work in threads of this process, until `stop`, or until the process ends in good order.

    Finalize, because atexit is passed over in a process that was forked, as those of the web server are.
    """
    crew = Crew(parts)
    Finalize(None, crew.stop, exitpriority=1)
    return crew
