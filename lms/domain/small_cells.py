"""Statistics without persons: small numbers are hidden, and what would give them away by subtraction.

The threshold is our own choice, not a published rule: to be confirmed with the statistics office (待核实).
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

SMALLEST = 10
Key = TypeVar("Key")


def hidden(cells: Mapping[Key, int], *, smallest: int = SMALLEST) -> frozenset[Key]:
    """Which of the numbers that make up one shown sum are not told.

    Hidden is each below `smallest` but zero, then the smallest of the others until what is hidden
    can be no single number and adds up to `smallest` or more, as long as there is another.
    """
    small = {key for key, value in cells.items() if 0 < value < smallest}
    if not small:
        return frozenset()
    for key in _by_size(cells):
        if len(small) > 1 and sum(cells[each] for each in small) >= smallest:
            break
        small.add(key)
    return frozenset(small)


def _by_size(cells: Mapping[Key, int]) -> Sequence[Key]:
    """The numbers that could help to hide others, the smallest first; in a tie the one that was named first."""
    return sorted((key for key, value in cells.items() if value), key=lambda key: cells[key])
