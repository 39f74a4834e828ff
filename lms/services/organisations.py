"""The institutions, and those of them the actor works for."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lms.domain import organisations as rules
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.identity import has_strange_sign
from lms.domain.organisations import Department, Kind
from lms.domain.roles import Role
from lms.models.base import new_id
from lms.models.organisations import Organisation
from lms.services import audit, scopes
from lms.services.scopes import Actor

LONGEST_NAME = 200


@dataclass(frozen=True)
class OrganisationView:
    """An institution as pages name it."""

    id: uuid.UUID
    name: str


def create(
    session: Session,
    actor: Actor,
    *,
    name: str,
    kind: Kind = Kind.INSTITUTION,
    parent_id: uuid.UUID | None = None,
    department: Department | None = None,
    desk: Role = Role.PLATFORM,
    now: datetime,
) -> OrganisationView:
    """Enters a new organisation: the platform's staff anywhere, a city's officer below her city; each name once.

    NotFound for a parent out of reach; Refused: organisation_name_length and those of `domain.organisations`;
    Conflict: organisation_name_taken.
    """
    named = free_name(session, name)
    above = get_above(session, actor, desk, parent_id)
    check_under(kind, above)
    rules.check_department(kind, department)
    made = Organisation(id=new_id(), name=named, created_at=now, parent_id=parent_id, kind=kind.value)
    made.department = department and department.value
    session.add(made)
    session.flush()  # the audit row points at it
    detail = {"kind": kind.value} | ({"parent": str(parent_id)} if parent_id else {})
    who = {"account_id": actor.account_id, "organisation_id": made.id}
    audit.record(session, "organisation.create", made.id, now=now, detail=detail, **who)
    return OrganisationView(made.id, made.name)


def free_name(session: Session, text: str, *, besides: uuid.UUID | None = None) -> str:
    """The name as it is kept. Refused: organisation_name_length; Conflict: organisation_name_taken."""
    name = " ".join(text.split())
    if not 0 < len(name) <= LONGEST_NAME or has_strange_sign(name):
        raise Refused("organisation_name_length", longest=LONGEST_NAME)
    taken = select(Organisation.id).where(Organisation.name == name)
    if session.scalar(taken if besides is None else taken.where(Organisation.id != besides)):
        raise Conflict("organisation_name_taken", name=name)
    return name


def check_under(kind: Kind, above: Organisation | None) -> None:
    """The refusals of `domain.organisations.check_place`."""
    if above is None:
        rules.check_place(kind, None)
    else:
        rules.check_place(kind, Kind(above.kind), above_is_closed=above.closed_at is not None)


def get_above(session: Session, actor: Actor, desk: Role, parent_id: uuid.UUID | None) -> Organisation | None:
    """What the actor may put something under, held until the end of the transaction; only the platform may name None.

    NotFound for what is out of her reach.
    """
    if parent_id is None:
        scopes.require(actor, Role.PLATFORM)
        return None
    within = scopes.managed_by(actor, desk)
    if desk is not Role.PLATFORM:
        reach = [each.with_only_columns(Organisation.id) for each in (within, scopes.cities_of(actor))]
        within = select(Organisation).where(or_(*(Organisation.id.in_(each) for each in reach)))
    found = session.scalar(within.where(Organisation.id == parent_id).with_for_update(of=Organisation))
    if found is None:
        raise NotFound
    return found


def list_own(session: Session, actor: Actor, *, role: Role = Role.INSTITUTION) -> list[OrganisationView]:
    """The institutions the actor works for, or may look into as an inspector, by name."""
    rows = session.scalars(scopes.organisations_of(actor, role).order_by(Organisation.name))
    return [OrganisationView(row.id, row.name) for row in rows]


def list_given(session: Session, actor: Actor, role: Role) -> list[OrganisationView]:
    """The organisations at which the actor was given the role, by name, without what stands below."""
    mine = select(Organisation).where(Organisation.id.in_(actor.organisation_ids(role)))
    return [OrganisationView(row.id, row.name) for row in session.scalars(mine.order_by(Organisation.name))]


def touch(session: Session, hers: Collection[uuid.UUID], organisation_id: uuid.UUID) -> bool:
    """Whether one of `hers` is the organisation, or stands above or below it."""
    if not hers:
        return False
    looked_into = set(session.scalars(select(scopes.organisations_under([organisation_id]).c.id)))
    reached = set(session.scalars(select(scopes.organisations_under(hers).c.id)))
    return bool(set(hers) & looked_into) or organisation_id in reached


def keeps_city(session: Session, actor: Actor) -> bool:
    """Whether the actor is an officer of a city, who keeps what stands below it."""
    return session.scalar(scopes.cities_of(actor).limit(1)) is not None
