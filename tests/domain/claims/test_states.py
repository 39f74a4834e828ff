"""The table of states: whatever is tried, in whatever order, no state is reached without its humans; sums agree."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.claims import chain, lines, states
from lms.domain.claims.states import Act, ClaimState, Hands, LineState
from lms.domain.eligibility.findings import Assessment, Candidate, Finding, Outcome
from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.levels import Level
from lms.domain.roles import Role
from lms.domain.subsidies import Atom, PastState, SubsidyKind

HUMANS = [uuid.UUID(int=n) for n in range(1, 6)]
AT = datetime(2026, 11, 23, 4, tzinfo=UTC)
ATOM = Atom(HUMANS[0], SubsidyKind.TRAINING, "养老护理员", Level.JUNIOR)
SIGNS = {Act.FILE: "filed", Act.PASS_FIRST: "first", Act.PASS_SECOND: "second"}


def walk(steps: list[tuple[Act, uuid.UUID]]) -> tuple[ClaimState, Hands]:
    """Tries every step in turn, as services do; what is refused changes nothing."""
    state, hands = ClaimState.DRAFT, Hands(made=HUMANS[0])
    for act, human in steps:
        try:
            goal = states.after(state, act)
            states.check_hands(act, hands, human)
        except Refused:
            continue
        state = goal
        if act is Act.REFRESH:
            hands = Hands(made=human)
        elif act is Act.FILE:
            hands = Hands(made=hands.made, filed=human)
        elif act in SIGNS:
            hands = replace(hands, **{SIGNS[act]: human})
    return state, hands


@given(st.lists(st.tuples(st.sampled_from(sorted(states.RULES)), st.sampled_from(HUMANS)), max_size=40))
def test_no_state_is_reached_without_its_humans(steps: list[tuple[Act, uuid.UUID]]) -> None:
    state, hands = walk(steps)
    if state in (ClaimState.FILED, ClaimState.FIRST, ClaimState.NOTICE, ClaimState.OWED):
        assert hands.filed not in (None, hands.made)
    if state in (ClaimState.NOTICE, ClaimState.OWED):
        assert len({hands.made, hands.filed, hands.first, hands.second} - {None}) == 4


@pytest.mark.parametrize("act", [each for each in Act if each is not Act.MAKE])
def test_each_act_has_one_side(act: Act) -> None:
    other = Role.OFFICER if states.RULES[act].role is Role.INSTITUTION else Role.INSTITUTION
    with pytest.raises(Forbidden):
        states.check_role(act, other)
    states.check_role(act, states.RULES[act].role)


def test_nothing_leads_out_of_what_is_over() -> None:
    for over in states.IS_OVER:
        for act in Act:
            with pytest.raises(Conflict):
                states.after(over, act)


@pytest.mark.parametrize(
    ("claim", "line", "holds"),
    [
        (ClaimState.DRAFT, LineState.ASKED, True),
        (ClaimState.FILED, LineState.REFUSED, True),
        (ClaimState.NOTICE, LineState.REFUSED, False),
        (ClaimState.NOTICE, LineState.RETURNED, False),
        (ClaimState.OWED, LineState.PAID, True),
        (ClaimState.OWED, LineState.CLAWED_BACK, False),
        (ClaimState.WITHDRAWN, LineState.ASKED, False),
        (ClaimState.DRAFT, LineState.LEFT_OUT, False),
    ],
)
def test_who_holds_an_atom(claim: ClaimState, line: LineState, *, holds: bool) -> None:
    assert states.holds_atom(claim, line) is holds


def test_what_funds_tell_leads_where_it_says() -> None:
    assert states.line_after(LineState.OWED, states.TOLD[PastState.PAID]) is LineState.PAID
    assert states.line_after(LineState.PAID, states.TOLD[PastState.APPROVED]) is LineState.OWED
    assert states.line_after(LineState.PAID, states.TOLD[PastState.CLAWED_BACK]) is LineState.CLAWED_BACK
    with pytest.raises(Conflict):
        states.line_after(LineState.PAID, Act.PAY_LINE)


@given(st.text(alphabet="养老护理员ＡBc３ 　", min_size=1, max_size=12))
def test_an_atom_is_one_however_it_is_typed(text: str) -> None:
    wide = text.replace("3", "３").replace("B", "Ｂ").replace(" ", "　")
    assert lines.atom_key(replace(ATOM, occupation=text)) == lines.atom_key(replace(ATOM, occupation=wide))


def test_other_atoms_are_other_keys() -> None:
    others = [
        replace(ATOM, kind=SubsidyKind.LIVING),
        replace(ATOM, level=None),
        replace(ATOM, level=Level.SENIOR),
        replace(ATOM, occupation="育婴员"),
        replace(ATOM, person_id=HUMANS[1]),
    ]
    assert len({lines.atom_key(each) for each in [ATOM, *others]}) == 6


@given(st.lists(st.integers(min_value=1, max_value=10**9)))
def test_lines_sum_to_the_claim_in_fen(amounts: list[int]) -> None:
    frozen = [lines.freeze(candidate(each), date(2026, 5, 1), date(2026, 5, 29)) for each in amounts]
    assert lines.total_fen(each.amount_fen for each in frozen) == sum(amounts)


@pytest.mark.parametrize("amount", [0, -1])
def test_an_amount_is_above_zero(amount: int) -> None:
    with pytest.raises(ValueError, match="above zero"):
        lines.total_fen([amount])


def candidate(amount: int | None, outcome: Outcome = Outcome.MET, **values: object) -> Candidate:
    finding = Finding("amount", outcome, values=values)
    assessment = Assessment(SubsidyKind.TRAINING, ATOM, "LN-2021", "", (), (finding,), amount)
    return Candidate(uuid.UUID(int=9), HUMANS[0], HUMANS[0], assessment, 5000, None, None)


def test_what_is_not_funded_makes_no_line() -> None:
    for each in (candidate(None), candidate(100, Outcome.UNMET)):
        with pytest.raises(ValueError, match="no line"):
            lines.freeze(each, date(2026, 5, 1), date(2026, 5, 29))
    told = lines.freeze(
        candidate(70, standard_fen=100, share=0.7, kinds=frozenset({"b", "a"}), on=date(2026, 5, 1), all=[1]),
        date(2026, 5, 1),
        date(2026, 5, 29),
    )
    assert (told.standard_fen, told.amount_fen) == (100, 70)
    assert '"kinds":["a","b"]' in told.body
    assert '"share":"0.7"' in told.body


@given(st.lists(st.text(max_size=5), min_size=2, max_size=6), st.data())
def test_a_chain_shows_every_change(notes: list[str], data: st.DataObject) -> None:
    claim = uuid.UUID(int=7)
    steps: list[chain.Step] = []
    for n, note in enumerate(notes):
        act = Act.MAKE if n == 0 else Act.REFRESH
        asked = chain.Step(0, act, ClaimState.DRAFT, None, HUMANS[0], AT, note, {"n": n})
        steps.append(chain.next_step(claim, steps[-1] if steps else None, asked))
    assert chain.is_whole(claim, steps)
    at = data.draw(st.integers(min_value=0, max_value=len(steps) - 1))
    changed = [replace(each, note=each.note + "x") if n == at else each for n, each in enumerate(steps)]
    assert not chain.is_whole(claim, changed)
    assert not chain.is_whole(claim, steps[1:])
    back = replace(steps[-1], at=AT.replace(year=2025))
    assert not chain.is_whole(claim, [*steps[:-1], back])
    with pytest.raises(Refused):
        chain.next_step(claim, steps[-1], back)
