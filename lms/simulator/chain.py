"""The phone's side of a hash chain: parts played without a line, each bound to the one before (study-time.md, Gaps)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

PART_MS = 20_000


@dataclass(frozen=True)
class Played:
    """“I played [a, b) of this lesson while my counter went from mono_start to mono_end.”"""

    lesson: str
    a: int
    b: int
    mono_start: int
    mono_end: int


def cut(lesson: str, a: int, b: int, mono_end: int) -> list[Played]:
    """Continuous play of [a, b) that ended at `mono_end`, in parts of twenty seconds.

    What began before the counter's zero is told as having begun there: the server has the last word anyway.
    """
    edges = [*range(a, b, PART_MS), b]
    first = mono_end - (b - a)
    return [
        Played(lesson, start, end, max(0, first + start - a), max(end - start, first + end - a))
        for start, end in pairwise(edges)
    ]


def linked(seed: str, parts: Iterable[Played]) -> list[dict[str, Any]]:
    """The parts as they are uploaded, each with the hash that binds it to the one before."""
    leaf = hashlib.sha256(seed.encode()).hexdigest()
    made = []
    for j, part in enumerate(parts, 1):
        told = ":".join(map(str, (leaf, j, part.lesson, part.a, part.b, part.mono_start, part.mono_end)))
        leaf = hashlib.sha256(told.encode()).hexdigest()
        made.append({"j": j, **vars(part), "hash": leaf})
    return made
