"""Civil days on the study clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from lms.domain.days import calendar

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
