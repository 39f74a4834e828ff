"""Money as people write it and as files hold it: whole fen, both ways the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.errors import Refused
from lms.domain.funds import money


@pytest.mark.parametrize(
    ("told", "fen"),
    [
        ("1,234.50", 123_450), ("1234.5", 123_450), ("0.05", 5), ("￥12", 1_200), ("¥1,000,000.00", 100_000_000),
        ("１２３４．５０元", 123_450), ("-3.00", -300), (" 7 ", 700), ("10.100", 1_010), ("+2", 200),
    ],
)  # fmt: skip
def test_what_people_write_is_fen(told: str, fen: int) -> None:
    assert money.parse(told) == fen


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("", "money_form"), ("1.234,50", "money_form"), ("12,34.00", "money_form"), ("1e5", "money_form"),
        ("一百", "money_form"), ("1.005", "money_form"), ("NaN", "money_form"), (".5", "money_form"),
        ("100000000000.01", "money_bounds"), ("9" * 40, "money_bounds"),
    ],
)  # fmt: skip
def test_what_is_no_money_is_refused(told: str, code: str) -> None:
    with pytest.raises(Refused, match=f"^{code}"):
        money.parse(told)


@pytest.mark.parametrize("told", ["0", "-1", "0.00"])
def test_a_payment_is_more_than_nothing(told: str) -> None:
    with pytest.raises(Refused, match="money_not_positive"):
        money.parse_positive(told)
    assert money.parse_positive("0.01") == 1


@given(st.integers(-money.MOST_FEN, money.MOST_FEN))
def test_what_is_shown_is_read_again_to_the_fen(fen: int) -> None:
    assert money.parse(money.show(fen)) == money.parse(money.plain(fen)) == fen
