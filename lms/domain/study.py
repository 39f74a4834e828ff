"""Heartbeats become credited study time (study-time.md, Online). The server's clock is the only clock.

A credited second is one second of content paired with one second of the study clock S; each is used
once per person. Credit is the measure of a union of intervals, so order and repetition cannot matter.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from lms.domain.days import Calendar
from lms.domain.errors import Conflict, Refused
from lms.domain.spans import Span, measure, union

RULE = "online-2"  # 2: an interval over midnight is split there, and a daily cap may apply
HORIZON_MS = 45_000  # H: how far back one heartbeat may reach
BEAT_MS = 20_000
BEAT_JITTER_MS = 4_000
MOST_REFUSALS_KEPT = 20  # a session: enough to tell what happened, too few to fill a disk


class EvidenceClass(StrEnum):
    """How study was evidenced (study-time.md, Terms); a policy says which classes it pays."""

    ONLINE = "online"
    GAP = "gap"
    OFFLINE = "offline"
    ATTENDED = "attended"
    IMPORTED = "imported"


class StudyVerdict(StrEnum):
    """What became of a reported interval; each is told to the learner in words."""

    CREDITED = "credited"
    CREDITED_IN_PART = "credited_in_part"
    ALREADY_CREDITED = "already_credited"
    FASTER_THAN_CLOCK = "faster_than_clock"
    NOTHING_PLAYED = "nothing_played"
    DAILY_CAP = "daily_cap"
    OFFLINE_DAILY_CAP = "offline_daily_cap"
    GAP_TOO_LONG = "gap_too_long"
    OUTSIDE_WINDOW = "outside_window"
    WALL_TIME_USED = "wall_time_used"
    LEASE_LOST = "lease_lost"
    SEQ_GAP = "seq_gap"
    NONCE_MISMATCH = "nonce_mismatch"
    RANGE_OUTSIDE_LESSON = "range_outside_lesson"
    COHORT_NOT_OPEN = "cohort_not_open"
    COHORT_CLOSED = "cohort_closed"


REFUSALS = frozenset(
    {
        StudyVerdict.LEASE_LOST,
        StudyVerdict.SEQ_GAP,
        StudyVerdict.NONCE_MISMATCH,
        StudyVerdict.RANGE_OUTSIDE_LESSON,
        StudyVerdict.COHORT_NOT_OPEN,
        StudyVerdict.COHORT_CLOSED,
    }
)


@dataclass(frozen=True)
class Lease:
    """A person's single lease: its epoch, and how far her wall time is used up."""

    epoch: int
    high_water_ms: int


@dataclass(frozen=True)
class OpenSession:
    """What the server knows of the study session a heartbeat names."""

    epoch: int
    last_seq: int
    nonce: str
    duration_ms: int


@dataclass(frozen=True)
class Heartbeat:
    """“I played [from, to) since your last answer.” A claim about content, never about time."""

    seq: int
    nonce: str
    from_ms: int
    to_ms: int


@dataclass(frozen=True)
class Segment:
    """Content [from, to) paired with the wall range (wall_from, wall_to], all of it on one civil day."""

    from_ms: int
    to_ms: int
    wall_from_ms: int
    wall_to_ms: int
    day: date


@dataclass(frozen=True)
class Interval:
    """What was reported for one civil day, [from, to), the verdict on it, and the segments it earned."""

    part: int
    from_ms: int
    to_ms: int
    day: date
    verdict: StudyVerdict
    credited_ms: int
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True)
class Credit:
    """The outcome of an accepted report: the verdict as a whole, and for each civil day of its own."""

    verdict: StudyVerdict
    intervals: tuple[Interval, ...]
    gained_ms: int
    covered: tuple[Span, ...]
    high_water_ms: int


Allowance = Mapping[date, int]
"""How much may still be credited on a civil day, in ms; a day that is not in it has no cap."""


def open_lease(lease: Lease, now_ms: int) -> Lease:
    """Takes the lease: a new epoch, and wall time before now is out of reach."""
    return Lease(lease.epoch + 1, max(lease.high_water_ms, now_ms))


def check(session: OpenSession, lease: Lease, beat: Heartbeat) -> None:
    """Refuses a heartbeat that is not the next one of the session holding the lease."""
    if session.epoch != lease.epoch:
        raise Conflict("lease_lost")
    if beat.seq != session.last_seq + 1:
        raise Conflict("seq_gap", expected=session.last_seq + 1)
    if beat.nonce != session.nonce:
        raise Conflict("nonce_mismatch")
    if not 0 <= beat.from_ms <= beat.to_ms <= session.duration_ms:
        raise Refused("range_outside_lesson", duration_ms=session.duration_ms)


