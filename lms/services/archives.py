"""One shelf for the archives of a class: asked for by staff, made by a job, sent for a week; each of it on record.

What an archive tells of a learner is taken away at once when she has her data restricted or erased.
"""

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, false, func, select, true
from sqlalchemy.orm import Session

from lms import clock
from lms.domain.errors import NotFound, TooMany
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.dossiers import Dossier
from lms.models.enrollments import Cohort
from lms.models.jobs import Job
from lms.models.organisations import Organisation
from lms.models.papers import PaperBundle
from lms.services import audit, jobs, media

KEPT = timedelta(days=7)
MOST_LISTED = 50
MOST_MAKING, MOST_A_DAY = 5, 60  # of one institution, at one kind of desk
A_MOMENT = timedelta(minutes=5)
QUEUED, WORKING, READY, FAILED, REMOVED = "queued", "working", "ready", "failed", "removed"
RUNNING = (jobs.QUEUED, jobs.RUNNING)

Row = TypeVar("Row", PaperBundle, Dossier)


@dataclass(frozen=True)
class Shelf(Generic[Row]):
    """What the archives of one kind have in common.

    `job`: the kind of work that makes one; `name`: before its acts and its jobs' keys; `payload`: how its job names it.
    `desk`: at whose desk one was asked for; `at_desk`: those asked for at such desks; `told`: what acts tell of one.
    """

    table: type[Row]
    job: str
    name: str
    payload: str
    desk: Callable[[Row], Role]
    at_desk: Callable[[Role], ColumnElement[bool]]
    told: Callable[[Row], Mapping[str, object]]

    def key(self, row_id: uuid.UUID) -> str:
        """Of the job that makes it."""
        return f"{self.name}:{row_id}"


PAPERS: Shelf[PaperBundle] = Shelf(
    table=PaperBundle,
    job="make_papers",
    name="papers",
    payload="bundle_id",
    desk=lambda _row: Role.INSTITUTION,
    at_desk=lambda role: true() if role is Role.INSTITUTION else false(),
    told=lambda row: {"cohort": str(row.cohort_id)},
)
DOSSIERS: Shelf[Dossier] = Shelf(
    table=Dossier,
    job="make_dossier",
    name="dossier",
    payload="dossier_id",
    desk=lambda row: Role(row.role),
    at_desk=lambda role: Dossier.role == role.value,
    told=lambda row: {"cohort": str(row.cohort_id), "as_of": row.as_of.isoformat(), "masked": row.masked},
)


@dataclass(frozen=True)
class ArchiveView:
    """One archive in the list of its class. `percent` counts while it is being made; `kept_until` once it is."""

    id: uuid.UUID
    state: str
    percent: int
    by: str
    asked_at: datetime
    size_bytes: int
    sha256: str
    kept_until: datetime | None

    @property
    def is_settled(self) -> bool:
        """Nothing will change any more by itself."""
        return self.state in (READY, FAILED, REMOVED)


@dataclass(frozen=True)
class Ready:
    """An archive on its way out."""

    key: str
    size: int
    cohort: str
    asked_at: datetime


def put(session: Session, shelf: Shelf[Row], row: Row, *, now: datetime, **detail: object) -> uuid.UUID:
    """Asks for one more. TooMany: archives_making, archives_day."""
    place = session.get_one(Cohort, row.cohort_id).organisation_id
    _hold(session, [place])
    _check_room(session, place, shelf.desk(row), now)
    session.add(row)
    session.flush()
    _record(session, shelf, "ask", row, row.asked_by, now, **detail)
    jobs.enqueue(session, shelf.job, shelf.key(row.id), {shelf.payload: str(row.id)}, now=now)
    return row.id


def _hold(session: Session, places: Collection[uuid.UUID]) -> None:
    """Until the commit nobody else asks for an archive of these institutions, or takes theirs away."""
    rows = select(Organisation.id).where(Organisation.id.in_(places)).order_by(Organisation.id)
    session.execute(rows.with_for_update(key_share=True))


def _check_room(session: Session, place: uuid.UUID, desk: Role, now: datetime) -> None:
    today = clock.begin_of_day(clock.civil_day(now))
    of_today = making = 0
    for number, waiting in (_asked(session, each, place, desk, today) for each in (PAPERS, DOSSIERS)):
        of_today, making = of_today + number, making + waiting
    if making >= MOST_MAKING:
        wait = round(A_MOMENT.total_seconds())
        raise TooMany("archives_making", retry_after_seconds=wait, most=MOST_MAKING)
    if of_today >= MOST_A_DAY:
        wait = round((today + timedelta(days=1) - now).total_seconds())
        raise TooMany("archives_day", retry_after_seconds=max(1, wait), most=MOST_A_DAY)


def _asked(session: Session, shelf: Shelf[Any], place: uuid.UUID, desk: Role, today: datetime) -> tuple[int, int]:
    """How many were asked for at such desks since `today` began, and how many are being made."""
    table = shelf.table
    mine = select(Cohort.id).where(Cohort.organisation_id == place)
    hers = table.cohort_id.in_(mine) & shelf.at_desk(desk)
    number = session.scalar(select(func.count()).select_from(table).where(hers, table.asked_at >= today)) or 0
    unmade = select(table.id).where(hers, table.made_at.is_(None), table.removed_at.is_(None))
    keys = [shelf.key(each) for each in session.scalars(unmade)]
    running = select(func.count()).select_from(Job).where(Job.key.in_(keys), Job.state.in_(RUNNING))
    return number, session.scalar(running) or 0


