"""Honest learners on bad lines: what was lost is reported afterwards, as soon as there is a line (I12)."""

import time
from collections.abc import Callable
from typing import Any

from lms.simulator.chain import cut
from lms.simulator.client import Answer
from lms.simulator.learners.base import Learner
from lms.simulator.line import Line, Lost
from lms.simulator.person import Lesson
from lms.simulator.player import Player
from lms.simulator.sitting import Sitting

BUSY = 0.05  # how often somebody calls her away just when a question comes
LAST_TRIES = 8
PATIENCE_SECONDS = 90.0  # after the end of the time, for what is still to be told


class Student(Learner):
    """Plays lesson after lesson at the speed of the clock and answers what she is asked.

    Each report begins where the server's count of the lesson ends, so that what one report could not earn
    because it arrived a little early is told again with the next.
    """

    is_honest = True

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.line = Line(self.habits.loss, self.dice)
        self.asked: dict[str, Any] | None = None
        self.answer_at = 0.0
        self.done: set[str] = set()
        self.events = self._events()

    def _events(self) -> list[tuple[float, str]]:
        """A stall, a killed app and a change of phones, each once, where the time is long enough for them."""
        start, rest = time.monotonic(), self.until - time.monotonic()
        if rest < 3 * self.habits.stall_seconds:
            return []
        shares = {"stall": (0.15, 0.35), "kill": (0.6, 0.7), "takeover": (0.8, 0.9)}
        return [(start + rest * self.dice.uniform(*share), kind) for kind, share in shares.items()]

    def run(self) -> None:
        """Studies what she has not begun yet; what was begun earlier cannot be told apart from today's."""
        for lesson in [each for each in self.person.lessons if each.is_untouched]:
            if self.is_over():
                break
            self._study(lesson)
        self._make_up()

    def _study(self, lesson: Lesson) -> None:
        self.person.learn(lesson)
        player, sitting = Player(lesson.duration_ms), Sitting(self.person, lesson)
        key = self.person.key()
        self._insist(lambda: sitting.open(key))
        player.play()
        while not self.is_over() and player.position < lesson.duration_ms:
            self._wait_for_beat(sitting, player)
            sitting = self._happen(sitting, player)
            sitting = self._report(sitting, player)
        player.pause()
        self._tell_the_rest(sitting, player)
        self.played_ms += player.position

    def _tell_the_rest(self, sitting: Sitting, player: Player) -> None:
        """The report of a pause, sent a moment later when the last one was a little early."""
        for _ in range(LAST_TRIES):
            missing = player.position - sitting.credited_ms
            if missing <= 0 or time.monotonic() > self.until + PATIENCE_SECONDS:
                return
            sitting = self._report(sitting, player)
            time.sleep(min(1.0, max(0.02, (player.position - sitting.credited_ms) / 1000)))

    def _wait_for_beat(self, sitting: Sitting, player: Player) -> None:
        wait = sitting.next_beat_ms / 1000
        if self.habits.beat_seconds:
            wait = self.habits.beat_seconds * self.dice.uniform(0.8, 1.2)
        left = (player.duration_ms - player.position) / 1000
        beat_at = time.monotonic() + min(wait, left + 0.05)
        while not self.is_over() and time.monotonic() < beat_at:
            self.rest(min(beat_at, self.answer_at if self.asked else beat_at) - time.monotonic())
            self._answer_when_ready()

    def _happen(self, sitting: Sitting, player: Player) -> Sitting:
        """What comes between: the line stalls, the phone kills the app, she goes on with another phone."""
        if not self.events or time.monotonic() < self.events[0][0]:
            return sitting
        kind = self.events.pop(0)[1]
        if kind == "stall":
            self.line.stall(self.habits.stall_seconds)
            return sitting
        player.pause()
        self.rest(self.habits.kill_seconds)
        sitting = self._mend(sitting, player, is_other_phone=kind == "takeover")
        player.play()
        return sitting

    def _report(self, sitting: Sitting, player: Player) -> Sitting:
        """One heartbeat; where no answer came, a new session and the gap uploaded."""
        a, b = sitting.credited_ms, player.position
        try:
            answer = self.line.ask(lambda: sitting.beat(a, b))
        except Lost:
            time.sleep(self.habits.retry_seconds)
            return self._mend(sitting, player)
        if not answer.is_good:
            return self._mend(sitting, player)
        self.online_ms += sitting.credited_ms - a
        self._hear(answer)
        return sitting

    def _mend(self, old: Sitting, player: Player, *, is_other_phone: bool = False) -> Sitting:
        """Opens anew, and tells what was played since the last answer as a chain bound to that answer."""
        client = self.person.another_phone() if is_other_phone else old.client
        fresh, key = Sitting(self.person, old.lesson, client), self.person.key()
        if not self._insist(lambda: fresh.open(key)).is_good:
            return fresh
        self.online_ms += max(0, fresh.credited_ms - old.credited_ms)  # of a report whose answer was lost
        if not old.nonces:
            return fresh
        position, reached_at = player.where()
        mono = int((reached_at - old.heard_at[old.seq]) * 1000)
        for body in old.batches(cut(old.lesson.lesson, fresh.credited_ms, position, mono)):
            answer = self._upload(body)
            if answer.is_good:
                fresh.credited_ms = answer.body["credited_total_ms"]
        return fresh

    def _upload(self, body: dict[str, Any]) -> Answer:
        for part in body["parts"]:
            self.person.claim(part["b"] - part["a"])
        answer = self._insist(lambda: self.person.post("batches", body))
        self.uploads_failed += not answer.is_good
        self._hear(answer)
        return answer

    def _insist(self, request: Callable[[], Answer]) -> Answer:
        """Asks again and again, later and later, until there is an answer."""
        wait = self.habits.retry_seconds
        while time.monotonic() < self.until + PATIENCE_SECONDS:
            try:
                return self.line.ask(request)
            except Lost:
                time.sleep(wait)
                wait = min(wait * 2, 8.0)
        return Answer(0)

    def _hear(self, answer: Answer) -> None:
        """A question takes her some seconds to read."""
        check = answer.body.get("challenge")
        if check and check["id"] not in self.done and self.asked is None:
            self.asked, self.answer_at = check, time.monotonic() + self.dice.uniform(*self.habits.think_seconds)

    def _answer_when_ready(self) -> None:
        if self.asked is None or time.monotonic() < self.answer_at:
            return
        check, self.asked = self.asked, None
        self.done.add(check["id"])
        is_busy = check["kind"] == "study" and self.dice.random() < BUSY
        option = self.person.right_option(check)
        answer: dict[str, Any] = {"busy": True} if is_busy or option is None else {"option": option}
        self._insist(lambda: self.answer_check(check["id"], answer))

    def _make_up(self) -> None:
        """Confirms at the end what no check has confirmed yet, as the page of her study time offers."""
        for enrollment in sorted({lesson.enrollment for lesson in self.person.lessons}):
            for _ in range(LAST_TRIES):
                self._finish_open_check()
                body = {"enrollment": enrollment}
                answer = self._insist(lambda body=body: self.person.post("challenges", body))  # type: ignore[misc]
                if not answer.is_good:
                    break
                self.asked, self.answer_at = answer.body, time.monotonic() + min(self.habits.think_seconds)

    def _finish_open_check(self) -> None:
        if self.asked is not None:
            time.sleep(max(0.0, self.answer_at - time.monotonic()))
            self._answer_when_ready()


class Honest(Student):
    """With the gap upload: a lost report, a stall, a killed app and a change of phones cost nothing."""

    name = "honest"


class Plain(Student):
    """A phone that knows no gap upload: it only sends the same report again until it is answered.

    Its reports begin where the last one ended, whatever that one earned.
    """

    name = "honest_plain"
    told_ms = 0

    def _events(self) -> list[tuple[float, str]]:
        return []

    def _study(self, lesson: Lesson) -> None:
        self.told_ms = 0
        super()._study(lesson)

    def _tell_the_rest(self, sitting: Sitting, player: Player) -> None:
        self._report(sitting, player)

    def _report(self, sitting: Sitting, player: Player) -> Sitting:
        report, before = sitting.report(self.told_ms, player.position), sitting.credited_ms
        self.person.claim(report["b"] - report["a"])
        answer = self._insist(lambda: sitting.send(report))
        if answer.is_good:
            self.told_ms = report["b"]
            self.online_ms += sitting.credited_ms - before
            self._hear(answer)
            return sitting
        fresh, key = Sitting(self.person, sitting.lesson), self.person.key()
        self._insist(lambda: fresh.open(key))
        return fresh
