"""Difficulty, discrimination and exposure: tables of cases."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.bank_statistics import Answered, ItemStatistics, Remark, item_statistics


def rows(*runs: tuple[int, int | None, int]) -> list[Answered]:
    """(score, rest, how many)."""
    return [Answered(score, rest) for score, rest, count in runs for _ in range(count)]


@pytest.mark.parametrize(
    ("answers", "attempts", "expected"),
    [
        ([], 0, ItemStatistics(0, None, None, None, (Remark.FEW,))),
        ([], 10, ItemStatistics(0, None, None, 0, (Remark.FEW,))),
        (rows((1000, 900, 3), (0, 100, 1)), 8, ItemStatistics(4, 750, None, 500, (Remark.FEW,))),
        (rows((1000, 900, 10), (0, 100, 10)), 40, ItemStatistics(20, 500, 1000, 500, ())),
        (
            rows((0, 900, 10), (1000, 100, 10)),
            20,
            ItemStatistics(20, 500, -1000, 1000, (Remark.MISLEADING, Remark.WORN)),
        ),
        (rows((1000, 500, 10), (0, 500, 10)), 20, ItemStatistics(20, 500, 0, 1000, (Remark.WEAK, Remark.WORN))),
        (rows((1000, 500, 20)), 20, ItemStatistics(20, 1000, 0, 1000, (Remark.TOO_EASY, Remark.WORN))),
        (rows((0, 500, 20)), 20, ItemStatistics(20, 0, 0, 1000, (Remark.WEAK, Remark.TOO_HARD, Remark.WORN))),
        (rows((500, None, 20)), 20, ItemStatistics(20, 500, None, 1000, (Remark.WORN,))),
        (rows((1000, 900, 20)), 10, ItemStatistics(20, 1000, 0, 1000, (Remark.TOO_EASY, Remark.WORN))),
    ],
)
def test_statistics(answers: list[Answered], attempts: int, expected: ItemStatistics) -> None:
    assert item_statistics(answers, attempts) == expected


def test_the_groups_are_the_outer_27_percent() -> None:
    # 100 answers: the best 27 all right, the lowest 27 right 9 times, the 46 between do not count
    answers = rows((1000, 900, 27), (0, 500, 46), (1000, 100, 9), (0, 50, 18))
    assert item_statistics(answers, 100).discrimination == 1000 - 9000 // 27


@given(
    st.lists(st.builds(Answered, st.integers(0, 1000), st.none() | st.integers(0, 1000)), max_size=60), st.integers()
)
def test_the_order_of_answers_changes_nothing(answers: list[Answered], seed: int) -> None:
    found = item_statistics(answers, 60)
    random.Random(seed).shuffle(answers)
    assert item_statistics(answers, 60) == found
    assert found.discrimination is None or -1000 <= found.discrimination <= 1000
