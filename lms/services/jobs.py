"""Background work as rows: asked for in a transaction, claimed by lease and fence, done at least once.

The row is the truth (state, attempts, progress); whatever rings the worker may be lost.
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from lms.domain.errors import Conflict, NotFound
from lms.models.jobs import Job

LEASE = timedelta(seconds=60)
PAUSE = timedelta(seconds=20)
MAX_ATTEMPTS = 3
QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
SILENT = "the worker stopped answering"
PENDING = "pending_jobs"


def enqueue(session: Session, kind: str, key: str, payload: dict[str, object], *, now: datetime) -> Job:
    """Asks for a piece of work; the same key twice is the same piece of work."""
    found = find(session, key)
    if found is not None:
        return found
    job = Job(kind=kind, key=key, payload=payload, created_at=now, due_at=now)
    session.add(job)
    session.flush()  # two requests with one key: the unique constraint decides here, not at commit
    _remember(session, job.id)
    return job


def spread(session: Session, kind: str, *, first: int, every: timedelta, now: datetime) -> None:
    """Lets only the first of the jobs asked for in this transaction begin now, the others one after each pause."""
    asked = select(Job).where(Job.id.in_(pending(session)), Job.kind == kind).order_by(Job.created_at, Job.id)
    for place, job in enumerate(session.scalars(asked).all()[first:], start=1):
        job.due_at = now + place * every


def pending(session: Session) -> list[uuid.UUID]:
    """The jobs asked for in this transaction: the edge rings the worker for them after its commit."""
    return list(session.info.get(PENDING, ()))


def claim(session: Session, job_id: uuid.UUID, *, now: datetime, lease: timedelta = LEASE) -> Job | None:
    """Takes the job if it waits or its worker went silent; None if somebody else has it."""
    taken = session.execute(
        update(Job)
        .where(Job.id == job_id, _is_due(now))
        .values(state=RUNNING, fence=Job.fence + 1, attempts=Job.attempts + 1, progress=0, due_at=now + lease)
        .returning(Job.id)
    ).scalar_one_or_none()
    return session.get(Job, taken, populate_existing=True) if taken else None


def report(
    session: Session,
    job_id: uuid.UUID,
    fence: int,
    progress: int,
    *,
    now: datetime,
    lease: timedelta = LEASE,
) -> None:
    """Renews the lease and tells how far the work is (0-100); Conflict when the lease was lost."""
    _guarded(session, job_id, fence, progress=progress, due_at=now + lease)


def finish(session: Session, job_id: uuid.UUID, fence: int, *, now: datetime) -> None:
    """Marks the work done; Conflict when another worker has taken it over."""
    _guarded(session, job_id, fence, state=DONE, progress=100, finished_at=now, problem=None)


def fail(session: Session, job_id: uuid.UUID, fence: int, problem: str, *, now: datetime) -> bool:
    """Notes a failure; queues the job again after a pause, or gives it up after the last try (then True)."""
    attempts = session.scalar(select(Job.attempts).where(Job.id == job_id)) or 0
    if attempts < MAX_ATTEMPTS:
        _guarded(session, job_id, fence, state=QUEUED, problem=problem, due_at=now + attempts * PAUSE)
        return False
    _guarded(session, job_id, fence, state=FAILED, problem=problem, finished_at=now)
    return True


def release(session: Session, job_id: uuid.UUID, fence: int, *, now: datetime) -> None:
    """Gives back a job that was interrupted without being at fault: the attempt does not count."""
    _guarded(session, job_id, fence, state=QUEUED, attempts=Job.attempts - 1, progress=0, due_at=now)


def give_up_silent(session: Session, *, now: datetime) -> None:
    """Fails jobs whose worker went silent in their last attempt: they may be what kills it."""
    session.execute(
        update(Job)
        .where(Job.state == RUNNING, Job.due_at < now, Job.attempts >= MAX_ATTEMPTS)
        .values(state=FAILED, problem=SILENT, finished_at=now)
    )


def cancel(session: Session, job_id: uuid.UUID, *, now: datetime) -> None:
    """Takes a job back that waits or runs: its worker loses it (the fence moves). NotFound when it has ended."""
    ended = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state.in_((QUEUED, RUNNING)))
        .values(state=CANCELLED, fence=Job.fence + 1, progress=0, finished_at=now, problem=None)
        .returning(Job.id)
    ).scalar_one_or_none()
    if ended is None:
        raise NotFound("job_not_running")


def check_mine(session: Session, job_id: uuid.UUID, fence: int) -> None:
    """Conflict when the job was cancelled or taken over meanwhile; writes nothing."""
    held = select(Job.id).where(Job.id == job_id, Job.fence == fence, Job.state == RUNNING)
    if session.scalar(held) is None:
        raise Conflict("job_taken_over")


def retry(session: Session, job_id: uuid.UUID, *, now: datetime) -> None:
    """Puts a job that has come to an end back in the queue; NotFound while it waits or runs."""
    again = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state.in_((FAILED, DONE, CANCELLED)))
        .values(state=QUEUED, attempts=0, progress=0, due_at=now, finished_at=None, problem=None)
        .returning(Job.id)
    ).scalar_one_or_none()
    if again is None:
        raise NotFound("job_not_failed")
    _remember(session, again)


def list_due(session: Session, kinds: Collection[str], *, now: datetime, limit: int = 20) -> list[uuid.UUID]:
    """Jobs of these kinds that wait or whose worker went silent, oldest first: what the sweeper rings for."""
    due = select(Job.id).where(Job.kind.in_(kinds), _is_due(now))
    return list(session.scalars(due.order_by(Job.created_at, Job.id).limit(limit)))


def list_recent(session: Session, limit: int = 100) -> Sequence[Job]:
    """The newest jobs first."""
    return session.scalars(select(Job).order_by(Job.created_at.desc(), Job.id.desc()).limit(limit)).all()


def find(session: Session, key: str) -> Job | None:
    """The job asked for under this key."""
    return session.scalar(select(Job).where(Job.key == key))


def find_kind(session: Session, job_id: uuid.UUID) -> str | None:
    """What kind of work a job is."""
    return session.scalar(select(Job.kind).where(Job.id == job_id))


def _is_due(now: datetime) -> ColumnElement[bool]:
    silent = and_(Job.state == RUNNING, Job.attempts < MAX_ATTEMPTS)
    return and_(or_(Job.state == QUEUED, silent), Job.due_at <= now)


def _guarded(session: Session, job_id: uuid.UUID, fence: int, **values: object) -> None:
    mine = session.execute(
        update(Job).where(Job.id == job_id, Job.fence == fence, Job.state == RUNNING).values(**values).returning(Job.id)
    ).scalar_one_or_none()
    if mine is None:
        raise Conflict("job_taken_over")


def _remember(session: Session, job_id: uuid.UUID) -> None:
    session.info.setdefault(PENDING, []).append(job_id)
