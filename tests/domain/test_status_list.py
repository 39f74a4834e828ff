"""Bits of a status list."""

import base64
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain import status_list
from tests.support.credentials import bit_of

PLACES = st.sets(st.integers(0, status_list.LENGTH - 1), max_size=40)


@given(PLACES, st.integers(0, status_list.LENGTH - 1))
def test_a_bit_is_set_where_it_was_and_nowhere_else(withdrawn: set[int], other: int) -> None:
    encoded = status_list.encode(withdrawn)
    assert all(bit_of(encoded, index) for index in withdrawn)
    assert bit_of(encoded, other) is (other in withdrawn)


@given(PLACES)
def test_equal_lists_have_equal_text(withdrawn: set[int]) -> None:
    assert status_list.encode(sorted(withdrawn)) == status_list.encode(sorted(withdrawn, reverse=True))


def test_the_first_bit_is_the_leftmost() -> None:
    encoded = status_list.encode([0, 9])
    raw = gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)))
    assert (raw[:2], len(raw)) == (b"\x80\x40", 16_384)


@pytest.mark.parametrize("index", [-1, status_list.LENGTH])
def test_there_is_no_place_outside(index: int) -> None:
    with pytest.raises(ValueError, match="no place"):
        status_list.encode([index])
