"""What stands under an organisation, in numbers: one row for each that stands directly below, and their sum."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, distinct, func, select
from sqlalchemy.orm import Session

from lms.domain.errors import NotFound
from lms.domain.organisations import TEACHING, Kind
from lms.domain.roles import Role
from lms.models.enrollments import Cohort, Enrollment
from lms.models.organisations import Organisation
from lms.models.records import Record
from lms.models.study import LessonProgress
from lms.services import scopes
from lms.services.scopes import Actor


@dataclass(frozen=True)
class Figures:
    """Sums over an organisation and all below it.

    `institutions` counts those that run classes, open ones only; `people` counts nobody twice, however many classes
    she is in; `completed` counts completion records; `credited_ms` is credited study time, classes in person with it.
    """

    institutions: int = 0
    cohorts: int = 0
    enrollments: int = 0
    people: int = 0
    completed: int = 0
    credited_ms: int = 0

    @property
    def completed_percent(self) -> int | None:
        """Completion records in a hundred enrollments, rounded down; None where nobody is enrolled."""
        return self.completed * 100 // self.enrollments if self.enrollments else None


@dataclass(frozen=True)
class Row:
    """An organisation with its sums."""

    id: uuid.UUID
    name: str
    kind: Kind
    is_closed: bool
    figures: Figures


@dataclass(frozen=True)
class Place:
    """An organisation the actor may look into: the way to it from where her reach begins, its sums, what is below."""

    id: uuid.UUID
    name: str
    kind: Kind
    is_closed: bool
    figures: Figures
    path: tuple[tuple[uuid.UUID, str], ...]
    rows: tuple[Row, ...]


def tops(session: Session, actor: Actor, role: Role) -> list[Row]:
    """Where the actor's reach begins: each organisation that was given to her and stands under no other of them."""
    reach = scopes.places_of(actor, role)
    hers = select(Organisation).where(Organisation.id.in_(scopes.tops_of(actor, role)))
    below = Organisation.parent_id.is_not(None) & Organisation.parent_id.in_(reach)
    return _rows(session, hers.where(~below))


def place(session: Session, actor: Actor, organisation_id: uuid.UUID, role: Role) -> Place:
    """One organisation in the actor's reach; NotFound for any other."""
    mine = select(Organisation).where(Organisation.id.in_(scopes.places_of(actor, role)))
    found = _rows(session, mine.where(Organisation.id == organisation_id))
    if not found:
        raise NotFound
    here = found[0]
    below = select(Organisation).where(Organisation.parent_id == here.id, Organisation.kind != Kind.DEPARTMENT.value)
    return Place(
        here.id,
        here.name,
        here.kind,
        here.is_closed,
        here.figures,
        path=_path(session, mine, here.id),
        rows=tuple(_rows(session, below)),
    )


def _path(
    session: Session, mine: Select[Organisation], organisation_id: uuid.UUID
) -> tuple[tuple[uuid.UUID, str], ...]:
    """The organisations above it that she may look into, the highest first."""
    found: list[tuple[uuid.UUID, str]] = []
    here = session.get_one(Organisation, organisation_id)
    while here.parent_id is not None:
        above = session.scalar(mine.where(Organisation.id == here.parent_id))
        if above is None:
            break
        found.insert(0, (above.id, above.name))
        here = above
    return tuple(found)


def _rows(session: Session, query: Select[Organisation]) -> list[Row]:
    nodes = session.scalars(query.order_by(Organisation.name)).all()
    known = figures(session, [each.id for each in nodes])
    return [Row(each.id, each.name, Kind(each.kind), each.closed_at is not None, known[each.id]) for each in nodes]


def figures(session: Session, tops: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Figures]:
    """By organisation: its sums, in four queries however many there are. The caller reached them through a scope."""
    found = dict.fromkeys(tops, Figures())
    for columns, query in _sums(tops):
        for row in session.execute(query):
            numbers = (int(each or 0) for each in row[1:])
            found[row[0]] = replace(found[row[0]], **dict(zip(columns, numbers, strict=True)))
    return found


def of_cohorts(session: Session, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Figures]:
    """By class: its sums, in two queries. The caller reached them through a scope."""
    found = dict.fromkeys(ids, Figures(cohorts=1))
    counted = (func.count(Enrollment.id), func.count(distinct(Enrollment.person_id)), func.count(Record.id))
    people = select(Enrollment.cohort_id, *counted).where(Enrollment.cohort_id.in_(ids)).group_by(Enrollment.cohort_id)
    people = people.outerjoin(Record, scopes.recorded())
    for id_, enrollments, persons, completed in session.execute(people):
        found[id_] = replace(found[id_], enrollments=enrollments, people=persons, completed=completed)
    hours = select(Enrollment.cohort_id, func.sum(LessonProgress.credited_ms)).group_by(Enrollment.cohort_id)
    hours = hours.join(LessonProgress, LessonProgress.enrollment_id == Enrollment.id)
    for id_, credited_ms in session.execute(hours.where(Enrollment.cohort_id.in_(ids))):
        found[id_] = replace(found[id_], credited_ms=int(credited_ms or 0))
    return found


def _sums(tops: Collection[uuid.UUID]) -> list[tuple[tuple[str, ...], Select[Any]]]:
    tree = scopes.organisations_under(tops)
    top, id_ = tree.c.top, tree.c.id
    teaching = Organisation.kind.in_([kind.value for kind in TEACHING]) & Organisation.closed_at.is_(None)
    bodies = select(top, func.count()).join(Organisation, Organisation.id == id_).where(teaching)
    cohorts = select(top, func.count()).join(Cohort, Cohort.organisation_id == id_)
    counted = (func.count(Enrollment.id), func.count(distinct(Enrollment.person_id)), func.count(Record.id))
    people = (
        select(top, *counted)
        .join(Cohort, Cohort.organisation_id == id_)
        .join(Enrollment, Enrollment.cohort_id == Cohort.id)
        .outerjoin(Record, scopes.recorded())
    )
    hours = (
        select(top, func.sum(LessonProgress.credited_ms))
        .join(Cohort, Cohort.organisation_id == id_)
        .join(Enrollment, Enrollment.cohort_id == Cohort.id)
        .join(LessonProgress, LessonProgress.enrollment_id == Enrollment.id)
    )
    return [
        (("institutions",), bodies.group_by(top)),
        (("cohorts",), cohorts.group_by(top)),
        (("enrollments", "people", "completed"), people.group_by(top)),
        (("credited_ms",), hours.group_by(top)),
    ]
