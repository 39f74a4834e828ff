"""A closed month takes no posting; what is late counts for the next one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.days import later
from lms.domain.errors import Refused
from lms.domain.funds.periods import check_close, month_of, period_of

TODAY = date(2026, 11, 23)
SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)


@pytest.mark.parametrize(
    ("fact", "closed", "counts_for"),
    [
        (date(2026, 10, 31), [], OCTOBER),
        (date(2026, 10, 31), [SEPTEMBER], OCTOBER),
        (date(2026, 10, 31), [SEPTEMBER, OCTOBER], NOVEMBER),
        (date(2026, 8, 1), [SEPTEMBER], OCTOBER),
        (TODAY, [OCTOBER], NOVEMBER),
    ],
)
def test_a_late_fact_counts_for_the_first_open_month(fact: date, closed: list[date], counts_for: date) -> None:
    assert period_of(fact, closed, TODAY) == counts_for


def test_a_day_to_come_is_refused() -> None:
    with pytest.raises(Refused, match="funds_day_ahead"):
        period_of(date(2026, 11, 24), [], TODAY)


@given(st.dates(date(2020, 1, 1), TODAY), st.integers(0, 30))
def test_no_posting_ever_counts_for_a_closed_month(fact: date, many: int) -> None:
    closed = {later(date(2024, 1, 1), each) for each in range(many)}
    found = period_of(fact, closed, TODAY)
    assert found not in closed
    assert found >= month_of(fact)


@pytest.mark.parametrize(
    ("month", "closed", "code"),
    [
        (SEPTEMBER, [], None),
        (OCTOBER, [SEPTEMBER], None),
        (OCTOBER, [], "funds_close_gap"),
        (SEPTEMBER, [SEPTEMBER], "funds_close_again"),
        (NOVEMBER, [SEPTEMBER, OCTOBER], "funds_close_early"),
    ],
)
def test_months_close_in_order_and_once_over(month: date, closed: list[date], code: str | None) -> None:
    if code is None:
        check_close(month, closed, TODAY, SEPTEMBER)
        return
    with pytest.raises(Refused, match=code):
        check_close(month, closed, TODAY, SEPTEMBER)
