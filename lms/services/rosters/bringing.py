"""A roster is brought, its columns are chosen, and it is decided about; the work itself is done by jobs."""

import hashlib
import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.adapters import tables
from lms.adapters.objects import Store
from lms.crypto import Keyring
from lms.db import insert_if_absent
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.identity import DocumentType
from lms.domain.roster_columns import NEEDED, Field
from lms.models.base import new_id
from lms.models.jobs import Job
from lms.models.rosters import RosterImport, RosterMapping
from lms.services import audit, enrollments, jobs, scopes
from lms.services.rosters import keeping
from lms.services.rosters.states import (
    ALL,
    BUSY,
    CHECK_JOB,
    CHECKED,
    CHECKING,
    DROPPED,
    IMPORT_JOB,
    IMPORTED,
    IMPORTING,
    JOB_OF,
    ONLY_GOOD,
    READ,
    READ_JOB,
    READING,
    UNDO_JOB,
    UNDOING,
    WAITING,
)
from lms.services.scopes import Actor


def bring(
    session: Session,
    store: Store,
    keyring: Keyring,
    actor: Actor,
    cohort_id: uuid.UUID,
    *,
    file_name: str,
    data: bytes,
    now: datetime,
) -> uuid.UUID:
    """Takes a file for a cohort and asks for it to be read; tells its id.

    NotFound; Refused: what `enrollments.get_open_cohort` and `tables.check` say.
    """
    cohort = enrollments.get_open_cohort(session, actor, cohort_id, now=now)
    tables.check(data)
    made = RosterImport(
        id=new_id(),
        organisation_id=cohort.organisation_id,
        cohort_id=cohort.id,
        file_name=_file_name(file_name),
        sha256=hashlib.sha256(data).hexdigest(),
        state=READING,
        problem_values={},
        columns={},
        document_type=DocumentType.RESIDENT_ID.value,
        mode=ONLY_GOOD,
        counts={},
        round=0,
        created_by=actor.account_id,
        asked_by=actor.account_id,
        created_at=now,
    )
    session.add(made)
    session.flush()
    _ask(session, made, actor, READ_JOB, READING, now)
    note(session, actor, "roster.bring", made, {"bytes": len(data)}, now)
    keeping.put_file(store, keyring, made.id, data)
    return made.id


def _file_name(told: str) -> str:
    name = "".join(sign for sign in told.replace("\\", "/").rpartition("/")[2] if sign.isprintable())
    return name[-200:] or "-"


def choose(
    session: Session,
    actor: Actor,
    import_id: uuid.UUID,
    columns: Sequence[tuple[str, int]],
    document_type: DocumentType,
    *,
    now: datetime,
) -> None:
    """Says which column tells what, remembers it, and asks for the rows to be checked.

    NotFound; Refused: roster_column_missing, roster_column_twice; Conflict("roster_moved_on").
    """
    found = hold(session, actor, import_id, (READ, CHECKED))
    chosen = dict(columns)
    if any(field not in chosen for field in NEEDED):
        raise Refused("roster_column_missing")
    if len({*chosen.values()}) < len(columns) or not set(chosen) <= set(Field):
        raise Refused("roster_column_twice")
    found.columns, found.document_type = chosen, document_type.value
    _remember(session, found, now)
    _ask(session, found, actor, CHECK_JOB, CHECKING, now)


def _remember(session: Session, found: RosterImport, now: datetime) -> None:
    values = {"columns": found.columns, "document_type": found.document_type, "changed_at": now}
    place = {"organisation_id": found.organisation_id, "shape": found.shape}
    insert_if_absent(session, RosterMapping, id=new_id(), **place, **values)
    kept = session.scalars(select(RosterMapping).filter_by(**place)).one()
    kept.columns, kept.document_type, kept.changed_at = found.columns, found.document_type, now


def remembered(session: Session, organisation_id: uuid.UUID, shape: str | None) -> RosterMapping | None:
    """What was chosen for such a sheet before."""
    mine = select(RosterMapping).where(RosterMapping.organisation_id == organisation_id, RosterMapping.shape == shape)
    return session.scalar(mine)


