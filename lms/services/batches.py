"""Enrollments with their names, some hundred at a time, so that memory stays flat however many there are."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.identity import mask_number
from lms.domain.roles import Role
from lms.models.courses import CourseVersion
from lms.models.enrollments import Cohort, Enrollment
from lms.models.pasts import EnrollmentDeparture
from lms.models.people import Person
from lms.services import consents, pasts, sealed, selections
from lms.services.pasts import Departed
from lms.services.scopes import Actor, learners_of, may_show
from lms.services.selections import Selection

BATCH = 500


@dataclass(frozen=True)
class Learner:
    """Who a row is about. `number` is masked unless the report was asked for unmasked, and she agrees to it.

    As of a day that is over: by the name and number, in the class as they were then; `enrollment` and `cohort` may be
    copies that are in no table.
    """

    enrollment: Enrollment
    cohort: Cohort
    name: str
    number: str
    course: str
    course_en: str
    version_number: int

    @property
    def enrollment_id(self) -> uuid.UUID:
        """By which her evidence is found."""
        return self.enrollment.id


class _Row(NamedTuple):
    enrollment: Enrollment
    cohort: Cohort
    name: str
    document: str
    version: CourseVersion


def batches(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    selection: Selection,
    *,
    unmasked: bool,
    start: int = 0,
    now: datetime,
) -> Iterator[Sequence[Learner]]:
    """Everybody selected, by cohort and order of entry; `start`: how many to pass over. Refused: day_not_over."""
    at = selections.reading(selection, now=now)
    query = selections.learners(session, actor, selection, now=now)
    gone = _gone(session, selections.departed(session, actor, selection, now=now))
    rows = merge(_there(session, query, 0 if gone else start), gone, key=_place) if gone else None
    found = islice(rows, start, None) if rows else _there(session, query, start)
    left = {each.enrollment.id for each in gone}
    while some := list(islice(found, BATCH)):
        if at.before is not None:
            some = _as_of(session, some, left, at.before)
        hidden = consents.refusing(session, {row.enrollment.person_id for row in some}) if unmasked else set()
        whole = [unmasked and each.person_id not in hidden and each.id not in left for each, *_ in some]
        yield [_learner(keyring, row, shows) for row, shows in zip(some, whole, strict=True)]


class RosterEntry(NamedTuple):
    """Somebody on the roster of a class. `is_gone`: she was taken out since, and her number is never shown whole;
    `leaves`: the classes she had leave for by then."""

    enrollment: Enrollment
    name: str
    document_sealed: str
    is_gone: bool = False
    leaves: frozenset[uuid.UUID] = frozenset()


def roster(
    session: Session, actor: Actor, cohort_id: uuid.UUID, role: Role, before: datetime | None
) -> list[RosterEntry]:
    """Who is in a class that the actor has reached, or who was `before` a moment; in no order."""
    mine = learners_of(actor, role).where(Enrollment.cohort_id == cohort_id)
    people = mine.join(Person, Person.id == Enrollment.person_id).add_columns(Person.name, Person.document_sealed)
    if before is None:
        return [RosterEntry(*row) for row in session.execute(people)]
    there = session.execute(people.where(Enrollment.created_at < before)).all()
    persons = {row[0].person_id for row in there}
    names, printed = pasts.names(session, persons, before), pasts.documents(session, persons, before)
    then: list[tuple[Enrollment, uuid.UUID, str]] = [(row, row.person_id, document) for row, _, document in there]
    found = [RosterEntry(row, names[key], printed.get(key, document)) for row, key, document in then]
    hers = (EnrollmentDeparture.cohort_id == cohort_id) & may_show(role, EnrollmentDeparture.person_id)
    gone = pasts.departed(session, hers, before)
    return found + [
        RosterEntry(each.enrollment, each.name, each.document_sealed, is_gone=True, leaves=each.leaves) for each in gone
    ]


def _place(row: _Row) -> tuple[uuid.UUID, uuid.UUID]:
    return row.enrollment.cohort_id, row.enrollment.id


def _there(session: Session, query: Select[Enrollment], start: int) -> Iterator[_Row]:
    told = (
        query.select_from(Enrollment)
        .join(Person, Person.id == Enrollment.person_id)
        .join(CourseVersion, CourseVersion.id == Enrollment.course_version_id)
        .add_columns(Cohort, Person.name, Person.document_sealed, CourseVersion)
        .limit(BATCH)
    )
    found = session.execute(told.offset(start)).all()
    while found:
        yield from (_Row(*row) for row in found)
        place, last = tuple_(Enrollment.cohort_id, Enrollment.id), found[-1][0]
        found = session.execute(told.where(place > tuple_(last.cohort_id, last.id))).all()


def _gone(session: Session, departed: Sequence[Departed]) -> list[_Row]:
    """Those who were taken out since, few as they are: none of them had studied."""
    rows = [each.enrollment for each in departed]
    held = select(Cohort).where(Cohort.id.in_({row.cohort_id for row in rows}))
    taught = select(CourseVersion).where(CourseVersion.id.in_({row.course_version_id for row in rows}))
    cohorts = {each.id: each for each in session.scalars(held)}
    versions = {each.id: each for each in session.scalars(taught)}
    return [
        _Row(row, cohorts[row.cohort_id], each.name, each.document_sealed, versions[row.course_version_id])
        for row, each in zip(rows, departed, strict=True)
    ]


def _as_of(session: Session, rows: list[_Row], gone: set[uuid.UUID], before: datetime) -> list[_Row]:
    cohorts = pasts.cohorts(session, {row.cohort.id: row.cohort for row in rows}.values(), before)
    persons = {row.enrollment.person_id for row in rows if row.enrollment.id not in gone}
    names, printed = pasts.names(session, persons, before), pasts.documents(session, persons, before)
    found = []
    for row in rows:
        person, then = row.enrollment.person_id, row._replace(cohort=cohorts[row.cohort.id])
        if row.enrollment.id not in gone:
            then = then._replace(name=names[person], document=printed.get(person, row.document))
        found.append(then)
    return found


def _learner(keyring: Keyring, row: _Row, unmasked: bool) -> Learner:
    number = sealed.open_document(keyring, row.enrollment.person_id, row.document) if row.document else ""
    shown = number if unmasked else mask_number(number)
    version = row.version
    return Learner(row.enrollment, row.cohort, row.name, shown, version.title, version.title_en, version.number)
