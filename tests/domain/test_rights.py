"""A wish goes one way, two people erase, and the day of an answer counts working days."""

import uuid
from collections.abc import Callable
from datetime import date

import pytest

from lms.domain import rights
from lms.domain.errors import Refused
from lms.domain.rights import Asked, State

FIRST, SECOND = uuid.uuid4(), uuid.uuid4()
MOVES: dict[str, Callable[[State], State]] = {
    "make a correction": lambda state: rights.answer(Asked.CORRECTION, state, done=True),
    "refuse a correction": lambda state: rights.answer(Asked.CORRECTION, state, done=False),
    "answer a deletion": lambda state: rights.answer(Asked.DELETION, state, done=True),
    "propose": lambda state: rights.propose(Asked.DELETION, state, may_erase=True),
    "propose too early": lambda state: rights.propose(Asked.DELETION, state, may_erase=False),
    "propose for a correction": lambda state: rights.propose(Asked.CORRECTION, state, may_erase=True),
    "approve": lambda state: rights.approve(state, FIRST, SECOND, may_erase=True),
    "approve alone": lambda state: rights.approve(state, FIRST, FIRST, may_erase=True),
    "approve too early": lambda state: rights.approve(state, FIRST, SECOND, may_erase=False),
    "withdraw": rights.withdraw,
}
ALLOWED = {
    ("make a correction", State.OPEN): State.ANSWERED,
    ("refuse a correction", State.OPEN): State.REFUSED,
    ("propose", State.OPEN): State.PROPOSED,
    ("propose", State.RESTRICTED): State.PROPOSED,
    ("approve", State.PROPOSED): State.ERASED,
    ("withdraw", State.OPEN): State.WITHDRAWN,
    ("withdraw", State.RESTRICTED): State.WITHDRAWN,
    ("withdraw", State.PROPOSED): State.WITHDRAWN,
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", MOVES)
def test_moves(move: str, state: State) -> None:
    if (move, state) in ALLOWED:
        assert MOVES[move](state) is ALLOWED[move, state]
        return
    with pytest.raises(Refused):
        MOVES[move](state)


@pytest.mark.parametrize(
    ("asked", "days", "expected"),
    [
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),
        (date(2026, 11, 27), 15, date(2026, 12, 18)),
    ],
)
def test_saturdays_and_sundays_do_not_count(asked: date, days: int, expected: date) -> None:
    assert rights.due_on(asked, days) == expected


@pytest.mark.parametrize(
    ("today", "month"),
    [
        (date(2026, 12, 3), None),
        (date(2026, 12, 4), date(2026, 11, 1)),
        (date(2027, 1, 31), date(2026, 12, 1)),
    ],
)
def test_a_statement_waits_until_late_reports_are_in(today: date, month: date | None) -> None:
    assert rights.month_of(today) == month
