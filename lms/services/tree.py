"""The organisation tree as its keepers see it: the platform's staff, and a city's officer below her city."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain import organisations as rules
from lms.domain.errors import NotFound, Refused
from lms.domain.organisations import Kind
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.enrollments import Cohort
from lms.models.organisations import Organisation, OrganisationChange
from lms.services import audit, organisations, scopes
from lms.services.scopes import Actor

NAME, KIND, PLACE, CLOSED, OPENED = "name", "kind", "place", "closed", "opened"


@dataclass(frozen=True)
class Node:
    """A node as its keepers see it; `depth` counts from what she sees at the top, `above` is empty there."""

    id: uuid.UUID
    name: str
    kind: Kind
    department: str | None
    parent_id: uuid.UUID | None
    above: str
    depth: int
    is_closed: bool


@dataclass(frozen=True)
class Change:
    """A change of a node: what it was before, what after, both as people read it; a kind by its word."""

    at: datetime
    what: str
    before: str
    after: str
    reason: str
    by: str


def list_nodes(session: Session, actor: Actor, desk: Role) -> list[Node]:
    """What she keeps, each below its own parent, siblings by name."""
    rows = {each.id: each for each in session.scalars(scopes.managed_by(actor, desk).order_by(Organisation.name))}
    names = _names(session, {each.parent_id for each in rows.values()})
    placed = rules.in_order({each.id: each.parent_id for each in rows.values()})
    return [_node(rows[id_], depth, names) for id_, depth in placed]


def _names(session: Session, ids: set[uuid.UUID | None]) -> dict[uuid.UUID | None, str]:
    rows = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids - {None})))
    return {row.id: row.name for row in rows}


def _node(row: Organisation, depth: int, names: dict[uuid.UUID | None, str]) -> Node:
    return Node(
        id=row.id,
        name=row.name,
        kind=Kind(row.kind),
        department=row.department,
        parent_id=row.parent_id,
        above=names.get(row.parent_id, ""),
        depth=depth,
        is_closed=row.closed_at is not None,
    )


def get(session: Session, actor: Actor, desk: Role, organisation_id: uuid.UUID) -> Node:
    """One node; NotFound for what she does not keep."""
    row = session.scalar(scopes.managed_by(actor, desk).where(Organisation.id == organisation_id))
    if row is None:
        raise NotFound
    return _node(row, 0, _names(session, {row.parent_id}))


def list_above(session: Session, actor: Actor, desk: Role) -> list[Node]:
    """The open nodes under which she may put something: those she keeps, and the cities whose officer she is."""
    found = [each for each in list_nodes(session, actor, desk) if not each.is_closed]
    if desk is Role.PLATFORM:
        return found
    cities = session.scalars(scopes.cities_of(actor).where(Organisation.closed_at.is_(None)))
    return [*(_node(each, 0, {}) for each in cities.all()), *found]


def list_changes(session: Session, actor: Actor, desk: Role, organisation_id: uuid.UUID) -> list[Change]:
    """All that changed at a node, the latest first."""
    get(session, actor, desk, organisation_id)
    mine = select(OrganisationChange, Account.name).outerjoin(Account, Account.id == OrganisationChange.account_id)
    mine = mine.where(OrganisationChange.organisation_id == organisation_id).order_by(OrganisationChange.id.desc())
    rows = session.execute(mine).all()
    ids = {uuid.UUID(end) for row, _ in rows if row.what == PLACE for end in (row.before, row.after) if end}
    names = {str(id_): name for id_, name in _names(session, {*ids}).items()}
    return [
        Change(
            row.at, row.what, names.get(row.before, row.before), names.get(row.after, row.after), row.reason, by or ""
        )
        for row, by in rows
    ]


def rename(
    session: Session, actor: Actor, desk: Role, organisation_id: uuid.UUID, *, name: str, kind: Kind, now: datetime
) -> None:
    """Another name, another kind of body. The refusals of `organisations.free_name`; organisation_kind_fixed."""
    row = _held(session, actor, desk, organisation_id)
    named = organisations.free_name(session, name, besides=row.id)
    old = Kind(row.kind)
    rules.check_new_kind(old, kind)
    if named != row.name:
        _note(session, actor, row, NAME, row.name, named, "", now)
        row.name = named
    if kind is not old:
        _note(session, actor, row, KIND, old.value, kind.value, "", now)
        row.kind = kind.value
    session.flush()


def move(
    session: Session,
    actor: Actor,
    desk: Role,
    organisation_id: uuid.UUID,
    *,
    parent_id: uuid.UUID | None,
    reason: str,
    now: datetime,
) -> None:
    """Puts a node, with all below it, under another. Its classes and records go with it; who may see them changes.

    NotFound for what is out of her reach; Refused: organisation_same_place, organisation_place_wrong,
    organisation_above_closed and those of reasons.
    """
    row = _held(session, actor, desk, organisation_id)
    reason = rules.check_reason(reason)
    above = organisations.get_above(session, actor, desk, parent_id)
    if row.parent_id == parent_id:
        raise Refused("organisation_same_place")
    organisations.check_under(Kind(row.kind), above)
    _note(session, actor, row, PLACE, _text(row.parent_id), _text(parent_id), reason, now)
    row.parent_id = parent_id
    session.flush()


def _text(id_: uuid.UUID | None) -> str:
    return str(id_) if id_ else ""


def close(
    session: Session, actor: Actor, desk: Role, organisation_id: uuid.UUID, *, reason: str, now: datetime
) -> None:
    """No new classes, staff or nodes from now on; its records stay, and whoever works there still reads them.

    Refused: organisation_closed, organisation_has_open_below, organisation_has_cohorts and those of reasons.
    """
    row = _held(session, actor, desk, organisation_id)
    reason = rules.check_reason(reason)
    if row.closed_at is not None:
        raise Refused("organisation_closed")
    below = select(func.count()).where(Organisation.parent_id == row.id, Organisation.closed_at.is_(None))
    running = select(func.count()).where(Cohort.organisation_id == row.id, Cohort.closes_on >= clock.civil_day(now))
    rules.check_closing(open_below=session.scalar(below) or 0, running_cohorts=session.scalar(running) or 0)
    _note(session, actor, row, CLOSED, "", "", reason, now)
    row.closed_at = now
    session.flush()


def reopen(
    session: Session, actor: Actor, desk: Role, organisation_id: uuid.UUID, *, reason: str, now: datetime
) -> None:
    """Takes a closing back. Refused: organisation_open, organisation_above_closed and those of reasons."""
    row = _held(session, actor, desk, organisation_id)
    reason = rules.check_reason(reason)
    if row.closed_at is None:
        raise Refused("organisation_open")
    above = session.get_one(Organisation, row.parent_id) if row.parent_id else None
    organisations.check_under(Kind(row.kind), above)
    _note(session, actor, row, OPENED, "", "", reason, now)
    row.closed_at = None
    session.flush()


def _held(session: Session, actor: Actor, desk: Role, organisation_id: uuid.UUID) -> Organisation:
    """A node she keeps, held until the end of the transaction, so that nothing is put under it meanwhile."""
    mine = scopes.managed_by(actor, desk).where(Organisation.id == organisation_id)
    row = session.scalar(mine.with_for_update(of=Organisation))
    if row is None:
        raise NotFound
    return row


def _note(
    session: Session, actor: Actor, row: Organisation, what: str, before: str, after: str, reason: str, now: datetime
) -> None:
    told = {"before": before, "after": after, "reason": reason, "account_id": actor.account_id, "at": now}
    session.add(OrganisationChange(organisation_id=row.id, what=what, **told))
    audit.record(session, f"organisation.{what}", row.id, now=now, account_id=actor.account_id, organisation_id=row.id)
