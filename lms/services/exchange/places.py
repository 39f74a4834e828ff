"""Where service accounts can stand: an office at its city or district, a program at its institution."""

import uuid

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lms.domain import exchange as rules
from lms.domain.errors import NotFound, Refused
from lms.domain.organisations import TEACHING, Kind, posts_at
from lms.domain.roles import Role
from lms.models.organisations import Organisation
from lms.services import scopes
from lms.services.scopes import Actor


def check(session: Session, actor: Actor, desk: Role, role: Role, organisation_id: uuid.UUID | None) -> None:
    """NotFound for a stranger's organisation; Refused: service_role, where no account of this role can stand."""
    if organisation_id is None:
        if role is not Role.INSPECTOR:
            raise Refused("service_role")
        return
    mine = _organisations(actor, desk).where(Organisation.id == organisation_id)
    found = session.scalar(mine)
    if found is None:
        raise NotFound
    if role not in _roles_at(Kind(found.kind), desk):
        raise Refused("service_role")


def list_places(session: Session, actor: Actor, desk: Role) -> list[tuple[Role, uuid.UUID, str]]:
    """For whom this desk may make service accounts: the role, the organisation, its name; by name."""
    rows = session.scalars(_organisations(actor, desk).order_by(Organisation.name)).all()
    return [(role, each.id, each.name) for each in rows for role in _roles_at(Kind(each.kind), desk)]


def list_organisations(session: Session, actor: Actor, desk: Role) -> list[tuple[uuid.UUID, str]]:
    """The institutions for whose own programs this desk may make accounts, by name."""
    return [(each, name) for role, each, name in list_places(session, actor, desk) if role is Role.INSTITUTION]


def _roles_at(kind: Kind, desk: Role) -> tuple[Role, ...]:
    """An office at a city or district; at an institution its own programs, and those that inspect it."""
    posts = tuple(each for each in posts_at(kind) if each in rules.ROLES)
    return (*posts, Role.INSPECTOR) if desk is Role.PLATFORM and kind in TEACHING else posts


def _organisations(actor: Actor, desk: Role) -> Select[Organisation]:
    if desk is Role.PLATFORM:
        scopes.require(actor, Role.PLATFORM)
        return select(Organisation)
    return scopes.organisations_of(actor)
