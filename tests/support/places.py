"""A city over both institutions: 康宁 with a branch in the east, 安和 in the west; its officers and a department.

林岚 is the city's officer, 高原 the east's, 韦光 the west's; 马静 counts for the city's civil affairs.
"""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.organisations import Department, Kind
from lms.domain.roles import Role
from lms.models.base import new_id
from lms.models.organisations import Organisation
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast, Stage


@dataclass
class Places:
    """The nodes and who looks from them."""

    city: uuid.UUID
    bureau: uuid.UUID
    east: uuid.UUID
    west: uuid.UUID
    branch: uuid.UUID
    linlan: Actor
    gaoyuan: Actor
    weiguang: Actor
    majing: Actor


def add(session: Session, name: str, kind: Kind, above: uuid.UUID | None, department: str | None = None) -> uuid.UUID:
    """One more node."""
    row = Organisation(id=new_id(), name=name, kind=kind.value, parent_id=above, department=department, created_at=NOON)
    session.add(row)
    session.flush()
    return row.id


def place(session: Session, keyring: Keyring, cast: Cast, password_hash: str = "") -> Places:
    """Puts the tree and its people into the database of the cast."""
    on = Stage(session, keyring, password_hash)
    city = add(session, "云川市", Kind.CITY, None)
    east, west = add(session, "东湖区", Kind.DISTRICT, city), add(session, "西岭区", Kind.DISTRICT, city)
    for district, institution in ((east, cast.kangning), (west, cast.anhe)):
        session.get_one(Organisation, institution).parent_id = district
    bureau = add(session, "云川市民政局", Kind.DEPARTMENT, city, Department.CIVIL_AFFAIRS.value)
    return Places(
        city=city,
        bureau=bureau,
        east=east,
        west=west,
        branch=add(session, "康宁城南站", Kind.BRANCH, cast.kangning),
        linlan=on.account("linlan", "林岚", role=Role.OFFICER, organisation_id=city),
        gaoyuan=on.account("gaoyuan", "高原", role=Role.OFFICER, organisation_id=east),
        weiguang=on.account("weiguang", "韦光", role=Role.OFFICER, organisation_id=west),
        majing=on.account("majing", "马静", role=Role.STATISTICS, organisation_id=bureau),
    )
