"""Where in the tree of organisations a role reaches."""

import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import CTE, Select, select

from lms.domain.organisations import Kind
from lms.domain.roles import REACHES_BELOW, Role
from lms.models.organisations import Organisation
from lms.services.scopes.actors import Actor, require


def organisations_under(tops: Collection[uuid.UUID] | Select[Any]) -> CTE:
    """These organisations and all below them, for both databases: rows of `top` (one of them) and `id`.

    The tree is no deeper than four, so the walk is at most four rounds through the index of `parent_id`. A kept path
    would have to be rewritten, below and all, at each move; bench/organisations.py times one against the other.
    """
    first = select(Organisation.id.label("top"), Organisation.id.label("id")).where(Organisation.id.in_(tops))
    found = first.cte(recursive=True)  # without a name: a statement may hold several
    below = select(found.c.top, Organisation.id).where(Organisation.parent_id == found.c.id)
    return found.union(below)


def places_of(actor: Actor, role: Role) -> Select[uuid.UUID]:
    """The ids of the organisations the actor's role reaches: where it was given, and for some roles all below.

    The role in statistics is given at a department and reaches what stands under the same authority.
    """
    if actor.is_everywhere(role):
        return select(Organisation.id)
    given = actor.organisation_ids(role)
    if role not in REACHES_BELOW:
        return select(Organisation.id).where(Organisation.id.in_(given))
    return select(organisations_under(tops_of(actor, role)).c.id)


def tops_of(actor: Actor, role: Role) -> Select[Any]:
    """The ids of the organisations from which the actor's role reaches down; where it is everywhere, the roots."""
    if actor.is_everywhere(role):
        return select(Organisation.id).where(Organisation.parent_id.is_(None))
    given = Organisation.id.in_(actor.organisation_ids(role))
    column = Organisation.parent_id if role is Role.STATISTICS else Organisation.id
    return select(column).where(given)


def managed_by(actor: Actor, desk: Role) -> Select[Organisation]:
    """The nodes of the tree that the actor may change: all for the platform, those below her city for its officer."""
    if desk is Role.PLATFORM:
        require(actor, Role.PLATFORM)
        return select(Organisation)
    cities = cities_of(actor).with_only_columns(Organisation.id)
    below = organisations_under(cities)
    return select(Organisation).where(Organisation.id.in_(select(below.c.id).where(below.c.id != below.c.top)))


def cities_of(actor: Actor) -> Select[Organisation]:
    """The cities whose officer the actor is."""
    mine = Organisation.id.in_(actor.organisation_ids(Role.OFFICER))
    return select(Organisation).where(mine, Organisation.kind == Kind.CITY.value)


def organisations_of(actor: Actor, role: Role = Role.INSTITUTION) -> Select[Organisation]:
    """The organisations the actor works for, or, as an inspector or officer, may look into, with all below."""
    return select(Organisation).where(Organisation.id.in_(places_of(actor, role)))
