"""The authorities of a demo: a city, its two districts above the two institutions, and one of the six departments."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.organisations import Department, Kind
from lms.domain.roles import Role
from lms.models.organisations import Organisation
from lms.services import organisations, tree
from lms.services.demo import people
from lms.services.demo.people import ANHE, BUREAU, CITY, EAST, KANGNING, LOGINS, WEST
from lms.services.scopes import Actor

REASON = "示例：机构归区县管"
AUTHORITY = (Role.OFFICER, Role.PAYMASTER, Role.STATISTICS)


def place(session: Session, keyring: Keyring, now: datetime) -> None:
    """Puts the sample institutions under their districts, once; an older demo had no authorities."""
    admin = people.find_actor(session, keyring, LOGINS[-1])
    if admin is None or _find(session, CITY):
        return
    city = _add(session, keyring, admin, CITY, Kind.CITY, None, now)
    _add(session, keyring, admin, BUREAU, Kind.DEPARTMENT, city, now)
    for name, institution in ((EAST, KANGNING), (WEST, ANHE)):
        district = _add(session, keyring, admin, name, Kind.DISTRICT, city, now)
        found = _find(session, institution)
        if found and found.parent_id is None:
            tree.move(session, admin, Role.PLATFORM, found.id, parent_id=district, reason=REASON, now=now)


def _find(session: Session, name: str) -> Organisation | None:
    return session.scalar(select(Organisation).where(Organisation.name == name))


def _add(
    session: Session, keyring: Keyring, admin: Actor, name: str, kind: Kind, above: uuid.UUID | None, now: datetime
) -> uuid.UUID:
    which = Department.CIVIL_AFFAIRS if kind is Kind.DEPARTMENT else None
    made = organisations.create(session, admin, name=name, kind=kind, parent_id=above, department=which, now=now)
    for login in people.of(name, *AUTHORITY):
        people.staff(session, keyring, login, made.id, now)
    return made.id
