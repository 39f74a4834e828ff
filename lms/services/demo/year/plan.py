"""What a made-up year shall hold: institutions, learners, classes with their fates, and where fraud is planted.

Nobody in it is real: names are put together from lists, numbers are of areas that do not exist (domain.md 5). The same
seed makes the same year.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from lms.domain.crosschecks.patterns import Pattern
from lms.domain.documents import check_sign

YEAR = 2026
CHANGE_ON = date(YEAR, 7, 1)
"""The day a new policy comes into force; a class keeps the one of its opening day."""
POLICIES = ("MADE-UP-A", "MADE-UP-B")
AMOUNTS_FEN = {"MADE-UP-A": 80_000, "MADE-UP-B": 95_000}
OCCUPATIONS = ("养老护理员", "育婴员", "家政服务员", "健康照护师", "老年人能力评估师")
LEVELS = (1, 2, 3)
AREAS = ("219999", "509999")
FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "芳娜敏静丽强磊洋艳勇军杰娟涛明超秀霞平刚桂英华玉兰红梅建国文辉云峰雪莲春"
TWO_CLASSES_PERCENT = 8
INSTITUTIONS = 20


class Fate(StrEnum):
    """What becomes of a learner's subsidy in a year."""

    FAILED = "failed"
    REFUSED = "refused"
    PAID = "paid"
    RETURNED = "returned"  # the bank sent it back, and it was paid again
    CLAWED_BACK = "clawed_back"
    VOIDED = "voided"  # approved, and taken off before it was paid


FATES = {
    Fate.PAID: 82,
    Fate.FAILED: 7,
    Fate.REFUSED: 4,
    Fate.RETURNED: 4,
    Fate.CLAWED_BACK: 2,
    Fate.VOIDED: 1,
}


@dataclass(frozen=True)
class Learner:
    """Somebody who does not exist."""

    id: str
    name: str
    number: str


@dataclass(frozen=True)
class Plant:
    """Fraud at a known place: which pattern, in which class, by whom. `strength`: percent of how bold it is.

    `partner`: the class that the trainer really held while the meetings of this one were made up, "" where it is this
    class itself.
    """

    pattern: Pattern
    cohort: str
    persons: tuple[str, ...]
    strength: int
    partner: str = ""


@dataclass(frozen=True)
class Planned:
    """One class of the year. `manner`: how it is held; `fates`: learner → what becomes of her subsidy."""

    id: str
    institution: int
    trainer: str
    manner: str
    opens_on: date
    closes_on: date
    occupation: str
    level: int
    policy: str
    members: tuple[str, ...]
    fates: tuple[tuple[str, Fate], ...]

    @property
    def amount_fen(self) -> int:
        """What one learner's subsidy is."""
        return AMOUNTS_FEN[self.policy]


@dataclass(frozen=True)
class Plan:
    """The whole year."""

    seed: int
    learners: tuple[Learner, ...]
    classes: tuple[Planned, ...]
    plants: tuple[Plant, ...]


MANNERS = ("phones", "phones", "phones", "room", "codes", "paper")


def make(learners: int, cohorts: int, seed: int) -> Plan:
    """A year of so many learners in so many classes."""
    dice = Random(f"{seed}:plan")  # noqa: S311  # a made-up year is to be made again
    people = tuple(_people(dice, learners))
    classes = tuple(_classes(dice, [each.id for each in people], cohorts))
    return Plan(seed, people, classes, tuple(_plants(Random(f"{seed}:plants"), classes)))  # noqa: S311


def _people(dice: Random, count: int) -> Iterator[Learner]:
    for number in range(count):
        born = date(1962, 1, 1) + timedelta(days=dice.randrange(365 * 42))
        body = f"{AREAS[number // 4_000_000 % 2]}{born:%Y%m%d}{number % 1000:03}"
        name = dice.choice(FAMILY) + "".join(dice.choice(GIVEN) for _ in range(dice.randint(1, 2)))
        yield Learner(f"p{number:05}", name, body + check_sign(body))


