"""A question of a paper as it is told once the class has closed: as she saw it, what was answered, what is right."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from lms.domain.bank import CHOICES, FULL, Item, ItemType, fits
from lms.domain.exam_papers import Given, Slot


class Outcome(StrEnum):
    """What a question was worth: full marks, a part of them, nothing, or that it does not count."""

    FULL = "full"
    PARTLY = "partly"
    WRONG = "wrong"
    NOT_COUNTED = "not_counted"


def outcome(score: int | None) -> Outcome:
    """Of a score in ‰; None where a ruling left the question out."""
    if score is None:
        return Outcome.NOT_COUNTED
    return Outcome.FULL if score >= FULL else Outcome.PARTLY if score > 0 else Outcome.WRONG


@dataclass(frozen=True, slots=True)
class Line:
    """One step, left side or blank: `said` is what was answered to it, empty for nothing; `right` what is accepted.

    Of a step of an ordering `said` is the number that was given to it, and the lines stand in the right order.
    """

    asked: str
    said: str
    right: tuple[str, ...]
    is_right: bool


@dataclass(frozen=True, slots=True)
class Revealed:
    """A question with its key: options in the order shown, `picked` the numbers of those that were picked."""

    item: Item
    picked: frozenset[int] = frozenset()
    lines: tuple[Line, ...] = ()
    parts: tuple["Revealed", ...] = ()


def reveal(item: Item, slot: Slot, given: Given | None) -> Revealed:
    """A place of a paper with what was answered there. Total: what makes no sense was not answered."""
    if item.type is not ItemType.CASE:
        return _reveal(item, slot.order, given)
    told = [*((given or {}).get("parts") or ()), *([None] * len(item.parts))]
    parts = zip(item.parts, slot.parts, told, strict=False)
    return Revealed(item, parts=tuple(_reveal(part, order, said) for part, order, said in parts))


def _reveal(item: Item, order: Sequence[int], given: Given | None) -> Revealed:
    told = given or {}
    if item.type in CHOICES:
        shown = replace(item, options=tuple(item.options[number] for number in order))
        return Revealed(shown, picked=frozenset(told.get("picked", ())) & frozenset(range(len(order))))
    return Revealed(item, lines=tuple(_lines(item, order, told)))


def _lines(item: Item, order: Sequence[int], told: Given) -> list[Line]:
    if item.type is ItemType.ORDERING:
        return _steps(item, order, told)
    return _pairs(item, order, told) if item.type is ItemType.MATCHING else _blanks(item, told)


def _steps(item: Item, order: Sequence[int], told: Given) -> list[Line]:
    ranks = {number: _at(told.get("ranks"), at, 0) for at, number in enumerate(order)}
    return [
        Line(step, str(ranks[number]) if ranks[number] > 0 else "", (str(number + 1),), ranks[number] == number + 1)
        for number, step in enumerate(item.steps)
    ]


def _pairs(item: Item, order: Sequence[int], told: Given) -> list[Line]:
    made = []
    for left, pair in enumerate(each for each in item.pairs if each.left):
        at = _at(told.get("matched"), left, -1)
        said = item.rights[order[at]] if 0 <= at < len(order) else ""
        made.append(Line(pair.left, said, (pair.right,), said == pair.right))
    return made


def _blanks(item: Item, told: Given) -> list[Line]:
    said = [_at(told.get("texts"), blank, "").strip() for blank in range(len(item.blanks))]
    return [Line("", words, accepted, fits(accepted, words)) for accepted, words in zip(item.blanks, said, strict=True)]


def _at(told: Sequence[Any] | None, place: int, otherwise: Any) -> Any:
    return told[place] if told and place < len(told) else otherwise
