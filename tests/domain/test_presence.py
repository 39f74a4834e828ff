"""Presence checks: when, what, and what an answer is worth."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.presence import (
    MEAN_MS,
    SHORTEST_MS,
    STEM,
    TITLE_STEM,
    CheckOutcome,
    ask,
    assess,
    next_check_ms,
    to_recover,
)


@given(st.floats(0, 1, exclude_max=True))
def test_no_check_comes_before_a_minute_of_credit(draw: float) -> None:
    assert next_check_ms(draw) >= SHORTEST_MS


def test_checks_come_every_ten_minutes_of_credit_on_the_mean() -> None:
    draws = [(place + 0.5) / 10_000 for place in range(10_000)]
    assert sum(map(next_check_ms, draws)) / len(draws) == pytest.approx(MEAN_MS, rel=0.01)


@pytest.mark.parametrize(
    ("picked", "now_ms", "outcome"),
    [
        (1, 100, CheckOutcome.PASSED),
        (1, 120, CheckOutcome.PASSED),
        (0, 100, CheckOutcome.WRONG),
        (None, 100, CheckOutcome.BUSY),
        (1, 121, CheckOutcome.LATE),
        (None, 121, CheckOutcome.LATE),
    ],
)
def test_an_answer_is_worth(picked: int | None, now_ms: int, outcome: CheckOutcome) -> None:
    assert assess(1, picked, due_ms=120, now_ms=now_ms) is outcome


def test_a_question_holds_one_sentence_of_what_was_played() -> None:
    asked = ask(["甲一。", "甲二。"], ["乙一。", "乙二。", "乙三。", "甲一。"], ["甲", "乙"], Random(1))
    assert asked is not None
    assert asked.stem == STEM
    assert asked.options[asked.right] in ("甲一。", "甲二。")
    assert len({*asked.options}) == 3
    assert sum(option.startswith("甲") for option in asked.options) == 1


def test_where_sentences_do_not_suffice_it_asks_for_the_lesson() -> None:
    asked = ask(["甲一。"], ["乙一。"], ["甲", "乙", "乙"], Random(1))
    assert asked is not None
    assert (asked.stem, asked.options[asked.right], {*asked.options}) == (TITLE_STEM, "甲", {"甲", "乙"})


@pytest.mark.parametrize("titles", [[], ["甲"], ["甲", "甲"]])
def test_where_there_is_nothing_to_choose_from_nothing_is_asked(titles: list[str]) -> None:
    assert ask([], [], titles, Random(1)) is None


def test_the_right_answer_stands_in_each_place() -> None:
    asked = [ask(["甲一。"], ["乙一。", "乙二。"], ["甲"], Random(seed)) for seed in range(40)]
    assert {each.right for each in asked if each} == {0, 1, 2}


@pytest.mark.parametrize(
    ("unconfirmed", "passed", "left"),
    [
        ([(0, 5)], [], ((0, 5),)),
        ([(0, 5)], [(5, 9)], ((0, 5),)),
        ([(0, 5), (7, 9)], [(0, 5)], ((7, 9),)),
        ([(3, 5)], [(0, 4), (4, 9)], ()),
        ([(0, 5), (0, 5)], [], ((0, 5),)),
    ],
)
def test_what_no_later_check_made_up_for(
    unconfirmed: list[tuple[int, int]], passed: list[tuple[int, int]], left: tuple[tuple[int, int], ...]
) -> None:
    assert to_recover(unconfirmed, passed) == left
