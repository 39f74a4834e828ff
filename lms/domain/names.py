"""Names that nobody has taken yet."""

from collections.abc import Container, Iterable
from itertools import chain, count

LONGEST_SLUG = 60


def first_free(names: Iterable[str], taken: Container[str]) -> str:
    """The first of these names that is not taken."""
    return next(name for name in names if name not in taken)


def free_slug(wanted: str, taken: Container[str]) -> str:
    """The wanted slug, or it with the first number from 2 on that is not taken; 60 characters at most."""
    stem = wanted[: LONGEST_SLUG - 4].strip("-")
    return first_free(chain([wanted], (f"{stem}-{number}" for number in count(2))), taken)
