"""Inspectors' samples: a draw at random that anybody can make again from its seed, without drawing anything twice."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import TypeVar

from lms.domain.errors import Refused

Thing = TypeVar("Thing")

MOST_DRAWN = 200  # our own choice: what one person can walk through
DIGEST_RANGE = 1 << 256
LONGEST_WORDS = 500


class SampleKind(StrEnum):
    """What is drawn: learners, or single intervals of study."""

    LEARNERS = "learners"
    INTERVALS = "intervals"


class Finding(StrEnum):
    """What an inspector says of one thing drawn."""

    OK = "ok"
    QUESTION = "question"
    PROBLEM = "problem"


def check_wanted(wanted: int, population: int) -> int:
    """How many are drawn: never more than there are. Refused: sample_size, sample_nothing."""
    if not 1 <= wanted <= MOST_DRAWN:
        raise Refused("sample_size", most=MOST_DRAWN)
    if population == 0:
        raise Refused("sample_nothing")
    return min(wanted, population)


def draw(seed: str, things: Sequence[Thing], wanted: int) -> list[Thing]:
    """`wanted` of the things in the order of drawing; the same for the same seed and things.

    Each step takes any that is left with the same chance (Fisher and Yates), with numbers from SHA-256 over seed and
    count, so that the draw can be made again in any language and by hand (decision 0053 does so for papers).
    """
    if not 0 <= wanted <= len(things):
        raise ValueError(f"{wanted} of {len(things)} cannot be drawn")
    numbers = _numbers(seed)
    moved: dict[int, int] = {}  # only the places that were swapped: there may be millions of things
    drawn = []
    for at in range(wanted):
        other = at + _below(len(things) - at, numbers)
        drawn.append(things[moved.get(other, other)])
        moved[other] = moved.get(at, at)
    return drawn


def _numbers(seed: str) -> Iterator[int]:
    count = 0
    while True:
        yield int.from_bytes(hashlib.sha256(f"{seed}:{count}".encode()).digest(), "big")
        count += 1


def _below(bound: int, numbers: Iterator[int]) -> int:
    """A number below `bound`, each with exactly the same chance: what lies over the last whole multiple is passed."""
    limit = DIGEST_RANGE - DIGEST_RANGE % bound
    return next(number for number in numbers if number < limit) % bound


def population_hash(ids: Iterable[str]) -> str:
    """What was drawn from, by one hash over its ids, a line each, in order."""
    digest = hashlib.sha256()
    for each in ids:
        digest.update(f"{each}\n".encode())
    return digest.hexdigest()
