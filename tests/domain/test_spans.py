"""Spans are sets of whole units: order, repetition and overlap of the intervals cannot matter."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.spans import Span, gaps, measure, union

POINT = st.integers(-5, 40)
SPANS = st.lists(st.tuples(POINT, POINT), max_size=12)


def points(spans: list[Span] | tuple[Span, ...]) -> set[int]:
    return {point for start, end in spans for point in range(start, end)}


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], ()),
        ([(3, 3)], ()),
        ([(5, 2)], ()),
        ([(0, 2), (2, 4)], ((0, 4),)),
        ([(6, 8), (0, 2)], ((0, 2), (6, 8))),
        ([(0, 9), (2, 4)], ((0, 9),)),
        ([(0, 5), (3, 9)], ((0, 9),)),
    ],
)
def test_union(spans: list[Span], expected: tuple[Span, ...]) -> None:
    assert union(spans) == expected


@given(SPANS, st.randoms())
def test_a_union_is_the_same_points_whatever_the_order(spans: list[Span], random: Random) -> None:
    made = union(spans)
    shuffled = [*spans, *spans[:3]]
    random.shuffle(shuffled)
    assert points(made) == points(spans)
    assert union(shuffled) == made
    assert union(made) == made


@given(SPANS)
def test_a_union_is_sorted_and_never_touches_itself(spans: list[Span]) -> None:
    made = union(spans)
    assert all(start < end for start, end in made)
    assert all(before[1] < after[0] for before, after in pairwise(made))


@given(SPANS)
def test_measure_counts_points(spans: list[Span]) -> None:
    assert measure(spans) == len(points(spans))


@given(SPANS, st.integers(0, 40))
def test_gaps_are_what_is_missing_of_the_length(spans: list[Span], length: int) -> None:
    missing = gaps(spans, length)
    assert points(missing) == set(range(length)) - points(spans)
    assert union(missing) == missing


@pytest.mark.parametrize(
    ("spans", "length", "expected"),
    [
        ([], 0, ()),
        ([], 10, ((0, 10),)),
        ([(0, 10)], 10, ()),
        ([(2, 4)], 10, ((0, 2), (4, 10))),
        ([(2, 4), (20, 30)], 10, ((0, 2), (4, 10))),
        ([(0, 4), (6, 10)], 10, ((4, 6),)),
    ],
)
def test_gaps(spans: list[Span], length: int, expected: tuple[Span, ...]) -> None:
    assert gaps(spans, length) == expected
