"""What the segments of one lesson add up to: the same sum for the page, the report and the audit."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from lms.domain.spans import Span, measure, union


@dataclass(frozen=True)
class Posting:
    """A segment as the sum sees it. `entry`: the number of the evidence entry that recorded it."""

    entry: int
    from_ms: int
    to_ms: int
    evidence_class: str


@dataclass(frozen=True)
class Tally:
    """What one lesson's segments add up to for one enrollment, in ms."""

    covered: tuple[Span, ...]
    credited_ms: int
    by_class: dict[str, int]
    confirmed_ms: int


def tally(postings: Iterable[Posting], passed: Sequence[Span]) -> Tally:
    """The sum of segments that are not voided. `passed`: stretches of entries (from, to] that a check confirmed.

    What two segments share counts once, under the class of the one that was recorded first.
    """
    known = sorted(postings, key=lambda posting: (posting.entry, posting.from_ms))
    covered: tuple[Span, ...] = ()
    by_class: dict[str, int] = {}
    for posting in known:
        after = union([*covered, (posting.from_ms, posting.to_ms)])
        gained = measure(after) - measure(covered)
        if gained:
            by_class[posting.evidence_class] = by_class.get(posting.evidence_class, 0) + gained
        covered = after
    sure = ((each.from_ms, each.to_ms) for each in known if is_within(each.entry, passed))
    return Tally(covered, measure(covered), by_class, measure(sure))


def is_within(entry: int, stretches: Collection[Span]) -> bool:
    """Whether an entry lies in one of the stretches (from, to]."""
    return any(start < entry <= end for start, end in stretches)
