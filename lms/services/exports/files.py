"""Files made in the background: ordered in a request, made by the worker, fetched by who ordered them, forgotten."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.adapters.objects import Body, Store
from lms.domain.errors import NotFound, Refused
from lms.domain.roles import Role
from lms.models.base import new_id
from lms.models.exports import Export
from lms.models.jobs import Job
from lms.services import accounts, audit, jobs, media, scopes
from lms.services.scopes import Actor

MAKE = "make_export"
MOST_DIRECT = 2_000  # rows: some seconds of work; what is longer must not hold up a request
PDF_COST = 8  # how many times longer a row takes as PDF
MOST_SIGNED = 5_000  # rows of a PDF: some 300 pages, more than anybody signs
OFFERED = timedelta(days=1)
KEPT = timedelta(days=90)  # how long the row tells that there was a file; the audit row stays
LONGEST_LIST = 50
LONGEST_NAME = 200
MOST_FORGOTTEN = 100


@dataclass(frozen=True)
class Order:
    """A file that is to be made: which report, of what, and what it will be called. `asked` as in `record`."""

    kind: str
    asked: Mapping[str, object]
    file_format: str
    rows: int
    name: str
    plain_name: str
    language: str
    unmasked: bool = False
    purpose: str = ""
    view_id: uuid.UUID | None = None
    offered: timedelta = OFFERED


@dataclass(frozen=True)
class ExportView:
    """A file as its page shows it. `state`: waiting, making, ready, failed or gone; `progress` from 0 to 100."""

    id: uuid.UUID
    kind: str
    name: str
    plain_name: str
    file_format: str
    unmasked: bool
    purpose: str
    rows: int
    state: str
    progress: int
    size: int | None
    digest: str | None
    created_at: datetime
    expires_at: datetime
    by_view: bool


@dataclass(frozen=True)
class ToMake:
    """What the worker makes a file of: for whom, as she may see it today."""

    id: uuid.UUID
    actor: Actor
    kind: str
    asked: Mapping[str, object] = field(repr=False)
    file_format: str
    unmasked: bool
    language: str
    rows: int
    name: str
    created_at: datetime


def is_large(rows: int, file_format: str = "csv") -> bool:
    """Whether a file of so many rows is made in the background. Refused: report_too_long_to_sign."""
    if file_format != "pdf":
        return rows > MOST_DIRECT
    if rows > MOST_SIGNED:
        raise Refused("report_too_long_to_sign", most=MOST_SIGNED)
    return rows * PDF_COST > MOST_DIRECT


def order(session: Session, actor: Actor, wanted: Order, *, now: datetime) -> uuid.UUID:
    """Asks the worker for a file; `record` has put it on record already."""
    made = Export(
        id=new_id(),
        account_id=actor.account_id,
        view_id=wanted.view_id,
        kind=wanted.kind,
        asked=dict(wanted.asked),
        organisations=sorted(_reach(session, actor)),
        file_format=wanted.file_format,
        unmasked=wanted.unmasked,
        purpose=wanted.purpose,
        language=wanted.language,
        rows=wanted.rows,
        name=_fitting(wanted.name, wanted.file_format),
        plain_name=wanted.plain_name,
        created_at=now,
        expires_at=now + wanted.offered,
    )
    session.add(made)
    session.flush()
    jobs.enqueue(session, MAKE, _key(made.id), {"export_id": str(made.id)}, now=now)
    return made.id


def list_own(session: Session, actor: Actor, *, now: datetime) -> list[ExportView]:
    """The files the actor ordered or has made for her, the newest first."""
    rows = scopes.exports_of(actor).order_by(Export.created_at.desc(), Export.id.desc()).limit(LONGEST_LIST)
    return [_view(session, row, now) for row in session.scalars(rows)]


def get_own(session: Session, actor: Actor, export_id: uuid.UUID, *, now: datetime) -> ExportView:
    """One of them; NotFound for anybody else's, and for what holds rows of an institution she has left."""
    return _view(session, _get(session, actor, export_id), now)


