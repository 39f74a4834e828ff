"""What the platform's own staff look after: institutions, who works in them, and how the machine does."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.errors import NotFound
from lms.domain.identity import mask_mobile
from lms.domain.organisations import Department, Kind, in_order, posts_at
from lms.domain.roles import Role
from lms.models.accounts import Account, Membership
from lms.models.audit import AuditEvent
from lms.models.enrollments import Cohort
from lms.models.jobs import Job
from lms.models.organisations import Organisation
from lms.services import accounts, audit, jobs, organisations, scopes, sealed
from lms.services.scopes import Actor


@dataclass(frozen=True)
class InstitutionView:
    """An organisation with the number of its own staff accounts and cohorts; `depth` counts from the top."""

    id: uuid.UUID
    name: str
    kind: Kind
    depth: int
    is_closed: bool
    staff: int
    cohorts: int


@dataclass(frozen=True)
class StaffView:
    """A staff account of an institution; the phone is masked."""

    account_id: uuid.UUID
    name: str
    phone: str
    role: Role
    is_disabled: bool


@dataclass(frozen=True)
class JobView:
    """A piece of background work; `progress` in percent."""

    id: uuid.UUID
    kind: str
    state: str
    progress: int
    attempts: int
    problem: str | None
    created_at: datetime
    finished_at: datetime | None
    may_retry: bool


@dataclass(frozen=True)
class EventView:
    """An act on record: who (empty: the system), where (empty: the platform), what, on what."""

    at: datetime
    account: str
    organisation: str
    action: str
    subject: str
    detail: str


def list_institutions(session: Session, actor: Actor) -> list[InstitutionView]:
    """All organisations, each below its own parent, siblings by name."""
    scopes.require(actor, Role.PLATFORM)
    works = Membership.role != Role.INSPECTOR.value
    staff = select(func.count()).where(Membership.organisation_id == Organisation.id, works).scalar_subquery()
    cohorts = select(func.count()).where(Cohort.organisation_id == Organisation.id).scalar_subquery()
    rows = session.execute(select(Organisation, staff, cohorts).order_by(Organisation.name))
    known = {row[0].id: row for row in rows}
    placed = in_order({id_: row[0].parent_id for id_, row in known.items()})
    return [_institution(*known[id_], depth=depth) for id_, depth in placed]


def _institution(row: Organisation, staff: int, cohorts: int, *, depth: int) -> InstitutionView:
    return InstitutionView(row.id, row.name, Kind(row.kind), depth, row.closed_at is not None, staff, cohorts)


def get_institution(session: Session, actor: Actor, organisation_id: uuid.UUID) -> InstitutionView:
    """One institution; NotFound if there is none."""
    found = [each for each in list_institutions(session, actor) if each.id == organisation_id]
    if not found:
        raise NotFound
    return found[0]


def create_institution(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    *,
    name: str,
    staff_name: str,
    phone: str,
    kind: Kind = Kind.INSTITUTION,
    parent_id: uuid.UUID | None = None,
    department: Department | None = None,
    now: datetime,
) -> uuid.UUID:
    """A new organisation with its first staff account, in the first role of its kind; both or, when refused, neither.

    Where nobody is named it has none yet.
    """
    with session.begin_nested():  # the form is shown again after a refusal, and its transaction commits
        made = organisations.create(
            session, actor, name=name, kind=kind, parent_id=parent_id, department=department, now=now
        )
        if not staff_name and not phone:
            return made.id
        accounts.create_staff(
            session,
            keyring,
            phone=phone,
            name=staff_name,
            role=posts_at(kind)[0],
            organisation_id=made.id,
            now=now,
            by=actor.account_id,
        )
    return made.id


def list_staff(session: Session, keyring: Keyring, actor: Actor, organisation_id: uuid.UUID) -> list[StaffView]:
    """Who works for an institution, the first to come first."""
    scopes.require(actor, Role.PLATFORM)
    mine = select(Account, Membership.role).join(Membership, Membership.account_id == Account.id)
    works = (Membership.organisation_id == organisation_id) & (Membership.role != Role.INSPECTOR.value)
    rows = mine.where(works).order_by(Membership.id)
    return [
        StaffView(
            account_id=account.id,
            name=account.name,
            phone=mask_mobile(sealed.open_phone(keyring, account.id, account.phone_sealed)),
            role=Role(role),
            is_disabled=account.disabled_at is not None,
        )
        for account, role in session.execute(rows)
    ]


def add_staff(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    organisation_id: uuid.UUID,
    *,
    name: str,
    phone: str,
    role: Role,
    now: datetime,
) -> None:
    """Lets somebody work for an institution; the refusals of `accounts.create_staff`."""
    get_institution(session, actor, organisation_id)
    accounts.create_staff(
        session,
        keyring,
        phone=phone,
        name=name,
        role=role,
        organisation_id=organisation_id,
        now=now,
        by=actor.account_id,
    )


def disable_staff(
    session: Session, actor: Actor, organisation_id: uuid.UUID, account_id: uuid.UUID, *, now: datetime
) -> None:
    """Closes a staff account on all devices; NotFound unless it works for this institution."""
    _require_staff(session, actor, organisation_id, account_id)
    accounts.disable(session, account_id, now=now, by=actor.account_id)


def enable_staff(
    session: Session, actor: Actor, organisation_id: uuid.UUID, account_id: uuid.UUID, *, now: datetime
) -> None:
    """Opens a disabled staff account again; NotFound unless it works for this institution."""
    _require_staff(session, actor, organisation_id, account_id)
    accounts.enable(session, account_id, now=now, by=actor.account_id)


def _require_staff(session: Session, actor: Actor, organisation_id: uuid.UUID, account_id: uuid.UUID) -> None:
    scopes.require(actor, Role.PLATFORM)
    works = select(Membership.id).where(
        Membership.account_id == account_id,
        Membership.organisation_id == organisation_id,
        Membership.role != Role.INSPECTOR.value,
    )
    if session.scalar(works.limit(1)) is None:
        raise NotFound


def list_jobs(session: Session, actor: Actor, limit: int = 100) -> list[JobView]:
    """The newest background work first; what it was asked with is not shown."""
    scopes.require(actor, Role.PLATFORM)
    return [_job_view(job) for job in jobs.list_recent(session, limit)]


def _job_view(job: Job) -> JobView:
    return JobView(
        id=job.id,
        kind=job.kind,
        state=job.state,
        progress=job.progress,
        attempts=job.attempts,
        problem=job.problem,
        created_at=job.created_at,
        finished_at=job.finished_at,
        may_retry=job.state == jobs.FAILED,
    )


def retry_job(session: Session, actor: Actor, job_id: uuid.UUID, *, now: datetime) -> None:
    """Queues a job again that was given up; NotFound for any other."""
    scopes.require(actor, Role.PLATFORM)
    jobs.retry(session, job_id, now=now)
    audit.record(session, "job.retry", job_id, now=now, account_id=actor.account_id)


def list_events(session: Session, actor: Actor, limit: int = 100) -> list[EventView]:
    """The newest acts on record first."""
    scopes.require(actor, Role.PLATFORM)
    events = audit.list_recent(session, limit)
    who = _names(session, Account, {event.account_id for event in events})
    where = _names(session, Organisation, {event.organisation_id for event in events})
    return [_event_view(event, who, where) for event in events]


Names = dict[uuid.UUID | None, str]


def _names(session: Session, table: type[Account] | type[Organisation], ids: set[uuid.UUID | None]) -> Names:
    rows = session.execute(select(table.id, table.name).where(table.id.in_(ids - {None})))
    return {row.id: row.name for row in rows}


def _event_view(event: AuditEvent, who: Names, where: Names) -> EventView:
    return EventView(
        at=event.at,
        account=who.get(event.account_id, ""),
        organisation=where.get(event.organisation_id, ""),
        action=event.action,
        subject=event.subject,
        detail=", ".join(f"{name}={value}" for name, value in event.detail.items()),
    )
