"""Questions at the first try: who is right, who is drawn away, and whether that says anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.analytics import FEWEST
from lms.domain.courses import Option, Question, QuestionType, Quiz
from lms.domain.discrimination import LEAST_PERSONS
from lms.domain.items import Item, Trouble, items


def question(name: str, right: frozenset[int] = frozenset({0}), kind: QuestionType = QuestionType.SINGLE) -> Question:
    options = tuple(Option(text, "", number in right) for number, text in enumerate("甲乙丙"))
    return Question(name, kind, "o1", name, options)


QUIZ = Quiz((question("q1"), question("q2"), question("q3")))
RIGHT, WRONG, NONE = frozenset({0}), frozenset({1}), frozenset[int]()


def answers(*picked: frozenset[int]) -> dict[str, frozenset[int]]:
    return {f"q{number}": each for number, each in enumerate(picked, 1) if each}


def first(given: list[dict[str, frozenset[int]]], quiz: Quiz = QUIZ) -> Item:
    found = items(quiz, iter(given))
    assert found is not None
    return found[0]


@pytest.mark.parametrize("persons", [0, FEWEST - 1])
def test_too_few_are_withheld(persons: int) -> None:
    assert items(QUIZ, [answers(RIGHT, RIGHT, RIGHT)] * persons) is None


@pytest.mark.parametrize(
    ("given", "right", "unanswered", "picked", "lure", "troubles"),
    [
        ([RIGHT] * 5, 5, 0, (5, 0, 0), None, ()),
        ([NONE] * 5, 0, 5, (0, 0, 0), None, (Trouble.HARD,)),
        ([RIGHT] * 3 + [WRONG] * 2, 3, 0, (3, 2, 0), 1, ()),
        ([RIGHT] * 3 + [WRONG] * 3, 3, 0, (3, 3, 0), 1, (Trouble.LURE,)),
        ([WRONG] * 5, 0, 0, (0, 5, 0), 1, (Trouble.LURE, Trouble.HARD)),
        ([RIGHT] * 4 + [WRONG, frozenset({2})], 4, 0, (4, 1, 1), 1, ()),
        ([RIGHT] * 2 + [NONE] * 3, 2, 3, (2, 0, 0), None, ()),
        ([RIGHT] + [NONE] * 4, 1, 4, (1, 0, 0), None, (Trouble.HARD,)),
    ],
)
def test_one_question(given, right, unanswered, picked, lure, troubles) -> None:
    found = first([answers(each, RIGHT, RIGHT) for each in given])
    assert (found.right, found.unanswered, found.picked, found.lure) == (right, unanswered, picked, lure)
    assert found.troubles == troubles
    assert found.right_percent == 100 * right // len(given)
    assert found.discrimination is None, "too few answers say nothing of it"


def test_several_right_options_are_no_lure() -> None:
    several = Quiz((question("q1", frozenset({0, 1}), QuestionType.MULTIPLE),))
    found = first([answers(frozenset({0, 1}))] * 3 + [answers(frozenset({0, 1, 2}))] * 2, several)
    assert (found.right, found.picked, found.lure, found.lured) == (3, (5, 5, 2), 2, 2)


GOOD, POOR = (RIGHT, RIGHT), (WRONG, WRONG)
HALF = LEAST_PERSONS // 2


@pytest.mark.parametrize(
    ("able", "others", "persons", "expected"),
    [
        (RIGHT, WRONG, HALF, 1000),
        (WRONG, RIGHT, HALF, -1000),
        (RIGHT, RIGHT, HALF, 0),
        (RIGHT, WRONG, HALF - 1, None),
    ],
)
def test_whom_a_question_parts(able, others, persons: int, expected: int | None) -> None:
    given = [answers(able, *GOOD)] * persons + [answers(others, *POOR)] * persons
    found = first(given)
    assert found.discrimination == expected
    assert (Trouble.AGAINST in found.troubles) == (expected == -1000)


def test_where_the_rest_is_the_same_nothing_is_parted() -> None:
    given = [answers(each, RIGHT, RIGHT) for each in (RIGHT, WRONG)] * HALF
    assert first(given).discrimination is None


def test_who_is_level_at_the_border_counts_by_the_mean() -> None:
    """20 persons make groups of 5: three do best, of the 17 level below them ten are right, so two count 588 ‰."""
    given = [answers(RIGHT, *GOOD)] * 3 + [answers(RIGHT, RIGHT, WRONG)] * 10 + [answers(WRONG, RIGHT, WRONG)] * 7
    assert first(given).discrimination == (3000 + 2 * 10_000 // 17) // 5 - 5 * 10_000 // 17 // 5


PICK = st.sampled_from([RIGHT, WRONG, frozenset({2}), NONE])


@given(st.lists(st.tuples(PICK, PICK, PICK), min_size=FEWEST, max_size=40))
def test_nobody_is_lost_and_nothing_exceeds_the_whole(given: list[tuple[frozenset[int], ...]]) -> None:
    found = items(QUIZ, [answers(*each) for each in given])
    assert found is not None
    for each in found:
        assert each.persons == len(given)
        assert sum(each.picked) + each.unanswered == len(given)
        assert each.right == each.picked[0]
        assert each.lured <= each.persons
        assert each.discrimination is None or -1000 <= each.discrimination <= 1000
