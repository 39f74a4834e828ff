"""What reports of a day that is over read of tables that change: names, printed numbers, drafts of classes, rosters."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lms.domain.corrections import Decision
from lms.domain.identity import matching_name
from lms.models.accounts import Account
from lms.models.attendance import AttendanceLeave
from lms.models.enrollments import Cohort, Enrollment
from lms.models.pasts import CohortPast, EnrollmentDeparture, PersonNumberPast
from lms.models.people import Person, PersonName


@dataclass(frozen=True)
class Departed:
    """Somebody who was on a roster then and was taken out later. `enrollment` is in no table any more.

    `document_sealed`: as of a person's, "" where it was erased; `leaves`: the classes she had leave for by then.
    """

    enrollment: Enrollment
    name: str
    document_sealed: str
    leaves: frozenset[uuid.UUID]


def keep_number(session: Session, person: Person, *, now: datetime) -> None:
    """Reports of the days before print this number of hers."""
    mine = select(func.count()).select_from(PersonNumberPast).where(PersonNumberPast.person_id == person.id)
    number = (session.scalar(mine) or 0) + 1
    kept = {"document_sealed": person.document_sealed, "until": now}
    session.add(PersonNumberPast(person_id=person.id, number=number, **kept))


def keep_cohort(session: Session, cohort: Cohort, *, now: datetime) -> None:
    """Reports of the days before call it by this name and hold it on these days."""
    days = {"opens_on": cohort.opens_on, "closes_on": cohort.closes_on, "policy_code": cohort.policy_code}
    session.add(CohortPast(cohort_id=cohort.id, until=now, name=cohort.name, **days))


def keep_departures(session: Session, leaving: Sequence[Enrollment], *, now: datetime) -> None:
    """Reports of the days before still have them on the roster. Called before anything of theirs is deleted."""
    persons = {each.person_id for each in leaving}
    people = {each.id: each for each in session.scalars(select(Person).where(Person.id.in_(persons)))}
    called: dict[uuid.UUID, list[list[str]]] = {each: [] for each in persons}
    rows = select(PersonName).where(PersonName.person_id.in_(persons)).order_by(PersonName.since, PersonName.id)
    for row in session.scalars(rows):
        called[row.person_id].append([row.since.isoformat(), row.name])
    granted: dict[uuid.UUID, list[list[str]]] = {each.id: [] for each in leaving}
    approved = AttendanceLeave.decision == Decision.APPROVED.value
    for leave in session.scalars(select(AttendanceLeave).where(AttendanceLeave.enrollment_id.in_(granted), approved)):
        decided_at = leave.decided_at.isoformat() if leave.decided_at else ""
        granted[leave.enrollment_id].append([str(leave.meeting_id), decided_at])
    for each in leaving:
        person = people[each.person_id]
        names = called[each.person_id] or [[each.created_at.isoformat(), person.name]]
        session.add(
            EnrollmentDeparture(
                person_id=each.person_id,
                enrollment_id=each.id,
                cohort_id=each.cohort_id,
                course_version_id=each.course_version_id,
                pid=person.pid,
                document_sealed=person.document_sealed,
                told={"names": names, "leaves": sorted(granted[each.id])},
                created_at=each.created_at,
                removed_at=now,
            )
        )
    session.flush()


def names(session: Session, person_ids: Collection[uuid.UUID], before: datetime) -> dict[uuid.UUID, str]:
    """By person: the name she was known by then, or her first, for those who are still on record."""
    found = dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids))).all())
    rows = select(PersonName).where(PersonName.person_id.in_(person_ids)).order_by(PersonName.since, PersonName.id)
    told: set[uuid.UUID] = set()
    for row in session.scalars(rows):
        if row.since < before or row.person_id not in told:
            found[row.person_id] = row.name
            told.add(row.person_id)
    return found


def documents(session: Session, person_ids: Collection[uuid.UUID], before: datetime) -> dict[uuid.UUID, str]:
    """By person, where another number was printed then than is now: that one, sealed as a person's."""
    mine = PersonNumberPast.person_id.in_(person_ids) & (PersonNumberPast.until >= before)
    rows = select(PersonNumberPast).where(mine).order_by(PersonNumberPast.number.desc())
    return {row.person_id: row.document_sealed for row in session.scalars(rows)}


