"""What a report is narrowed to: institution, cohort, course, state of the learner, days; and as of which day."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain.errors import NotFound
from lms.domain.reporting import LearnerState
from lms.domain.roles import Role
from lms.models.courses import CourseVersion
from lms.models.enrollments import Cohort, Enrollment
from lms.models.organisations import Organisation
from lms.models.records import Record
from lms.services import cohorts, scopes
from lms.services.scopes import Actor, learners_of, organisations_of


@dataclass(frozen=True)
class Selection:
    """Which learners a report is about: all of the actor's, unless narrowed.

    `since`, `until`: the days on which their classes opened, records were issued or classes in person were held,
    whichever the report is about; both are in it. `as_of`: the day at whose end everything is read; None: now.
    """

    cohort_id: uuid.UUID | None = None
    course_id: uuid.UUID | None = None
    organisation_id: uuid.UUID | None = None
    state: LearnerState | None = None
    since: date | None = None
    until: date | None = None
    as_of: date | None = None


EVERYBODY = Selection()


def asked(selection: Selection) -> dict[str, object]:
    """The selection as it goes into an audit row or a saved view: ids, days and words."""
    more = {
        "organisation": selection.organisation_id and str(selection.organisation_id),
        "state": selection.state and selection.state.value,
        "since": selection.since and selection.since.isoformat(),
        "until": selection.until and selection.until.isoformat(),
        "as_of": selection.as_of and selection.as_of.isoformat(),
    }
    whole: dict[str, object] = {
        "cohort": selection.cohort_id and str(selection.cohort_id),
        "course": selection.course_id and str(selection.course_id),
    }
    return whole | {name: value for name, value in more.items() if value}


def selection_of(fields: Mapping[str, object]) -> Selection:
    """The selection that an address, a saved view or an order names; NotFound for what is no id, day or state."""
    told = {name: str(fields.get(name) or "") for name in ("cohort", "course", "organisation", "state", *DAYS)}
    try:
        days = {name: date.fromisoformat(told[name]) for name in DAYS if told[name]}
        return Selection(
            cohort_id=uuid.UUID(told["cohort"]) if told["cohort"] else None,
            course_id=uuid.UUID(told["course"]) if told["course"] else None,
            organisation_id=uuid.UUID(told["organisation"]) if told["organisation"] else None,
            state=LearnerState(told["state"]) if told["state"] else None,
            **days,
        )
    except ValueError:
        raise NotFound from None


DAYS = ("since", "until", "as_of")


def learners(
    session: Session, actor: Actor, selection: Selection, role: Role = Role.INSTITUTION, *, now: datetime
) -> Select[Enrollment]:
    """The enrollments selected, by cohort and order of entry; NotFound for a stranger's cohort or institution."""
    query = within(session, actor, selection, learners_of(actor, role), role)
    if selection.since:
        query = query.where(Cohort.opens_on >= selection.since)
    if selection.until:
        query = query.where(Cohort.opens_on <= selection.until)
    query = _in_state(query, selection, now)
    return query.order_by(Enrollment.cohort_id, Enrollment.id)


def within(
    session: Session, actor: Actor, selection: Selection, query: Select[Enrollment], role: Role = Role.INSTITUTION
) -> Select[Enrollment]:
    """Only those of the institution, cohort and course selected; NotFound for strangers'."""
    if selection.cohort_id is not None:
        query = query.where(Enrollment.cohort_id == cohorts.get(session, actor, selection.cohort_id, role=role).id)
    if selection.organisation_id is not None:
        check_place(session, actor, selection.organisation_id, role)
        query = query.where(Cohort.organisation_id == selection.organisation_id)
    if selection.course_id is not None:
        versions = select(CourseVersion.id).where(CourseVersion.course_id == selection.course_id)
        query = query.where(Enrollment.course_version_id.in_(versions))
    return query


def check_place(session: Session, actor: Actor, organisation_id: uuid.UUID | None, role: Role) -> None:
    """NotFound for an organisation out of the actor's reach; None, for all of them, is within it."""
    if organisation_id is None:
        return
    if session.scalar(organisations_of(actor, role).where(Organisation.id == organisation_id)) is None:
        raise NotFound


def _in_state(query: Select[Enrollment], selection: Selection, now: datetime) -> Select[Enrollment]:
    today, state = selection.as_of or clock.civil_day(now), selection.state
    until = clock.end_of_day(selection.as_of) if selection.as_of else None
    recorded = select(Record.id).where(scopes.recorded(until)).correlate(Enrollment)
    if state in (LearnerState.RECORDED, LearnerState.UNRECORDED):
        return query.where(recorded.exists() if state is LearnerState.RECORDED else ~recorded.exists())
    if state is LearnerState.RUNNING:
        return query.where(Cohort.opens_on <= today, Cohort.closes_on >= today)
    return query.where(Cohort.closes_on < today) if state is LearnerState.CLOSED else query


def count(session: Session, query: Select[Enrollment]) -> int:
    """How many rows a query would bring."""
    counted = query.order_by(None).with_only_columns(func.count(), maintain_column_froms=True)
    return session.scalar(counted) or 0


def organisation_of(session: Session, actor: Actor, selection: Selection) -> uuid.UUID | None:
    """The one institution whose rows are selected; None where they are of several."""
    if selection.cohort_id is not None:
        return cohorts.get(session, actor, selection.cohort_id).organisation_id
    if selection.organisation_id is not None:
        return selection.organisation_id
    mine = actor.organisation_ids(Role.INSTITUTION)
    return mine[0] if len(mine) == 1 else None
