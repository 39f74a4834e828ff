"""Grading a question of the bank: tables of cases, and what holds for every answer."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.bank import Answer, Entry, Item, ItemType, Pair, clean, clean_text, fold, grade
from lms.domain.courses import Option
from tests.domain.bank_entries import CASE, ENTRIES, FILL, MATCHING, MULTIPLE, ORDERING, SINGLE, TRUE_FALSE

NUMBERS = st.integers(-2, 9)
FLAT = st.builds(
    Answer,
    picked=st.frozensets(NUMBERS, max_size=5),
    order=st.lists(NUMBERS, max_size=6).map(tuple),
    matched=st.frozensets(st.tuples(NUMBERS, NUMBERS), max_size=6),
    texts=st.lists(st.sampled_from(["", "37.3", "发热", "x"]), max_size=4).map(tuple),
)
ANSWERS = st.recursive(
    FLAT, lambda inner: st.builds(replace, FLAT, parts=st.lists(inner, max_size=5).map(tuple)), max_leaves=6
)


def picked(*numbers: int) -> Answer:
    return Answer(picked=frozenset(numbers))


def matched(*pairs: tuple[int, int]) -> Answer:
    return Answer(matched=frozenset(pairs))


@pytest.mark.parametrize(
    ("item", "answer", "score"),
    [
        (SINGLE, picked(0), 1000),
        (SINGLE, picked(1), 0),
        (SINGLE, picked(0, 1), 0),
        (SINGLE, picked(), 0),
        (SINGLE, picked(9), 0),
        (MULTIPLE, picked(0, 1), 1000),
        (MULTIPLE, picked(0), 0),
        (MULTIPLE, picked(0, 1, 2), 0),
        (TRUE_FALSE, picked(1), 1000),
        (TRUE_FALSE, picked(0), 0),
        (ORDERING, Answer(order=(0, 1, 2, 3)), 1000),
        (ORDERING, Answer(order=(1, 2, 3, 0)), 666),
        (ORDERING, Answer(order=(3, 2, 1, 0)), 0),
        (ORDERING, Answer(order=(0, 1, 2)), 0),
        (ORDERING, Answer(order=(0, 1, 1, 2)), 0),
        (MATCHING, matched((0, 0), (1, 1)), 1000),
        (MATCHING, matched((0, 0), (1, 2)), 500),
        (MATCHING, matched((0, 0), (0, 1), (1, 1)), 500),
        (MATCHING, matched((5, 5)), 0),
        (FILL, Answer(texts=("37.3", "发热")), 1000),
        (FILL, Answer(texts=("３７．３ 度", " 发 烧 ")), 1000),
        (FILL, Answer(texts=("38", "发热")), 500),
        (FILL, Answer(texts=("37.3",)), 500),
        (FILL, Answer(texts=("发热", "37.3")), 0),
        (FILL, Answer(texts=("", "　", "发热")), 0),
        (CASE, Answer(parts=(picked(0), picked(1), Answer(texts=("37.3", "发热")))), 1000),
        (CASE, Answer(parts=(picked(0), picked(0), Answer(texts=("37.3", "x")))), 500),
        (CASE, Answer(parts=(picked(0),)), 333),
        (CASE, Answer(), 0),
        (Item(ItemType.CASE, "空"), Answer(), 0),
        (Item(ItemType.ORDERING, "一步", steps=("做",)), Answer(order=(0,)), 0),
        (Item(ItemType.FILL, "没有空"), Answer(texts=("x",)), 0),
        (Item(ItemType.SINGLE, "没有对的", (Option("甲", ""), Option("乙", ""))), picked(), 0),
    ],
)
def test_grades(item: Item, answer: Answer, score: int) -> None:
    assert grade(item, answer) == score


@given(st.sampled_from([entry.item for entry in ENTRIES]), ANSWERS)
def test_every_answer_has_a_grade(item: Item, answer: Answer) -> None:
    assert 0 <= grade(item, answer) <= 1000


@given(st.sampled_from([SINGLE, MULTIPLE, TRUE_FALSE]), st.frozensets(st.integers(0, 2)), st.integers())
def test_the_order_of_options_changes_no_grade(item: Item, chosen: frozenset[int], seed: int) -> None:
    places = list(range(len(item.options)))
    random.Random(seed).shuffle(places)
    shuffled = replace(item, options=tuple(item.options[place] for place in places))
    moved = frozenset(places.index(number) if number in places else number for number in chosen)
    assert grade(shuffled, Answer(picked=moved)) == grade(item, Answer(picked=chosen))


@given(st.dictionaries(st.integers(0, 1), st.integers(0, 2)), st.permutations([0, 1, 2]))
def test_the_order_of_pairs_changes_no_grade(chosen: dict[int, int], places: list[int]) -> None:
    shuffled = replace(MATCHING, pairs=tuple(MATCHING.pairs[place] for place in places))
    words = {MATCHING.lefts[left]: MATCHING.rights[right] for left, right in chosen.items()}
    moved = [(shuffled.lefts.index(left), shuffled.rights.index(right)) for left, right in words.items()]
    assert grade(shuffled, matched(*moved)) == grade(MATCHING, matched(*chosen.items()))


def test_one_right_side_may_belong_to_several() -> None:
    item = Item(ItemType.MATCHING, "配", pairs=(Pair("甲", "一"), Pair("乙", "一"), Pair("丙", "二")))
    assert (item.lefts, item.rights) == (("甲", "乙", "丙"), ("一", "二"))
    assert grade(item, matched((0, 0), (1, 0), (2, 1))) == 1000


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  甲\t乙\u3000 丙 ", "甲 乙 丙"),
        ("甲\r\n乙\u2028丙", "甲\n乙\n丙"),
        ("甲\n\n\n\n乙", "甲\n\n乙"),
        ("\ufeff甲\u200b乙\u202e\x00", "甲乙"),
        ("\n \n", ""),
    ],
)
def test_texts_are_cleaned(text: str, kept: str) -> None:
    assert clean_text(text) == kept


@given(st.text(), st.sampled_from(list(ItemType)))
def test_cleaning_twice_changes_nothing(text: str, kind: ItemType) -> None:
    item = Item(kind, text, (Option(text, text),), (text,), (Pair(text, text),), ((text, text),), (), text)
    once = clean(Entry(replace(item, parts=(item,)), text, 3, (text, text)))
    assert clean(once) == once


def test_fold_forgives_width_case_and_blanks() -> None:
    assert fold(" ＡＢ　c，１") == fold("abC,1")
    assert clean(Entry(replace(FILL, stem="叫_______"))).item.stem == "叫____"
