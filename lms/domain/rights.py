"""What a person can ask about her own data, in which order it is dealt with, and by whom (PIPL 44-50)."""

import uuid
from datetime import date, timedelta
from enum import StrEnum

from lms.domain.errors import Conflict, Forbidden, Refused

ANSWER_WORKING_DAYS = 15  # common practice, unconfirmed by any text read: a parameter
EXPORT_HOURS = 24  # our own choice: long enough for a phone that is offline at night
STATEMENT_DAY = 4  # our own choice: what was studied offline may come in for three days
SATURDAY = 5


class Asked(StrEnum):
    """What is asked: that something be put right, that her data go, that her account be closed as well."""

    CORRECTION = "correction"
    DELETION = "deletion"
    CLOSING = "closing"


class State(StrEnum):
    """Where it stands. `restricted`: decided by a rule, archive only; `proposed`: one of two has agreed to erase."""

    OPEN = "open"
    RESTRICTED = "restricted"
    PROPOSED = "proposed"
    ERASED = "erased"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


WAITING = frozenset({State.OPEN, State.PROPOSED})
RUNNING = frozenset({State.OPEN, State.RESTRICTED, State.PROPOSED})


class Known(StrEnum):
    """Whether a learner took her account into her own hands (激活): not yet, yes, or she says it is not her."""

    NOT_YET = "not_yet"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"


def due_on(asked: date, days: int = ANSWER_WORKING_DAYS) -> date:
    """The last working day for an answer: Saturdays and Sundays do not count.

    Public holidays are not known here, so the day can only be earlier than the calendar of the State Council has it,
    but for a working Saturday.
    """
    day, left = asked, days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return day


def answer(asked: Asked, state: State, *, done: bool) -> State:
    """The state after a correction was made, or refused with a reason."""
    if asked is not Asked.CORRECTION or state is not State.OPEN:
        raise Conflict("request_closed")
    return State.ANSWERED if done else State.REFUSED


def propose(asked: Asked, state: State, *, may_erase: bool) -> State:
    """The state after the first of two has agreed to erase. Refused while a rule still holds the records."""
    if asked is Asked.CORRECTION or state not in (State.OPEN, State.RESTRICTED):
        raise Conflict("request_closed")
    if not may_erase:
        raise Refused("erasure_too_early")
    return State.PROPOSED


def approve(state: State, proposed_by: uuid.UUID | None, account_id: uuid.UUID, *, may_erase: bool) -> State:
    """The state after the second has agreed as well."""
    if state is not State.PROPOSED:
        raise Conflict("request_closed")
    if proposed_by == account_id:
        raise Forbidden("erasure_second_person")
    if not may_erase:
        raise Refused("erasure_too_early")
    return State.ERASED


def withdraw(state: State) -> State:
    """The state after she has changed her mind, which she may until it is done."""
    if state not in RUNNING:
        raise Conflict("request_closed")
    return State.WITHDRAWN


def month_of(today: date) -> date | None:
    """The month (its first day) whose statement can be written today; None while late reports may still come."""
    if today.day < STATEMENT_DAY:
        return None
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)