def job_of(session: Session, shelf: Shelf[Row], row: Row) -> Job | None:
    """The work that makes one."""
    return jobs.find(session, shelf.key(row.id))


def views(session: Session, shelf: Shelf[Row], query: Select[Row]) -> list[tuple[Row, ArchiveView]]:
    """The newest of these, which the caller found in a scope, each with how it stands."""
    table: Any = shelf.table
    named = query.join(Account, Account.id == table.asked_by).add_columns(Account.name)
    found = session.execute(named.order_by(table.asked_at.desc(), table.id.desc()).limit(MOST_LISTED)).all()
    wanted = select(Job).where(Job.key.in_([shelf.key(row[0].id) for row in found]))
    by_key = {job.key: job for job in session.scalars(wanted)}
    return [(row[0], _view(row[0], row[1], by_key.get(shelf.key(row[0].id)))) for row in found]


def _view(row: PaperBundle | Dossier, by: str, job: Job | None) -> ArchiveView:
    state = _state(row, job)
    return ArchiveView(
        id=row.id,
        state=state,
        percent=job.progress if job and state == WORKING else 0,
        by=by,
        asked_at=row.asked_at,
        size_bytes=row.size_bytes or 0,
        sha256=row.sha256 or "",
        kept_until=row.made_at + KEPT if row.made_at else None,
    )


def _state(row: PaperBundle | Dossier, job: Job | None) -> str:
    if row.removed_at is not None:
        return REMOVED
    if row.made_at is not None:
        return READY
    return {jobs.RUNNING: WORKING, jobs.QUEUED: QUEUED}.get(job.state, FAILED) if job else FAILED


def take(session: Session, shelf: Shelf[Row], row: Row | None, account_id: uuid.UUID, *, now: datetime) -> Ready:
    """Where a finished one lies; that it is taken is on record. NotFound while there is none."""
    if row is None or row.made_at is None or row.removed_at is not None or row.object_key is None:
        raise NotFound
    _record(session, shelf, "take", row, account_id, now, sha256=row.sha256)
    cohort = session.get_one(Cohort, row.cohort_id)
    return Ready(row.object_key, row.size_bytes or 0, cohort.name, row.asked_at)


def settle(
    session: Session, shelf: Shelf[Row], row_id: uuid.UUID, size: int, sha256: str, *, now: datetime, **told: object
) -> Row | None:
    """The archive lies in the store: its hash goes on record. None where it was taken away while it was being made,
    because it tells of somebody of whom it may not any more: it leaves the store unseen."""
    row = session.get_one(shelf.table, row_id, with_for_update=True, populate_existing=True)
    if row.removed_at is not None:
        media.forget(session, keys=[row.object_key] if row.object_key else [], now=now)
        return None
    row.size_bytes, row.sha256, row.made_at = size, sha256, now
    _record(session, shelf, "make", row, None, now, **told, sha256=sha256)
    return row


def sweep(session: Session, shelf: Shelf[Row], *, now: datetime) -> int:
    """Forgets archives that have lain for a week; whoever needs one again asks again."""
    table: Any = shelf.table
    old = select(table).where(table.made_at <= now - KEPT, table.removed_at.is_(None))
    found = session.scalars(old.limit(MOST_LISTED)).all()
    for row in found:
        row.removed_at = now
    if found:
        media.forget(session, keys=[row.object_key for row in found if row.object_key], now=now)
    return len(found)


def take_away(session: Session, cohorts: Collection[uuid.UUID], *, supervised: bool, now: datetime) -> None:
    """Nobody gets an archive of these classes any more that is there, or is being made.

    `supervised`: those of the supervising office too, which may go on reading what is kept but not what is erased.
    """
    if not cohorts:
        return
    places = select(Cohort.organisation_id).where(Cohort.id.in_(cohorts)).distinct()
    _hold(session, session.scalars(places).all())
    for shelf in (PAPERS, DOSSIERS):
        _clear(session, shelf, cohorts, supervised, now)


def _clear(
    session: Session, shelf: Shelf[Any], cohorts: Collection[uuid.UUID], supervised: bool, now: datetime
) -> None:
    table = shelf.table
    mine = select(table).where(table.cohort_id.in_(cohorts), table.removed_at.is_(None))
    if not supervised:
        mine = mine.where(shelf.at_desk(Role.INSTITUTION))
    rows = session.scalars(mine.order_by(table.id).with_for_update().execution_options(populate_existing=True)).all()
    for row in rows:
        row.removed_at = now
        _record(session, shelf, "remove", row, None, now)
    keys = [row.object_key for row in rows if row.object_key and row.made_at]
    if keys:
        media.forget(session, keys=keys, now=now)


def _record(
    session: Session, shelf: Shelf[Row], act: str, row: Row, account_id: uuid.UUID | None, now: datetime, **more: object
) -> None:
    who = {"account_id": account_id, "organisation_id": session.get_one(Cohort, row.cohort_id).organisation_id}
    audit.record(session, f"{shelf.name}.{act}", row.id, now=now, detail={**shelf.told(row), **more}, **who)
