"""What a form sends becomes what is kept; what makes no sense is left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.bank import FULL, Item, grade
from lms.domain.courses import Exam, ExamPart
from lms.domain.exam_answers import LONGEST_TEXT, Fields, read_given
from lms.domain.exam_papers import Candidate, as_shown, draw, to_answer
from tests.domain.bank_entries import CASE, ENTRIES, FILL, MATCHING, MULTIPLE, ORDERING, SINGLE


def shown(item: Item) -> Item:
    (slot,) = draw(Exam(1, 1, (ExamPart("o", 1),)), [Candidate("q", 1, "o", item)], "seed")
    return as_shown(item, slot)


CASES: list[tuple[Item, Fields, object]] = [
    (SINGLE, {"picked": ["2"]}, {"picked": [2]}),
    (SINGLE, {"picked": ["2", "1"]}, {"picked": [1]}),
    (SINGLE, {"picked": ["3", "-1", "x", "²", ""]}, {"picked": []}),
    (MULTIPLE, {"picked": ["2", "0", "2"]}, {"picked": [0, 2]}),
    (ORDERING, {"rank-0": ["4"], "rank-2": ["9"]}, {"ranks": [4, 0, 0, 0]}),
    (MATCHING, {"match-0": ["1"], "match-1": ["7"]}, {"matched": [1, -1]}),
    (FILL, {"text-0": [" 37.3 "], "text-1": ["热" * 300]}, {"texts": ["37.3", "热" * LONGEST_TEXT]}),
    (
        CASE,
        {"s0-picked": ["0"], "s2-text-0": ["5"]},
        {"parts": [{"picked": [0]}, {"picked": []}, {"texts": ["5", ""]}]},
    ),
]


@pytest.mark.parametrize(("item", "fields", "kept"), CASES)
def test_fields_become_what_is_kept(item: Item, fields: Fields, kept: object) -> None:
    assert read_given(shown(item), fields) == kept


NAMES = st.sampled_from(["picked", "rank-0", "rank-1", "match-0", "text-0", "s0-picked", "s1-picked", "s2-text-1", "x"])
VALUES = st.lists(st.sampled_from(["0", "1", "2", "7", "-1", "999", "1000", "发热", "", "①"]), max_size=3)


@given(which=st.sampled_from(ENTRIES), fields=st.dictionaries(NAMES, VALUES))
def test_whatever_is_sent_can_be_kept_and_graded(which: object, fields: Fields) -> None:
    item = which.item  # type: ignore[attr-defined]
    (slot,) = draw(Exam(1, 1, (ExamPart("wash", 1),)), [Candidate("q", 1, "wash", item)], "seed")
    assert 0 <= grade(item, to_answer(item, slot, read_given(as_shown(item, slot), fields))) <= FULL
