"""Where a lesson loses its learners: what was played, played again, left and missed, per ten seconds of it.

All numbers are of persons, and of groups of them: where fewer than FEWEST got to, nothing is told of them. Within a
larger group a number may be small: that two of twenty stopped somewhere is what a trainer wants to know.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import median_low

from lms.domain.spans import Span, union

BUCKET_MS = 10_000
FEWEST = 5  # our own choice: a trainer looks at her course, and must not be able to pick out a learner
PAUSE_MS = 300_000  # who opens the lesson anew within five minutes had not stopped
PEAKS = 3


@dataclass(frozen=True, slots=True)
class Play:
    """[from, to) of a lesson as a person reported it, with what it earned; all times in ms.

    `source`: the study session or pass it came by; `at_ms`: when, on the study clock. An empty range is credit from
    elsewhere, such as a class: nothing was played, but it counts towards the end of the lesson.
    """

    source: Hashable
    from_ms: int
    to_ms: int
    at_ms: int
    credited_ms: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """A presence check asked after the play before it; `failed`: wrong, late or not answered."""

    failed: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """What one person left in a lesson: how many buckets she got to, and the numbers of those where something was."""

    reached: int = 0
    covered: frozenset[int] = frozenset()
    again: frozenset[int] = frozenset()
    stopped: frozenset[int] = frozenset()
    asked: frozenset[int] = frozenset()
    failed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many persons got to a bucket or beyond, played at least half of it, played half of it once more,
    stopped in it, were asked there whether they are present, and failed to say so."""

    reached: int
    covered: int
    again: int
    stopped: int
    asked: int
    failed: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """Ten seconds of a lesson, the last perhaps fewer; `counts` is None where they are withheld."""

    from_ms: int
    to_ms: int
    counts: Counts | None


@dataclass(frozen=True, slots=True)
class Strip:
    """A whole lesson in buckets; `persons`: how many played any of it."""

    persons: int
    buckets: tuple[Bucket, ...]

    def most(self, name: str) -> int:
        """The largest of one kind of count over all buckets."""
        return max((getattr(each.counts, name) for each in self.buckets if each.counts), default=0)

    def peaks(self, name: str) -> tuple[Bucket, ...]:
        """The buckets in which one kind of count is largest, two persons at least; of equals the earlier."""
        found = [each for each in self.buckets if each.counts and getattr(each.counts, name) > 1]
        return tuple(sorted(found, key=lambda each: (-getattr(each.counts, name), each.from_ms))[:PEAKS])