def open_file(
    session: Session, store: Store, actor: Actor, export_id: uuid.UUID, *, now: datetime
) -> tuple[ExportView, Body]:
    """The file, put on record as fetched. NotFound as above and while it is not there; Refused: export_expired."""
    row = _get(session, actor, export_id)
    if row.expires_at <= now:
        raise Refused("export_expired")
    if row.object_key is None:
        raise NotFound
    audit.record(session, "report.fetch", row.id, now=now, account_id=actor.account_id, detail={"kind": row.kind})
    return _view(session, row, now), store.open(row.object_key)


def _get(session: Session, actor: Actor, export_id: uuid.UUID) -> Export:
    row = session.scalar(scopes.exports_of(actor).where(Export.id == export_id))
    if row is None or not set(row.organisations) <= _reach(session, actor):
        raise NotFound
    return row


def _reach(session: Session, actor: Actor) -> set[str]:
    """The institutions whose rows a file of hers may hold, branches too."""
    return set(map(str, session.scalars(scopes.places_of(actor, Role.INSTITUTION))))


def to_make(session: Session, export_id: uuid.UUID, *, now: datetime) -> ToMake:
    """What the worker is to make. Refused("export_not_allowed") once who ordered it may not see all of it any more."""
    row = session.get_one(Export, export_id)
    actor = accounts.actor_of(session, row.account_id, now=now)
    mine = _reach(session, actor) if actor else set()
    if actor is None or not mine or not set(row.organisations) <= mine:
        raise Refused("export_not_allowed")
    return ToMake(
        id=row.id,
        actor=actor,
        kind=row.kind,
        asked=row.asked,
        file_format=row.file_format,
        unmasked=row.unmasked,
        language=row.language,
        rows=row.rows,
        name=row.name,
        created_at=row.created_at,
    )


def settle(session: Session, export_id: uuid.UUID, *, key: str, size: int, digest: str, now: datetime) -> None:
    """The file is there: from now on it is offered, for as long as was meant."""
    row = session.get_one(Export, export_id)
    offered = row.expires_at - row.created_at
    row.object_key, row.size, row.digest = key, size, digest
    row.ready_at, row.expires_at = now, now + offered


def sweep(session: Session, *, now: datetime) -> None:
    """Takes files out of the store that are offered no more, and forgets rows long after."""
    over = session.scalars(
        select(Export).where(Export.expires_at <= now, Export.object_key.is_not(None)).limit(MOST_FORGOTTEN)
    ).all()
    if over:
        media.forget(session, keys=[row.object_key for row in over if row.object_key], now=now)
    for row in over:
        row.object_key = None
    old = select(Export).where(Export.expires_at <= now - KEPT, Export.object_key.is_(None)).limit(MOST_FORGOTTEN)
    for row in session.scalars(old).all():
        session.delete(row)


def _fitting(name: str, file_format: str) -> str:
    """A name that the table has room for, whatever institution, class and course are called."""
    return f"{name.removesuffix(f'.{file_format}')[:LONGEST_NAME]}.{file_format}"


def _key(export_id: uuid.UUID) -> str:
    return f"export:{export_id}"


def _view(session: Session, row: Export, now: datetime) -> ExportView:
    job = jobs.find(session, _key(row.id))
    return ExportView(
        id=row.id,
        kind=row.kind,
        name=row.name,
        plain_name=row.plain_name,
        file_format=row.file_format,
        unmasked=row.unmasked,
        purpose=row.purpose,
        rows=row.rows,
        state=_state(row, job, now),
        progress=job.progress if job else 0,
        size=row.size,
        digest=row.digest,
        created_at=row.created_at,
        expires_at=row.expires_at,
        by_view=row.view_id is not None,
    )


def _state(row: Export, job: Job | None, now: datetime) -> str:
    if row.ready_at is not None:
        return "ready" if row.object_key and row.expires_at > now else "gone"
    if job is None or job.state in (jobs.FAILED, jobs.CANCELLED):
        return "failed"
    return "making" if job.state == jobs.RUNNING else "waiting"
