"""What an authority does about an institution (处理): 约谈 → 整改函 → 通报 → 解除协议, by two people.

The rungs and the columns of the list are Tianjin's (津人社办发〔2022〕60号, domain.md 1.2 and 6.1). Whether other
places have the same ladder and terms is not confirmed: the terms are shown as a hint and an officer writes the days.
A sanction never refuses anybody: while it holds a person must look before money goes to that institution.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.subsidies import Term

MOST_PEOPLE = 10_000
TIANJIN = "津人社办发〔2022〕60号"


class Rung(StrEnum):
    """From the lightest to the heaviest."""

    TALK = "talk"  # 约谈
    RECTIFY = "rectify"  # 整改函
    CIRCULAR = "circular"  # 通报
    TERMINATE = "terminate"  # 解除协议


class Way(StrEnum):
    """How a check was made."""

    ONSITE = "onsite"
    VIDEO = "video"
    PHONE = "phone"


class State(StrEnum):
    """How a sanction stands."""

    PROPOSED = "proposed"
    TURNED_DOWN = "turned_down"
    IN_FORCE = "in_force"
    LIFTING = "lifting"  # somebody asked to lift it; it holds until a second person agrees
    LIFTED = "lifted"


class Act(StrEnum):
    """What may be done with one. ANSWER is the institution's, all others are officers'."""

    IMPOSE = "impose"
    TURN_DOWN = "turn_down"
    ANSWER = "answer"
    RECHECK = "recheck"
    ASK_LIFT = "ask_lift"
    LIFT = "lift"
    KEEP = "keep"


STEPS: Mapping[tuple[State, Act], State] = {
    (State.PROPOSED, Act.IMPOSE): State.IN_FORCE,
    (State.PROPOSED, Act.TURN_DOWN): State.TURNED_DOWN,
    (State.IN_FORCE, Act.ANSWER): State.IN_FORCE,
    (State.LIFTING, Act.ANSWER): State.LIFTING,
    (State.IN_FORCE, Act.RECHECK): State.IN_FORCE,
    (State.IN_FORCE, Act.ASK_LIFT): State.LIFTING,
    (State.LIFTING, Act.LIFT): State.LIFTED,
    (State.LIFTING, Act.KEEP): State.IN_FORCE,
}
SECOND = frozenset({Act.IMPOSE, Act.TURN_DOWN, Act.LIFT, Act.KEEP})
"""Acts of a second person: not who proposed it, or asked to lift it."""
HOLDS = frozenset({State.IN_FORCE, State.LIFTING})
SEEN_BY_INSTITUTION = HOLDS | {State.LIFTED}


@dataclass(frozen=True)
class RungTerms:
    """What a rung is known to bring with it: days to put it right, and for how long nothing new is taken."""

    fix_working_days: Term[int] | None = None
    closed_months: Term[int] | None = None


LADDER: Mapping[Rung, RungTerms] = {
    Rung.TALK: RungTerms(fix_working_days=Term(5, TIANJIN)),
    Rung.RECTIFY: RungTerms(closed_months=Term(6, TIANJIN)),
    Rung.CIRCULAR: RungTerms(closed_months=Term(12, TIANJIN)),
    Rung.TERMINATE: RungTerms(closed_months=Term(24, TIANJIN)),
}
"""Tianjin's terms, which speak of new classes; unconfirmed elsewhere, so nothing is taken from here unasked."""


@dataclass(frozen=True)
class Standing:
    """One sanction as the rules look at it."""

    rung: Rung
    state: State
    closed_until: date | None


def step(state: State, act: Act) -> State:
    """The state an act leads to; Conflict: sanction_step."""
    try:
        return STEPS[state, act]
    except KeyError:
        raise Conflict("sanction_step") from None


def check_second(act: Act, before: uuid.UUID, me: uuid.UUID) -> None:
    """Whoever proposed it does not decide it (selves); Forbidden: sanction_second_person."""
    if act in SECOND and before == me:
        raise Forbidden("sanction_second_person")


def check_days(rung: Rung, fix_until: date | None, closed_until: date | None, today: date) -> None:
    """The days an officer wrote. Refused: sanction_day for one that is not to come; sanction_talk for a talk that
    closes anything."""
    if any(day is not None and day <= today for day in (fix_until, closed_until)):
        raise Refused("sanction_day")
    if rung is Rung.TALK and closed_until is not None:
        raise Refused("sanction_talk")


def holds(one: Standing, day: date) -> bool:
    """Whether it casts a doubt on claims on this day: in force, and its last day, if it has one, not past."""
    return one.state in HOLDS and (one.closed_until is None or day <= one.closed_until)


def closes(one: Standing, day: date) -> bool:
    """Whether no new claim may be filed on this day: until the day that was written; an agreement that was dissolved
    (解除协议) without a day closes until it is lifted."""
    return holds(one, day) and (one.closed_until is not None or one.rung is Rung.TERMINATE)


def check_counts(expected: int | None, present: int | None) -> None:
    """How many should have been there, and were; Refused: inspection_count."""
    told = [each for each in (expected, present) if each is not None]
    if any(not 0 <= each <= MOST_PEOPLE for each in told) or told != sorted(told, reverse=True):
        raise Refused("inspection_count")
