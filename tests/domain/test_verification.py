"""States of a document: only an authority's word changes them, and silence brings rest."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.domain.verification import REST, Outcome, State, after, is_resting

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
AGO = timedelta(minutes=1)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize(
    ("outcome", "wanted"),
    [(Outcome.MATCH, State.CONFIRMED), (Outcome.MISMATCH, State.MISMATCH)],
)
def test_an_answer_decides(state: State, outcome: Outcome, wanted: State) -> None:
    assert after(state, outcome) is wanted


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.LATER, Outcome.UNCLEAR])
def test_silence_changes_nothing(state: State, outcome: Outcome) -> None:
    assert after(state, outcome) is state


@pytest.mark.parametrize(
    ("recent", "rests"),
    [
        ([], False),
        ([Outcome.LATER, Outcome.UNCLEAR], False),
        ([Outcome.LATER, Outcome.UNCLEAR, Outcome.LATER], True),
        ([Outcome.LATER, Outcome.MATCH, Outcome.LATER], False),
        ([Outcome.UNKNOWN, Outcome.LATER, Outcome.LATER], False),
        ([Outcome.LATER, Outcome.LATER, Outcome.LATER, Outcome.MATCH], True),
    ],
)
def test_three_without_an_answer_in_a_row_bring_rest(recent: list[Outcome], rests: bool) -> None:
    assert is_resting([(each, NOW - AGO) for each in recent], NOW) is rests


def test_rest_is_over_after_ten_minutes() -> None:
    silent = [(Outcome.LATER, NOW)] * 3
    assert is_resting(silent, NOW + REST - timedelta(seconds=1))
    assert not is_resting(silent, NOW + REST)
