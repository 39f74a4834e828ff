"""Cheats with what is reported afterwards: invented gaps, lying clocks, one time told twice."""

from lms.simulator.chain import PART_MS, Played, cut
from lms.simulator.learners.online_cheats import Cheat
from lms.simulator.person import Lesson
from lms.simulator.sitting import Sitting, uploads

TEN_MINUTES_MS, THREE_DAYS_MS = 600_000, 3 * 86_400_000
MOST_MS = 2**31 - 1


def steps(lesson: Lesson) -> list[tuple[int, int]]:
    """The whole lesson in ranges of twenty seconds."""
    return [(a, min(lesson.duration_ms, a + PART_MS)) for a in range(0, lesson.duration_ms, PART_MS)]


class GapInflater(Cheat):
    """Tells of ten minutes without a line after every answer, also of time that is credited already."""

    name = "gap_inflater"

    def cheat(self, lesson: Lesson) -> None:
        sitting = self.opened(lesson)
        for a in range(0, 3 * self.habits.interval_ms, self.habits.interval_ms):
            self.wait()
            sitting.beat(a, min(lesson.duration_ms, a + self.habits.interval_ms))
        self.wait(0.5)
        self._inflate(sitting, lesson)
        again = self.opened(lesson)
        self.wait(0.5)
        self._inflate(sitting, lesson)
        self._inflate(again, lesson)

    def _inflate(self, sitting: Sitting, lesson: Lesson) -> None:
        for after in list(sitting.nonces):
            parts = cut(lesson.lesson, 0, lesson.duration_ms, TEN_MINUTES_MS)
            self.parts_uploaded(sitting.batches(parts, after))


class ClockChanges(Cheat):
    """Counters that run backwards, stand still, jump ahead by days, or lie far in the past."""

    name = "clock_changes"

    turn = 0

    def cheat(self, lesson: Lesson) -> None:
        lies = self._lies(lesson)
        told = lies[self.turn % len(lies)]
        self.turn += 1
        sitting = self.opened(lesson)
        self.wait(0.25)
        self.parts_uploaded(sitting.batches(told))
        sitting.beat(0, lesson.duration_ms, advisory={"rate": 1.0, "visible": False, "muted": True})
        given = self.person.post("passes", {"enrollment": lesson.enrollment, "lessons": [lesson.lesson]})
        self.wait(0.25)
        if given.is_good:
            self.parts_uploaded(uploads({"pass": given.body["pass"]}, given.body["seed"], told))

    def _lies(self, lesson: Lesson) -> list[list[Played]]:
        name, ranges = lesson.lesson, steps(lesson)
        return [
            [Played(name, a, b, a, b) for a, b in ranges],  # the future
            [Played(name, a, b, a - TEN_MINUTES_MS, b - TEN_MINUTES_MS) for a, b in ranges],
            [Played(name, a, b, b, a) for a, b in ranges],  # backwards
            [Played(name, a, b, 0, MOST_MS) for a, b in ranges],  # always
            [Played(name, a, b, 0, b - a) for a, b in ranges],  # all at once
            [Played(name, a, b, 0, 0) for a, b in ranges],  # stands still
            [Played(name, a, b, THREE_DAYS_MS, THREE_DAYS_MS + b - a) for a, b in ranges],
            [Played(name, 0, lesson.duration_ms, 0, lesson.duration_ms)],  # one part for everything
            [Played(name, a, b, -1, 2**40) for a, b in ranges],
        ]


class OfflineDouble(Cheat):
    """Studies online while a pass says it studied offline; two passes, and a second story for the first."""

    name = "offline_double"

    def cheat(self, lesson: Lesson) -> None:
        mine = [each for each in self.person.lessons if each.enrollment == lesson.enrollment]
        first = self._pass(mine)
        online = self.opened(lesson)
        for a in range(0, 2 * self.habits.interval_ms, self.habits.interval_ms):
            self.wait(0.5)
            online.beat(a, min(lesson.duration_ms, a + self.habits.interval_ms))
        second = self._pass(mine)
        self.wait(0.5)
        for given in (first, second, first):
            for place, each in enumerate(mine[-2:]):
                if given:
                    parts = cut(each.lesson, 0, each.duration_ms, (place + 1) * each.duration_ms)
                    self.parts_uploaded(uploads({"pass": given[0]}, given[1], parts))
        parts = cut(lesson.lesson, 0, lesson.duration_ms, lesson.duration_ms)
        self.parts_uploaded(online.batches(parts, 0))

    def _pass(self, lessons: list[Lesson]) -> tuple[str, str] | None:
        body = {"enrollment": lessons[0].enrollment, "lessons": [each.lesson for each in lessons]}
        given = self.person.post("passes", body)
        return (given.body["pass"], given.body["seed"]) if given.is_good else None
