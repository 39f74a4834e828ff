"""Study reported afterwards: hash chains of parts, placed on wall time the server knows to have been free.

study-time.md, Gaps and offline. What a phone says of its own clock can only move or shrink credit inside
the window; how the parts were cut into uploads, and in which order these came, cannot matter.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lms.domain.days import Calendar
from lms.domain.errors import Conflict, Refused
from lms.domain.spans import Span, gaps
from lms.domain.study import Allowance, Credit, Segment, StudyVerdict, settle, split

GAP_RULE, OFFLINE_RULE = "gap-1", "offline-1"
LONGEST_GAP_MS = 600_000
LONGEST_PASS_MS = 72 * 3_600_000
LONGEST_PART_MS = 60_000
MOST_PARTS = 20_000
MOST_PARTS_AN_UPLOAD = 100


@dataclass(frozen=True)
class Part:
    """“I played [from, to) while my own counter went from mono_from to mono_to.” All in ms."""

    number: int
    lesson: str
    from_ms: int
    to_ms: int
    mono_from_ms: int
    mono_to_ms: int
    leaf: str


@dataclass(frozen=True)
class Window:
    """Where a chain may lie on the study clock: `anchor_ms` is its own zero, (from_ms, to_ms] its limits."""

    anchor_ms: int
    from_ms: int
    to_ms: int


def seed_hash(seed: str) -> str:
    """What the first part is bound to."""
    return hashlib.sha256(seed.encode()).hexdigest()


def leaf_after(previous: str, part: Part) -> str:
    """The hash a part must have when it follows the one with hash `previous`."""
    told = (part.number, part.lesson, part.from_ms, part.to_ms, part.mono_from_ms, part.mono_to_ms)
    return hashlib.sha256(":".join((previous, *map(str, told))).encode()).hexdigest()


def check_part(part: Part, duration_ms: int) -> None:
    """Refuses a part that cannot be a stretch of this lesson."""
    if not 0 <= part.from_ms < part.to_ms <= duration_ms or part.to_ms - part.from_ms > LONGEST_PART_MS:
        raise Refused("range_outside_lesson", duration_ms=duration_ms)
    if not 0 <= part.mono_from_ms <= part.mono_to_ms:
        raise Refused("part_time_backwards")


def linked(settled: int, leaf: str, parts: Iterable[Part], *, count: int, head: str) -> tuple[Part, ...]:
    """The parts that follow the `settled` ones without a hole, each bound to the one before.

    Conflict("chain_forked") where a part, or the last one, is not what the head promised.
    """
    known = {part.number: part for part in parts}
    found: list[Part] = []
    while (part := known.get(settled + len(found) + 1)) is not None:
        if part.leaf != leaf_after(leaf, part) or (part.number == count and part.leaf != head):
            raise Conflict("chain_forked")
        found.append(part)
        leaf = part.leaf
    return tuple(found)


def place(part: Part, window: Window, used: Sequence[Span], calendar: Calendar, *, is_gap: bool) -> tuple[Segment, ...]:
    """The part's content on free wall time of this person, one second for one second.

    It takes the first free time from where the phone says it was; in a gap, whose few minutes are one stretch,
    also what is free before: a heartbeat that came through late may sit where the part was.
    """
    start = max(window.from_ms, window.anchor_ms + part.mono_from_ms)
    content = min(part.to_ms - part.from_ms, part.mono_to_ms - part.mono_from_ms, window.to_ms - start)
    free = [*_free(start, window.to_ms, used), *(_free(window.from_ms, start, used) if is_gap else ())]
    taken: list[Span] = []
    for wall_from, wall_to in free:
        if content > 0:
            taken.append((wall_from, min(wall_to, wall_from + content)))
            content -= wall_to - wall_from
    pieces: list[Segment] = []
    at = part.from_ms
    for wall_from, wall_to in sorted(taken):
        until = at + wall_to - wall_from
        pieces += split(at, until, wall_from, wall_to, calendar)
        at = until
    return tuple(pieces)


def _free(start: int, end: int, used: Sequence[Span]) -> tuple[Span, ...]:
    if end <= start:
        return ()
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in used if b > start and a < end]
    return tuple((a + start, b + start) for a, b in gaps(inside, end - start))


def credit(
    part: Part,
    window: Window,
    used: Sequence[Span],
    covered: Iterable[Span],
    calendar: Calendar,
    allowance: Allowance,
    *,
    is_gap: bool,
) -> Credit:
    """What one part earns; `used` must hold the wall time of the parts before it.

    `high_water_ms` of the result is the end of the wall time it took, or 0.
    """
    pieces = place(part, window, used, calendar, is_gap=is_gap)
    start = max(window.from_ms, window.anchor_ms + part.mono_from_ms)
    settled = settle(
        (part.from_ms, part.to_ms),
        pieces,
        covered,
        allowance,
        today=calendar.day_of(min(start, window.to_ms)),
        short=_why_short(part, window, start, is_gap=is_gap),
        capped=StudyVerdict.DAILY_CAP if is_gap else StudyVerdict.OFFLINE_DAILY_CAP,
    )
    reached = pieces[-1].wall_to_ms if pieces else 0
    return Credit(settled.verdict, settled.intervals, settled.gained_ms, settled.covered, reached)


def _why_short(part: Part, window: Window, start: int, *, is_gap: bool) -> StudyVerdict:
    if part.mono_to_ms == part.mono_from_ms:
        return StudyVerdict.FASTER_THAN_CLOCK
    if is_gap and start >= window.anchor_ms + LONGEST_GAP_MS:
        return StudyVerdict.GAP_TOO_LONG
    return StudyVerdict.OUTSIDE_WINDOW if start >= window.to_ms else StudyVerdict.WALL_TIME_USED
