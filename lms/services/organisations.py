"""The institutions, and those of them the actor works for."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.errors import Conflict, Refused
from lms.domain.identity import has_strange_sign
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


def create(session: Session, actor: Actor, *, name: str, now: datetime) -> OrganisationView:
    """Enters a new institution; only the platform's staff may, and each name once."""
    scopes.require(actor, Role.PLATFORM)
    named = " ".join(name.split())
    if not 0 < len(named) <= LONGEST_NAME or has_strange_sign(named):
        raise Refused("organisation_name_length", longest=LONGEST_NAME)
    if session.scalar(select(Organisation.id).where(Organisation.name == named)):
        raise Conflict("organisation_name_taken", name=named)
    made = Organisation(id=new_id(), name=named, created_at=now)
    session.add(made)
    session.flush()  # the audit row points at it
    audit.record(session, "organisation.create", made.id, now=now, account_id=actor.account_id, organisation_id=made.id)
    return OrganisationView(made.id, made.name)


def list_own(session: Session, actor: Actor, *, role: Role = Role.INSTITUTION) -> list[OrganisationView]:
    """The institutions the actor works for, or may look into as an inspector, by name."""
    rows = session.scalars(scopes.organisations_of(actor, role).order_by(Organisation.name))
    return [OrganisationView(row.id, row.name) for row in rows]