def staff_names(session: Session, account_ids: Iterable[uuid.UUID], before: datetime | None) -> dict[uuid.UUID, str]:
    """By account: what it is called, or was `before` a moment; a learner's account goes by her name."""
    rows = select(Account.id, Account.name, Person.id, Person.name).outerjoin(Person, Person.id == Account.person_id)
    found = session.execute(rows.where(Account.id.in_(set(account_ids)))).all()
    called = {row[0]: row[1] for row in found}
    if before is None:
        return called
    then = names(session, [row[2] for row in found if row[2]], before)
    hers = [row for row in found if row[2] and matching_name(row[1]) == matching_name(row[3])]
    return called | {account: then[person] for account, _, person, present in hers if then[person] != present}


Day = ColumnElement[date] | InstrumentedAttribute[date]


def opens_on(before: datetime | None) -> Day:
    """The first day of a class, as it was then, for a query that joins `Cohort`."""
    return _then(CohortPast.opens_on, Cohort.opens_on, before)


def closes_on(before: datetime | None) -> Day:
    """The last day, likewise."""
    return _then(CohortPast.closes_on, Cohort.closes_on, before)


def _then(past: InstrumentedAttribute[date], present: InstrumentedAttribute[date], before: datetime | None) -> Day:
    if before is None:
        return present
    mine = select(past).where(CohortPast.cohort_id == Cohort.id, CohortPast.until >= before)
    return func.coalesce(mine.order_by(CohortPast.until, CohortPast.id).limit(1).scalar_subquery(), present)


def cohorts(session: Session, found: Iterable[Cohort], before: datetime | None) -> dict[uuid.UUID, Cohort]:
    """By id: the classes as they were then. One whose draft was changed since is a copy that is in no session."""
    known = {each.id: each for each in found}
    if before is None:
        return known
    rows = select(CohortPast).where(CohortPast.cohort_id.in_(known), CohortPast.until >= before)
    for past in session.scalars(rows.order_by(CohortPast.until.desc(), CohortPast.id.desc())):
        known[past.cohort_id] = _copy(known[past.cohort_id], past)
    return known


def _copy(cohort: Cohort, past: CohortPast) -> Cohort:
    return Cohort(
        id=cohort.id,
        organisation_id=cohort.organisation_id,
        course_version_id=cohort.course_version_id,
        name=past.name,
        opens_on=past.opens_on,
        closes_on=past.closes_on,
        policy_code=past.policy_code,
        created_at=cohort.created_at,
    )


def departed(session: Session, mine: ColumnElement[bool], before: datetime | None) -> list[Departed]:
    """Those of the departures `mine` (reached through a scope) who were on a roster then; nobody is missing now."""
    if before is None:
        return []
    row = EnrollmentDeparture
    then = (row.created_at < before, row.removed_at >= before)
    found = session.scalars(select(row).where(mine, *then).order_by(row.cohort_id, row.enrollment_id)).all()
    persons = {each.person_id for each in found}
    known, printed = names(session, persons, before), documents(session, persons, before)
    return [_departed(each, known, printed, before) for each in found]


def granted(gone: Iterable[Departed]) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """(class, enrollment) of every leave they had by then."""
    return {(meeting, each.enrollment.id) for each in gone for meeting in each.leaves}


def _departed(
    row: EnrollmentDeparture, known: dict[uuid.UUID, str], printed: dict[uuid.UUID, str], before: datetime
) -> Departed:
    called = [name for since, name in row.told["names"] if datetime.fromisoformat(since) < before]
    name = known.get(row.person_id) or (called[-1] if called else row.told["names"][0][1])
    granted = {uuid.UUID(meeting) for meeting, at in row.told["leaves"] if at and datetime.fromisoformat(at) < before}
    made = Enrollment(
        id=row.enrollment_id,
        cohort_id=row.cohort_id,
        person_id=row.person_id,
        course_version_id=row.course_version_id,
        created_at=row.created_at,
    )
    return Departed(made, name, printed.get(row.person_id, row.document_sealed), frozenset(granted))
