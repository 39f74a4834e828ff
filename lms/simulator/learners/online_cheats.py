"""Cheats who are online: they claim more than they play, in every way the heartbeat's fields allow."""

import math
import threading
import time
from typing import Any

from lms.simulator.chain import cut
from lms.simulator.client import Answer, Client, Unreachable
from lms.simulator.learners.base import Learner
from lms.simulator.person import Lesson
from lms.simulator.sitting import Sitting

HORIZON_MS = 45_000
NOBODY = "00000000-0000-7000-8000-000000000000"


class Cheat(Learner):
    """Opens a lesson, cheats in it, takes the next, until the time is over."""

    def run(self) -> None:
        """Takes a lost line as a reason to go on with the next lesson."""
        for lesson in self.lessons():
            try:
                self.cheat(lesson)
            except Unreachable:
                self.rest(1.0)

    def cheat(self, lesson: Lesson) -> None:
        """What is done in one lesson."""
        raise NotImplementedError

    def opened(self, lesson: Lesson, client: Client | None = None) -> Sitting:
        """A session in a lesson; waits a little where the server asks for it."""
        sitting = Sitting(self.person, lesson, client)
        if not sitting.open().is_good:
            self.rest(1.0)
        return sitting

    def wait(self, share: float = 1.0) -> None:
        """Lets some intervals pass."""
        self.rest(self.habits.interval_seconds * share)

    def parts_uploaded(self, bodies: list[dict[str, Any]], client: Client | None = None) -> None:
        """Claims what stands in the uploads, and sends them."""
        for body in bodies:
            self.person.claim(sum(max(0, part["b"] - part["a"]) for part in body["parts"]))
            self.person.post("batches", body, client=client)


class OneShotFinish(Cheat):
    """Claims the whole lesson with the first report, and once more with each that follows."""

    name = "one_shot_finish"

    def cheat(self, lesson: Lesson) -> None:
        sitting = self.opened(lesson)
        for _ in range(4):
            self.wait(0.5)
            sitting.beat(0, lesson.duration_ms)


class ForgedRanges(Cheat):
    """Ranges that cannot be, numbers that do not follow, jumps over the lesson, and a word for everything."""

    name = "forged_ranges"

    def cheat(self, lesson: Lesson) -> None:
        sitting, end = self.opened(lesson), lesson.duration_ms
        for a, b in ((-1, end), (0, end + 1), (end, 0), (0, 2**31 - 1), (2**31, 2**31 + 1), (end + 1, end + 2)):
            sitting.beat(a, b)
        sitting.beat(0, end, seq=sitting.seq + 7)
        sitting.beat(0, end, nonce="guessed")
        sitting.beat(0, end, session=NOBODY)
        sitting.beat(0, end, credited_ms=end)
        sitting.beat(0, end, seq=-1)
        self.wait()
        sitting.beat(0, end, advisory={"rate": 99.0, "visible": True, "muted": False})
        for start in range(0, end, 60_000):
            self.wait(0.2)
            sitting.beat(start, min(end, start + 60_000))


class Timers20x(Cheat):
    """A page whose timers run twenty times too fast: each report claims an interval, and comes after its 20th part."""

    name = "timers_20x"

    def cheat(self, lesson: Lesson) -> None:
        sitting, step = self.opened(lesson), self.habits.interval_ms
        for a in range(0, lesson.duration_ms, step):
            self.wait(1 / 20)
            sitting.beat(a, min(lesson.duration_ms, a + step))


class SessionFarming(Cheat):
    """Opens session after session and claims with each what one report can claim at most."""

    name = "session_farming"

    def cheat(self, lesson: Lesson) -> None:
        for a in range(0, lesson.duration_ms, HORIZON_MS):
            if self.is_over():
                return
            sitting = self.opened(lesson)
            self.rest(0.3)
            sitting.beat(a, min(lesson.duration_ms, a + HORIZON_MS))


class ParallelDevices(Cheat):
    """Five phones at once in five lessons; whoever loses the lease tells the rest as a gap."""

    name = "parallel_devices"
    phones = 5

    def run(self) -> None:
        """Starts the phones and waits for them."""
        threads = [threading.Thread(target=self._phone, args=(place,), daemon=True) for place in range(self.phones)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _phone(self, place: int) -> None:
        client, at = self.person.another_phone(), 0
        while not self.is_over():
            lesson = self.person.lessons[place % len(self.person.lessons)]
            step = min(self.habits.interval_ms, lesson.duration_ms)
            try:
                at = self._turn(Sitting(self.person, lesson, client), at % max(1, lesson.duration_ms - step), step)
            except Unreachable:
                self.rest(1.0)

    def _turn(self, sitting: Sitting, at: int, step: int) -> int:
        if not sitting.open().is_good:
            self.rest(1.0)
            return at
        self.wait(0.5)
        sitting.beat(at, at + step)
        self.wait(0.5)
        parts = cut(sitting.lesson.lesson, at, at + step, self.habits.interval_ms)
        self.parts_uploaded(sitting.batches(parts), sitting.client)
        return at + step


class PerfectBot(Cheat):
    """Plays at exactly the speed of the clock, for ever, and answers nothing: credited, never confirmed."""

    name = "perfect_bot"

    def cheat(self, lesson: Lesson) -> None:
        sitting, step = self.opened(lesson), self.habits.interval_ms
        for a in range(0, lesson.duration_ms, step):
            self.wait()
            if self.is_over():
                return
            self.hear(sitting.beat(a, min(lesson.duration_ms, a + step)))

    def hear(self, answer: Answer) -> None:
        """What it does about a question: nothing."""


class AlwaysBusy(PerfectBot):
    """The same, and says to every question that it was called away; then asks for checks and is called away again."""

    name = "always_busy"

    def hear(self, answer: Answer) -> None:
        """Called away."""
        enrollment = self.person.lessons[0].enrollment
        check = answer.body.get("challenge") or self.person.post("challenges", {"enrollment": enrollment}).body
        if "id" in check:
            self.answer_check(check["id"], {"busy": True})


class ChallengeGuesser(PerfectBot):
    """The same, and answers at random at once; asks for checks to make up for as often as it may."""

    name = "challenge_guesser"

    def hear(self, answer: Answer) -> None:
        """A guess, and another one if the first is taken for an answer."""
        check = answer.body.get("challenge")
        if check:
            self._guess(check)
        for enrollment in sorted({lesson.enrollment for lesson in self.person.lessons}):
            told = self.person.post("challenges", {"enrollment": enrollment})
            if told.is_good:
                self._guess(told.body)

    def _guess(self, check: dict[str, Any]) -> None:
        for option in self.dice.sample(range(len(check["options"])), len(check["options"])):
            self.answer_check(check["id"], {"option": option})


class PausedTime(Cheat):
    """Reports pauses as they are, then tells the same time once more as a gap in which it studied.

    What may be credited is the time until the first report: only the second one proves that its answer arrived.
    Here it is timed from before the session was asked for until that answer was read, so never too short.
    """

    name = "paused_time"

    def run(self) -> None:
        """One session to the end of the time, so that all of it was paused."""
        lesson, asked = self.person.lessons[0], time.monotonic()
        sitting = self.opened(lesson)
        while not self.is_over():
            self.wait(0.5)
            if sitting.beat(0, 0).is_good and self.most_ms is None:
                self.most_ms = math.ceil((time.monotonic() - asked) * 1000)
        if sitting.seq == 1:
            sitting.beat(0, 0)
        paused = min(lesson.duration_ms, int((time.monotonic() - asked) * 1000))
        self.parts_uploaded(sitting.batches(cut(lesson.lesson, 0, paused, paused), 0))
