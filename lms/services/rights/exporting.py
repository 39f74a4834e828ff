"""A learner's own data as a file: asked for, made by the worker, there for a day, each step on record."""

import hashlib
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.adapters.objects import Body, Store
from lms.crypto import Keyring
from lms.domain.errors import NotFound
from lms.domain.rights import EXPORT_HOURS
from lms.models.base import new_id
from lms.models.rights import PersonalExport
from lms.services import activation, audit, humans, jobs, media, scopes
from lms.services.rights import gathering, holdings, opening, rendering
from lms.services.rights.keys import export_key
from lms.services.scopes import Actor

EXPORT = "rights.export"
MOST_LISTED = 20

Step = Callable[[Session], Any]


@dataclass(frozen=True)
class ExportView:
    """One file: how far it is (0-100), whether making it failed, until when it can be fetched, how large it is."""

    id: uuid.UUID
    asked_at: datetime
    progress: int
    failed: bool
    ready: bool
    gone: bool
    expires_at: datetime
    size_bytes: int


def ask(session: Session, actor: Actor, *, now: datetime) -> uuid.UUID:
    """Asks for the file; while one is being made or waits to be fetched, that one is it."""
    person_id = activation.own_person(actor)
    for row in session.scalars(scopes.personal_exports_of(actor).order_by(PersonalExport.id.desc()).limit(1)):
        view = _view(session, row, now)
        if not (view.failed or view.gone):
            return row.id
    made = PersonalExport(
        id=new_id(),
        person_id=person_id,
        account_id=actor.account_id,
        asked_at=now,
        expires_at=now + timedelta(hours=EXPORT_HOURS),
    )
    session.add(made)
    session.flush()
    jobs.enqueue(session, EXPORT, _job(made.id), {"export_id": str(made.id)}, now=now)
    audit.record(session, "rights.export", made.id, now=now, account_id=actor.account_id)
    return made.id


def list_own(session: Session, actor: Actor, *, now: datetime) -> list[ExportView]:
    """Her files, the newest first."""
    mine = scopes.personal_exports_of(actor).order_by(PersonalExport.id.desc()).limit(MOST_LISTED)
    return [_view(session, row, now) for row in session.scalars(mine)]


def get_own(session: Session, actor: Actor, export_id: uuid.UUID, *, now: datetime) -> ExportView:
    """One of her files."""
    return _view(session, _own(session, actor, export_id), now)


def open_own(session: Session, store: Store, actor: Actor, export_id: uuid.UUID, *, now: datetime) -> Body:
    """The file itself, on record. NotFound for another's, and before it is ready or after its day."""
    row = _own(session, actor, export_id)
    if not _view(session, row, now).ready:
        raise NotFound
    audit.record(session, "rights.export.fetch", row.id, now=now, account_id=actor.account_id)
    return store.open(export_key(row.id))


def steps(keyring: Keyring, bodies: Sequence[uuid.UUID]) -> list[tuple[str, Step]]:
    """What to read one after the other, each in a transaction of its own, so that a long file holds up nobody.

    `bodies`: the person who asks first, then whoever else she is on record as.
    """
    return [
        ("person", lambda session: gathering.about(session, keyring, bodies[0])),
        ("other_persons", lambda session: [gathering.about(session, keyring, each) for each in bodies[1:]]),
        ("person_documents", lambda session: opening.documents(session, keyring, bodies)),
        ("identity_changes", lambda session: opening.changes(session, keyring, bodies)),
        ("classes", lambda session: gathering.classes(session, bodies)),
        ("enrollment_details", lambda session: opening.details(session, keyring, bodies)),
        ("qualifications", lambda session: opening.qualifications(session, keyring, bodies)),
        ("group_evidence", lambda session: opening.groups(session, keyring, bodies)),
        ("payee_accounts", lambda session: opening.payee_accounts(session, keyring, bodies)),
        ("rules", lambda session: _rules(session, bodies[0])),
        ("reveals", lambda session: gathering.reveals_of_her(session, bodies)),
        *((source.name, _reading(bodies, source)) for source in gathering.SOURCES),
        ("looks", lambda session: gathering.looks_at_her(session, bodies)),
        ("acts", lambda session: gathering.own_acts(session, bodies)),
    ]


def _reading(bodies: Collection[uuid.UUID], source: gathering.Source) -> Step:
    return lambda session: gathering.gather(session, bodies, source)


def _rules(session: Session, person_id: uuid.UUID) -> list[dict[str, Any]]:
    return [
        {
            "rule": each.rule.code,
            "months": each.rule.months,
            "source": each.rule.source,
            "confidence": each.rule.confidence,
            "since": each.since.isoformat(),
            "until": each.until.isoformat() if each.until else None,
        }
        for each in holdings.list_holdings(session, person_id)
    ]


def whose(session: Session, export_id: uuid.UUID) -> list[uuid.UUID]:
    """Whom an export is about: the person who asked first, then whoever else she is on record as."""
    asking = session.get_one(PersonalExport, export_id).person_id
    return sorted(humans.bodies(session, asking), key=lambda each: each != asking)


def pack(sections: dict[str, Any], now: datetime) -> bytes:
    """What was read, as the file she gets."""
    return rendering.pack(sections, now.isoformat())


def settle(session: Session, export_id: uuid.UUID, content: bytes, *, now: datetime) -> None:
    """The file lies in the store: its day begins now, unless it was given up, or she was erased, meanwhile."""
    row = session.get_one(PersonalExport, export_id, with_for_update=True)
    if row.removed_at is not None:
        media.forget(session, keys=[export_key(export_id)], now=now)
        return
    row.ready_at, row.expires_at = now, now + timedelta(hours=EXPORT_HOURS)
    row.sha256, row.size_bytes = hashlib.sha256(content).hexdigest(), len(content)


def sweep(session: Session, *, now: datetime, limit: int = 50) -> int:
    """Forgets files whose day is over, and those that were never finished; answers with how many."""
    over = (PersonalExport.removed_at.is_(None)) & (PersonalExport.expires_at < now)
    rows = session.scalars(select(PersonalExport).where(over).order_by(PersonalExport.id).limit(limit)).all()
    for row in rows:
        row.removed_at = now
    if rows:
        media.forget(session, keys=[export_key(row.id) for row in rows], now=now)
    return len(rows)


def _own(session: Session, actor: Actor, export_id: uuid.UUID) -> PersonalExport:
    row = session.scalar(scopes.personal_exports_of(actor).where(PersonalExport.id == export_id))
    if row is None:
        raise NotFound
    return row


def _view(session: Session, row: PersonalExport, now: datetime) -> ExportView:
    job = jobs.find(session, _job(row.id))
    gone = row.removed_at is not None or row.expires_at < now
    return ExportView(
        id=row.id,
        asked_at=row.asked_at,
        progress=100 if row.ready_at else job.progress if job else 0,
        failed=job is not None and job.state in (jobs.FAILED, jobs.CANCELLED),
        ready=row.ready_at is not None and not gone,
        gone=gone,
        expires_at=row.expires_at,
        size_bytes=row.size_bytes,
    )


def _job(export_id: uuid.UUID) -> str:
    return f"rights-export:{export_id}"
