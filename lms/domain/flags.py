"""What looks strange in a stretch of study (study-time.md, Suspicion pauses, never destroys).

Each detector takes facts and says what it found, in counts, or nothing. None of it changes a number: a flag opens
a case, in which people look. The hour of the day is no fact here: caregivers work shifts.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class FlagKind(StrEnum):
    """What was noticed; each is told to the learner in plain words."""

    IMPOSSIBLE_ADVANCE = "impossible_advance"
    FORKED_SEQUENCE = "forked_sequence"
    CHAIN_FORKED = "chain_forked"
    CHECKS_TOO_REGULAR = "checks_too_regular"
    WRONG_ANSWERS = "wrong_answers"
    BEATS_IN_STEP = "beats_in_step"
    TAKEOVER_STORM = "takeover_storm"
    INSTITUTION_BURST = "institution_burst"
    MOSTLY_OFFLINE = "mostly_offline"
    IMPOSSIBLE_CLOCK = "impossible_clock"
    EXAM_TOO_FAST = "exam_too_fast"
    EXAM_HANDED_IN_TOGETHER = "exam_handed_in_together"
    EXAM_ALIKE = "exam_alike"
    NOT_ME = "not_me"
    STATEMENT_DISPUTED = "statement_disputed"


SAID_BY_HER = frozenset({FlagKind.NOT_ME, FlagKind.STATEMENT_DISPUTED})
"""What no detector found: the learner herself says that something is wrong."""


@dataclass(frozen=True)
class Thresholds:
    """From where on something is strange. Our own choice throughout; each says what an honest person does.

    fast_percent, fast_beats, fast_slack_ms: the player offers up to 1.5 times, so 150 % is honest; single
        reports jump when a weak network holds one back, so it takes five, and together more than a long stall.
    same_latency_ms, same_checks: people take seconds to read, now more, now less; five answers in a row within a
        quarter of a second of each other are a program's.
    wrong_in_a_row: guessing among three options fails five times in a row once in eight tries, reading hardly ever.
    step_ms, step_beats: the server draws anew for each person when her next report is due (20 s ± 4 s), so that two
        honest phones fall out of step at once; twenty reports side by side are one hand.
    openings, openings_ms: opening the next lesson every minute for ten minutes is no study; two phones that take
        the lease from each other look like it.
    burst_persons, burst_ms: a class that is told “begin now” takes tens of seconds to do so; a script takes one.
        Opening anew within `openings_ms` is going on, not beginning.
    afterwards_percent, afterwards_ms: a gap or a lesson on the bus is everybody's; more than half of two hours
        and more asks for a look at the network, or at the phone.
    ahead_ms, ahead_parts: a phone's counter cannot have run further than the server's since the pass; clocks
        drift by seconds a day, never by a minute again and again.
    """

    fast_percent: int = 150
    fast_beats: int = 5
    fast_slack_ms: int = 45_000
    same_latency_ms: int = 250
    same_checks: int = 5
    wrong_in_a_row: int = 5
    step_ms: int = 200
    step_beats: int = 20
    openings: int = 10
    openings_ms: int = 600_000
    burst_persons: int = 15
    burst_ms: int = 5_000
    afterwards_percent: int = 50
    afterwards_ms: int = 2 * 3_600_000
    ahead_ms: int = 60_000
    ahead_parts: int = 5


USUAL = Thresholds()
MOST_NEIGHBOURS = 20  # a report is compared with so many after it: enough for a farm, bounded for a crowd
Detail = dict[str, int]


@dataclass(frozen=True)
class Beat:
    """One accepted heartbeat: how much content it claimed, and when on the study clock it came."""

    session: str
    person: str
    seq: int
    claimed_ms: int
    at_ms: int


@dataclass(frozen=True)
class Answered:
    """One answer to a presence check: how long it took, and whether it was right."""

    latency_ms: int
    right: bool


@dataclass(frozen=True)
class Opening:
    """A study session that was opened."""

    person: str
    at_ms: int


def impossible_advance(beats: Sequence[Beat], opened_ms: int, limits: Thresholds = USUAL) -> Detail | None:
    """Content reported faster than the clock, again and again, in one session (its beats in order, from any seq).

    `opened_ms`: when the session was opened, or the beat before the first one given came.
    """
    fast, claimed, elapsed, before = 0, 0, 0, opened_ms
    for beat in beats:
        took, before = max(0, beat.at_ms - before), beat.at_ms
        claimed, elapsed = claimed + beat.claimed_ms, elapsed + took
        fast += beat.claimed_ms * 100 > took * limits.fast_percent
    if fast < limits.fast_beats or claimed * 100 <= (elapsed + limits.fast_slack_ms) * limits.fast_percent:
        return None
    return {"reports": fast, "claimed_ms": claimed, "elapsed_ms": elapsed}


def checks_too_regular(answers: Sequence[Answered], limits: Thresholds = USUAL) -> Detail | None:
    """Checks answered after always the same time."""
    took = [answer.latency_ms for answer in answers]
    for start in range(len(took) - limits.same_checks + 1):
        some = took[start : start + limits.same_checks]
        if max(some) - min(some) <= limits.same_latency_ms:
            return {"checks": limits.same_checks, "spread_ms": max(some) - min(some)}
    return None


def wrong_answers(answers: Sequence[Answered], limits: Thresholds = USUAL) -> Detail | None:
    """Checks answered wrongly one after the other; “I was called away” is no answer and not among them."""
    run = 0
    for answer in answers:
        run = 0 if answer.right else run + 1
        if run >= limits.wrong_in_a_row:
            return {"checks": run}
    return None


def beats_in_step(beats: Iterable[Beat], limits: Thresholds = USUAL) -> dict[str, Detail]:
    """By session: several persons' reports that keep coming side by side."""
    ordered = sorted(beats, key=lambda beat: beat.at_ms)
    often = Counter((one.session, other.session) for one, other in _side_by_side(ordered, limits.step_ms))
    known: dict[tuple[str, str], int] = defaultdict(int)
    for (one, other), count in often.items():
        known[min(one, other), max(one, other)] += count
    partners: dict[tuple[str, str], set[int]] = defaultdict(set)
    if max(known.values(), default=0) >= limits.step_beats:
        for beat, beside in _side_by_side(ordered, limits.step_ms):
            if known[min(beat.session, beside.session), max(beat.session, beside.session)] >= limits.step_beats:
                partners[beat.session, beside.session].add(beat.seq)
                partners[beside.session, beat.session].add(beside.seq)
    found: dict[str, Detail] = {}
    for (session, _), numbers in partners.items():
        run = _longest_run(numbers)
        if run >= limits.step_beats:
            told = found.setdefault(session, {"reports": 0, "others": 0})
            told["reports"], told["others"] = max(told["reports"], run), told["others"] + 1
    return found


