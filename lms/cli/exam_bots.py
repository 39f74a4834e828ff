"""Bots that try to pass an exam without knowing anything: what the bank, the papers and the attempts make of them.

They sit exams through the use cases that learners' phones reach, and see what a phone sees: the paper as it is shown,
whether it was passed, the score and the mean by objective.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from lms.domain.bank import Item, ItemType

Fields = dict[str, list[str]]


@dataclass
class Memory:
    """What a bot remembers of its tries: by stem, the answers given, and the score of the paper they stood in."""

    dice: Random
    tries: list[tuple[dict[str, Fields], int]] = field(default_factory=list)

    def best_for(self, stem: str) -> Fields | None:
        """The answer that stood in the paper with the best score."""
        known = [(score, number, told[stem]) for number, (told, score) in enumerate(self.tries) if stem in told]
        return max(known, key=lambda each: each[:2])[2] if known else None


Habit = Callable[[Item, Memory, int], Fields]


def _flat(item: Item) -> list[tuple[str, Item]]:
    return [(f"s{n}-", part) for n, part in enumerate(item.parts)] or [("", item)]


def _by(item: Item, choose: Callable[[Item], list[int]], shift: Callable[[int], int]) -> Fields:
    """Fields of every kind: options chosen, ranks and right sides shifted, blanks filled with what stands in it."""
    told: Fields = {}
    for prefix, each in _flat(item):
        if each.type is ItemType.ORDERING:
            count = len(each.steps)
            told |= {f"{prefix}rank-{n}": [str((n + shift(count)) % count + 1)] for n in range(count)}
        elif each.type is ItemType.MATCHING:
            count = len(each.steps)
            told |= {f"{prefix}match-{n}": [str((n + shift(count)) % count)] for n in range(len(each.lefts))}
        elif each.type is ItemType.FILL:
            told |= {f"{prefix}text-{n}": [each.stem[:4]] for n in range(len(each.blanks))}
        else:
            told[f"{prefix}picked"] = [str(number) for number in choose(each)]
    return told


def cycling(item: Item, _memory: Memory, attempt: int) -> Fields:
    """Always the same position, the next one at the next try."""
    return _by(item, lambda each: [attempt % max(1, len(each.options))], lambda _count: attempt)


def tick_all(item: Item, _memory: Memory, _attempt: int) -> Fields:
    """Everything that can be ticked."""
    return _by(item, lambda each: list(range(len(each.options))), lambda _count: 0)


def guessing(item: Item, memory: Memory, _attempt: int) -> Fields:
    """By dice; of several possible options about half."""

    def choose(each: Item) -> list[int]:
        numbers = list(range(len(each.options)))
        several = [number for number in numbers if memory.dice.random() < 0.5]
        return several if each.type is ItemType.MULTIPLE else [memory.dice.choice(numbers)]

    return _by(item, choose, lambda count: memory.dice.randrange(count))


def parsing(item: Item, memory: Memory, attempt: int) -> Fields:
    """What did best so far where the question is known, dice where it is not."""
    return memory.best_for(item.stem) or guessing(item, memory, attempt)


HABITS: dict[str, Habit] = {"cycling": cycling, "tick-all": tick_all, "guessing": guessing, "parsing": parsing}
