"""What segments add up to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.ledger import Posting, is_within, tally


def test_what_two_segments_share_counts_once_for_the_first() -> None:
    found = tally([Posting(2, 5, 15, "gap"), Posting(1, 0, 10, "online")], [])
    assert (found.covered, found.credited_ms, found.by_class) == (((0, 15),), 15, {"online": 10, "gap": 5})


@pytest.mark.parametrize(
    ("passed", "confirmed"), [([], 0), ([(0, 1)], 10), ([(1, 2)], 10), ([(0, 2)], 15), ([(2, 9)], 0)]
)
def test_confirmed_is_what_lies_in_a_passed_stretch(passed: list[tuple[int, int]], confirmed: int) -> None:
    found = tally([Posting(1, 0, 10, "online"), Posting(2, 5, 15, "online")], passed)
    assert found.confirmed_ms == confirmed


@pytest.mark.parametrize(("entry", "inside"), [(0, False), (1, True), (3, True), (4, False)])
def test_a_stretch_is_open_at_its_start(entry: int, inside: bool) -> None:
    assert is_within(entry, [(0, 3)]) is inside


postings = st.lists(
    st.builds(
        lambda entry, start, length, kind: Posting(entry, start, start + length, kind),
        st.integers(1, 9),
        st.integers(0, 50),
        st.integers(1, 20),
        st.sampled_from(["online", "gap"]),
    ),
    max_size=12,
)


@given(postings, st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))))
def test_i13_confirmed_never_exceeds_credited(known: list[Posting], passed: list[tuple[int, int]]) -> None:
    found = tally(known, passed)
    points = {point for each in known for point in range(each.from_ms, each.to_ms)}
    assert found.credited_ms == len(points) == sum(found.by_class.values())
    assert found.confirmed_ms <= found.credited_ms
