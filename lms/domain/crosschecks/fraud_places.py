"""Nobody is in two places: a trainer in two rooms at once, a learner in two classes, more hours than a day leaves."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from lms.domain.crosschecks.facts import ClassFacts, Room, Stretch
from lms.domain.crosschecks.patterns import USUAL, Found, Limits, Pattern

HOUR_MS = 3_600_000


def trainer_two_rooms(rooms: Iterable[Room], limits: Limits = USUAL) -> list[Found]:
    """By class and trainer: meetings that overlap with another the same human held elsewhere.

    None of the learners is suspect. Where they signed with their own phones in one room and on paper only in the
    other, those of the first need not wait; nor those of a class that the trainer also held undisturbed, against one
    in which she stands at disputed hours only. Else it cannot be told which of the two was held, and both wait.
    """
    by_trainer: dict[str, list[Room]] = defaultdict(list)
    for room in rooms:
        by_trainer[room.trainer].append(room)
    clashes: dict[tuple[str, str], list[tuple[Room, Room]]] = defaultdict(list)
    undisturbed: dict[str, Counter[str]] = {}
    for trainer, held in sorted(by_trainer.items()):
        pairs = list(_clashing(held, limits))
        disputed = {each.meeting for pair in pairs for each in pair}
        undisturbed[trainer] = Counter(each.cohort for each in held if each.meeting not in disputed)
        for one, other in pairs:
            clashes[one.cohort, trainer].append((one, other))
            clashes[other.cohort, trainer].append((other, one))
    return [
        _two_rooms(cohort, trainer, pairs, undisturbed[trainer], limits)
        for (cohort, trainer), pairs in sorted(clashes.items())
    ]


def _clashing(held: list[Room], limits: Limits) -> Iterator[tuple[Room, Room]]:
    ordered = sorted(held, key=lambda room: (room.started_ms, room.meeting))
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 :]:
            if other.started_ms >= one.ended_ms:
                break
            overlap = min(one.ended_ms, other.ended_ms) - other.started_ms
            if overlap > limits.rooms_ms and (one.place != other.place or one.cohort != other.cohort):
                yield one, other


def _waits(one: Room, other: Room, undisturbed: Counter[str], limits: Limits) -> bool:
    """Whether the learners of `one` wait because of `other`."""
    if one.is_seen != other.is_seen:
        return other.is_seen
    return undisturbed[one.cohort] < limits.own_meetings or undisturbed[other.cohort] > 0


def _two_rooms(
    cohort: str, trainer: str, pairs: list[tuple[Room, Room]], undisturbed: Counter[str], limits: Limits
) -> Found:
    meetings = sorted({each.meeting for pair in pairs for each in pair})
    waiting = [one for one, other in pairs if _waits(one, other, undisturbed, limits)]
    held = sorted({person for one in waiting for person in one.present})
    told = {"meetings": len({one.meeting for one, _ in pairs}), "persons": len(held)}
    evidence = tuple(("meeting", each) for each in meetings)
    return Found(Pattern.TRAINER_TWO_ROOMS, cohort, trainer, held=tuple(held), detail=told, evidence=evidence)


def attendance_dense(classes: Iterable[ClassFacts], limits: Limits = USUAL) -> list[Found]:
    """By class: learners with time in two places at once, or more hours in a day than one has, over all classes."""
    mine: dict[str, list[tuple[str, Stretch]]] = defaultdict(list)
    for facts in classes:
        for each in facts.stretches:
            mine[each.person].append((facts.cohort, each))
    twice: dict[str, set[str]] = defaultdict(set)
    full: dict[str, set[str]] = defaultdict(set)
    sources: dict[str, set[str]] = defaultdict(set)
    for person, spent in mine.items():
        for cohort, each in _in_two_places(spent, limits):
            twice[cohort].add(person)
            sources[cohort].update([each.source] if each.source else [])
        for cohort in _too_full(spent, limits):
            full[cohort].add(person)
    return [_dense(cohort, twice[cohort], full[cohort], sources[cohort]) for cohort in sorted({*twice, *full})]


def _dense(cohort: str, twice: set[str], full: set[str], sources: set[str]) -> Found:
    told = {"twice": len(twice), "full": len(full), "hours": USUAL.day_hours}
    evidence = tuple(("meeting", each) for each in sorted(sources))
    return Found(Pattern.ATTENDANCE_DENSE, cohort, suspects=tuple(sorted(twice | full)), detail=told, evidence=evidence)


def _in_two_places(spent: list[tuple[str, Stretch]], limits: Limits) -> Iterator[tuple[str, Stretch]]:
    """Stretches in rooms that overlap with one in another room."""
    rooms = sorted((pair for pair in spent if pair[1].place), key=lambda pair: pair[1].started_ms)
    for at, (cohort, one) in enumerate(rooms):
        for other_cohort, other in rooms[at + 1 :]:
            if other.started_ms >= one.ended_ms:
                break
            overlap = min(one.ended_ms, other.ended_ms) - other.started_ms
            if overlap > limits.places_ms and one.place != other.place:
                yield cohort, one
                yield other_cohort, other


def _too_full(spent: list[tuple[str, Stretch]], limits: Limits) -> set[str]:
    """The classes of the days on which her stretches add up to more than a day leaves."""
    days: Counter[str] = Counter()
    for _, each in spent:
        days[each.day] += each.length_ms
    over = {day for day, length in days.items() if length > limits.day_hours * HOUR_MS}
    return {cohort for cohort, each in spent if each.day in over}