def _side_by_side(ordered: Sequence[Beat], within_ms: int) -> Iterator[tuple[Beat, Beat]]:
    """Reports of two persons that came almost together; each with its nearest neighbours only."""
    for place, beat in enumerate(ordered):
        for at in range(place + 1, min(place + 1 + MOST_NEIGHBOURS, len(ordered))):
            other = ordered[at]
            if other.at_ms - beat.at_ms > within_ms:
                break
            if other.person != beat.person:
                yield beat, other


def _longest_run(numbers: Iterable[int]) -> int:
    longest, run, last = 0, 0, -1
    for number in sorted(numbers):
        run, last = (run + 1 if number == last + 1 else 1), number
        longest = max(longest, run)
    return longest


def takeover_storm(openings: Sequence[Opening], limits: Thresholds = USUAL) -> Detail | None:
    """One person's sessions opened one after the other."""
    at = sorted(opening.at_ms for opening in openings)
    for start in range(len(at) - limits.openings + 1):
        if at[start + limits.openings - 1] - at[start] <= limits.openings_ms:
            return {"openings": sum(at[start] <= each <= at[start] + limits.openings_ms for each in at)}
    return None


def institution_burst(openings: Iterable[Opening], limits: Thresholds = USUAL) -> dict[str, Detail]:
    """By person: many of one institution's learners who begin in the same moment.

    Who had studied just before goes on and does not begin: after a bad line or a restart of the server a whole
    class opens anew at once.
    """
    ordered = _beginnings(openings, limits.openings_ms)
    together: Counter[str] = Counter()
    found: dict[str, int] = {}
    start = 0
    for opening in ordered:
        together[opening.person] += 1
        while opening.at_ms - ordered[start].at_ms > limits.burst_ms:
            gone = ordered[start].person
            together[gone] -= 1
            if not together[gone]:
                del together[gone]
            start += 1
        if len(together) >= limits.burst_persons:
            joined = together if len(together) == limits.burst_persons else (opening.person,)
            found |= {person: max(found.get(person, 0), len(together)) for person in joined}
    return {person: {"persons": persons} for person, persons in found.items()}


def _beginnings(openings: Iterable[Opening], pause_ms: int) -> list[Opening]:
    """In order, those openings that no other of the same person's came shortly before."""
    found: list[Opening] = []
    last: dict[str, int] = {}
    for opening in sorted(openings, key=lambda opening: opening.at_ms):
        if opening.at_ms - last.get(opening.person, opening.at_ms - pause_ms - 1) > pause_ms:
            found.append(opening)
        last[opening.person] = opening.at_ms
    return found


def mostly_offline(by_class: Mapping[str, int], limits: Thresholds = USUAL) -> Detail | None:
    """Most of one course's time reported afterwards."""
    credited = sum(by_class.values())
    afterwards = by_class.get("gap", 0) + by_class.get("offline", 0)
    if credited < limits.afterwards_ms or afterwards * 100 <= credited * limits.afterwards_percent:
        return None
    return {"afterwards_ms": afterwards, "credited_ms": credited}


def impossible_clock(ahead_ms: Iterable[int], limits: Thresholds = USUAL) -> Detail | None:
    """Parts of one chain that end, by the phone's counter, after the server had received them."""
    beyond = [each for each in ahead_ms if each > limits.ahead_ms]
    return {"parts": len(beyond), "ahead_ms": max(beyond)} if len(beyond) >= limits.ahead_parts else None
