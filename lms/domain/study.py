"""Heartbeats become credited study time (study-time.md, Online). The server's clock is the only clock.

A credited second is one second of content paired with one second of the study clock S; each is used
once per person. Credit is the measure of a union of intervals, so order and repetition cannot matter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from lms.domain.errors import Conflict, Refused
from lms.domain.spans import Span, measure, union

RULE = "online-1"
HORIZON_MS = 45_000  # H: how far back one heartbeat may reach
BEAT_MS = 20_000
BEAT_JITTER_MS = 4_000


class StudyVerdict(StrEnum):
    """What became of a reported interval; each is told to the learner in words."""

    CREDITED = "credited"
    CREDITED_IN_PART = "credited_in_part"
    ALREADY_CREDITED = "already_credited"
    FASTER_THAN_CLOCK = "faster_than_clock"
    NOTHING_PLAYED = "nothing_played"


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
    """Content [from, to) paired with the wall range (wall_from, wall_to]."""

    from_ms: int
    to_ms: int
    wall_from_ms: int
    wall_to_ms: int


@dataclass(frozen=True)
class Credit:
    """The outcome of an accepted heartbeat. `segment` is None where there is nothing to credit."""

    verdict: StudyVerdict
    segment: Segment | None
    gained_ms: int
    covered: tuple[Span, ...]
    high_water_ms: int


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


def credit(lease: Lease, beat: Heartbeat, now_ms: int, covered: Iterable[Span]) -> Credit:
    """What a checked heartbeat earns at study clock `now_ms`, given what is covered already."""
    before = union(covered)
    wall_from = max(lease.high_water_ms, now_ms - HORIZON_MS)
    wall_to = max(now_ms, lease.high_water_ms)
    to_ms = min(beat.to_ms, beat.from_ms + wall_to - wall_from)
    after = union([*before, (beat.from_ms, to_ms)])
    gained = measure(after) - measure(before)
    earned = to_ms > beat.from_ms
    segment = Segment(beat.from_ms, to_ms, wall_from, wall_to) if earned else None
    return Credit(
        verdict=_verdict(beat, to_ms, gained),
        segment=segment,
        gained_ms=gained,
        covered=after,
        high_water_ms=wall_to,
    )


def _verdict(beat: Heartbeat, to_ms: int, gained: int) -> StudyVerdict:
    claimed = beat.to_ms - beat.from_ms
    if claimed == 0:
        return StudyVerdict.NOTHING_PLAYED
    if to_ms == beat.from_ms:
        return StudyVerdict.FASTER_THAN_CLOCK
    if gained == 0:
        return StudyVerdict.ALREADY_CREDITED
    return StudyVerdict.CREDITED if gained == claimed else StudyVerdict.CREDITED_IN_PART


def first_beat_ms(draw: float) -> int:
    """When a session's first heartbeat is due: soon, so that she sees her time being counted."""
    return next_beat_ms(draw) // 4


def next_beat_ms(draw: float) -> int:
    """When the next heartbeat is due, from a draw in [0, 1): 20 s ± 4 s, so that servers breathe."""
    return BEAT_MS - BEAT_JITTER_MS + int(2 * BEAT_JITTER_MS * draw)
