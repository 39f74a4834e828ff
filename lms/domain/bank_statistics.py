"""What answers say about a question: how hard it is, whether it tells the able from the others, how worn it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

LEAST_ANSWERS = 20
GROUP_PERMILLE = 270  # the upper and lower 27 % (Kelley, 1939), as Chinese handbooks of examination take them
TOO_EASY_PERMILLE, TOO_HARD_PERMILLE = 950, 200
WEAK_PERMILLE = 200


class Remark(StrEnum):
    """What a trainer should look at."""

    FEW = "few"
    MISLEADING = "misleading"
    WEAK = "weak"
    TOO_EASY = "too_easy"
    TOO_HARD = "too_hard"


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer: its score, and the mean score of the other questions of the same attempt (None: there were none)."""

    score_permille: int
    rest_permille: int | None


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """In ‰: `difficulty` is the mean score (P, high is easy), `discrimination` the upper group's mean less the
    lower's (D, −1000 to 1000), `exposure` the share of attempts that asked it; None where too little is known."""

    answers: int
    difficulty: int | None
    discrimination: int | None
    exposure: int | None
    remarks: tuple[Remark, ...]


def item_statistics(answers: Iterable[Answered], attempts: int) -> ItemStatistics:
    """Statistics of one question; `attempts` counts all attempts that could have asked it."""
    rows = list(answers)
    count = len(rows)
    difficulty = sum(row.score_permille for row in rows) // count if count else None
    discrimination = _discrimination([row for row in rows if row.rest_permille is not None])
    exposure = min(1000, 1000 * count // attempts) if attempts else None
    return ItemStatistics(count, difficulty, discrimination, exposure, _remarks(count, difficulty, discrimination))


def _discrimination(rows: Sequence[Answered]) -> int | None:
    if len(rows) < LEAST_ANSWERS:
        return None
    group = max(1, len(rows) * GROUP_PERMILLE // 1000)
    return _first(rows, group, descending=True) - _first(rows, group, descending=False)


def _first(rows: Sequence[Answered], group: int, *, descending: bool) -> int:
    """The mean score of the `group` answers at one end; of those that are level at its border, their mean counts."""
    by_rest: dict[int, list[int]] = {}
    for row in rows:
        by_rest.setdefault(row.rest_permille or 0, []).append(row.score_permille)
    total, left = 0, group
    for rest in sorted(by_rest, reverse=descending):
        scores = by_rest[rest]
        taken = min(left, len(scores))
        total += sum(scores) * taken // len(scores)
        left -= taken
    return total // group


def _remarks(count: int, difficulty: int | None, discrimination: int | None) -> tuple[Remark, ...]:
    if count < LEAST_ANSWERS or difficulty is None:
        return (Remark.FEW,)
    found = []
    if discrimination is not None and discrimination < 0:
        found.append(Remark.MISLEADING)
    elif discrimination is not None and discrimination < WEAK_PERMILLE and difficulty < TOO_EASY_PERMILLE:
        found.append(Remark.WEAK)
    if difficulty >= TOO_EASY_PERMILLE:
        found.append(Remark.TOO_EASY)
    if difficulty < TOO_HARD_PERMILLE:
        found.append(Remark.TOO_HARD)
    return tuple(found)
