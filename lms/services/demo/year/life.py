"""A class lived as plain facts: how honest people study, with all that looks a little strange about them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from lms.domain.crosschecks.facts import ClassFacts, Room, Sitting, Stretch, Try
from lms.services.demo.year import cheating
from lms.services.demo.year.plan import Plan, Planned

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
EPOCH = date(1970, 1, 1)
PLANNED_MS = 40 * HOUR
QUIZZES, QUESTIONS, OPTIONS = 8, 5, 4


@dataclass
class Lived:
    """One class while it is lived; what cheats do is done to it afterwards."""

    planned: Planned
    dice: Random
    days: list[date]
    stretches: list[Stretch] = field(default_factory=list)
    tries: list[Try] = field(default_factory=list)
    sittings: list[Sitting] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)
    logins: dict[str, int] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    lures: dict[str, int] = field(default_factory=dict)

    def facts(self) -> ClassFacts:
        """What the patterns get to see."""
        own = {person: {f"login{at}" for at in range(count)} for person, count in self.logins.items()}
        did = [(each.person, each.day) for each in self.stretches if each.is_own]
        did += [(each.person, each.day) for each in self.tries]
        did += [(each.person, each.day) for each in self.sittings]
        for person, day in did:
            own.setdefault(person, set()).add(day)
        return ClassFacts(
            cohort=self.planned.id,
            members=self.planned.members,
            planned_ms=PLANNED_MS,
            stretches=tuple(self.stretches),
            tries=tuple(self.tries),
            sittings=tuple(self.sittings),
            rooms=tuple(self.rooms),
            own_days={person: len(days) for person, days in own.items()},
            accounts=self.accounts,
        )


def live(plan: Plan) -> list[ClassFacts]:
    """The whole year, class by class; each has dice of its own, so that one can be lived again alone."""
    lived = {each.id: _honest(plan.seed, each) for each in plan.classes}
    for plant in plan.plants:
        cheating.do(plant, lived)
    return [each.facts() for each in lived.values()]


def start_of(day: date) -> int:
    """The first moment of a day."""
    return (day - EPOCH).days * DAY


def _honest(seed: int, planned: Planned) -> Lived:
    dice = Random(f"{seed}:{planned.id}")  # noqa: S311  # a made-up year is to be made again
    length = (planned.closes_on - planned.opens_on).days
    days = [planned.opens_on + timedelta(days=at) for at in range(length)]
    lived = Lived(planned, dice, days)
    course = Random(f"{seed}:{planned.occupation}")  # noqa: S311
    lived.lures = {f"{quiz}:{at}": course.randrange(OPTIONS - 1) for quiz in range(QUIZZES) for at in range(QUESTIONS)}
    phones = _phones(lived)
    if planned.manner in ("paper", "codes"):
        _rooms(lived)
    for person in planned.members:
        if planned.manner in ("phones", "room"):
            _study(lived, person, phones[person])
        _quizzes(lived, person, phones[person])
        lived.logins[person] = dice.choice((1, 2, 2, 3))
    _exam(lived)
    return lived


def _phones(lived: Lived) -> dict[str, str]:
    """Most have one of their own; some share with one or two of the family; some browsers keep nothing."""
    dice, found, last = lived.dice, dict[str, str](), ""
    for person in lived.planned.members:
        told = dice.randrange(100)
        own = f"phone-{person}"
        found[person] = last if told < 10 and last else "" if told > 92 else own
        last = own
        lived.accounts[person] = f"account-{person}"
        if told < 4:
            lived.accounts[person] = f"account-{dice.choice(lived.planned.members)}"
    return found


def _study(lived: Lived, person: str, phone: str) -> None:
    """Evenings, breaks, a long weekend day; in a computer room all at once, each where a seat is free."""
    dice, in_room = lived.dice, lived.planned.manner == "room"
    seats = len(lived.planned.members) + 4
    for at, day in enumerate(dice.sample(lived.days, 14) if not in_room else lived.days[::2][:14]):
        if in_room:
            start = start_of(day) + 9 * HOUR + dice.randrange(6 * MINUTE)
            seat = dice.randrange(seats) if at % 3 else lived.planned.members.index(person)
            _stretch(
                lived, person, start, 2 * HOUR + dice.randrange(50 * MINUTE), f"{lived.planned.institution}-{seat}"
            )
            continue
        start = start_of(day) + int(dice.triangular(6, 23, 20) * HOUR)
        for _ in range(dice.choice((1, 1, 2, 2, 3, 6)) if dice.random() < 0.98 else 9):
            length = dice.randrange(15 * MINUTE, 75 * MINUTE)
            _stretch(lived, person, start, length, phone)
            start += length + dice.randrange(MINUTE, 40 * MINUTE)


def _stretch(lived: Lived, person: str, start: int, length: int, device: str) -> None:
    day = EPOCH + timedelta(days=start // DAY)
    lived.stretches.append(Stretch(person, start, start + length, day.isoformat(), True, device))


def _rooms(lived: Lived) -> None:
    """Meetings on ten days; nearly everybody comes; by the code of the class, or on a paper list."""
    dice, planned = lived.dice, lived.planned
    place = f"{planned.id}:教室{dice.randrange(4)}"
    for at, day in enumerate(lived.days[1::2][:10]):
        start = start_of(day) + dice.choice((9, 13)) * HOUR
        end = start + 3 * HOUR
        present = [person for person in planned.members if dice.random() < 0.93]
        meeting, seen = f"m-{planned.id}-{at}", planned.manner == "codes"
        lived.rooms.append(Room(meeting, planned.id, planned.trainer, place, start, end, tuple(present), seen))
        for person in present:
            codes = planned.manner == "codes"
            came = start - dice.randrange(12 * MINUTE) if codes else start
            left = end + dice.randrange(9 * MINUTE) if codes else end
            lived.stretches.append(Stretch(person, came, left, day.isoformat(), codes, "", place, meeting))


def _quizzes(lived: Lived, person: str, phone: str) -> None:
    """One after the other over the days, some twice; a few in a hurry on the last evening."""
    dice = lived.dice
    knows = dice.uniform(0.55, 0.95)
    hurries = dice.random() < 0.06
    at = start_of(lived.days[-3]) + 19 * HOUR
    for quiz in range(QUIZZES):
        if hurries:
            at += dice.randrange(70_000, 5 * MINUTE)
        else:
            at = start_of(lived.days[(quiz + 1) * len(lived.days) // (QUIZZES + 2)]) + dice.randrange(
                8 * HOUR, 22 * HOUR
            )
        for again in range(dice.choice((1, 1, 1, 2))):
            moment = at + again * dice.randrange(40_000, 4 * MINUTE)
            lived.tries.append(_try(lived, person, quiz, moment, knows + again * 0.2, phone))


def _try(lived: Lived, person: str, quiz: int, at: int, knows: float, phone: str) -> Try:
    dice, wrong = lived.dice, dict[str, str]()
    for number in range(QUESTIONS):
        if dice.random() > knows:
            lure = lived.lures[f"{quiz}:{number}"]
            picked = lure if dice.random() < 0.6 else dice.randrange(OPTIONS - 1)
            wrong[str(number)] = str(picked)
    day = EPOCH + timedelta(days=at // DAY)
    return Try(person, f"{lived.planned.occupation}-quiz{quiz}", at, day.isoformat(), wrong, phone)


def _exam(lived: Lived) -> None:
    """On the last day: together in a room, or each at home in the evening."""
    dice, day = lived.dice, lived.days[-1]
    together = lived.planned.manner != "phones" or dice.random() < 0.5
    for person in lived.planned.members:
        if dice.random() < 0.04:
            continue
        begins = 9 * HOUR + dice.randrange(4 * MINUTE) if together else int(dice.uniform(8, 21) * HOUR)
        opened = start_of(day) + begins
        closed = opened + dice.randrange(14 * MINUTE, 45 * MINUTE)
        sitting = f"x-{lived.planned.id}-{person}"
        lived.sittings.append(Sitting(sitting, person, opened, closed, day.isoformat()))
