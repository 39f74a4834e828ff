"""Presence checks: when one is due, what it asks, what an answer is worth (study-time.md, Presence).

An unanswered check is never a pass. “I was called away” is always an honest answer.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from lms.domain.spans import Span, union

MEAN_MS = 600_000
SHORTEST_MS = 60_000
ANSWER_MS = 120_000
RECOVERY_MS = 7 * 86_400_000
RECOVERY_PAUSE_MS = 60_000  # between two tries, so that guessing costs more than looking
MOST_TRIES = 3  # of making up for one stretch: whoever guesses among three options must not go on until it fits
OPTIONS = 3
STEM = "刚才学的内容里，有下面哪一句？"
STEM_EN = "Which of these was said in what you just studied?"
TITLE_STEM = "您刚才学的是哪一节？"
TITLE_STEM_EN = "Which lesson were you just studying?"


class CheckKind(StrEnum):
    """Asked in mid-lesson, or asked for by the learner to make up for one that she missed."""

    STUDY = "study"
    RECOVERY = "recovery"


class CheckOutcome(StrEnum):
    """What became of a check."""

    PASSED = "passed"
    WRONG = "wrong"
    BUSY = "busy"
    LATE = "late"
    MISSED = "missed"


UNCONFIRMED = frozenset({CheckOutcome.WRONG, CheckOutcome.LATE, CheckOutcome.MISSED})


@dataclass(frozen=True)
class Question:
    """A question with its options in the order shown; `right` counts from 0."""

    stem: str
    stem_en: str
    options: tuple[str, ...]
    right: int


def next_check_ms(draw: float) -> int:
    """Credited time until the next check, from a draw in [0, 1): exponential, mean 10 min, none before 60 s."""
    return SHORTEST_MS + int(-math.log(1.0 - draw) * (MEAN_MS - SHORTEST_MS))


def assess(right: int, picked: int | None, due_ms: int, now_ms: int) -> CheckOutcome:
    """The outcome of an answer that came at study clock `now_ms`; `picked` None is “I was called away”."""
    if now_ms > due_ms:
        return CheckOutcome.LATE
    if picked is None:
        return CheckOutcome.BUSY
    return CheckOutcome.PASSED if picked == right else CheckOutcome.WRONG


def ask(played: Sequence[str], elsewhere: Sequence[str], titles: Sequence[str], dice: Random) -> Question | None:
    """A question about what was just played; None where the course has too little text for one.

    `played`: sentences of the stretch; `elsewhere`: sentences of other lessons; `titles`: the lesson's own
    title first, then those of the others. Where the sentences do not suffice it asks for the lesson.
    """
    wrong = [sentence for sentence in dict.fromkeys(elsewhere) if sentence not in played]
    if played and len(wrong) >= OPTIONS - 1:
        return _shuffled(STEM, STEM_EN, dice.choice(list(played)), dice.sample(wrong, OPTIONS - 1), dice)
    others = [title for title in dict.fromkeys(titles[1:]) if title != titles[0]]
    if not titles or not others:
        return None
    return _shuffled(TITLE_STEM, TITLE_STEM_EN, titles[0], dice.sample(others, min(len(others), OPTIONS - 1)), dice)


def _shuffled(stem: str, stem_en: str, right: str, wrong: Sequence[str], dice: Random) -> Question:
    options = [right, *wrong]
    dice.shuffle(options)
    return Question(stem, stem_en, tuple(options), options.index(right))


def to_recover(unconfirmed: Sequence[Span], passed: Sequence[Span]) -> tuple[Span, ...]:
    """The stretches of entries (from, to] whose check was not passed and that no later one made up for."""
    confirmed = union(passed)
    return tuple(
        span for span in sorted(set(unconfirmed)) if not any(a <= span[0] and span[1] <= b for a, b in confirmed)
    )
