"""A bad line: requests that get lost on the way there, answers on the way back, and times without any line."""

import time
from collections.abc import Callable
from random import Random

from lms.simulator.client import Answer, Unreachable


class Lost(Exception):
    """No answer that means anything came; the phone cannot know how far its request got."""


class Line:
    """Loses requests at random, and all of them while it is dead."""

    def __init__(self, loss: float, dice: Random) -> None:
        self.loss, self.dice = loss, dice
        self.dead_until = 0.0
        self.lost = 0

    def stall(self, seconds: float) -> None:
        """Nothing goes through for so long."""
        self.dead_until = time.monotonic() + seconds

    def ask(self, request: Callable[[], Answer]) -> Answer:
        """The answer to a request; Lost when either did not get through, or the server asks for another time."""
        fate = self.dice.random()
        if time.monotonic() < self.dead_until or fate < self.loss / 2:
            self._lose("on the way there")
        try:
            answer = request()
        except Unreachable as error:
            raise Lost(str(error)) from error
        if fate < self.loss:
            self._lose("on the way back")
        if answer.is_later:
            time.sleep(min(answer.retry_after, 5.0))
            raise Lost(f"asked for another time: {answer.status} {answer.code}")
        return answer

    def _lose(self, where: str) -> None:
        self.lost += 1
        raise Lost(where)
