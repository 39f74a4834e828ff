"""及时发放: how many working days claims stay in each stage, and what is overdue by the terms of their policies.

Terms: `review_working_days` counts from the filing to the end of the second review; a notice ends on its own last day;
`payment_working_days` counts from the day on which nothing stood in the way any more. A stage without a known term is
never overdue: that it is not known is told.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median_low

from lms.domain.claims.states import Act, ClaimState
from lms.domain.subsidies import Term
from lms.domain.workdays import after_working_days, is_certain, working_days_between

DAY = timedelta(days=1)


class Stage(StrEnum):
    """Where a claim waits, in order; CORRECTION is the institution's turn."""

    CORRECTION = "correction"
    FIRST_REVIEW = "first_review"
    SECOND_REVIEW = "second_review"
    NOTICE = "notice"
    PAYMENT = "payment"


STAGES: Mapping[ClaimState, Stage] = {
    ClaimState.RETURNED: Stage.CORRECTION,
    ClaimState.FILED: Stage.FIRST_REVIEW,
    ClaimState.FIRST: Stage.SECOND_REVIEW,
    ClaimState.NOTICE: Stage.NOTICE,
    ClaimState.OWED: Stage.PAYMENT,
}


@dataclass(frozen=True)
class Step:
    """What happened to a claim on a day, and the state after it."""

    act: Act
    state: ClaimState
    on: date


@dataclass(frozen=True)
class Terms:
    """What bears on a claim: two terms of its policy, the last day of its notice, how many lines are to be paid."""

    review: Term[int]
    payment: Term[int]
    notice_until: date | None
    lines: int


@dataclass(frozen=True)
class Stay:
    """A claim in one stage. `until`: the day it left, None while it is there; `due_on`: None without a term."""

    stage: Stage
    since: date
    until: date | None
    due_on: date | None


@dataclass(frozen=True)
class Aged:
    """Stays of one institution in one stage. Days are working days; `is_certain`: by confirmed holiday tables only.

    `waiting`: claims in it today, `overdue` of them, `without_term` of them; `longest`: the longest wait; `passed`:
    stays that are over, `late` of them past their day, `typical`: the lower median of their days, None without any.
    """

    place: uuid.UUID
    stage: Stage
    waiting: int
    overdue: int
    without_term: int
    longest: int
    most_overdue: int
    passed: int
    late: int
    typical: int | None
    is_certain: bool


def stays(steps: Iterable[Step], terms: Terms) -> list[Stay]:
    """The stages a claim went through, from its steps in order."""
    found: list[Stay] = []
    filed: date | None = None
    paid = 0
    for step in steps:
        paid += {Act.PAY_LINE: 1, Act.OWE_AGAIN: -1}.get(step.act, 0)
        filed = step.on if step.act is Act.FILE else filed
        stage = STAGES.get(step.state)
        if stage is Stage.PAYMENT and step.act is not Act.OWE:
            _pay(found, step.on, is_over=paid >= terms.lines)
            continue
        if found and found[-1].until is None and found[-1].stage is not stage:
            found.append(_left(found.pop(), step.on))
        if stage is not None and (not found or found[-1].until is not None):
            found.append(Stay(stage, step.on, None, _due(stage, step.on, filed, terms)))
    return found


def _left(stay: Stay, on: date) -> Stay:
    return Stay(stay.stage, stay.since, on, stay.due_on)


def _pay(found: list[Stay], on: date, *, is_over: bool) -> None:
    """The wait for payment ends with the last line, and begins again when a payment comes back."""
    if found and found[-1].stage is Stage.PAYMENT:
        last = found.pop()
        found.append(Stay(last.stage, last.since, on if is_over else None, last.due_on))


def _due(stage: Stage, since: date, filed: date | None, terms: Terms) -> date | None:
    if stage in (Stage.FIRST_REVIEW, Stage.SECOND_REVIEW):
        return _after(filed or since, terms.review)
    if stage is Stage.NOTICE:
        return terms.notice_until
    return _after(since, terms.payment) if stage is Stage.PAYMENT else None


def _after(since: date, term: Term[int]) -> date | None:
    return None if term.value is None else after_working_days(since, term.value)


def days_in(stay: Stay, today: date) -> int:
    """Whole working days it stayed or has stayed: the day it came does not count, the day it left does."""
    return working_days_between(stay.since, (stay.until or today) + DAY)


def overdue_days(stay: Stay, today: date) -> int:
    """Working days past its day; 0 where there is no term or it is kept."""
    return 0 if stay.due_on is None else working_days_between(stay.due_on, (stay.until or today) + DAY)


def is_late(stay: Stay, today: date) -> bool:
    """Whether its day is past, be the days since working days or not."""
    return stay.due_on is not None and (stay.until or today) > stay.due_on


def tally(found: Iterable[tuple[uuid.UUID, Stay]], today: date) -> list[Aged]:
    """One row for each institution and stage in which a claim is or was, in the order of stages."""
    groups: dict[tuple[uuid.UUID, Stage], list[Stay]] = {}
    for place, stay in found:
        groups.setdefault((place, stay.stage), []).append(stay)
    order = list(Stage)
    keys = sorted(groups, key=lambda key: (key[0], order.index(key[1])))
    return [_aged(place, stage, groups[place, stage], today) for place, stage in keys]


def _aged(place: uuid.UUID, stage: Stage, group: list[Stay], today: date) -> Aged:
    here = [each for each in group if each.until is None]
    gone = [each for each in group if each.until is not None]
    late = [each for each in here if is_late(each, today)]
    first = min(each.since for each in group)
    return Aged(
        place=place,
        stage=stage,
        waiting=len(here),
        overdue=len(late),
        without_term=sum(each.due_on is None for each in here),
        longest=max((days_in(each, today) for each in here), default=0),
        most_overdue=max((overdue_days(each, today) for each in late), default=0),
        passed=len(gone),
        late=sum(is_late(each, today) for each in gone),
        typical=median_low(days_in(each, today) for each in gone) if gone else None,
        is_certain=is_certain(first, today),
    )
