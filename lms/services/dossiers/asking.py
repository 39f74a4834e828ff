"""A dossier is asked for, shown while it is being made, sent, and forgotten after a week; each of it on record."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from lms.adapters.objects import new_key
from lms.domain.errors import NotFound, Refused
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.base import new_id
from lms.models.dossiers import Dossier
from lms.models.enrollments import Cohort
from lms.models.jobs import Job
from lms.services import audit, cohorts, jobs, media, reports, scopes
from lms.services.dossiers.making import Made, Wanted
from lms.services.ledger_as_of import end_of
from lms.services.scopes import Actor

MAKE = "make_dossier"
KEPT = timedelta(days=7)
SETTLED_AFTER = timedelta(seconds=10)  # what is being written this very second may still commit under it
MOST_LISTED = 50
QUEUED, WORKING, READY, FAILED, REMOVED = "queued", "working", "ready", "failed", "removed"


@dataclass(frozen=True)
class DossierView:
    """One dossier in the list of its cohort. `percent` counts while it is being made; `kept_until` once it is."""

    id: uuid.UUID
    cohort_id: uuid.UUID
    cohort: str
    state: str
    percent: int
    as_of: datetime
    masked: bool
    by: str
    asked_at: datetime
    size_bytes: int | None
    sha256: str | None
    kept_until: datetime | None

    @property
    def is_settled(self) -> bool:
        """Nothing will change any more by itself."""
        return self.state in (READY, FAILED, REMOVED)


@dataclass(frozen=True)
class Ready:
    """A dossier on its way out."""

    key: str
    size: int
    cohort: str
    as_of: datetime
    masked: bool


def ask(
    session: Session,
    actor: Actor,
    role: Role,
    cohort_id: uuid.UUID,
    *,
    day: date | None = None,
    unmasked: bool = False,
    purpose: str = "",
    now: datetime,
) -> uuid.UUID:
    """Asks for the dossier of a cohort as it stood at the end of `day`, or up to the last whole minute.

    The same person asking again for the same moment gets the same dossier. NotFound for a stranger's cohort; Refused:
    day_not_over, export_purpose_missing (unmasked only), export_purpose_too_long, export_purpose_personal,
    dossier_masked_only (an inspector's).
    """
    cohort = cohorts.get(session, actor, cohort_id, role=role)
    if unmasked and role is not Role.INSTITUTION:
        raise Refused("dossier_masked_only")
    purpose = reports.check_purpose(purpose, needed=unmasked)
    as_of = end_of(day, now=now) if day else (now - SETTLED_AFTER).replace(second=0, microsecond=0)
    found = _same(session, actor, role, cohort_id, as_of, masked=not unmasked)
    if found is not None:
        return found.id
    made = Dossier(
        id=new_id(),
        cohort_id=cohort_id,
        role=role.value,
        as_of=as_of,
        masked=not unmasked,
        purpose=purpose,
        asked_by=actor.account_id,
        asked_at=now,
        object_key=new_key("dossiers", "zip"),
    )
    session.add(made)
    session.flush()
    _audit(session, "dossier.ask", made, actor.account_id, cohort.organisation_id, now, purpose=purpose)
    jobs.enqueue(session, MAKE, _key(made.id), {"dossier_id": str(made.id)}, now=now)
    return made.id


def _same(
    session: Session, actor: Actor, role: Role, cohort_id: uuid.UUID, as_of: datetime, *, masked: bool
) -> Dossier | None:
    """What she asked for already and can still have: a job that was given up stands in nobody's way."""
    mine = select(Dossier).where(Dossier.cohort_id == cohort_id, Dossier.asked_by == actor.account_id)
    mine = mine.where(Dossier.role == role.value, Dossier.as_of == as_of, Dossier.masked == masked)
    rows = session.scalars(mine.where(Dossier.removed_at.is_(None)).order_by(Dossier.id.desc()))
    for row in rows:
        job = jobs.find(session, _key(row.id))
        if job is not None and job.state not in (jobs.FAILED, jobs.CANCELLED):
            return row
    return None


def _key(dossier_id: uuid.UUID) -> str:
    return f"dossier:{dossier_id}"


def _audit(
    session: Session,
    action: str,
    row: Dossier,
    account_id: uuid.UUID | None,
    organisation_id: uuid.UUID,
    now: datetime,
    **more: object,
) -> None:
    detail = {"cohort": str(row.cohort_id), "as_of": row.as_of.isoformat(), "masked": row.masked, **more}
    audit.record(
        session, action, row.id, now=now, account_id=account_id, organisation_id=organisation_id, detail=detail
    )


def _visible(actor: Actor, role: Role) -> Select[Dossier]:
    """The dossiers of cohorts she reaches in this role; one with whole numbers only for whoever gave the purpose."""
    mine = scopes.cohorts_of(actor, role).with_only_columns(Cohort.id)
    shown = or_(Dossier.masked, Dossier.asked_by == actor.account_id)
    return select(Dossier).where(Dossier.cohort_id.in_(mine), Dossier.role == role.value, shown)


def list_of(session: Session, actor: Actor, role: Role, cohort_id: uuid.UUID) -> list[DossierView]:
    """The dossiers of one cohort, the newest first; NotFound for a stranger's."""
    cohorts.get(session, actor, cohort_id, role=role)
    return _views(session, _visible(actor, role).where(Dossier.cohort_id == cohort_id))


def get(session: Session, actor: Actor, role: Role, dossier_id: uuid.UUID) -> DossierView:
    """One dossier; NotFound for a stranger's."""
    for view in _views(session, _visible(actor, role).where(Dossier.id == dossier_id)):
        return view
    raise NotFound


def _views(session: Session, query: Select[Dossier]) -> list[DossierView]:
    rows = query.join(Account, Account.id == Dossier.asked_by).join(Cohort, Cohort.id == Dossier.cohort_id)
    ordered = rows.add_columns(Account.name, Cohort.name).order_by(Dossier.asked_at.desc(), Dossier.id.desc())
    found = session.execute(ordered.limit(MOST_LISTED)).all()
    wanted = select(Job).where(Job.key.in_([_key(row[0].id) for row in found]))
    by_key = {job.key: job for job in session.scalars(wanted)}
    return [_view(row[0], row[1], row[2], by_key.get(_key(row[0].id))) for row in found]


def _view(row: Dossier, by: str, cohort: str, job: Job | None) -> DossierView:
    state = _state(row, job)
    return DossierView(
        id=row.id,
        cohort_id=row.cohort_id,
        cohort=cohort,
        state=state,
        percent=job.progress if job and state == WORKING else 0,
        as_of=row.as_of,
        masked=row.masked,
        by=by,
        asked_at=row.asked_at,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        kept_until=row.made_at + KEPT if row.made_at else None,
    )


def _state(row: Dossier, job: Job | None) -> str:
    if row.removed_at is not None:
        return REMOVED
    if row.made_at is not None:
        return READY
    return {jobs.RUNNING: WORKING, jobs.QUEUED: QUEUED}.get(job.state, FAILED) if job else FAILED


def open_file(session: Session, actor: Actor, role: Role, dossier_id: uuid.UUID, *, now: datetime) -> Ready:
    """Where a finished dossier lies; that it is taken is on record. NotFound while there is none."""
    row = session.scalar(_visible(actor, role).where(Dossier.id == dossier_id))
    if row is None or row.made_at is None or row.removed_at is not None or row.object_key is None:
        raise NotFound
    cohort = session.get_one(Cohort, row.cohort_id)
    _audit(session, "dossier.take", row, actor.account_id, cohort.organisation_id, now, sha256=row.sha256)
    return Ready(row.object_key, row.size_bytes or 0, cohort.name, row.as_of, row.masked)


def wanted(session: Session, dossier_id: uuid.UUID) -> Wanted:
    """What the worker is to make."""
    row = session.get_one(Dossier, dossier_id)
    if row.object_key is None:
        raise NotFound
    return Wanted(row.id, row.cohort_id, row.as_of, Role(row.role), row.masked, row.object_key)


def settle(session: Session, dossier_id: uuid.UUID, made: Made, *, now: datetime) -> None:
    """The archive lies in the store: its hash goes on record."""
    row = session.get_one(Dossier, dossier_id)
    row.size_bytes, row.sha256, row.made_at = made.size_bytes, made.sha256, now
    cohort = session.get_one(Cohort, row.cohort_id)
    _audit(session, "dossier.make", row, None, cohort.organisation_id, now, sha256=made.sha256)


def sweep(session: Session, *, now: datetime) -> int:
    """Forgets archives that have lain for a week; whoever needs one again asks again and gets the same bytes."""
    old = select(Dossier).where(Dossier.made_at <= now - KEPT, Dossier.removed_at.is_(None)).limit(MOST_LISTED)
    found = session.scalars(old).all()
    for row in found:
        row.removed_at = now
    if found:
        media.forget(session, keys=[row.object_key for row in found if row.object_key], now=now)
    return len(found)