def credit(
    lease: Lease,
    beat: Heartbeat,
    now_ms: int,
    covered: Iterable[Span],
    calendar: Calendar,
    allowance: Allowance,
) -> Credit:
    """What a checked heartbeat earns at study clock `now_ms`, given what is covered already.

    Where less was played than time passed, it counts as played last; the rest of the time is used up all the same.
    """
    wall_from = max(lease.high_water_ms, now_ms - HORIZON_MS)
    wall_to = max(now_ms, lease.high_water_ms)
    played = min(beat.to_ms - beat.from_ms, wall_to - wall_from)
    pieces = split(beat.from_ms, beat.from_ms + played, wall_to - played, wall_to, calendar)
    settled = settle(
        (beat.from_ms, beat.to_ms),
        pieces,
        covered,
        allowance,
        today=calendar.day_of(now_ms),
        short=StudyVerdict.FASTER_THAN_CLOCK,
        capped=StudyVerdict.DAILY_CAP,
    )
    return replace(settled, high_water_ms=wall_to)


def split(from_ms: int, to_ms: int, wall_from: int, wall_to: int, calendar: Calendar) -> tuple[Segment, ...]:
    """Content [from, to) over (wall_from, wall_to] as one segment a civil day.

    Where less was studied than time passed, as in a class with its breaks, content ends with the wall range.
    """
    pieces = []
    for until in (*calendar.midnights(wall_from, wall_to), wall_to):
        reached = to_ms - (wall_to - until)
        if reached > from_ms:
            pieces.append(Segment(from_ms, reached, wall_from, until, calendar.day_of(wall_from)))
            from_ms = reached
        wall_from = until
    return tuple(pieces)


def settle(
    claimed: Span,
    pieces: Sequence[Segment],
    covered: Iterable[Span],
    allowance: Allowance,
    *,
    today: date,
    short: StudyVerdict,
    capped: StudyVerdict,
) -> Credit:
    """The verdict on a claimed range of content that was paired with wall time in `pieces`, in order.

    `short` says why what found no wall time was not credited, `capped` why what was over a cap was not.
    """
    reached = union(covered)
    left = dict(allowance)
    intervals: list[Interval] = []
    days = sorted({piece.day for piece in pieces}) or [today]
    for part, day in enumerate(days):
        mine = [piece for piece in pieces if piece.day == day]
        start = claimed[0] if part == 0 else mine[0].from_ms
        end = claimed[1] if part == len(days) - 1 else next(p.from_ms for p in pieces if p.day > day)
        kept = _within(mine, reached, left)
        after = union([*reached, *((piece.from_ms, piece.to_ms) for piece in kept)])
        gained = measure(after) - measure(reached)
        reached = after
        why = short if kept == mine else capped
        verdict = _verdict(end - start, kept, gained, why)
        intervals.append(Interval(part, start, end, day, verdict, gained, tuple(kept)))
    told = _together([each.verdict for each in intervals])
    shown = () if told is StudyVerdict.NOTHING_PLAYED else tuple(intervals)
    return Credit(told, shown, sum(each.credited_ms for each in intervals), reached, 0)


def _within(pieces: Sequence[Segment], covered: tuple[Span, ...], left: dict[date, int]) -> list[Segment]:
    """The pieces, cut off where what they add would exceed what is left of the day."""
    kept: list[Segment] = []
    for piece in pieces:
        room = left.get(piece.day)
        if room is None:
            kept.append(piece)
            continue
        end = _end_within(piece, covered, room)
        left[piece.day] = room - (measure([*covered, (piece.from_ms, end)]) - measure(covered))
        covered = union([*covered, (piece.from_ms, end)])
        if end > piece.from_ms:
            kept.append(replace(piece, to_ms=end))
    return kept


def _end_within(piece: Segment, covered: tuple[Span, ...], room: int) -> int:
    """How far into the piece one comes before it has added `room` ms to what is covered."""
    if room <= 0:
        return piece.from_ms
    at = piece.from_ms
    for start, end in (*covered, (piece.to_ms, piece.to_ms)):
        if end <= at:
            continue
        fresh = min(start, piece.to_ms) - at
        if fresh > room:
            return at + room
        room -= max(0, fresh)
        at = min(max(at, end), piece.to_ms)
    return piece.to_ms


def _verdict(claimed: int, kept: Sequence[Segment], gained: int, why: StudyVerdict) -> StudyVerdict:
    if claimed == 0:
        return StudyVerdict.NOTHING_PLAYED
    if not kept:
        return why
    if gained == 0:
        return StudyVerdict.ALREADY_CREDITED
    return StudyVerdict.CREDITED if gained == claimed else StudyVerdict.CREDITED_IN_PART


def _together(verdicts: Sequence[StudyVerdict]) -> StudyVerdict:
    return verdicts[0] if len(set(verdicts)) == 1 else StudyVerdict.CREDITED_IN_PART


def refused(beat_range: Span, code: str, today: date) -> Interval:
    """The interval of a report that was refused as a whole."""
    return Interval(0, beat_range[0], beat_range[1], today, StudyVerdict(code), 0)


def first_beat_ms(draw: float) -> int:
    """When a session's first heartbeat is due: soon, so that she sees her time being counted."""
    return next_beat_ms(draw) // 4


def next_beat_ms(draw: float) -> int:
    """When the next heartbeat is due, from a draw in [0, 1): 20 s ± 4 s, so that servers breathe."""
    return BEAT_MS - BEAT_JITTER_MS + math.floor(2 * BEAT_JITTER_MS * draw)
