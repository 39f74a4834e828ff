"""The days of a made-up year in order: each act through its service, on its day, in a transaction of its own."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.db import Database
from lms.domain.days import later
from lms.services import subsidies
from lms.services.demo.year.plan import CHANGE_ON, POLICIES, YEAR, Plan
from lms.services.demo.year.written import lives, policies, world
from lms.services.demo.year.written.claiming import Class
from lms.services.demo.year.written.paying import Treasury
from lms.services.demo.year.written.world import World

DAY = timedelta(days=1)
EVE = date(YEAR - 1, 12, 1)
TOLD_ON = CHANGE_ON - 21 * DAY
"""When the second version is published: classes that are approved, but open after it came into force, change theirs."""
LAST_MONTH = date(YEAR + 1, 3, 1)
MORNING = timedelta(hours=9)
Act = Callable[[Session, datetime], None]


@dataclass(order=True)
class _Due:
    on: date
    number: int
    act: Act = field(compare=False)


class Diary:
    """What is to be done on which day; what falls on one day is done in the order in which it was entered."""

    def __init__(self, database: Database) -> None:
        self.database, self._due, self._count = database, list[_Due](), 0

    def enter(self, on: date, act: Act) -> None:
        """One more act."""
        self._count += 1
        heapq.heappush(self._due, _Due(on, self._count, act))

    def run(self) -> Iterator[date]:
        """Does everything, and whatever it leads to; tells each first day of a month that has come."""
        month = date.min
        while self._due:
            due = heapq.heappop(self._due)
            if due.on.replace(day=1) > month:
                month = due.on.replace(day=1)
                yield month
            with self.database.transaction() as session:
                due.act(session, clock.begin_of_day(due.on) + MORNING)


def write(database: Database, keyring: Keyring, plan: Plan) -> Iterator[date]:
    """Writes the year into an empty database, and tells each month that begins.

    NotEmptyError, before anything is written.
    """
    diary, now = Diary(database), clock.begin_of_day(EVE) + MORNING
    with database.transaction() as session:
        world.check_empty(session)
        made = world.build(session, keyring, now)
        made.people = lives.people(session, keyring, plan.learners, now)
    diary.enter(EVE + DAY, lambda session, at: _publish(session, POLICIES[0], at))
    diary.enter(TOLD_ON, lambda session, at: _publish(session, POLICIES[1], at))
    treasuries = [Treasury(keyring, made, each, f"{plan.seed}:{at}") for at, each in enumerate(made.districts)]
    _classes(diary, keyring, plan, made, treasuries)
    month = date(YEAR, 1, 1)
    while month <= LAST_MONTH:
        for each in treasuries:
            each.month(diary, month)
        month = later(month, 1)
    yield from diary.run()


def _classes(diary: Diary, keyring: Keyring, plan: Plan, made: World, treasuries: list[Treasury]) -> None:
    for each in plan.classes:
        treasury = treasuries[made.place(each.institution).district]
        Class(keyring, made, each, treasury.fates).live(diary)


def _publish(session: Session, name: str, now: datetime) -> None:
    subsidies.load(session, [policies.file_of(name)], now=now)
