"""Who looked: each page an inspector opens is on record, for the institution and for the learner to see."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.audit import AuditEvent
from lms.models.enrollments import Cohort, Enrollment
from lms.models.people import Person
from lms.services import audit, scopes
from lms.services.scopes import Actor

ACTION = "inspector.look"
PAGE = 50
LONGEST_LIST = 500


@dataclass(frozen=True)
class Look:
    """A page an inspector opened. `subject` is the name of the cohort or the learner, where there is one."""

    at: datetime
    inspector: str
    page: str
    subject: str


@dataclass(frozen=True)
class LookPage:
    """One page of looks, the newest first; `page` counts from 1."""

    rows: tuple[Look, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class LookDay:
    """A day on which an inspector looked at a learner: at her own record, or only at her cohort's list."""

    day: date
    at_record: bool


def record(
    session: Session, actor: Actor, page: str, subject: object, *, organisation_id: uuid.UUID | None, now: datetime
) -> None:
    """Leaves the row of one page view. `page` is a word, `subject` an id: no name, no number."""
    audit.record(
        session,
        ACTION,
        subject,
        now=now,
        account_id=actor.account_id,
        organisation_id=organisation_id,
        detail={"page": page},
    )


def list_of_institution(session: Session, actor: Actor, *, page: int = 1) -> LookPage:
    """Looks at the actor's institutions and their learners; a page beyond the last is the last."""
    mine = (AuditEvent.action == ACTION) & AuditEvent.organisation_id.in_(scopes.places_of(actor, Role.INSTITUTION))
    total = session.scalar(select(func.count()).select_from(AuditEvent).where(mine)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    rows = select(AuditEvent).where(mine).order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
    events = session.scalars(rows.limit(PAGE).offset((page - 1) * PAGE)).all()
    names, subjects = _names(session, events), _subjects(session, actor, events)
    shown = (
        Look(each.at, names.get(each.account_id, ""), str(each.detail["page"]), subjects.get(each.subject, ""))
        for each in events
    )
    return LookPage(tuple(shown), total, page, pages)


def _names(session: Session, events: Iterable[AuditEvent]) -> dict[uuid.UUID | None, str]:
    ids = {each.account_id for each in events}
    return {row.id: row.name for row in session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))}


def _subjects(session: Session, actor: Actor, events: Iterable[AuditEvent]) -> dict[str, str]:
    ids = [uuid.UUID(each.subject) for each in events]
    cohorts = scopes.cohorts_of(actor).where(Cohort.id.in_(ids)).with_only_columns(Cohort.id, Cohort.name)
    learners = scopes.learners_of(actor).where(Enrollment.id.in_(ids)).join(Person, Person.id == Enrollment.person_id)
    named = [*session.execute(cohorts), *session.execute(learners.with_only_columns(Enrollment.id, Person.name))]
    return {str(row[0]): row[1] for row in named}


def days_of_learner(session: Session, actor: Actor) -> list[LookDay]:
    """The days on which an inspector looked at the learner's records or at her cohorts' lists, the latest first."""
    places = session.execute(scopes.enrollments_of(actor).with_only_columns(Enrollment.id, Enrollment.cohort_id)).all()
    records = {str(row[0]) for row in places}
    subjects = records | {str(row[1]) for row in places}
    looks = select(AuditEvent.at, AuditEvent.subject).where(
        AuditEvent.action == ACTION, AuditEvent.subject.in_(subjects)
    )
    days: dict[date, bool] = {}
    for at, subject in session.execute(looks.order_by(AuditEvent.id.desc()).limit(LONGEST_LIST)):
        day = clock.civil_day(at)
        days[day] = days.get(day, False) or subject in records
    return [LookDay(day, at_record) for day, at_record in days.items()]
