"""The statement of a ledger: every reported interval, what of it counts, and the stretches people read it in.

A credited millisecond is one millisecond of content, once a lesson (study-time.md, The rule). It belongs to
the first interval, in the order of the evidence, that covers it and is not voided; so the rows of a statement
add up to the union, to the millisecond, and what is confirmed of a row never exceeds what counts of it.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import reduce
from itertools import pairwise
from uuid import UUID

from lms.domain.spans import Span, gaps, measure, union
from lms.domain.study import EvidenceClass

TOUCHING_MS = 2_000  # heartbeats that follow each other are told as one stretch
PAUSE = timedelta(seconds=60)


class CheckState(StrEnum):
    """Where the presence check of an interval stands."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    MISSED = "missed"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Piece:
    """A segment: content of a lesson that an interval was credited for."""

    interval: Hashable
    lesson: Hashable
    span: Span
    entry: int
    is_voided: bool = False


@dataclass(frozen=True)
class Share:
    """What counts of one interval, and what of that is confirmed."""

    credited_ms: int = 0
    confirmed_ms: int = 0


class Entries:
    """A set of evidence entries, given as ranges (after, to]."""

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        self._spans = union((after + 1, to + 1) for after, to in ranges)
        self._starts = [start for start, _ in self._spans]

    def __contains__(self, entry: int) -> bool:
        place = bisect_right(self._starts, entry) - 1
        return place >= 0 and entry < self._spans[place][1]


def shares(pieces: Sequence[Piece], passed: Entries) -> dict[Hashable, Share]:
    """What counts of each interval; `pieces` in the order of the evidence, of any number of lessons."""
    sure: dict[Hashable, list[Span]] = {}
    for piece in pieces:
        if not piece.is_voided and piece.entry in passed:
            sure.setdefault(piece.lesson, []).append(piece.span)
    confirmed = {lesson: union(spans) for lesson, spans in sure.items()}
    covered: dict[Hashable, tuple[Span, ...]] = {}
    found: dict[Hashable, Share] = {}
    for piece in pieces:
        if piece.is_voided:
            continue
        before = covered.get(piece.lesson, ())
        gained = _without(piece.span, before)
        covered[piece.lesson] = union([*before, piece.span])
        unsure = sum(measure(_without(span, confirmed.get(piece.lesson, ()))) for span in gained)
        old = found.get(piece.interval, Share())
        found[piece.interval] = Share(old.credited_ms + measure(gained), old.confirmed_ms + measure(gained) - unsure)
    return found


def _without(span: Span, others: Iterable[Span]) -> tuple[Span, ...]:
    """What of `span` lies in none of the others."""
    start, end = span
    moved = ((other[0] - start, other[1] - start) for other in others)
    return tuple((start + a, start + b) for a, b in gaps(moved, end - start))


def check_of(share: Share, entry: int, missed: Entries) -> CheckState:
    """Whether an interval is confirmed as far as it counts, waits for a check, or has missed one."""
    if not share.credited_ms:
        return CheckState.NOTHING
    if share.confirmed_ms == share.credited_ms:
        return CheckState.CONFIRMED
    return CheckState.MISSED if entry in missed else CheckState.WAITING


@dataclass(frozen=True)
class Row:
    """One interval on one civil day. Times in ms of content; `starts_at`, `ends_at` are moments of the wall.

    `posted_ms` is what its verdict credited, `credited_ms` what counts today: they differ where a correction
    voided it, or where it stands in for one that was voided. Without wall time (nothing was credited)
    both moments are that of its arrival. `confirm_until`: how long a
    missed check can be made up for. `crosses_midnight`: its other part lies on the day beside.
    """

    id: UUID
    lesson_id: UUID
    evidence_class: str
    from_ms: int
    to_ms: int
    day: date
    starts_at: datetime
    ends_at: datetime
    has_wall: bool
    verdict: str
    rule: str
    policy_code: str
    posted_ms: int
    credited_ms: int
    confirmed_ms: int
    check: CheckState
    confirm_until: datetime | None
    is_voided: bool
    crosses_midnight: bool
    entry: int

    @property
    def claimed_ms(self) -> int:
        """How much content was reported."""
        return self.to_ms - self.from_ms

    @property
    def lost_ms(self) -> int:
        """What of the reported content its verdict did not credit."""
        return max(0, self.claimed_ms - self.posted_ms)

    @property
    def voided_ms(self) -> int:
        """What corrections took from it; negative where it now counts in place of a voided one."""
        return self.posted_ms - self.credited_ms


@dataclass(frozen=True)
class Totals:
    """Sums over rows, to the millisecond."""

    credited_ms: int
    confirmed_ms: int
    voided_ms: int
    by_class: Mapping[str, int]


def totals(rows: Iterable[Row]) -> Totals:
    """What rows add up to."""
    listed = list(rows)
    by_class: dict[str, int] = {}
    for row in listed:
        if row.credited_ms:
            by_class[row.evidence_class] = by_class.get(row.evidence_class, 0) + row.credited_ms
    ordered: dict[str, int] = {name.value: by_class[name.value] for name in EvidenceClass if name.value in by_class}
    return Totals(
        credited_ms=sum(row.credited_ms for row in listed),
        confirmed_ms=sum(row.confirmed_ms for row in listed),
        voided_ms=sum(row.voided_ms for row in listed),
        by_class=ordered,
    )


@dataclass(frozen=True)
class Stretch:
    """Rows that follow each other in time and content and read alike: one sitting, told once."""

    rows: tuple[Row, ...]

    @property
    def first(self) -> Row:
        """The row it begins with."""
        return self.rows[0]

    @property
    def last(self) -> Row:
        """The row it ends with."""
        return self.rows[-1]

    @property
    def totals(self) -> Totals:
        """What its rows add up to."""
        return totals(self.rows)

    @property
    def lost_ms(self) -> int:
        """What of the reported content was not credited."""
        return sum(row.lost_ms for row in self.rows)

    @property
    def verdict(self) -> str:
        """The verdict that explains it: the one that took most away, else the first."""
        return max(self.rows, key=lambda row: row.lost_ms).verdict

    @property
    def crosses_midnight(self) -> bool:
        """Whether it goes on on the day beside."""
        return any(row.crosses_midnight for row in self.rows)


def stretches(rows: Sequence[Row]) -> list[Stretch]:
    """Rows, in the order in which they are to be read, as stretches. No row is left out or told twice."""
    if not rows:
        return []
    groups = reduce(_join, pairwise(rows), [[rows[0]]])
    return [Stretch(tuple(group)) for group in groups]


def _join(groups: list[list[Row]], pair: tuple[Row, Row]) -> list[list[Row]]:
    before, row = pair
    if _follows(before, row):
        groups[-1].append(row)
    else:
        groups.append([row])
    return groups


def _follows(before: Row, row: Row) -> bool:
    alike = _reading(before) == _reading(row)
    near = abs(row.from_ms - before.to_ms) <= TOUCHING_MS
    return alike and near and -PAUSE <= row.starts_at - before.ends_at <= PAUSE


def _reading(row: Row) -> tuple[object, ...]:
    verdict = "" if row.credited_ms else row.verdict
    kind = (row.day, row.lesson_id, row.evidence_class, row.rule, row.policy_code)
    return (*kind, verdict, row.check, row.is_voided, row.has_wall)
