"""What cheats do to a class that was lived honestly; how bold they are is part of the plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from lms.domain.crosschecks.facts import Room
from lms.domain.crosschecks.patterns import Pattern
from lms.services.demo.year.plan import Plant

if TYPE_CHECKING:
    from lms.services.demo.year.life import Lived

MINUTE = 60_000
HOUR = 60 * MINUTE


def do(plant: Plant, lived: Mapping[str, Lived]) -> None:
    """Does what the plan says, where it says it."""
    if plant.pattern is Pattern.TRAINER_TWO_ROOMS:
        _two_rooms(plant, lived[plant.cohort], lived.get(plant.partner))
        return
    DOING[plant.pattern](plant, lived[plant.cohort])


def _ghosts(plant: Plant, lived: Lived) -> None:
    """Nobody does anything herself, but for a few who were asked to sign in once, or often enough to be seen."""
    seen = set(lived.dice.sample(plant.persons, len(plant.persons) * (100 - plant.strength) // 250))
    lived.tries = [each for each in lived.tries if each.person in seen]
    lived.sittings = [each for each in lived.sittings if each.person in seen]
    lived.logins = {person: lived.dice.choice((0, 1)) if person not in seen else 2 for person in plant.persons}


def _identical(plant: Plant, lived: Lived) -> None:
    """A script plays the same for all of them, half a second sooner or later."""
    scripted = plant.persons
    model = [each for each in lived.stretches if each.person == plant.persons[0]]
    lived.stretches = [each for each in lived.stretches if each.person not in scripted]
    for person in scripted:
        for each in model:
            jitter = lived.dice.randrange(400)
            start = each.started_ms // 2000 * 2000 + jitter
            end = start + each.length_ms // 2000 * 2000 + 100
            lived.stretches.append(replace(each, person=person, started_ms=start, ended_ms=end, device=f"bot-{person}"))


def _farm(plant: Plant, lived: Lived) -> None:
    """One machine learns for them: mostly, or wholly."""
    device, share = f"farm-{plant.cohort}", (plant.strength + 60) / 160
    lived.stretches = [
        replace(each, device=device) if each.person in plant.persons and lived.dice.random() < share else each
        for each in lived.stretches
    ]


def _bursts(plant: Plant, lived: Lived) -> None:
    """Half of them send quiz after quiz; the exams of all are taken by one hand, one after the other."""
    quick = plant.persons[: len(plant.persons) // 2 + 1] if len(plant.persons) >= 7 else plant.persons
    gap = 4_000 + (100 - plant.strength) * 220
    begun: dict[str, int] = {}
    for at, each in enumerate(lived.tries):
        if each.person in quick:
            begun[each.person] = begun.get(each.person, lived.tries[at].at_ms) + lived.dice.randrange(gap, gap + 4_000)
            lived.tries[at] = replace(each, at_ms=begun[each.person], wrong={})
    if len(plant.persons) >= 7:
        _chain(plant, lived)


def _chain(plant: Plant, lived: Lived) -> None:
    others = [each for each in lived.sittings if each.person not in plant.persons]
    mine = [each for each in lived.sittings if each.person in plant.persons]
    at = max((each.closed_ms for each in lived.sittings), default=0) + HOUR
    for each in mine:
        closed = at + lived.dice.randrange(5 * MINUTE, 9 * MINUTE)
        others.append(replace(each, opened_ms=at, closed_ms=closed))
        at = closed + lived.dice.randrange(5_000, 110_000)
    lived.sittings = others


def _dense(plant: Plant, lived: Lived) -> None:
    """They are marked present elsewhere while they sit here: a second room of the same institution."""
    for person in plant.persons:
        mine = [each for each in lived.stretches if each.person == person and each.place]
        for each in mine[: max(1, plant.strength // 30)]:
            start = each.started_ms + lived.dice.randrange(20 * MINUTE, 2 * HOUR)
            there = f"other-{plant.cohort}"
            lived.stretches.append(
                replace(each, started_ms=start, ended_ms=start + 3 * HOUR, place=there, source=f"m-{there}")
            )


def _alike(plant: Plant, lived: Lived) -> None:
    """They copy from one of them: nearly all, or most, mistakes and all."""
    source = {each.lesson: each.wrong for each in reversed(lived.tries) if each.person == plant.persons[0]}
    weak = {lesson: {**wrong, "0": "2", "3": "1"} for lesson, wrong in source.items()}
    copied = 0.72 + plant.strength / 400
    lived.tries = [
        replace(each, wrong=weak[each.lesson])
        if each.person in plant.persons and (each.person == plant.persons[0] or lived.dice.random() < copied)
        else each
        for each in lived.tries
    ]


def _accounts(plant: Plant, lived: Lived) -> None:
    for person in plant.persons:
        lived.accounts[person] = f"pocket-{plant.cohort}"


def _two_rooms(plant: Plant, lived: Lived, partner: Lived | None) -> None:
    """Meetings of this class are made up, on paper, at hours at which the trainer holds another."""
    real = partner or lived
    for at, room in enumerate(real.rooms[: max(1, plant.strength // 25)]):
        late = lived.dice.randrange(15 * MINUTE, 100 * MINUTE)
        start, end = room.started_ms + late, room.ended_ms + late
        place, meeting = f"{plant.cohort}:分教室", f"m2-{plant.cohort}-{at}"
        lived.rooms.append(Room(meeting, plant.cohort, room.trainer, place, start, end, plant.persons))


DOING: Mapping[Pattern, Callable[[Plant, Lived], None]] = {
    Pattern.GHOST_COHORT: _ghosts,
    Pattern.IDENTICAL_TRACES: _identical,
    Pattern.DEVICE_FARM: _farm,
    Pattern.BURST_SITTINGS: _bursts,
    Pattern.ATTENDANCE_DENSE: _dense,
    Pattern.ANSWERS_ALIKE: _alike,
    Pattern.ACCOUNT_SHARED: _accounts,
}
