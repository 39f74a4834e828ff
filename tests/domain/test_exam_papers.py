"""Papers: the same seed the same paper, exposure limited, and no key in what is shown."""

import json
from collections import Counter
from dataclasses import asdict, replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.bank import FULL, Answer, Entry, Item, ItemType, grade
from lms.domain.courses import Exam, ExamPart
from lms.domain.errors import Refused
from lms.domain.exam_papers import Candidate, as_shown, draw, from_json, is_answered, to_answer, to_json, watermark
from tests.domain import bank_entries
from tests.domain.bank_entries import CASE, ENTRIES, FILL, MATCHING, ORDERING, SINGLE

EXAM = Exam(30, 60, (ExamPart("wash", 3), ExamPart("feed", 2)))
SEEDS = st.text("0123456789abcdef", min_size=8, max_size=8)


def pool(count: int = 12, entries: tuple[Entry, ...] = ENTRIES) -> list[Candidate]:
    return [
        Candidate(f"q{n:02d}", 1, "wash" if n % 2 else "feed", entries[n % len(entries)].item) for n in range(count)
    ]


@given(seed=SEEDS, dice=st.randoms(use_true_random=False))
def test_a_paper_drawn_twice_from_one_seed_is_identical(seed: str, dice: Random) -> None:
    told = pool()
    mixed = dice.sample(told, len(told))
    assert draw(EXAM, told, seed) == draw(EXAM, mixed, seed)


@given(seed=SEEDS)
def test_a_paper_follows_the_blueprint_and_has_no_question_twice(seed: str) -> None:
    paper = draw(EXAM, pool(), seed)
    assert Counter(slot.objective for slot in paper) == {"wash": 3, "feed": 2}
    assert len({slot.question for slot in paper}) == 5
    assert from_json(json.loads(json.dumps(to_json(paper)))) == paper


def test_two_persons_have_other_orders() -> None:
    papers = [draw(EXAM, pool(6), seed) for seed in ("one", "two", "three", "four")]
    assert len({tuple(slot.question for slot in paper) for paper in papers}) > 1


def test_what_she_had_comes_last_and_what_many_saw_before_it() -> None:
    one = Exam(30, 60, (ExamPart("wash", 1),))
    fresh = Candidate("fresh", 1, "wash", SINGLE, had=0, shown=9)
    seen = Candidate("seen", 1, "wash", SINGLE, had=0, shown=10)
    had = Candidate("had", 1, "wash", SINGLE, had=1, shown=0)
    for left, first in (([had, seen, fresh], "fresh"), ([had, seen], "seen"), ([had], "had")):
        assert draw(one, left, "seed")[0].question == first


def test_too_small_a_bank_names_the_objective() -> None:
    with pytest.raises(Refused, match="exam_bank_short") as refused:
        draw(EXAM, pool(5), "seed")
    assert refused.value.values == {"objective": "wash", "needed": 3, "found": 2}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.item.type)
def test_what_is_shown_holds_no_key(entry: Entry) -> None:
    (slot,) = draw(Exam(1, 1, (ExamPart("wash", 1),)), [Candidate("q", 1, "wash", entry.item)], "seed")
    shown = json.dumps(asdict(as_shown(entry.item, slot)), ensure_ascii=False)
    for secret in ("手干净，饭才干净。", "关于", "37.3", "发烧", '"correct": true'):
        assert secret not in shown, secret


@given(seed=SEEDS)
def test_the_steps_are_never_shown_in_the_right_order(seed: str) -> None:
    two = replace(ORDERING, steps=("湿手", "搓手"))
    for item in (two, ORDERING):
        (slot,) = draw(Exam(1, 1, (ExamPart("o", 1),)), [Candidate("q", 1, "o", item)], seed)
        assert slot.order != tuple(range(len(item.steps)))
        assert as_shown(item, slot).steps != item.steps


def right_given(item: Item, order: tuple[int, ...], parts: tuple[tuple[int, ...], ...] = ()) -> dict[str, object]:
    """The right answer, in the numbers of what is shown."""
    match item.type:
        case ItemType.ORDERING:
            return {"ranks": [number + 1 for number in order]}
        case ItemType.MATCHING:
            return {"matched": [order.index(item.rights.index(pair.right)) for pair in item.pairs if pair.left]}
        case ItemType.FILL:
            return {"texts": [accepted[0] for accepted in item.blanks]}
        case ItemType.CASE:
            return {"parts": [right_given(part, told) for part, told in zip(item.parts, parts, strict=True)]}
        case _:
            return {"picked": [order.index(number) for number in item.correct_options]}


@given(seed=SEEDS, which=st.sampled_from(ENTRIES))
def test_the_right_answer_is_right_in_every_order(seed: str, which: Entry) -> None:
    item = which.item
    (slot,) = draw(Exam(1, 1, (ExamPart("wash", 1),)), [Candidate("q", 1, "wash", item)], seed)
    told = right_given(item, slot.order, slot.parts)
    assert is_answered(item, told)
    assert is_answered(as_shown(item, slot), told)
    assert grade(item, to_answer(item, slot, told)) == FULL


OPEN = [
    (SINGLE, {"picked": []}),
    (ORDERING, {"ranks": [1, 2, 2, 0]}),
    (MATCHING, {"matched": [0, -1]}),
    (FILL, {"texts": ["37.3", " "]}),
    (CASE, {"parts": [{"picked": [0]}, {}, {}]}),
]


@pytest.mark.parametrize(("item", "told"), OPEN)
def test_a_part_left_open_is_not_answered(item: Item, told: dict[str, object]) -> None:
    assert not is_answered(item, told)
    assert not is_answered(item, None)


def test_nonsense_is_no_answer() -> None:
    (slot,) = draw(Exam(1, 1, (ExamPart("o", 1),)), [Candidate("q", 1, "o", ORDERING)], "seed")
    assert to_answer(ORDERING, slot, {"ranks": [1, 1, 1, 1]}) == Answer()
    assert to_answer(SINGLE, replace(slot, order=(0, 1, 2)), {"picked": [7, -1]}) == Answer()
    assert to_answer(bank_entries.MULTIPLE, slot, None) == Answer()


def test_a_watermark_is_short_plain_and_its_sittings_own() -> None:
    made = {watermark(f"sitting-{number}", "seed") for number in range(500)}
    assert len(made) == 500
    assert all(len(each) == 8 and each.isalnum() for each in made)
    assert watermark("sitting-1", "seed") != watermark("sitting-1", "other")
