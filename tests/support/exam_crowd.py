"""Honest exam papers by the thousand: people of different skill who read, think, and fall for the same lures.

`python -m tests.support.exam_crowd` prints how many of them are flagged, and how many who copy are found.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import click

from lms.domain import exam_flags
from lms.domain.exam_flags import Answered, Sat

COHORTS, PERSONS, QUESTIONS, PAPER = 40, 50, 80, 40
MINUTE = 60_000


@dataclass(frozen=True)
class Asked:
    """A question of the bank: how hard it is, how its three wrong options share those who err, its length."""

    name: str
    hard: float
    lures: tuple[float, float, float]
    characters: int


def bank(draw: random.Random) -> list[Asked]:
    """A bank in which every third question has one lure that takes most of those who err."""
    made = []
    for number in range(QUESTIONS):
        lures = (0.8, 0.15, 0.05) if number % 3 == 0 else (0.5, 0.3, 0.2)
        made.append(Asked(f"q{number}", draw.uniform(0.1, 0.6), lures, draw.randint(40, 140)))
    return made


def cohort(draw: random.Random, questions: list[Asked], name: str, persons: int = PERSONS) -> list[Sat]:
    """A class in one room: all begin within minutes, and half are told to hand in at the end of the lesson."""
    told_ms = 45 * MINUTE
    return [_sat(draw, questions, f"{name}.{number}", told_ms) for number in range(persons)]


def _sat(draw: random.Random, questions: list[Asked], name: str, told_ms: int) -> Sat:
    skill, at_ms = draw.gauss(0, 0.2), draw.randrange(3 * MINUTE)
    opened = at_ms
    answers = []
    for asked in draw.sample(questions, PAPER):
        at_ms += int(asked.characters * 1000 / draw.uniform(3, 8)) + draw.randrange(15_000)
        errs = draw.random() < asked.hard - skill
        wrong = draw.choices("bcd", asked.lures)[0] if errs else ""
        answers.append(Answered(asked.name, asked.characters, at_ms, wrong))
    closed = max(at_ms, told_ms + draw.randrange(40_000)) if draw.random() < 0.5 else at_ms + draw.randrange(MINUTE)
    return Sat(name, name, opened, closed, True, tuple(answers))


def copied(draw: random.Random, sat: Sat, source: Sat, share: float) -> Sat:
    """The same paper with the mistakes of another on a share of the questions that both had."""
    theirs = {answer.question: answer.wrong for answer in source.answers}
    answers = tuple(
        replace(answer, wrong=theirs[answer.question])
        if answer.question in theirs and draw.random() < share
        else answer
        for answer in sat.answers
    )
    return replace(sat, answers=answers)


def flagged(cohorts: list[list[Sat]]) -> Iterator[tuple[str, str]]:
    """(kind, person) of everybody in whose papers something looks strange; mistakes are known over all cohorts."""
    counts = exam_flags.wrong_counts(sat for sats in cohorts for sat in sats)
    for sats in cohorts:
        yield from (("too_fast", sat.person) for sat in sats if exam_flags.too_fast(sat))
        yield from (("together", name) for name in exam_flags.handed_in_together(sats))
        for one, other, _detail in exam_flags.by_sitting(exam_flags.alike(sats, counts)):
            yield from (("alike", one), ("alike", other))


def honest(seed: int, cohorts: int = COHORTS) -> tuple[int, Counter[str]]:
    """How many honest persons there are, and how many of them are flagged, by kind and in all (`anything`)."""
    draw = random.Random(seed)
    questions = bank(draw)
    found = set(flagged([cohort(draw, questions, f"c{number}") for number in range(cohorts)]))
    told = Counter(kind for kind, _ in found)
    told["anything"] = len({person for _, person in found})
    return cohorts * PERSONS, told


def copiers(seed: int, classes: int = 12) -> tuple[int, int, int]:
    """Of how many who copied a whole paper how many are found, and how many of their classmates are flagged.

    One in each class copies 95 % of her neighbour's mistakes; all have the same questions in other orders.
    """
    draw, found, others = random.Random(seed), 0, set()
    for number in range(classes):
        questions = bank(draw)[:PAPER]
        sats = [cohort(draw, questions, f"{number}.{each}") for each in range(3)]
        sats[0][1] = copied(draw, sats[0][1], sats[0][0], 0.95)
        names = {name for _kind, name in flagged(sats)}
        found += f"{number}.0.1" in names
        others |= names - {f"{number}.0.0", f"{number}.0.1"}
    return classes, found, len(others)


if __name__ == "__main__":
    for seed in range(5):
        persons, told = honest(seed)
        share = 100 * told["anything"] / persons
        click.echo(f"seed {seed}: {told['anything']} of {persons} honest persons flagged ({share:.2f} %): {dict(told)}")
        classes, caught, others = copiers(seed)
        click.echo(f"seed {seed}: {caught} of {classes} who copied a whole paper found, {others} classmates flagged")
