"""A paper of a gating exam, drawn from the bank by the course's blueprint: the same seed, the same paper.

Every choice and every order is by SHA-256 of the seed and what is chosen, so that neither the order in which the bank
tells its questions nor the version of a library has a say.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lms.domain.bank import CHOICES, Answer, Item, ItemType
from lms.domain.courses import Exam
from lms.domain.errors import Refused

WATERMARK_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is read as another
WATERMARK_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that a paper may draw. `had`: how often this person had it; `shown`: to how many others it was."""

    question: str
    revision: int
    objective: str
    item: Item
    had: int = 0
    shown: int = 0


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a paper: the question and its wording, and in which order its options, steps or right sides are
    shown (numbers of the bank, in the order shown); for a case the order within each part."""

    question: str
    revision: int
    objective: str
    order: tuple[int, ...] = ()
    parts: tuple[tuple[int, ...], ...] = ()


Paper = tuple[Slot, ...]


def draw(exam: Exam, candidates: Iterable[Candidate], seed: str) -> Paper:
    """The paper of this seed. Refused("exam_bank_short") names the objective that has too few questions.

    Questions this person never had come first, then those that were shown to the fewest others; the seed decides
    between equals, and in which order all of them stand.
    """
    by_objective: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        by_objective.setdefault(candidate.objective, []).append(candidate)
    drawn: list[Candidate] = []
    for part in exam.parts:
        found = sorted(by_objective.get(part.objective, []), key=lambda each: _preference(each, seed))
        if len(found) < part.questions:
            raise Refused("exam_bank_short", objective=part.objective, needed=part.questions, found=len(found))
        drawn += found[: part.questions]
        by_objective[part.objective] = found[part.questions :]
    drawn.sort(key=lambda each: _rank(seed, "place", each.question))
    return tuple(_slot(each, seed) for each in drawn)


def _preference(each: Candidate, seed: str) -> tuple[int, int, bytes]:
    return each.had, each.shown, _rank(seed, "draw", each.question)


def _slot(drawn: Candidate, seed: str) -> Slot:
    order = _order(drawn.item, seed, drawn.question)
    parts = tuple(_order(part, seed, f"{drawn.question}/{number}") for number, part in enumerate(drawn.item.parts))
    return Slot(drawn.question, drawn.revision, drawn.objective, order, parts)


def _order(item: Item, seed: str, name: str) -> tuple[int, ...]:
    count = {ItemType.ORDERING: len(item.steps), ItemType.MATCHING: len(item.rights)}.get(item.type, len(item.options))
    numbers = list(range(count))
    if item.type is ItemType.TRUE_FALSE:
        return tuple(numbers)  # 对 before 错, as everybody expects it
    mixed = sorted(numbers, key=lambda number: _rank(seed, "order", f"{name}:{number}"))
    if item.type is ItemType.ORDERING and mixed == numbers and count > 1:
        mixed = [*mixed[1:], mixed[0]]  # shown in the right order, it would be no question
    return tuple(mixed)


def _rank(seed: str, purpose: str, name: str) -> bytes:
    return hashlib.sha256(f"{seed}|{purpose}|{name}".encode()).digest()


def watermark(sitting: str, seed: str) -> str:
    """The short code that names a sitting on each of its pages; without the seed nobody can make it."""
    number = int.from_bytes(_rank(seed, "watermark", sitting)[:8], "big")
    signs = []
    for _ in range(WATERMARK_LENGTH):
        number, place = divmod(number, len(WATERMARK_SIGNS))
        signs.append(WATERMARK_SIGNS[place])
    return "".join(signs)


def to_json(paper: Paper) -> list[dict[str, Any]]:
    """A paper as it is kept."""
    return [
        {
            "question": slot.question,
            "revision": slot.revision,
            "objective": slot.objective,
            "order": list(slot.order),
            "parts": [list(part) for part in slot.parts],
        }
        for slot in paper
    ]


def from_json(kept: Sequence[dict[str, Any]]) -> Paper:
    """The paper that was kept."""
    return tuple(
        Slot(
            each["question"],
            each["revision"],
            each["objective"],
            tuple(each["order"]),
            tuple(tuple(part) for part in each["parts"]),
        )
        for each in kept
    )


def as_shown(item: Item, slot: Slot) -> Item:
    """The question as this paper shows it: in its order, and without any word or mark that tells the right answer.

    Steps and right sides are in the order shown; a matching question keeps its left sides as pairs without rights.
    """
    parts = zip(item.parts, slot.parts, strict=True)
    bare = _bare(item, slot.order)
    return replace(bare, parts=tuple(_bare(part, order) for part, order in parts))


def _bare(item: Item, order: tuple[int, ...]) -> Item:
    options = [item.options[number] for number in order] if item.type in CHOICES else []
    rights = [item.rights[number] for number in order] if item.type is ItemType.MATCHING else []
    steps = [item.steps[number] for number in order] if item.type is ItemType.ORDERING else rights
    return replace(
        item,
        options=tuple(replace(option, feedback="", correct=False) for option in options),
        steps=tuple(steps),
        pairs=tuple(replace(pair, right="") for pair in item.pairs if pair.left),
        blanks=tuple(() for _ in item.blanks),
        explanation="",
    )


Given = dict[str, Any]
"""What was answered, by what was shown: {picked: […]}, {ranks: [1 is first, 0 is none, …]}, {matched: [number of the
right side or -1, …]}, {texts: […]} or {parts: [Given, …]}; all numbers but ranks count from 0."""


def is_answered(item: Item, given: Given | None) -> bool:
    """Whether nothing of the question is left open."""
    if not given:
        return False
    match item.type:
        case ItemType.ORDERING:
            return sorted(given.get("ranks", ())) == list(range(1, len(item.steps) + 1))
        case ItemType.MATCHING:
            matched = given.get("matched", ())
            return len(matched) == len(item.lefts) and min(matched, default=-1) >= 0
        case ItemType.FILL:
            texts = given.get("texts", ())
            return len(texts) == len(item.blanks) and all(text.strip() for text in texts)
        case ItemType.CASE:
            parts = given.get("parts", ())
            return len(parts) == len(item.parts) and all(map(is_answered, item.parts, parts))
        case _:
            return bool(given.get("picked"))


def to_answer(item: Item, slot: Slot, given: Given | None) -> Answer:
    """What was answered, in the numbers of the bank. Total: what makes no sense is no answer."""
    if item.type is ItemType.CASE:
        told = [*((given or {}).get("parts") or ()), *([None] * len(item.parts))]
        parts = zip(item.parts, slot.parts, told, strict=False)
        return Answer(parts=tuple(_answer(part, order, said) for part, order, said in parts))
    return _answer(item, slot.order, given)


def _answer(item: Item, order: tuple[int, ...], given: Given | None) -> Answer:
    told = given or {}
    match item.type:
        case ItemType.ORDERING:
            ranks = told.get("ranks", ())
            if sorted(ranks) != list(range(1, len(order) + 1)):
                return Answer()
            return Answer(order=tuple(order[ranks.index(rank)] for rank in range(1, len(order) + 1)))
        case ItemType.MATCHING:
            pairs = enumerate(told.get("matched", ()))
            return Answer(matched=frozenset((left, order[at]) for left, at in pairs if 0 <= at < len(order)))
        case ItemType.FILL:
            return Answer(texts=tuple(told.get("texts", ())))
        case _:
            return Answer(picked=frozenset(order[at] for at in told.get("picked", ()) if 0 <= at < len(order)))
