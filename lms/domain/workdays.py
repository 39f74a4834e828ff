"""Working days in China: Monday to Friday, less public holidays, plus the days worked instead (调休).

The holidays of a year are set by a notice of the State Council late in the year before. A year that stands in no table
here counts Monday to Friday, and every count over it says that it is not certain.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class Year:
    """One year's table. `off`: first and last days of holidays; `worked`: weekend days worked instead.

    `confirmed`: whether somebody compared it with the notice itself.
    """

    off: tuple[tuple[date, date], ...] = ()
    worked: frozenset[date] = frozenset()
    confirmed: bool = False


# 国务院办公厅 2025-11, arrangement for 2026: not compared with the notice itself, so unconfirmed.
YEARS: Mapping[int, Year] = {
    2026: Year(
        off=(
            (date(2026, 1, 1), date(2026, 1, 3)),
            (date(2026, 2, 15), date(2026, 2, 23)),
            (date(2026, 4, 4), date(2026, 4, 6)),
            (date(2026, 5, 1), date(2026, 5, 5)),
            (date(2026, 6, 19), date(2026, 6, 21)),
            (date(2026, 9, 25), date(2026, 9, 27)),
            (date(2026, 10, 1), date(2026, 10, 7)),
        ),
        worked=frozenset(
            {
                date(2026, 1, 4),
                date(2026, 2, 14),
                date(2026, 2, 28),
                date(2026, 5, 9),
                date(2026, 9, 20),
                date(2026, 10, 10),
            }
        ),
    ),
}


def is_working_day(day: date, years: Mapping[int, Year] = YEARS) -> bool:
    """Whether offices work on this day, as far as the tables know."""
    table = years.get(day.year, Year())
    if day in table.worked:
        return True
    return day.weekday() < SATURDAY and not any(first <= day <= last for first, last in table.off)


def working_days_between(today: date, day: date, years: Mapping[int, Year] = YEARS) -> int:
    """Whole working days after today and before `day`: what lies between a filing and an opening; 0 where none do."""
    return sum(is_working_day(today + DAY * number, years) for number in range(1, (day - today).days))


def after_working_days(today: date, days: int, years: Mapping[int, Year] = YEARS) -> date:
    """The last day of a term of so many working days that begins tomorrow."""
    found = today
    while days > 0:
        found += DAY
        days -= is_working_day(found, years)
    return found


def is_certain(first: date, last: date, years: Mapping[int, Year] = YEARS) -> bool:
    """Whether every year touched stands in a table that was compared with the notice."""
    return all(years.get(year, Year()).confirmed for year in range(first.year, last.year + 1))
