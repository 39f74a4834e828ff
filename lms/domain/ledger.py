"""What segments add up to: the one way that progress is counted again, by a correction or a replay."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lms.domain.spans import Span, measure, union


@dataclass(frozen=True)
class Counted:
    """A segment that counts: the entry of evidence it stands in, its content [from, to), its class."""

    entry: int
    from_ms: int
    to_ms: int
    evidence_class: str


@dataclass(frozen=True)
class Tally:
    """The time of one lesson for one enrollment.

    `covered`: the union of the segments; `by_class`: each millisecond under the class that earned it first;
    `confirmed_ms`: what of it stands in stretches whose presence checks were passed.
    """

    covered: tuple[Span, ...] = ()
    credited_ms: int = 0
    by_class: dict[str, int] = field(default_factory=dict)
    confirmed_ms: int = 0


def tally(segments: Iterable[Counted], passed: Sequence[Span]) -> Tally:
    """Adds up segments that are not voided; `passed` are stretches of entries (from, to] that were confirmed."""
    covered: tuple[Span, ...] = ()
    by_class: dict[str, int] = {}
    confirmed: list[Span] = []
    for segment in sorted(segments, key=lambda each: (each.entry, each.from_ms)):
        span = (segment.from_ms, segment.to_ms)
        reached = union([*covered, span])
        gained = measure(reached) - measure(covered)
        if gained:
            by_class[segment.evidence_class] = by_class.get(segment.evidence_class, 0) + gained
        if any(start < segment.entry <= end for start, end in passed):
            confirmed.append(span)
        covered = reached
    return Tally(covered, measure(covered), by_class, measure(confirmed))
