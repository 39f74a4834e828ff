"""A job is claimed, done without a transaction, and recorded under its fence."""

import logging
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from lms import clock
from lms.adapters.sandbox import Cancelled, never
from lms.domain.errors import Conflict, Refused
from lms.models.jobs import Job
from lms.parts import Parts
from lms.services import jobs
from lms.worker.handlers import HANDLERS, Record
from lms.worker.progress import Progress

LONGEST_PROBLEM = 500

log = logging.getLogger(__name__)


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
