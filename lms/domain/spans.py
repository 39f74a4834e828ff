"""Sets of half-open intervals [from, to): what a union of study segments covers."""

from collections.abc import Iterable

Span = tuple[int, int]


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same points as `spans`, as sorted, disjoint, non-touching intervals."""
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def measure(spans: Iterable[Span]) -> int:
    """How many units the union covers."""
    return sum(end - start for start, end in union(spans))


def gaps(spans: Iterable[Span], length: int) -> tuple[Span, ...]:
    """What of [0, length) is not covered."""
    missing: list[Span] = []
    reached = 0
    for start, end in union(spans):
        if start > reached:
            missing.append((reached, min(start, length)))
        reached = max(reached, end)
    if reached < length:
        missing.append((reached, length))
    return tuple(span for span in missing if span[0] < span[1])
