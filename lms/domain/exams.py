"""Gating exams: what is known of one enrollment's theory exam."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ExamFacts:
    """One enrollment's theory exam: the best grade in whole percent (None before one), how often she sat it.

    `open_sitting`: a paper is open, or handed in and not graded yet.
    """

    best_percent: int | None = None
    passed: bool = False
    tries: int = 0
    last_closed_at: datetime | None = None
    open_sitting: bool = False
