"""What keeps a question out of the bank, one case a rule."""

from dataclasses import replace

import pytest

from lms.domain.bank import Entry, Item, ItemType, Pair
from lms.domain.bank_rules import find_faults
from lms.domain.courses import Asset, Option
from tests.domain.bank_entries import (
    CASE,
    ENTRIES,
    FILL,
    MATCHING,
    MULTIPLE,
    ORDERING,
    SINGLE,
    TRUE_FALSE,
    options,
)

PICTURE = Asset("assets/a.png", "0" * 64, "image/png", 9)


def codes(entry: Entry, objectives: tuple[str, ...] | None = None) -> list[tuple[str, str]]:
    return [(fault.code, fault.place) for fault in find_faults(entry, objectives)]


@pytest.mark.parametrize("entry", ENTRIES)
def test_sound_questions_have_no_fault(entry: Entry) -> None:
    assert codes(entry, ("wash",)) == []
    assert codes(replace(entry, item=replace(entry.item, picture=PICTURE))) == []


@pytest.mark.parametrize(
    ("item", "fault"),
    [
        (replace(SINGLE, stem=""), ("bank_empty", "stem")),
        (replace(SINGLE, stem="长" * 4001), ("bank_too_long", "stem")),
        (replace(SINGLE, explanation="长" * 4001), ("bank_too_long", "explanation")),
        (replace(SINGLE, options=SINGLE.options[:1]), ("bank_count", "options")),
        (replace(SINGLE, options=options(*"ABCDEFGHIJKLM"[:8], right="A") * 2), ("bank_count", "options")),
        (replace(SINGLE, options=options("甲", "", right="A")), ("bank_empty", "options")),
        (replace(SINGLE, options=options("甲", "长" * 1001)), ("bank_too_long", "options")),
        (replace(SINGLE, options=options("Ａ 1", "a1")), ("bank_same_twice", "options")),
        (replace(SINGLE, options=(Option("甲", "长" * 1001, True), Option("乙", ""))), ("bank_too_long", "feedback")),
        (replace(SINGLE, options=options("甲", "乙", right="")), ("bank_none_correct", "answer")),
        (replace(SINGLE, options=options("甲", "乙", right="AB")), ("bank_one_correct", "answer")),
        (replace(MULTIPLE, options=options("甲", "乙", right="A")), ("bank_several_correct", "answer")),
        (replace(TRUE_FALSE, options=options("是", "否")), ("bank_true_false", "options")),
        (replace(ORDERING, steps=("一",)), ("bank_count", "options")),
        (replace(ORDERING, steps=("一", "一")), ("bank_same_twice", "options")),
        (replace(MATCHING, pairs=(Pair("甲", "一"), Pair("", "二"))), ("bank_count", "options")),
        (replace(MATCHING, pairs=(Pair("甲", "一"), Pair("乙", "一"))), ("bank_count", "options")),
        (replace(MATCHING, pairs=(Pair("甲", "一"), Pair("乙", ""))), ("bank_empty", "options")),
        (replace(MATCHING, pairs=(Pair("甲", "A"), Pair("乙", "Ａ"))), ("bank_same_twice", "options")),
        (replace(FILL, stem="没有空"), ("bank_blanks", "stem")),
        (replace(FILL, blanks=FILL.blanks[:1]), ("bank_blank_answers", "answer")),
        (replace(FILL, blanks=(("37.3",), ())), ("bank_blank_empty", "answer")),
        (replace(FILL, blanks=(("37.3",), ("　",))), ("bank_blank_empty", "answer")),
        (replace(FILL, blanks=(("37.3",), tuple(map(str, range(21))))), ("bank_too_long", "answer")),
        (replace(CASE, parts=CASE.parts[:1]), ("bank_parts", "parts")),
        (replace(CASE, parts=(SINGLE, CASE)), ("bank_part_type", "parts")),
        (replace(CASE, parts=(SINGLE, replace(SINGLE, picture=PICTURE))), ("bank_part_type", "parts")),
        (replace(CASE, parts=(SINGLE, replace(MULTIPLE, stem=""))), ("bank_empty", "stem")),
        (Item(ItemType.CASE, "空"), ("bank_parts", "parts")),
    ],
)
def test_faults_of_questions(item: Item, fault: tuple[str, str]) -> None:
    assert fault in codes(Entry(item, "wash"))


def test_a_fault_of_a_part_names_the_part() -> None:
    faults = find_faults(Entry(replace(CASE, parts=(SINGLE, replace(MULTIPLE, stem=""))), "wash"))
    assert [fault.values for fault in faults] == [{"part": 2}]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (Entry(SINGLE), ("bank_objective_missing", "objective")),
        (Entry(SINGLE, "other"), ("bank_objective_unknown", "objective")),
        (Entry(SINGLE, "wash", 0), ("bank_difficulty", "difficulty")),
        (Entry(SINGLE, "wash", 6), ("bank_difficulty", "difficulty")),
        (Entry(SINGLE, "wash", 3, tuple(map(str, range(13)))), ("bank_too_many", "tags")),
        (Entry(SINGLE, "wash", 3, ("长" * 41,)), ("bank_too_long", "tags")),
    ],
)
def test_faults_of_what_stands_beside(entry: Entry, fault: tuple[str, str]) -> None:
    assert codes(entry, ("wash",)) == [fault]