def trace(events: Sequence[Play | Check], length_ms: int, required_ms: int, now_ms: int) -> Trace:
    """What one person's events in a lesson, in their order, say of its buckets.

    She stopped where the last play of a sitting ended, unless the lesson was finished by then: `required_ms`
    credited, or that far into it. A sitting ends when more than PAUSE_MS pass before she studies by another session.
    """
    plays = [each for each in events if isinstance(each, Play) and each.from_ms < min(each.to_ms, length_ms)]
    spans = [(each.from_ms, min(each.to_ms, length_ms)) for each in plays]
    seen = union(spans)
    played, covered = spread(spans, length_ms), spread(seen, length_ms)
    halves = [-(-(end - start) // 2) for start, end in bounds(length_ms)]
    whole = frozenset(number for number, half in enumerate(halves) if covered[number] >= half)
    asked, failed = _checks(events, length_ms)
    return Trace(
        reached=_bucket(seen[-1][1], length_ms) + 1 if seen else 0,
        covered=whole,
        again=frozenset(number for number in whole if played[number] - covered[number] >= halves[number]),
        stopped=_stops(events, length_ms, required_ms, now_ms),
        asked=asked,
        failed=failed,
    )


def bounds(length_ms: int) -> list[Span]:
    """Where the buckets of a lesson begin and end."""
    return list(pairwise([*range(0, length_ms, BUCKET_MS), length_ms]))


def spread(spans: Iterable[Span], length_ms: int) -> list[int]:
    """How many ms of `spans`, each within the lesson, lie in each bucket; what lies twice counts twice."""
    found = [0] * -(-length_ms // BUCKET_MS)
    for start, end in spans:
        while start < end:
            number = start // BUCKET_MS
            until = min(end, (number + 1) * BUCKET_MS)
            found[number] += until - start
            start = until
    return found


def _bucket(end_ms: int, length_ms: int) -> int:
    """The number of the bucket in which a play that ended here was last."""
    return (min(end_ms, length_ms) - 1) // BUCKET_MS


def _checks(events: Sequence[Play | Check], length_ms: int) -> tuple[frozenset[int], frozenset[int]]:
    """Where checks were asked, and where they were failed; one before anything was played has no place."""
    asked, failed, place = set(), set(), None
    for each in events:
        if isinstance(each, Play):
            place = _bucket(each.to_ms, length_ms) if each.from_ms < min(each.to_ms, length_ms) else place
        elif place is not None:
            asked.add(place)
            failed |= {place} if each.failed else set()
    return frozenset(asked), frozenset(failed)


def _stops(events: Sequence[Play | Check], length_ms: int, required_ms: int, now_ms: int) -> frozenset[int]:
    stopped: set[int] = set()
    last: Play | None = None
    credited_ms = 0
    for each in events:
        if not isinstance(each, Play):
            continue
        if each.from_ms < min(each.to_ms, length_ms):
            if last and each.source != last.source and each.at_ms - last.at_ms > PAUSE_MS:
                stopped |= _stop(last, credited_ms, length_ms, required_ms)
            last = each
        credited_ms += each.credited_ms
    if last and now_ms - last.at_ms > PAUSE_MS:
        stopped |= _stop(last, credited_ms, length_ms, required_ms)
    return frozenset(stopped)


def _stop(last: Play, credited_ms: int, length_ms: int, required_ms: int) -> set[int]:
    finished = credited_ms >= required_ms or last.to_ms >= required_ms
    return set() if finished else {_bucket(last.to_ms, length_ms)}


def strip(traces: Iterable[Trace], length_ms: int) -> Strip:
    """A lesson's buckets over all persons who played any of it, taken one by one; nothing is withheld yet."""
    whole = bounds(length_ms)
    ends = [0] * (len(whole) + 1)  # how many persons got just so far
    tallies = {name: [0] * len(whole) for name in ("covered", "again", "stopped", "asked", "failed")}
    persons = 0
    for each in traces:
        persons += each.reached > 0
        ends[each.reached] += 1
        for name, tally in tallies.items():
            for number in getattr(each, name):
                tally[number] += 1
    reached = list(accumulate(reversed(ends[1:])))[::-1]
    rows = zip(whole, reached, *tallies.values(), strict=True)
    return Strip(persons, tuple(Bucket(start, end, Counts(*counts)) for (start, end), *counts in rows))


def withhold(found: Strip) -> Strip | None:
    """What may be shown: None where fewer than FEWEST studied the lesson, no counts where so few got there."""
    if found.persons < FEWEST:
        return None
    return Strip(found.persons, tuple(each if _is_shown(each) else _blank(each) for each in found.buckets))


def _is_shown(bucket: Bucket) -> bool:
    return bucket.counts is None or not 0 < bucket.counts.reached < FEWEST


def _blank(bucket: Bucket) -> Bucket:
    return Bucket(bucket.from_ms, bucket.to_ms, None)


@dataclass(frozen=True, slots=True)
class Spent:
    """What one person spent on a lesson: credited ms, ms from opening it first to her last answer (None if unknown)."""

    credited_ms: int
    elapsed_ms: int | None
    is_finished: bool


@dataclass(frozen=True, slots=True)
class Times:
    """What persons spent on a lesson, the one in the middle (of an even number the lower)."""

    persons: int
    finished: int
    credited_ms: int
    elapsed_ms: int | None


def times(spent: Iterable[Spent]) -> Times | None:
    """The medians of those who studied a lesson at all; None for fewer than FEWEST, whose numbers are withheld."""
    known = [each for each in spent if each.credited_ms > 0]
    if len(known) < FEWEST:
        return None
    elapsed = [each.elapsed_ms for each in known if each.elapsed_ms is not None]
    return Times(
        persons=len(known),
        finished=sum(each.is_finished for each in known),
        credited_ms=median_low(each.credited_ms for each in known),
        elapsed_ms=median_low(elapsed) if len(elapsed) >= FEWEST else None,
    )
