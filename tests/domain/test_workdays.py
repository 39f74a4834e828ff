"""Working days: weekends, holidays and the days worked instead."""

from datetime import date

import pytest

from lms.domain import workdays
from lms.domain.workdays import Year


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 27), True),  # a Friday
        (date(2026, 11, 28), False),
        (date(2026, 10, 1), False),  # a Thursday, and a holiday
        (date(2026, 10, 10), True),  # a Saturday worked instead
        (date(2031, 10, 1), True),  # nobody knows yet: Monday to Friday
    ],
)
def test_which_days_are_worked(day: date, works: bool) -> None:
    assert workdays.is_working_day(day) is works


@pytest.mark.parametrize(
    ("today", "day", "between"),
    [
        (date(2026, 11, 23), date(2026, 11, 23), 0),
        (date(2026, 11, 23), date(2026, 11, 24), 0),
        (date(2026, 11, 23), date(2026, 11, 30), 4),
        (date(2026, 11, 23), date(2026, 12, 1), 5),
        (date(2026, 9, 30), date(2026, 10, 8), 0),
        (date(2026, 11, 23), date(2026, 11, 1), 0),
    ],
)
def test_the_working_days_between_two_days(today: date, day: date, between: int) -> None:
    assert workdays.working_days_between(today, day) == between


def test_a_term_ends_after_so_many_working_days() -> None:
    assert workdays.after_working_days(date(2026, 11, 27), 5) == date(2026, 12, 4)
    assert workdays.after_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert workdays.after_working_days(date(2026, 9, 30), 0) == date(2026, 9, 30)


def test_a_count_is_certain_only_where_somebody_read_the_notice() -> None:
    years = {2026: Year(confirmed=True), 2027: Year()}
    assert workdays.is_certain(date(2026, 1, 1), date(2026, 12, 31), years)
    assert not workdays.is_certain(date(2026, 12, 1), date(2027, 1, 5), years)
    assert not workdays.is_certain(date(2026, 11, 1), date(2026, 11, 30))  # ours is unconfirmed, and says so
