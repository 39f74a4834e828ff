"""A dossier is asked for, shown while it is being made, sent, and forgotten after a week; each of it on record."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from lms.adapters.objects import new_key
from lms.domain.errors import NotFound, Refused
from lms.domain.roles import Role
from lms.models.base import new_id
from lms.models.dossiers import Dossier
from lms.models.enrollments import Cohort
from lms.services import archives, cohorts, jobs, reports, scopes
from lms.services.archives import DOSSIERS, KEPT, ArchiveView
from lms.services.dossiers.making import Made, Wanted
from lms.services.ledger_as_of import end_of
from lms.services.scopes import Actor

__all__ = ["KEPT", "MAKE", "DossierView", "Ready"]

MAKE = DOSSIERS.job
SETTLED_AFTER = timedelta(seconds=10)  # what is being written this very second may still commit under it


@dataclass(frozen=True)
class DossierView(ArchiveView):
    """One dossier in the list of its cohort."""

    cohort_id: uuid.UUID
    cohort: str
    as_of: datetime
    masked: bool


@dataclass(frozen=True)
class Ready(archives.Ready):
    """A dossier on its way out."""

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
    dossier_masked_only (an inspector's). TooMany as `archives.put`.
    """
    cohorts.get(session, actor, cohort_id, role=role)
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
    return archives.put(session, DOSSIERS, made, now=now, purpose=purpose)


def _same(
    session: Session, actor: Actor, role: Role, cohort_id: uuid.UUID, as_of: datetime, *, masked: bool
) -> Dossier | None:
    """What she asked for already and can still have: a job that was given up stands in nobody's way."""
    mine = select(Dossier).where(Dossier.cohort_id == cohort_id, Dossier.asked_by == actor.account_id)
    mine = mine.where(Dossier.role == role.value, Dossier.as_of == as_of, Dossier.masked == masked)
    rows = session.scalars(mine.where(Dossier.removed_at.is_(None)).order_by(Dossier.id.desc()))
    for row in rows:
        job = archives.job_of(session, DOSSIERS, row)
        if job is not None and job.state not in (jobs.FAILED, jobs.CANCELLED):
            return row
    return None


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
    return [_view(session, row, view) for row, view in archives.views(session, DOSSIERS, query)]


def _view(session: Session, row: Dossier, view: ArchiveView) -> DossierView:
    cohort = session.get_one(Cohort, row.cohort_id)
    return DossierView(**vars(view), cohort_id=cohort.id, cohort=cohort.name, as_of=row.as_of, masked=row.masked)


def open_file(session: Session, actor: Actor, role: Role, dossier_id: uuid.UUID, *, now: datetime) -> Ready:
    """Where a finished dossier lies; that it is taken is on record. NotFound while there is none."""
    row = session.scalar(_visible(actor, role).where(Dossier.id == dossier_id))
    if row is None:
        raise NotFound
    ready = archives.take(session, DOSSIERS, row, actor.account_id, now=now)
    return Ready(**vars(ready), as_of=row.as_of, masked=row.masked)


def wanted(session: Session, dossier_id: uuid.UUID) -> Wanted:
    """What the worker is to make."""
    row = session.get_one(Dossier, dossier_id)
    if row.object_key is None:
        raise NotFound
    return Wanted(row.id, row.cohort_id, row.as_of, Role(row.role), row.masked, row.object_key)


def settle(session: Session, dossier_id: uuid.UUID, made: Made, *, now: datetime) -> None:
    """The archive lies in the store, unless it was taken away meanwhile."""
    archives.settle(session, DOSSIERS, dossier_id, made.size_bytes, made.sha256, now=now)


def sweep(session: Session, *, now: datetime) -> int:
    """Forgets archives that have lain for a week; whoever needs one again asks again and gets the same bytes."""
    return archives.sweep(session, DOSSIERS, now=now)