def confirm(session: Session, actor: Actor, import_id: uuid.UUID, mode: str, *, now: datetime) -> None:
    """Asks for the rows to be imported: all or none, or the good ones.

    NotFound; Refused: roster_nothing_good, roster_rows_bad and what `enrollments.get_open_cohort` says;
    Conflict("roster_moved_on").
    """
    found = hold(session, actor, import_id, (CHECKED,))
    enrollments.get_open_cohort(session, actor, found.cohort_id, now=now)
    if not found.counts.get("good"):
        raise Refused("roster_nothing_good")
    if mode == ALL and found.counts.get("bad"):
        raise Refused("roster_rows_bad", count=found.counts["bad"])
    found.mode = ALL if mode == ALL else ONLY_GOOD
    _ask(session, found, actor, IMPORT_JOB, IMPORTING, now)
    note(session, actor, "roster.confirm", found, {"rows": found.counts["good"], "mode": found.mode}, now)


def undo(session: Session, actor: Actor, import_id: uuid.UUID, *, now: datetime) -> None:
    """Asks for the whole batch to be taken back, but for those who have studied.

    NotFound; Refused: filing_in_review, filing_roster_frozen, filing_over; Conflict("roster_moved_on").
    """
    found = hold(session, actor, import_id, (IMPORTED,))
    enrollments.get_open_roster(session, actor, found.cohort_id)
    _ask(session, found, actor, UNDO_JOB, UNDOING, now)
    note(session, actor, "roster.ask_undo", found, {}, now)


def drop(session: Session, actor: Actor, import_id: uuid.UUID, *, now: datetime) -> uuid.UUID:
    """Lets go of a file that is not to be imported, at once; tells its cohort. NotFound; Conflict."""
    found = hold(session, actor, import_id, WAITING)
    keeping.empty(session, found, now=now)
    found.state = DROPPED
    note(session, actor, "roster.drop", found, {}, now)
    return found.cohort_id


def retry(session: Session, actor: Actor, import_id: uuid.UUID, *, now: datetime) -> None:
    """Asks once more for work that failed. NotFound("job_not_failed") while it waits or runs; Conflict."""
    found = hold(session, actor, import_id, BUSY)
    job = job_of(session, found)
    if job is None:
        raise NotFound("job_not_failed")
    jobs.retry(session, job.id, now=now)


def _ask(session: Session, found: RosterImport, actor: Actor, kind: str, state: str, now: datetime) -> None:
    found.round += 1
    found.state, found.problem, found.problem_values = state, None, {}
    found.asked_by = actor.account_id
    jobs.enqueue(session, kind, _job_key(found), {"import_id": str(found.id)}, now=now)


def _job_key(found: RosterImport) -> str:
    return f"{JOB_OF[found.state]}:{found.id}:{found.round}"


def job_of(session: Session, found: RosterImport) -> Job | None:
    """The work a file waits for."""
    return jobs.find(session, _job_key(found)) if found.state in BUSY else None


def get(session: Session, actor: Actor, import_id: uuid.UUID) -> RosterImport:
    """One file. NotFound."""
    found = session.scalar(scopes.rosters_of(actor).where(RosterImport.id == import_id))
    if found is None:
        raise NotFound
    return found


def hold(session: Session, actor: Actor, import_id: uuid.UUID, states: Collection[str]) -> RosterImport:
    """One file that is in one of these states, until the transaction ends. NotFound; Conflict("roster_moved_on")."""
    found = session.scalar(scopes.rosters_of(actor).where(RosterImport.id == import_id).with_for_update())
    if found is None:
        raise NotFound
    if found.state not in states:
        raise Conflict("roster_moved_on")
    return found


def note(
    session: Session, actor: Actor, act: str, found: RosterImport, detail: dict[str, object], now: datetime
) -> None:
    """Puts an act about a file on record: counts only."""
    place = {"account_id": actor.account_id, "organisation_id": found.organisation_id}
    audit.record(session, act, found.id, now=now, detail={**detail, "cohort": str(found.cohort_id)}, **place)
