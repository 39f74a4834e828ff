"""A thief of study: what was honestly reported once is sent again, elsewhere and by somebody else (I6)."""

from typing import Any

from lms.simulator.chain import cut
from lms.simulator.learners.online_cheats import Cheat
from lms.simulator.person import Lesson
from lms.simulator.sitting import Sitting


class Replay(Cheat):
    """Plays a little, then replays her own and another person's reports into other sessions, lessons and accounts."""

    name = "replay"
    needs_other = True

    def cheat(self, lesson: Lesson) -> None:
        victim = Sitting(self.other, self.other.lessons[0])
        victim.open()
        mine = self.opened(lesson)
        self.wait()
        step = min(self.habits.interval_ms, lesson.duration_ms, victim.lesson.duration_ms)
        stolen, own = victim.report(0, step), mine.report(0, step)
        victim.send(stolen)
        mine.send(own)
        self.person.claim(step)
        self._replay([stolen, own], mine)
        self._replay_chains(mine, victim)
        following = self.person.lessons[(self.person.lessons.index(lesson) + 1) % len(self.person.lessons)]
        elsewhere = self.opened(following)
        self._replay([stolen, own], elsewhere)

    def _replay(self, reports: list[dict[str, Any]], into: Sitting) -> None:
        """As it was, under the numbers of another session, and with the nonce of the old one."""
        for report in reports:
            for changed in ({}, {"session": into.session}, {"session": into.session, "seq": into.seq + 1}):
                self.person.claim(report["b"] - report["a"])
                self.person.post("heartbeats", report | changed)

    def _replay_chains(self, mine: Sitting, victim: Sitting) -> None:
        """A chain of her own into the victim's session, and the victim's into hers."""
        parts = cut(mine.lesson.lesson, 0, mine.lesson.duration_ms, mine.lesson.duration_ms)
        for body in [*victim.batches(parts), *mine.batches(parts)]:
            self.parts_uploaded([body, body, body | {"session": victim.session}])
