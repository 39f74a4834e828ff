"""A name that is free, as a table of cases."""

from itertools import count

import pytest

from lms.domain.names import first_free, free_slug


@pytest.mark.parametrize(
    ("wanted", "taken", "found"),
    [
        ("wash", set(), "wash"),
        ("wash", {"wash"}, "wash-2"),
        ("wash", {"wash", "wash-2", "wash-4"}, "wash-3"),
        ("a" * 60, {"a" * 60}, "a" * 56 + "-2"),
        ("a" * 55 + "-bcd", {"a" * 55 + "-bcd"}, "a" * 55 + "-2"),
    ],
)
def test_a_slug_is_free_and_never_too_long(wanted: str, taken: set[str], found: str) -> None:
    assert free_slug(wanted, taken) == found


def test_the_first_free_of_many_names() -> None:
    assert first_free((f"q{number}" for number in count(1)), {"q1", "q3"}) == "q2"
