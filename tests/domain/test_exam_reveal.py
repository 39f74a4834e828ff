"""A question with its answer: as it was shown, what was said of it, what is right, what it was worth."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.bank import FULL, Entry, Item, ItemType
from lms.domain.courses import Exam, ExamPart
from lms.domain.exam_papers import Candidate, Slot, as_shown, draw
from lms.domain.exam_reveal import Line, Outcome, Revealed, outcome, reveal
from tests.domain.bank_entries import CASE, ENTRIES, FILL, MATCHING, ORDERING, SINGLE
from tests.domain.test_exam_papers import SEEDS, right_given
from tests.domain.test_exams import ANYTHING


def slot_of(item: Item, seed: str = "seed") -> Slot:
    (slot,) = draw(Exam(1, 1, (ExamPart("wash", 1),)), [Candidate("q", 1, "wash", item)], seed)
    return slot


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (FULL, Outcome.FULL),
        (FULL - 1, Outcome.PARTLY),
        (1, Outcome.PARTLY),
        (0, Outcome.WRONG),
        (None, Outcome.NOT_COUNTED),
    ],
)
def test_what_a_question_was_worth(score: int | None, expected: Outcome) -> None:
    assert outcome(score) is expected


@given(seed=SEEDS, which=st.sampled_from(ENTRIES))
def test_options_stand_as_she_saw_them_and_the_key_beside_them(seed: str, which: Entry) -> None:
    slot = slot_of(which.item, seed)
    told = reveal(which.item, slot, right_given(which.item, slot.order, slot.parts))
    shown = as_shown(which.item, slot)
    for mine, seen in zip(told.parts or (told,), shown.parts or (shown,), strict=True):
        assert [option.text for option in mine.item.options] == [option.text for option in seen.options]
        assert mine.picked == mine.item.correct_options
        assert all(line.is_right for line in mine.lines)
    assert told.item.explanation == which.item.explanation


STEPS = [
    ({"ranks": [1, 2, 3, 4]}, ["3", "1", "2", "4"]),
    ({"ranks": [0, 2, 2, 4]}, ["2", "", "2", "4"]),
    ({"ranks": [1]}, ["", "1", "", ""]),
    ({}, ["", "", "", ""]),
    (None, ["", "", "", ""]),
]


@pytest.mark.parametrize(("given_", "said"), STEPS)
def test_steps_stand_in_the_right_order_with_the_numbers_given(given_: dict[str, Any] | None, said: list[str]) -> None:
    lines = reveal(ORDERING, Slot("q", 1, "wash", (1, 2, 0, 3)), given_).lines
    assert [line.asked for line in lines] == list(ORDERING.steps)
    assert [line.said for line in lines] == said
    assert [line.right for line in lines] == [("1",), ("2",), ("3",), ("4",)]
    assert [line.is_right for line in lines] == [words == str(n) for n, words in enumerate(said, 1)]


def test_pairs_stand_with_what_was_matched() -> None:
    slot = Slot("q", 1, "wash", (2, 1, 0))  # shown: 喂药, 先别扶, 量体温
    told = reveal(MATCHING, slot, {"matched": [2, 0]})
    assert told.lines == (
        Line("发热", "量体温", ("量体温",), is_right=True),
        Line("摔倒", "喂药", ("先别扶",), is_right=False),
    )
    assert [line.said for line in reveal(MATCHING, slot, {"matched": [7, -1]}).lines] == ["", ""]


def test_blanks_stand_with_all_that_is_accepted() -> None:
    told = reveal(FILL, Slot("q", 1, "wash"), {"texts": ["３７.3", " "]})
    assert told.lines == (
        Line("", "３７.3", ("37.3", "37.3度"), is_right=True),
        Line("", "", ("发热", "发烧"), is_right=False),
    )


def test_a_case_tells_each_part_and_what_was_left_open() -> None:
    slot = slot_of(CASE)
    right = slot.parts[0].index(0)
    told = reveal(CASE, slot, {"parts": [{"picked": [right]}]})
    assert [part.item.type for part in told.parts] == [ItemType.SINGLE, ItemType.TRUE_FALSE, ItemType.FILL]
    assert [part.picked for part in told.parts] == [frozenset({right}), frozenset(), frozenset()]
    assert told.parts[0].item.explanation == SINGLE.explanation


@given(seed=SEEDS, which=st.sampled_from(ENTRIES), said=ANYTHING)
def test_telling_is_total(seed: str, which: Entry, said: dict[str, Any]) -> None:
    told = reveal(which.item, slot_of(which.item, seed), said)
    assert isinstance(told, Revealed)
    for each in (told, *told.parts):
        assert each.picked <= set(range(len(each.item.options)))
