"""The ladder: its steps, two people, its days, and what it does to claims."""

import uuid
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.claims import sanctions
from lms.domain.claims.sanctions import HOLDS, LADDER, SECOND, STEPS, Act, Rung, Standing, State
from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.subsidies import Confidence

TODAY = date(2026, 11, 23)
LATER = TODAY + timedelta(days=30)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", Act)
def test_only_the_steps_of_the_table_are_taken(state: State, act: Act) -> None:
    if (state, act) in STEPS:
        assert sanctions.step(state, act) is STEPS[state, act]
    else:
        with pytest.raises(Conflict, match="sanction_step"):
            sanctions.step(state, act)


def test_imposing_and_lifting_take_two_people() -> None:
    me, other = uuid.uuid4(), uuid.uuid4()
    assert {Act.IMPOSE, Act.TURN_DOWN, Act.LIFT, Act.KEEP} == SECOND
    for act in SECOND:
        with pytest.raises(Forbidden, match="sanction_second_person"):
            sanctions.check_second(act, me, me)
        sanctions.check_second(act, me, other)
    sanctions.check_second(Act.RECHECK, me, me)


@pytest.mark.parametrize(
    ("rung", "fix", "closed", "code"),
    [
        (Rung.TALK, TODAY, None, "sanction_day"),
        (Rung.RECTIFY, None, TODAY, "sanction_day"),
        (Rung.TALK, None, LATER, "sanction_talk"),
        (Rung.TALK, LATER, None, ""),
        (Rung.CIRCULAR, LATER, LATER, ""),
        (Rung.TERMINATE, None, None, ""),
    ],
)
def test_the_days_an_officer_writes(rung: Rung, fix: date | None, closed: date | None, code: str) -> None:
    if not code:
        return sanctions.check_days(rung, fix, closed, TODAY)
    with pytest.raises(Refused, match=code):
        sanctions.check_days(rung, fix, closed, TODAY)
    return None


@pytest.mark.parametrize(
    ("rung", "state", "until", "day", "holds", "closes"),
    [
        (Rung.TALK, State.IN_FORCE, None, LATER, True, False),
        (Rung.TALK, State.PROPOSED, None, LATER, False, False),
        (Rung.RECTIFY, State.IN_FORCE, LATER, LATER, True, True),
        (Rung.RECTIFY, State.IN_FORCE, LATER, LATER + timedelta(days=1), False, False),
        (Rung.RECTIFY, State.LIFTING, LATER, TODAY, True, True),
        (Rung.RECTIFY, State.LIFTED, LATER, TODAY, False, False),
        (Rung.CIRCULAR, State.IN_FORCE, None, TODAY, True, False),
        (Rung.TERMINATE, State.IN_FORCE, None, date.max, True, True),
        (Rung.TERMINATE, State.TURNED_DOWN, None, TODAY, False, False),
    ],
)
def test_what_it_does_to_claims(
    rung: Rung, state: State, until: date | None, day: date, holds: bool, closes: bool
) -> None:
    one = Standing(rung, state, until)
    assert (sanctions.holds(one, day), sanctions.closes(one, day)) == (holds, closes)


@given(
    st.builds(Standing, st.sampled_from(Rung), st.sampled_from(State), st.none() | st.dates()),
    st.dates(),
)
def test_what_closes_also_casts_a_doubt_and_only_while_it_is_in_force(one: Standing, day: date) -> None:
    if sanctions.closes(one, day):
        assert sanctions.holds(one, day)
    if sanctions.holds(one, day):
        assert one.state in HOLDS


@pytest.mark.parametrize(
    ("expected", "present", "is_right"),
    [(30, 28, True), (30, 30, True), (None, None, True), (30, None, True), (28, 30, False), (-1, None, False)],
)
def test_how_many_were_there(expected: int | None, present: int | None, is_right: bool) -> None:
    if is_right:
        return sanctions.check_counts(expected, present)
    with pytest.raises(Refused, match="inspection_count"):
        sanctions.check_counts(expected, present)
    return None


def test_what_tianjin_does_is_a_hint_and_says_so() -> None:
    told = [term for each in LADDER.values() for term in (each.fix_working_days, each.closed_months) if term]
    assert len(told) == len(Rung)
    assert {term.confidence for term in told} == {Confidence.UNCONFIRMED}
    assert all(term.clause for term in told)
