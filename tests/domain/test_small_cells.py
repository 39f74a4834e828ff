"""Small numbers are hidden, and cannot be had back by subtraction."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.small_cells import SMALLEST, hidden

TABLES = st.dictionaries(st.integers(0, 30), st.integers(0, 60), max_size=12)


@pytest.mark.parametrize(
    ("numbers", "untold"),
    [
        ({}, set()),
        ({"a": 0, "b": 10}, set()),
        ({"a": 9}, {"a"}),
        ({"a": 9, "b": 0}, {"a"}),
        ({"a": 3, "b": 40, "c": 12}, {"a", "c"}),
        ({"a": 3, "b": 4, "c": 12}, {"a", "b", "c"}),
        ({"a": 6, "b": 7, "c": 12}, {"a", "b"}),
        ({"a": 1, "b": 10, "c": 10}, {"a", "b"}),
    ],
)
def test_what_is_not_told(numbers: dict[str, int], untold: set[str]) -> None:
    assert hidden(numbers) == untold


@given(TABLES)
def test_no_small_number_is_told(numbers: dict[int, int]) -> None:
    told = {key: value for key, value in numbers.items() if key not in hidden(numbers)}
    assert all(value == 0 or value >= SMALLEST for value in told.values())


@given(TABLES)
def test_what_the_sum_leaves_is_never_one_number_nor_a_small_one(numbers: dict[int, int]) -> None:
    """Whoever knows the sum, and subtracts what is told, learns a sum of several that is not small itself."""
    untold = hidden(numbers)
    if untold and sum(numbers.values()) >= SMALLEST:
        assert len(untold) > 1
        assert sum(numbers[key] for key in untold) >= SMALLEST


@given(TABLES)
def test_where_nothing_is_small_everything_is_told(numbers: dict[int, int]) -> None:
    if all(value == 0 or value >= SMALLEST for value in numbers.values()):
        assert hidden(numbers) == frozenset()
    assert not any(numbers[key] == 0 for key in hidden(numbers))
