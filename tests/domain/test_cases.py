"""A case goes one way: open, decided, appealed, closed; and nobody judges herself or twice."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from lms.domain import cases
from lms.domain.cases import CaseState
from lms.domain.errors import Refused

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
LATE = NOW + timedelta(days=15, seconds=1)

Move = Callable[[CaseState], CaseState | None]
MOVES: dict[str, Move] = {
    "speak": cases.speak,
    "decide": cases.decide,
    "appeal": lambda state: cases.appeal(state, NOW, NOW + timedelta(days=15)),
    "appeal too late": lambda state: cases.appeal(state, NOW, LATE),
    "decide appeal": cases.decide_appeal,
}
ALLOWED = {
    ("speak", "open"): None,
    ("speak", "appealed"): None,
    ("decide", "open"): "decided",
    ("appeal", "decided"): "appealed",
    ("decide appeal", "appealed"): "closed",
}


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("move", MOVES)
def test_moves(move: str, state: CaseState) -> None:
    if (move, state.value) in ALLOWED:
        assert MOVES[move](state) == ALLOWED[move, state.value]
        return
    with pytest.raises(Refused) as refused:
        MOVES[move](state)
    late = move == "appeal too late" and state is CaseState.DECIDED
    assert refused.value.code == "case_appeal_late" if late else refused.value.code.startswith("case_")


def test_judges() -> None:
    learner, first, second = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    cases.check_judge(learner, None, first, None)
    cases.check_judge(learner, None, second, first)
    for person, account, code in ((learner, second, "case_own"), (None, first, "case_second_person")):
        with pytest.raises(Refused) as refused:
            cases.check_judge(learner, person, account, first)
        assert refused.value.code == code
