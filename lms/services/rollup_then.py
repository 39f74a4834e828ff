"""The organisation tree and its sums as they were at the end of a day: changes made since are taken back.

Where somebody's reach begins is decided today; what stood under it is told by the tree of that day, so that a sum does
not change when a branch moves on. Sums hold nobody's name.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.domain.organisations import TEACHING, Kind
from lms.domain.roles import Role
from lms.models.enrollments import Cohort, Enrollment
from lms.models.organisations import Organisation, OrganisationChange
from lms.models.pasts import EnrollmentDeparture
from lms.models.records import Record
from lms.services import ledger_as_of, pasts, scopes, tree
from lms.services.rollup import Figures
from lms.services.scopes import Actor


@dataclass(frozen=True)
class Node:
    """An organisation as it was then."""

    id: uuid.UUID
    name: str
    kind: Kind
    parent_id: uuid.UUID | None
    is_closed: bool


Tree = Mapping[uuid.UUID, Node]


def nodes(
    session: Session, actor: Actor, role: Role, place: uuid.UUID | None, before: datetime
) -> dict[uuid.UUID, Node]:
    """What stood under where the actor's reach begins, or under one place she may see, by name; no departments."""
    known = _tree(session, before)
    if place is not None:
        tops: Collection[uuid.UUID] = [place]
    elif actor.is_everywhere(role):
        tops = known
    else:
        tops = session.scalars(scopes.tops_of(actor, role)).all()
    mine = _under(known, tops)
    found = [each for each in known.values() if each.id in mine and each.kind is not Kind.DEPARTMENT]
    return {each.id: each for each in sorted(found, key=lambda each: (each.name, each.id))}


def name(session: Session, place: uuid.UUID, before: datetime) -> str | None:
    """What a place that was reached through a scope was called then; None where it was not there yet."""
    return names(session, [place], before).get(place)


def names(session: Session, places: Collection[uuid.UUID], before: datetime) -> dict[uuid.UUID, str]:
    """The same of many places, without those that were not there yet."""
    known = _tree(session, before)
    return {each: known[each].name for each in places if each in known}


def _tree(session: Session, before: datetime) -> dict[uuid.UUID, Node]:
    rows = session.scalars(select(Organisation).where(Organisation.created_at < before))
    found = {
        row.id: Node(row.id, row.name, Kind(row.kind), row.parent_id, row.closed_at is not None) for row in rows.all()
    }
    since = select(OrganisationChange).where(OrganisationChange.at >= before)
    for change in session.scalars(since.order_by(OrganisationChange.at.desc(), OrganisationChange.id.desc())):
        if change.organisation_id in found:
            found[change.organisation_id] = _take_back(found[change.organisation_id], change)
    return found


def _take_back(node: Node, change: OrganisationChange) -> Node:
    if change.what == tree.NAME:
        return replace(node, name=change.before)
    if change.what == tree.KIND:
        return replace(node, kind=Kind(change.before))
    if change.what == tree.PLACE:
        return replace(node, parent_id=uuid.UUID(change.before) if change.before else None)
    return replace(node, is_closed=change.what == tree.OPENED)


def _under(known: Tree, tops: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    below: dict[uuid.UUID | None, list[uuid.UUID]] = defaultdict(list)
    for each in known.values():
        below[each.parent_id].append(each.id)
    found: set[uuid.UUID] = set()
    waiting = [top for top in tops if top in known]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += below[here]
    return found


def classes(session: Session, places: Collection[uuid.UUID], before: datetime) -> list[Cohort]:
    """The classes of these places, which were reached through a scope, by their opening day then."""
    rows = select(Cohort).where(Cohort.organisation_id.in_(places), Cohort.created_at < before)
    found = pasts.cohorts(session, session.scalars(rows).all(), before).values()
    return sorted(found, key=lambda each: (each.opens_on, each.id))


def figures(
    session: Session, mine: Tree, held: Collection[Cohort], before: datetime
) -> tuple[dict[uuid.UUID, Figures], dict[uuid.UUID, Figures]]:
    """(by place, all below it with it; by class). `held`: all the classes of these places."""
    by_class, people = _by_class(session, [each.id for each in held], before)
    own, persons = _own(mine, held, by_class, people)
    found = {}
    for each in mine:
        under = _under(mine, [each])
        whole = _sum(own[below] for below in under)
        found[each] = replace(whole, people=len(set().union(*(persons[below] for below in under))))
    return found, by_class


def _own(
    mine: Tree,
    held: Collection[Cohort],
    by_class: Mapping[uuid.UUID, Figures],
    people: Mapping[uuid.UUID, set[uuid.UUID]],
) -> tuple[dict[uuid.UUID, Figures], Mapping[uuid.UUID, set[uuid.UUID]]]:
    persons: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    sums: dict[uuid.UUID, list[Figures]] = defaultdict(list)
    for each in held:
        persons[each.organisation_id] |= people[each.id]
        sums[each.organisation_id].append(by_class[each.id])
    own = {}
    for key, node in mine.items():
        runs = node.kind in TEACHING and not node.is_closed
        own[key] = replace(_sum(sums[key]), institutions=int(runs))
    return own, persons


def _sum(parts: Iterable[Figures]) -> Figures:
    """Everything but people, whom it would count twice."""
    rows = [(each.institutions, each.cohorts, each.enrollments, each.completed, each.credited_ms) for each in parts]
    institutions, cohorts, enrollments, completed, credited_ms = (sum(row[place] for row in rows) for place in range(5))
    return Figures(institutions, cohorts, enrollments, 0, completed, credited_ms)


def _by_class(
    session: Session, ids: Collection[uuid.UUID], before: datetime
) -> tuple[dict[uuid.UUID, Figures], dict[uuid.UUID, set[uuid.UUID]]]:
    people: dict[uuid.UUID, set[uuid.UUID]] = {each: set() for each in ids}
    there = select(Enrollment.cohort_id, Enrollment.person_id)
    there = there.where(Enrollment.cohort_id.in_(ids), Enrollment.created_at < before)
    for cohort_id, person_id in session.execute(there):
        people[cohort_id].add(person_id)
    for gone in pasts.departed(session, EnrollmentDeparture.cohort_id.in_(ids), before):
        people[gone.enrollment.cohort_id].add(gone.enrollment.person_id)
    issued = select(Enrollment.cohort_id, func.count()).join(Record, scopes.recorded(before))
    issued = issued.where(Enrollment.cohort_id.in_(ids))
    completed = dict(session.execute(issued.group_by(Enrollment.cohort_id)).all())
    credited = ledger_as_of.credited_ms(session, ids, before)
    return {
        each: Figures(0, 1, len(people[each]), len(people[each]), completed.get(each, 0), credited.get(each, 0))
        for each in ids
    }, people
