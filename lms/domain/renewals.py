"""How long a completion holds, and when it is taken again (复训): from the figures of a rule to one word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lms.domain.days import later
from lms.domain.errors import Refused
from lms.domain.labels import check_label

LONGEST_MONTHS = 120
LONGEST_SOURCE = 200
LEAST_DAYS_IN_MONTH = 28


class Phase(StrEnum):
    """Where a completion stands on a day.

    LASTING: its course had no rule on the day it was issued, so it has no last day. VALID: it holds, and its window is
    not open yet. OPEN: it holds, and may be taken again. DUE: it holds for the last days, and must be taken again.
    EXPIRED: its last day is over. RENEWED: she has completed the course again since; the newer one counts. ENDED: its
    record was taken back.
    """

    LASTING = "lasting"
    VALID = "valid"
    OPEN = "open"
    DUE = "due"
    EXPIRED = "expired"
    RENEWED = "renewed"
    ENDED = "ended"


RETAKEN = (Phase.OPEN, Phase.DUE, Phase.EXPIRED)
"""The phases in which a course is taken again, in the order in which they come; each is told once."""


@dataclass(frozen=True)
class Terms:
    """The figures of a rule: how many months a completion holds (None: without a last day), and how many days before
    its last day the window opens and it is due.

    No national text read sets any of them for training certificates (domain.md): whoever sets a rule names its source,
    and a rule without one is marked as unconfirmed wherever it is shown.
    """

    months: int | None
    open_days: int = 0
    due_days: int = 0


@dataclass(frozen=True)
class Span:
    """The days of one completion, fixed when it was issued; `valid_until` is the last day on which it holds."""

    issued_on: date
    opens_on: date
    due_on: date
    valid_until: date

    @property
    def starts(self) -> Mapping[Phase, date]:
        """The first day of each phase that is told."""
        over = self.valid_until + timedelta(days=1)
        return {Phase.OPEN: self.opens_on, Phase.DUE: self.due_on, Phase.EXPIRED: over}


def check_terms(months: int | None, open_days: int, due_days: int) -> Terms:
    """The figures of a rule, if they can be one.

    Refused: renewal_months, 1 to 120; renewal_days, 1 ≤ due ≤ open; renewal_window_long, the window would open before
    the completion was issued.
    """
    if months is None:
        return Terms(None)
    if not 1 <= months <= LONGEST_MONTHS:
        raise Refused("renewal_months", most=LONGEST_MONTHS)
    if not 1 <= due_days <= open_days:
        raise Refused("renewal_days")
    if open_days > months * LEAST_DAYS_IN_MONTH:
        raise Refused("renewal_window_long", most=months * LEAST_DAYS_IN_MONTH)
    return Terms(months, open_days, due_days)


def check_source(text: str) -> str:
    """The document a rule rests on, in one line; empty where there is none. Refused: renewal_source_length."""
    return check_label(text, LONGEST_SOURCE, "renewal_source_length") if text.strip() else ""


def span(terms: Terms, issued_on: date) -> Span | None:
    """The days of a completion issued on this day; None where it has no last day."""
    if terms.months is None:
        return None
    last = later(issued_on, terms.months)
    opens, due = (last - timedelta(days=days) for days in (terms.open_days, terms.due_days))
    return Span(issued_on, opens, due, last)


def phase(found: Span | None, today: date, *, renewed: bool = False, ended: bool = False) -> Phase:
    """Where a completion stands today."""
    if ended:
        return Phase.ENDED
    if renewed:
        return Phase.RENEWED
    if found is None:
        return Phase.LASTING
    begun = [each for each in RETAKEN if found.starts[each] <= today]
    return begun[-1] if begun else Phase.VALID


def days_left(found: Span | None, today: date) -> int | None:
    """How many days are left after today, 0 on the last one, less when it is over; None without a last day."""
    return None if found is None else (found.valid_until - today).days


def next_telling(found: Span | None, told: Phase | None) -> date | None:
    """The first day on which there is something new to tell after what was told last; None when nothing will come."""
    if found is None:
        return None
    waiting = RETAKEN if told is None else RETAKEN[RETAKEN.index(told) + 1 :]
    return found.starts[waiting[0]] if waiting else None


def check_retaking(where: Phase, of_number: int, in_number: int, found: Span | None) -> None:
    """Whether a completion in this phase, of this version of a course, may be taken again in that version.

    Refused: renewal_not_open, the window is not open; renewal_older_version, nobody goes back to an older text.
    """
    if where not in RETAKEN:
        raise Refused("renewal_not_open", day=found.opens_on.isoformat() if found else "")
    if not renews(of_number, in_number):
        raise Refused("renewal_older_version", number=of_number)


def renews(of_number: int, by_number: int) -> bool:
    """Whether completing version `by_number` of a course renews a completion of version `of_number`."""
    return by_number >= of_number
