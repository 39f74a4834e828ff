"""What answers say about a question: how hard it is, whether it tells the able from the others, how worn it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from lms.domain.discrimination import LEAST_PERSONS, discrimination

TOO_EASY_PERMILLE, TOO_HARD_PERMILLE = 950, 200
WEAK_PERMILLE = 200
WORN_PERMILLE = 500  # our own choice: what stands in more than half of the papers is soon known to everybody


class Remark(StrEnum):
    """What a trainer should look at."""

    FEW = "few"
    MISLEADING = "misleading"
    WEAK = "weak"
    TOO_EASY = "too_easy"
    TOO_HARD = "too_hard"
    WORN = "worn"


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
    parting = _discrimination(rows)
    exposure = min(1000, 1000 * count // attempts) if attempts else None
    return ItemStatistics(count, difficulty, parting, exposure, _remarks(count, difficulty, parting, exposure))


def _discrimination(rows: Iterable[Answered]) -> int | None:
    """Over the answers of attempts that asked something else as well."""
    by_rest: dict[int, tuple[int, int]] = {}
    for row in rows:
        if row.rest_permille is not None:
            persons, score = by_rest.get(row.rest_permille, (0, 0))
            by_rest[row.rest_permille] = (persons + 1, score + row.score_permille)
    return discrimination(by_rest)


def _remarks(count: int, difficulty: int | None, parting: int | None, exposure: int | None) -> tuple[Remark, ...]:
    if count < LEAST_PERSONS or difficulty is None:
        return (Remark.FEW,)
    found = []
    if parting is not None and parting < 0:
        found.append(Remark.MISLEADING)
    elif parting is not None and parting < WEAK_PERMILLE and difficulty < TOO_EASY_PERMILLE:
        found.append(Remark.WEAK)
    if difficulty >= TOO_EASY_PERMILLE:
        found.append(Remark.TOO_EASY)
    if difficulty < TOO_HARD_PERMILLE:
        found.append(Remark.TOO_HARD)
    if exposure is not None and exposure > WORN_PERMILLE:
        found.append(Remark.WORN)
    return tuple(found)
