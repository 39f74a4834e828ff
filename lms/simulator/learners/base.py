"""What every behaviour has: a person, habits, and the end of its time."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from lms.simulator.client import Answer
from lms.simulator.person import Lesson, Person


@dataclass(frozen=True)
class Habits:
    """What the simulated phones and lines do. `beat_seconds` 0 means: when the server says.

    loss: how many of a hundred requests are lost, half of them on their way there, half on the way back.
    """

    beat_seconds: float = 0.0
    loss: float = 0.05
    stall_seconds: float = 30.0
    kill_seconds: float = 8.0
    think_seconds: tuple[float, float] = (4.0, 25.0)
    retry_seconds: float = 1.0

    @property
    def interval_seconds(self) -> float:
        """How often a cheat that is in no hurry reports."""
        return self.beat_seconds or 20.0

    @property
    def interval_ms(self) -> int:
        """The same in milliseconds of content."""
        return int(self.interval_seconds * 1000)


class Learner:
    """A behaviour. `other` is a second person, for those who need somebody to steal from."""

    name = ""
    is_honest = False
    needs_other = False

    def __init__(self, person: Person, habits: Habits, until: float, other: Person | None = None) -> None:
        self.person, self.habits, self.until = person, habits, until
        self.other = other or person
        self.dice = person.dice
        self.played_ms = 0
        self.online_ms = 0
        self.uploads_failed = 0
        self.most_ms: int | None = None  # what it may earn at most, where that is less than the time that passed

    def run(self) -> None:
        """Behaves until the time is over."""
        raise NotImplementedError

    def is_over(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= self.until

    def rest(self, seconds: float) -> None:
        """Lets time pass, not beyond the end."""
        time.sleep(max(0.0, min(seconds, self.until - time.monotonic())))

    def lessons(self) -> Iterator[Lesson]:
        """Her lessons, over and over, until the time is over."""
        for lesson in cycle(self.person.lessons):
            if self.is_over():
                return
            yield lesson

    def answer_check(self, check_id: str, answer: dict[str, Any]) -> Answer:
        """Answers a presence check, and notes whether it was passed."""
        told = self.person.post(f"challenges/{check_id}/answers", answer)
        if told.is_good and told.body["outcome"] == "passed":
            self.person.passed += 1
        return told