def _classes(dice: Random, people: list[str], cohorts: int) -> Iterator[Planned]:
    """Everybody in one class, some in a second one of another occupation."""
    seats: list[list[str]] = [[] for _ in range(cohorts)]
    for at, person in enumerate(people):
        seats[at * cohorts // len(people)].append(person)
        if dice.randrange(100) < TWO_CLASSES_PERCENT:
            other = seats[dice.randrange(cohorts)]
            other += [] if person in other else [person]
    for number, members in enumerate(seats):
        if members:
            yield _class(dice, number, tuple(dict.fromkeys(members)))


def _class(dice: Random, number: int, members: tuple[str, ...]) -> Planned:
    opens = date(YEAR, 1, 5) + timedelta(days=dice.randrange(300))
    at = dice.randrange(INSTITUTIONS)
    fates = dice.choices(list(FATES), list(FATES.values()), k=len(members))
    return Planned(
        id=f"c{number:04}",
        institution=at,
        trainer=f"t{number:04}",
        manner=dice.choice(MANNERS),
        opens_on=opens,
        closes_on=opens + timedelta(days=dice.randint(24, 40)),
        occupation=OCCUPATIONS[number % len(OCCUPATIONS)],
        level=dice.choice(LEVELS),
        policy=POLICIES[opens >= CHANGE_ON],
        members=members,
        fates=tuple(zip(members, fates, strict=True)),
    )


ONE_IN = 32
"""So many classes have one plant of each pattern: about a quarter of all have some."""


def _plants(dice: Random, classes: tuple[Planned, ...]) -> Iterator[Plant]:
    """At most one plant in a class, each of a strength of its own, some hardly bolder than honest noise."""
    free = list(classes)
    dice.shuffle(free)
    for pattern in Pattern:
        for _ in range(max(1, len(classes) // ONE_IN)):
            found = next((each for each in free if _fits(pattern, each)), None)
            if found is None:
                return
            free.remove(found)
            partner = ""
            if pattern is Pattern.TRAINER_TWO_ROOMS:
                partner = _beside(found, free)
            yield Plant(pattern, found.id, _culprits(dice, pattern, found), dice.randint(40, 100), partner)


def _beside(of: Planned, free: list[Planned]) -> str:
    """Another class of rooms that runs at the same time."""
    fits = (
        each for each in free if each.manner in ("paper", "codes") and each.opens_on <= of.closes_on <= each.closes_on
    )
    found = next(fits, None)
    if found is not None:
        free.remove(found)
    return found.id if found else ""


def _fits(pattern: Pattern, planned: Planned) -> bool:
    if len(planned.members) < 10:
        return False
    in_rooms = planned.manner in ("paper", "codes")
    return {
        Pattern.GHOST_COHORT: planned.manner == "paper",
        Pattern.TRAINER_TWO_ROOMS: in_rooms,
        Pattern.ATTENDANCE_DENSE: in_rooms,
    }.get(pattern, planned.manner == "phones")


def _culprits(dice: Random, pattern: Pattern, planned: Planned) -> tuple[str, ...]:
    """Who has a part in it: a class as a whole, or some of it."""
    if pattern in (Pattern.GHOST_COHORT, Pattern.TRAINER_TWO_ROOMS):
        return planned.members
    if pattern is Pattern.IDENTICAL_TRACES:
        size = len(planned.members)
        return tuple(sorted(dice.sample(planned.members, dice.randint(size * 6 // 10, size))))
    least, most = {
        Pattern.DEVICE_FARM: (6, 15),
        Pattern.BURST_SITTINGS: (3, 12),
        Pattern.ATTENDANCE_DENSE: (2, 6),
        Pattern.ANSWERS_ALIKE: (3, 6),
        Pattern.ACCOUNT_SHARED: (3, 8),
    }[pattern]
    return tuple(sorted(dice.sample(planned.members, min(dice.randint(least, most), len(planned.members)))))
