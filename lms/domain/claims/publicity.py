"""Public notices (公示) of claims: for how long, what they show of whom, and what objections do.

财社〔2023〕181号 art 28: names, partly hidden numbers of documents, standard and amount are made public. How many
working days is a term of the policy (`notice_working_days`); where it is not known the officer says so herself.
"""

import re
import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.identity import mask_name, mask_number
from lms.domain.subsidies import Term
from lms.domain.workdays import after_working_days, is_certain

SHOWS_WHOLE_NAMES = True  # the one switch, decision 0168
MOST_DAYS = 60
PHONE = re.compile(r"(?=.{3,40}$)[0-9]+(?:[ ()/;,\-]+[0-9]+)*", re.ASCII)


@dataclass(frozen=True)
class Span:
    """Both days included, `days` working days; `of_policy`: whether the policy said so, and not the officer.

    `is_certain`: whether each year touched stands in a holiday table that was compared with the notice.
    """

    first_on: date
    last_on: date
    days: int
    of_policy: bool
    is_certain: bool


class State(StrEnum):
    """How an objection stands."""

    OPEN = "open"
    DOUBTED = "doubted"  # one officer found it unfounded, a second has to agree
    UNFOUNDED = "unfounded"
    FOUNDED = "founded"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What may be done with an objection. WITHDRAW is hers who made it, with her account."""

    DOUBT = "doubt"
    AGREE = "agree"
    DISAGREE = "disagree"
    UPHOLD = "uphold"
    WITHDRAW = "withdraw"


STEPS: Mapping[tuple[State, Act], State] = {
    (State.OPEN, Act.DOUBT): State.DOUBTED,
    (State.OPEN, Act.UPHOLD): State.FOUNDED,
    (State.OPEN, Act.WITHDRAW): State.WITHDRAWN,
    (State.DOUBTED, Act.AGREE): State.UNFOUNDED,
    (State.DOUBTED, Act.DISAGREE): State.OPEN,
    (State.DOUBTED, Act.WITHDRAW): State.WITHDRAWN,
}
SECOND = frozenset({Act.AGREE, Act.DISAGREE})
WAITING = frozenset({State.OPEN, State.DOUBTED})


@dataclass(frozen=True)
class Objection:
    """One objection as the rules look at it; `line_id` None: against the claim as a whole.

    `is_carried_out`: whether what it is about was struck from the claim, so that nothing is left to hold back.
    """

    state: State
    line_id: uuid.UUID | None
    is_carried_out: bool = False

    @property
    def holds(self) -> bool:
        """Whether it stands between the claim and its payment: it waits, or it was upheld and nobody drew the
        consequence yet."""
        return self.state in WAITING or (self.state is State.FOUNDED and not self.is_carried_out)


def span(opened_on: date, term: Term[int], chosen: int | None) -> Span:
    """From the first working day after it was opened, so that the whole first day counts.

    Refused: notice_days_unknown where neither the policy nor the officer says how long; notice_days_of_policy where she
    says otherwise than the policy; notice_days for a number out of range.
    """
    days = term.value if term.value is not None else chosen
    if days is None:
        raise Refused("notice_days_unknown")
    if chosen is not None and chosen != days:
        raise Refused("notice_days_of_policy", days=days)
    if not 1 <= days <= MOST_DAYS:
        raise Refused("notice_days", most=MOST_DAYS)
    first, last = after_working_days(opened_on, 1), after_working_days(opened_on, days)
    return Span(first, last, days, term.value is not None, is_certain(opened_on, last))


def shown_name(name: str) -> str:
    """A person's name as a notice shows it: whole, as article 28 asks, unless the switch says otherwise."""
    return name if SHOWS_WHOLE_NAMES else mask_name(name)


def shown_number(number: str) -> str:
    """The number of her document as a notice shows it: the first six and the last four signs."""
    return mask_number(number)


def step(state: State, act: Act) -> State:
    """The state an act leads to; Conflict: objection_step."""
    try:
        return STEPS[state, act]
    except KeyError:
        raise Conflict("objection_step") from None


def check_second(act: Act, before: uuid.UUID, me: uuid.UUID) -> None:
    """What ends in payment takes two people (selves); Forbidden: objection_second_person."""
    if act in SECOND and before == me:
        raise Forbidden("objection_second_person")


def check_time(today: date, last_on: date) -> None:
    """Objections are taken until the end of the last day; Refused: notice_over."""
    if today > last_on:
        raise Refused("notice_over")


def is_over(last_on: date, today: date, objections: Iterable[Objection]) -> bool:
    """Whether nothing stands between the claim and its payment any more: the last day is past, no objection holds."""
    return today > last_on and not any(each.holds for each in objections)


def held_lines(objections: Iterable[Objection]) -> frozenset[uuid.UUID]:
    """The lines against which an objection waits or was upheld, the last of which must be struck."""
    return frozenset(each.line_id for each in objections if each.line_id is not None and each.holds)


def check_phone(text: str) -> str:
    """监督电话 as it is printed: an office's number, or 12333. Refused: notice_phone."""
    phone = " ".join(unicodedata.normalize("NFKC", text).split())
    if not PHONE.fullmatch(phone):
        raise Refused("notice_phone")
    return phone
