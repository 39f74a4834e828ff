"""Months of a book: a closed one takes no posting; what is late counts for the next, with its own day noted."""

from collections.abc import Collection
from datetime import date

from lms.domain.days import later
from lms.domain.errors import Refused


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def period_of(fact_on: date, closed: Collection[date], today: date) -> date:
    """The month that a posting counts for: that of the fact, or the first open one after what is closed.

    `closed`: first days of closed months. Refused: funds_day_ahead for a day to come.
    """
    if fact_on > today:
        raise Refused("funds_day_ahead")
    first_open = later(max(closed), 1) if closed else date.min
    return max(month_of(fact_on), first_open)


def check_close(month_on: date, closed: Collection[date], today: date, first_on: date) -> None:
    """Months close in order, from the one in which the book began, and only when they are over.

    Refused: funds_close_early, funds_close_again, funds_close_gap.
    """
    if month_on in closed:
        raise Refused("funds_close_again")
    if later(month_on, 1) > today:
        raise Refused("funds_close_early")
    wanted = later(max(closed), 1) if closed else month_of(first_on)
    if month_on != wanted:
        raise Refused("funds_close_gap", month=f"{wanted:%Y-%m}")
