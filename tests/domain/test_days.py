"""Civil days on the study clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.days import calendar, later

CHINA = ZoneInfo("Asia/Shanghai")
DAYS = calendar(CHINA, datetime(2026, 11, 23, 15, 59, tzinfo=UTC), 1_000)  # a minute before midnight in China


def test_a_day_begins_at_midnight_where_the_policy_lives() -> None:
    assert DAYS.begin_of(date(2026, 11, 24)) == 61_000
    assert DAYS.day_of(60_999) == date(2026, 11, 23)
    assert DAYS.day_of(61_000) == date(2026, 11, 24)


def test_midnights_strictly_between() -> None:
    assert DAYS.midnights(1_000, 61_000) == ()
    assert DAYS.midnights(1_000, 61_001) == (61_000,)
    assert DAYS.midnights(61_000, 61_500) == ()
    assert len(DAYS.midnights(1_000, 61_001 + 3 * 86_400_000)) == 4


def test_a_day_of_a_zone_with_summer_time_may_be_short() -> None:
    berlin = calendar(ZoneInfo("Europe/Berlin"), datetime(2026, 3, 29, 0, 0, tzinfo=UTC), 0)
    assert berlin.begin_of(date(2026, 3, 30)) - berlin.begin_of(date(2026, 3, 29)) == 23 * 3_600_000


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [
        (date(2026, 11, 23), 24, date(2028, 11, 23)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 8, 31), 3, date(2026, 11, 30)),
        (date(2026, 11, 30), 13, date(2027, 12, 30)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 11, 27), 14, date(2028, 1, 27)),
    ],
)
def test_the_same_day_so_many_months_later(day: date, months: int, wanted: date) -> None:
    assert later(day, months) == wanted


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 600), st.integers(1, 600))
def test_more_months_never_end_earlier(day: date, one: int, other: int) -> None:
    assert (later(day, one) <= later(day, other)) is (one <= other)
