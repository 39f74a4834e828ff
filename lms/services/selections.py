"""What a report is narrowed to: institution, cohort, course, state of the learner, days; and as of which day."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain.errors import NotFound, Refused
from lms.domain.reporting import SETTLED_AFTER, LearnerState
from lms.domain.roles import Role
from lms.models.courses import CourseVersion
from lms.models.enrollments import Cohort, Enrollment
from lms.models.organisations import Organisation
from lms.models.pasts import EnrollmentDeparture
from lms.models.records import Record
from lms.services import cohorts, pasts, scopes
from lms.services.pasts import Departed
from lms.services.scopes import Actor, cohorts_of, learners_of, may_show, organisations_of


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


@dataclass(frozen=True)
class Reading:
    """What a report reads: all that is on record (`before` is None), or what was recorded before the end of a day.

    `now`: the moment it judges by; the last of that day.
    """

    now: datetime
    before: datetime | None = None

    @property
    def today(self) -> date:
        """The civil day of that moment."""
        return clock.civil_day(self.now)


def reading(selection: Selection, *, now: datetime) -> Reading:
    """When a selection is to be read. Refused("day_not_over") while something of the day could still come."""
    if selection.as_of is None:
        return Reading(now)
    end = clock.end_of_day(selection.as_of)
    if now < end + SETTLED_AFTER:
        raise Refused("day_not_over", day=selection.as_of.isoformat())
    return Reading(end - timedelta(microseconds=1), end)


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
    """The enrollments selected, by cohort and order of entry; NotFound for a stranger's cohort or institution.

    As of a day those who were on a roster then and still are; who was taken out since is told by `departed`.
    """
    at = reading(selection, now=now)
    query = within(session, actor, selection, learners_of(actor, role), role)
    query = query.where(*_opening(selection, at), *_in_state(selection, at))
    if at.before is not None:
        query = query.where(Enrollment.created_at < at.before)
    return query.order_by(Enrollment.cohort_id, Enrollment.id)


def departed(
    session: Session, actor: Actor, selection: Selection, role: Role = Role.INSTITUTION, *, now: datetime
) -> list[Departed]:
    """As of a day: those selected who were on a roster then and were taken out since, in the same order."""
    at = reading(selection, now=now)
    if at.before is None or selection.state is LearnerState.RECORDED:  # whoever has a record stays
        return []
    mine = cohorts_of(actor, role).with_only_columns(Cohort.id).where(*_opening(selection, at))
    if selection.state is not LearnerState.UNRECORDED:
        mine = mine.where(*_in_state(selection, at))
    if selection.cohort_id is not None:
        mine = mine.where(Cohort.id == selection.cohort_id)
    if selection.organisation_id is not None:
        mine = mine.where(Cohort.organisation_id == selection.organisation_id)
    hers = EnrollmentDeparture.cohort_id.in_(mine) & may_show(role, EnrollmentDeparture.person_id)
    if selection.course_id is not None:
        versions = select(CourseVersion.id).where(CourseVersion.course_id == selection.course_id)
        hers = hers & EnrollmentDeparture.course_version_id.in_(versions)
    return pasts.departed(session, hers, at.before)


def count_learners(
    session: Session, actor: Actor, selection: Selection, role: Role = Role.INSTITUTION, *, now: datetime
) -> int:
    """How many learners are selected."""
    there = count(session, learners(session, actor, selection, role, now=now))
    return there + len(departed(session, actor, selection, role, now=now))


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


def _opening(selection: Selection, at: Reading) -> list[ColumnElement[bool]]:
    """Of classes that opened on the days selected, as their days were then."""
    opens_on = pasts.opens_on(at.before)
    told = [opens_on >= selection.since] if selection.since else []
    return [*told, opens_on <= selection.until] if selection.until else told


def _in_state(selection: Selection, at: Reading) -> list[ColumnElement[bool]]:
    opens_on, closes_on, state = pasts.opens_on(at.before), pasts.closes_on(at.before), selection.state
    recorded = select(Record.id).where(scopes.recorded(at.before)).correlate(Enrollment).exists()
    if state in (LearnerState.RECORDED, LearnerState.UNRECORDED):
        return [recorded if state is LearnerState.RECORDED else ~recorded]
    if state is LearnerState.RUNNING:
        return [opens_on <= at.today, closes_on >= at.today]
    return [closes_on < at.today] if state is LearnerState.CLOSED else []


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
