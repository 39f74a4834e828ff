"""Whether a question tells who can from who cannot: the upper group's mean score less the lower group's."""

from collections.abc import Mapping

LEAST_PERSONS = 20  # our own choice: below, the difference says more of chance than of the question
GROUP_PERMILLE = 270  # the upper and lower 27 % (Kelley, 1939), as Chinese handbooks of examination take them

ByRest = Mapping[int, tuple[int, int]]
"""By what persons have in the rest of the paper: how many persons, and the sum of their scores here in ‰."""


def discrimination(by_rest: ByRest) -> int | None:
    """In ‰, -1000 to 1000; None for fewer than 20 persons."""
    persons = sum(count for count, _ in by_rest.values())
    if persons < LEAST_PERSONS:
        return None
    group = persons * GROUP_PERMILLE // 1000
    return _mean(by_rest, group, descending=True) - _mean(by_rest, group, descending=False)


def _mean(by_rest: ByRest, group: int, *, descending: bool) -> int:
    """The mean score of the `group` persons at one end; of those that are level at its border, their mean counts."""
    total, left = 0, group
    for rest in sorted(by_rest, reverse=descending):
        persons, score = by_rest[rest]
        taken = min(left, persons)
        total += score * taken // persons
        left -= taken
    return total // group
