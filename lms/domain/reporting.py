"""Reports: which there are, what each can be asked, the periods of regular ones, and progress against plan."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lms.domain.errors import Refused


class ReportKind(StrEnum):
    """The reports of an institution."""

    COMPLETION = "completion"
    HOURS = "hours"
    PROGRESS = "progress"
    OVERDUE = "overdue"
    SCORES = "scores"
    ATTENDANCE = "attendance"
    CERTIFICATES = "certificates"
    ROLLUP = "rollup"


SETTLED_AFTER = timedelta(minutes=1)
"""What is being written as a day ends may still commit under it: until then the day is not over for a report."""

BY_LEARNER = frozenset({ReportKind.COMPLETION, ReportKind.HOURS, ReportKind.PROGRESS, ReportKind.OVERDUE})
"""Those with one row a learner and class: they can be narrowed to who is in which state."""

OF_PLACES = frozenset({ReportKind.ROLLUP})
"""Those with sums of places and nobody's name: they are narrowed to a place, and to nothing else."""


class LearnerState(StrEnum):
    """What a report can be narrowed to: who has a completion record, and classes that are running or over."""

    RECORDED = "recorded"
    UNRECORDED = "unrecorded"
    RUNNING = "running"
    CLOSED = "closed"


class Pace(StrEnum):
    """Where somebody is against an even spread of the required time over the days of her class."""

    DONE = "done"
    ON_PLAN = "on_plan"
    BEHIND = "behind"
    OVERDUE = "overdue"
    NOT_OPEN = "not_open"


@dataclass(frozen=True)
class Plan:
    """Progress against plan. Times in ms; `behind_ms` is 0 for whoever is not behind."""

    pace: Pace
    required_ms: int
    planned_ms: int
    credited_ms: int

    @property
    def behind_ms(self) -> int:
        """What is missing against the plan of the day."""
        return max(0, self.planned_ms - self.credited_ms)


def planned_ms(required_ms: int, opens_on: date, closes_on: date, today: date) -> int:
    """What should be credited by the end of the day before `today`: an even share for each day that is over.

    Our own measure, no rule: no text read says how fast anybody must learn within the days of a class.
    """
    days = (closes_on - opens_on).days + 1
    over = min(max((today - opens_on).days, 0), days)
    return required_ms * over // days


def plan(
    *, required_ms: int, credited_ms: int, is_recorded: bool, opens_on: date, closes_on: date, today: date
) -> Plan:
    """How somebody stands today. `credited_ms` counts no more of a lesson than it needs."""
    planned = planned_ms(required_ms, opens_on, closes_on, today)
    if is_recorded:
        pace = Pace.DONE
    elif today < opens_on:
        pace = Pace.NOT_OPEN
    elif today > closes_on:
        pace = Pace.OVERDUE
    else:
        pace = Pace.BEHIND if credited_ms < planned else Pace.ON_PLAN
    return Plan(pace, required_ms, planned, credited_ms)


def last_period(every: str, today: date) -> tuple[date, date]:
    """First and last day of the last whole week (Monday to Sunday) or month before `today`.

    Refused: view_every_unknown.
    """
    if every == "weekly":
        monday = today - timedelta(days=today.weekday())
        return monday - timedelta(days=7), monday - timedelta(days=1)
    if every == "monthly":
        last = today.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last
    raise Refused("view_every_unknown")


def online_share_percent(online: int, in_person: int) -> int | None:
    """Online class hours of all, in whole percent, rounded up: it must not exceed a limit. None of none."""
    whole = online + in_person
    return -(-online * 100 // whole) if whole else None
