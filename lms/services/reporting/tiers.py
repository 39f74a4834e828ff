"""The roll-up by tier (分级汇总表): city, district, institution, branch and class, each with its sums, top down."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.errors import NotFound
from lms.domain.organisations import Kind, in_order
from lms.domain.roles import Role
from lms.models.enrollments import Cohort
from lms.models.organisations import Organisation
from lms.services import rollup, rollup_then, scopes, selections
from lms.services.rollup import Figures
from lms.services.scopes import Actor
from lms.services.selections import Selection

BATCH = 200


@dataclass(frozen=True)
class TierRow:
    """An organisation or, where `kind` is None, a class; `above`: the name of what it stands under, "" at the top."""

    id: uuid.UUID
    name: str
    kind: Kind | None
    above: str
    figures: Figures


@dataclass(frozen=True)
class _Line:
    id: uuid.UUID
    name: str
    kind: Kind | None
    above: str


def tier_rows(
    session: Session,
    _keyring: Keyring,
    actor: Actor,
    selection: Selection,
    *,
    role: Role = Role.INSTITUTION,
    unmasked: bool = False,  # noqa: ARG001  # no row is about a person
    start: int = 0,
    now: datetime,
) -> Iterator[TierRow]:
    """Every place in the actor's reach, or one with all below it, each followed by what stands under it.

    NotFound for a place out of reach, and for a selection of anything but a place and a day. Refused: day_not_over.
    """
    before = selections.reading(selection, now=now).before
    if before is not None:
        yield from _rows_then(session, actor, role, selection, before, start)
        return
    lines = _outline(session, actor, role, selection)
    for first in range(start, len(lines), BATCH):
        yield from _rows(session, lines[first : first + BATCH])


def count_tiers(
    session: Session, actor: Actor, selection: Selection, *, role: Role = Role.INSTITUTION, now: datetime
) -> int:
    """How many rows there will be."""
    before = selections.reading(selection, now=now).before
    if before is None:
        return len(_outline(session, actor, role, selection))
    return len(_outline_then(session, actor, role, selection, before)[0])


def _check(session: Session, actor: Actor, role: Role, selection: Selection) -> uuid.UUID | None:
    place = selection.organisation_id
    if selection != Selection(organisation_id=place, as_of=selection.as_of):
        raise NotFound
    selections.check_place(session, actor, place, role)
    return place


def _outline(session: Session, actor: Actor, role: Role, selection: Selection) -> list[_Line]:
    place = _check(session, actor, role, selection)
    nodes = {row.id: row for row in session.execute(_nodes(actor, role, place))}
    classes: dict[uuid.UUID, list[_Line]] = {}
    for row in session.execute(_classes(actor, role)):
        if row.organisation_id in nodes:
            line = _Line(row.id, row.name, None, nodes[row.organisation_id].name)
            classes.setdefault(row.organisation_id, []).append(line)
    return _placed(nodes, classes)


def _placed(nodes: Mapping[uuid.UUID, Any], classes: Mapping[uuid.UUID, Sequence[_Line]]) -> list[_Line]:
    found: list[_Line] = []
    for id_, _depth in in_order({id_: row.parent_id for id_, row in nodes.items()}):
        row = nodes[id_]
        above = nodes[row.parent_id].name if row.parent_id in nodes else ""
        found += [_Line(id_, row.name, Kind(row.kind), above), *classes.get(id_, [])]
    return found


Then = tuple[list[_Line], dict[uuid.UUID, rollup_then.Node], list[Cohort]]


def _outline_then(session: Session, actor: Actor, role: Role, selection: Selection, before: datetime) -> Then:
    """The lines, with the places and classes they are of, as they were then."""
    place = _check(session, actor, role, selection)
    nodes = rollup_then.nodes(session, actor, role, place, before)
    held = rollup_then.classes(session, nodes, before)
    lines: dict[uuid.UUID, list[_Line]] = {}
    for each in held:
        line = _Line(each.id, each.name, None, nodes[each.organisation_id].name)
        lines.setdefault(each.organisation_id, []).append(line)
    return _placed(nodes, lines), nodes, held


def _rows_then(
    session: Session, actor: Actor, role: Role, selection: Selection, before: datetime, start: int
) -> Iterator[TierRow]:
    lines, nodes, held = _outline_then(session, actor, role, selection, before)
    by_place, by_class = rollup_then.figures(session, nodes, held, before)
    for each in lines[start:]:
        yield TierRow(each.id, each.name, each.kind, each.above, (by_place if each.kind else by_class)[each.id])


def _nodes(actor: Actor, role: Role, place: uuid.UUID | None) -> Any:
    """What runs classes or stands above it: departments only count."""
    columns = (Organisation.id, Organisation.name, Organisation.kind, Organisation.parent_id)
    query = scopes.organisations_of(actor, role).with_only_columns(*columns).order_by(Organisation.name)
    query = query.where(Organisation.kind != Kind.DEPARTMENT.value)
    if place is None:
        return query
    return query.where(Organisation.id.in_(select(scopes.organisations_under([place]).c.id)))


def _classes(actor: Actor, role: Role) -> Any:
    columns = (Cohort.id, Cohort.name, Cohort.organisation_id)
    return scopes.cohorts_of(actor, role).with_only_columns(*columns).order_by(Cohort.opens_on, Cohort.id)


def _rows(session: Session, lines: Sequence[_Line]) -> Iterator[TierRow]:
    sums = dict(rollup.figures(session, [each.id for each in lines if each.kind]))
    sums |= rollup.of_cohorts(session, [each.id for each in lines if not each.kind])
    for each in lines:
        yield TierRow(each.id, each.name, each.kind, each.above, sums[each.id])
