"""An honest learner without a line: a pass, lessons on the bus, one chain uploaded in the end."""

import time

from lms.simulator.chain import Played, cut
from lms.simulator.learners.honest import Student
from lms.simulator.person import Lesson
from lms.simulator.player import Player
from lms.simulator.sitting import uploads

PARTS_AN_UPLOAD = 3

MOST_DOWNLOADED = 8
"""Lessons a phone takes along for a night shift."""


class Offline(Student):
    """Downloads lessons, studies them out of reach, uploads the chain in pieces, in any order, some of them twice."""

    name = "honest_offline"

    def run(self) -> None:
        """Leaves the line with a pass and comes back at the end of the time."""
        wanted = [lesson for lesson in self.person.lessons if lesson.is_untouched]
        enrollment = wanted[0].enrollment if wanted else ""
        lessons = [lesson for lesson in wanted if lesson.enrollment == enrollment][:MOST_DOWNLOADED]
        for lesson in lessons:
            self.person.download(lesson)
        key = self.person.key()
        body = {"enrollment": enrollment, "lessons": [lesson.lesson for lesson in lessons]}
        given = self._insist(lambda: self.person.post("passes", body, key))
        if not given.is_good:
            self.uploads_failed += 1
            return
        began = time.monotonic()
        parts = [part for lesson in lessons for part in self._play(lesson, began)]
        self._tell({"pass": given.body["pass"]}, given.body["seed"], parts)
        self._make_up()

    def _play(self, lesson: Lesson, began: float) -> list[Played]:
        if self.is_over():
            return []
        self.person.learn(lesson)
        player = Player(lesson.duration_ms)
        player.play()
        self.rest(lesson.duration_ms / 1000)
        player.pause()
        position, reached_at = player.where()
        self.played_ms += position
        return cut(lesson.lesson, 0, position, int((reached_at - began) * 1000))

    def _tell(self, source: dict[str, str], seed: str, parts: list[Played]) -> None:
        bodies = uploads(dict(source), seed, parts, PARTS_AN_UPLOAD)
        again = self.dice.sample(bodies, len(bodies) // 2)
        self.dice.shuffle(bodies)
        for body in [*bodies, *again]:
            self._upload(body)
