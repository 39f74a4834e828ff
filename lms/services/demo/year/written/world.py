"""Where a made-up year happens: a city, two districts that pay, institutions below them, and who works there.

Made through the services, but for the people themselves and what they learned, which `lives` writes in bulk.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms import resources
from lms.authoring.package import read_package
from lms.crypto import Keyring
from lms.domain.claims.payees import Act
from lms.domain.courses import Course as CourseText
from lms.domain.organisations import Kind
from lms.domain.roles import Role
from lms.domain.subsidies import Fund
from lms.models.accounts import Account
from lms.models.audit import AuditEvent
from lms.models.organisations import Organisation
from lms.models.people import Person
from lms.services import accounts, courses, organisations
from lms.services.claims import payees
from lms.services.claims.payees import Entered
from lms.services.demo.content import FIRST_COURSE
from lms.services.demo.year.plan import INSTITUTIONS
from lms.services.funds import books
from lms.services.scopes import Actor

DISTRICTS = ("编造东区", "编造西区")
CITY = "编造市"
BANK = "编造银行"
NOTHING = uuid.UUID(int=0)
FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"


@dataclass(frozen=True)
class District:
    """A district with its book: two officers who review, and two paymasters."""

    id: uuid.UUID
    book: uuid.UUID
    first: Actor
    second: Actor
    makes: Actor
    checks: Actor


@dataclass(frozen=True)
class Place:
    """An institution: who makes its claims, who files them; `account`: to which it is paid."""

    id: uuid.UUID
    name: str
    makes: Actor
    files: Actor
    district: int
    account: str


@dataclass
class World:
    """Everything that stands before the first class opens."""

    districts: list[District] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    version: uuid.UUID = NOTHING
    lessons: list[tuple[uuid.UUID, int]] = field(default_factory=list)
    people: dict[str, uuid.UUID] = field(default_factory=dict)

    def place(self, institution: int) -> Place:
        """The institution of this number in the plan."""
        return self.places[institution]

    def district(self, institution: int) -> District:
        """Who pays it."""
        return self.districts[self.places[institution].district]


class NotEmptyError(Exception):
    """The database holds something already."""


def check_empty(session: Session) -> None:
    """NotEmptyError for a database that holds anything at all."""
    for table in (Account, Organisation, Person, AuditEvent):
        if session.scalar(select(func.count()).select_from(table)):
            raise NotEmptyError


class _Staff:
    """Hands out people who work somewhere, each with a telephone of her own."""

    def __init__(self, session: Session, keyring: Keyring, now: datetime) -> None:
        self.session, self.keyring, self.now, self.count = session, keyring, now, 0

    def add(self, role: Role, organisation_id: uuid.UUID | None, title: str) -> Actor:
        name = f"{FAMILY[self.count % len(FAMILY)]}{title}"
        told = {"phone": f"199010{self.count:05}", "name": name, "role": role, "organisation_id": organisation_id}
        self.count += 1
        made = accounts.create_staff(self.session, self.keyring, **told, now=self.now)  # type: ignore[arg-type]
        return Actor(made, None, name, frozenset({(role, organisation_id)}))


def build(session: Session, keyring: Keyring, now: datetime) -> World:
    """The tree, its staff, the books, and the accounts of the institutions."""
    staff, world = _Staff(session, keyring, now), World()
    admin = staff.add(Role.PLATFORM, None, "管理")
    city = organisations.create(session, admin, name=CITY, kind=Kind.CITY, now=now).id
    for name in DISTRICTS:
        world.districts.append(_district(session, staff, admin, city, name))
    for number in range(INSTITUTIONS):
        world.places.append(_place(session, staff, admin, world.districts, number))
    version = courses.publish(session, _course(), now=now)
    world.version = version.id
    world.lessons = [(each.id, each.duration_ms or 0) for each in version.lessons]
    return world


def _course() -> CourseText:
    """The shortest of the courses that ship."""
    text, _problems = read_package(resources.find("courses") / FIRST_COURSE)
    if text is None:
        raise FileNotFoundError(FIRST_COURSE)
    return text


def _district(session: Session, staff: _Staff, admin: Actor, city: uuid.UUID, name: str) -> District:
    made = organisations.create(session, admin, name=name, kind=Kind.DISTRICT, parent_id=city, now=staff.now).id
    officers = [staff.add(Role.OFFICER, made, title) for title in ("初审", "复审")]
    masters = [staff.add(Role.PAYMASTER, made, title) for title in ("经办", "复核")]
    book = books.open_book(session, masters[0], made, Fund.EMPLOYMENT, now=staff.now)
    return District(made, book, *officers, *masters)


def _place(session: Session, staff: _Staff, admin: Actor, districts: list[District], number: int) -> Place:
    at, now = number % len(districts), staff.now
    name, account = f"编造机构{number + 1:02}", f"62199900{number:08}"
    above = districts[at].id
    made = organisations.create(session, admin, name=name, kind=Kind.ELDER_CARE, parent_id=above, now=now).id
    makes, files = (staff.add(Role.INSTITUTION, made, title) for title in ("申报", "负责"))
    typed = Entered(name, BANK, account)
    entered = payees.enter(session, staff.keyring, makes, made, typed, now=now)
    payees.decide(session, files, entered, Act.CONFIRM, "", now=now)
    return Place(made, name, makes, files, at, account)
