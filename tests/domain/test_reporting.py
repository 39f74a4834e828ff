"""Progress against plan, and the periods of regular reports."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.errors import Refused
from lms.domain.reporting import (
    last_period,
    online_share_percent,
    plan,
    planned_ms,
)

OPENS, CLOSES = date(2026, 11, 1), date(2026, 11, 10)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@pytest.mark.parametrize(
    ("today", "planned"),
    [
        (date(2026, 10, 1), 0),
        (date(2026, 11, 1), 0),
        (date(2026, 11, 2), 100),
        (date(2026, 11, 6), 500),
        (date(2026, 11, 10), 900),
        (date(2026, 11, 11), 1000),
        (date(2027, 1, 1), 1000),
    ],
)
def test_the_plan_is_even_over_the_days_of_the_class(today: date, planned: int) -> None:
    assert planned_ms(1000, OPENS, CLOSES, today) == planned


@pytest.mark.parametrize(
    ("today", "credited", "recorded", "pace", "behind"),
    [
        (date(2026, 11, 6), 500, False, "on_plan", 0),
        (date(2026, 11, 6), 499, False, "behind", 1),
        (date(2026, 11, 6), 0, True, "done", 500),
        (date(2026, 10, 31), 0, False, "not_open", 0),
        (date(2026, 11, 10), 900, False, "on_plan", 0),
        (date(2026, 11, 11), 1000, False, "overdue", 0),
        (date(2026, 11, 11), 0, True, "done", 1000),
    ],
)
def test_who_stands_where(today: date, credited: int, recorded: bool, pace: str, behind: int) -> None:
    found = plan(
        required_ms=1000, credited_ms=credited, is_recorded=recorded, opens_on=OPENS, closes_on=CLOSES, today=today
    )
    assert (found.pace, found.behind_ms) == (pace, behind)


@given(st.integers(0, 10**9), DAYS, st.integers(0, 400), DAYS, DAYS)
def test_the_plan_never_shrinks_nor_exceeds_what_is_required(
    required: int, opens: date, length: int, first: date, second: date
) -> None:
    closes = opens + timedelta(days=length)
    sooner, later = (planned_ms(required, opens, closes, day) for day in sorted((first, second)))
    assert 0 <= sooner <= later <= required
    assert planned_ms(required, opens, closes, closes + timedelta(days=1)) == required


@pytest.mark.parametrize(
    ("every", "today", "period"),
    [
        ("weekly", date(2026, 11, 23), (date(2026, 11, 16), date(2026, 11, 22))),  # a Monday
        ("weekly", date(2026, 11, 29), (date(2026, 11, 16), date(2026, 11, 22))),  # the Sunday after it
        ("monthly", date(2026, 11, 30), (date(2026, 10, 1), date(2026, 10, 31))),
        ("monthly", date(2027, 1, 1), (date(2026, 12, 1), date(2026, 12, 31))),
        ("monthly", date(2028, 3, 1), (date(2028, 2, 1), date(2028, 2, 29))),
    ],
)
def test_the_last_whole_period(every: str, today: date, period: tuple[date, date]) -> None:
    assert last_period(every, today) == period


@given(st.sampled_from(["weekly", "monthly"]), DAYS)
def test_periods_follow_each_other_without_a_gap(every: str, today: date) -> None:
    first, last = last_period(every, today)
    assert first <= last < today
    assert last_period(every, first)[1] == first - timedelta(days=1)


def test_an_unknown_period_is_refused() -> None:
    with pytest.raises(Refused, match="view_every_unknown"):
        last_period("daily", OPENS)


@pytest.mark.parametrize(("online", "in_person", "share"), [(0, 0, None), (1, 0, 100), (1, 2, 34), (0, 3, 0)])
def test_the_online_share_is_rounded_up(online: int, in_person: int, share: int | None) -> None:
    assert online_share_percent(online, in_person) == share
