"""Gating exams: when one may be opened, which answers count, and grading."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.bank import FULL
from lms.domain.courses import Exam, ExamPart
from lms.domain.exam_papers import Candidate, Given, Slot, draw
from lms.domain.exams import (
    FEWEST_TOLD,
    GRACE_MS,
    HOUR_MS,
    Reveal,
    RulingKind,
    Saved,
    Try,
    assess,
    by_topic,
    counting,
    due_ms,
    held,
    left_ms,
    refusals,
    reveal,
    reveal_on,
)
from lms.domain.policies import ExamRules
from tests.domain.bank_entries import ENTRIES, SINGLE
from tests.domain.test_exam_papers import right_given

RULES = ExamRules(attempts=3, cooldown_hours=24)
DAY = 24 * HOUR_MS
OPENINGS = [
    ([], 0, 0, []),
    ([], 5, 0, ["exam_study_first"]),
    ([], None, 0, ["exam_video_not_ready"]),
    ([Try(None)], 0, DAY, ["exam_open_already"]),
    ([Try(0)], 0, DAY - 1, ["exam_cooling_down"]),
    ([Try(0)], 0, DAY, []),
    ([Try(0), Try(DAY)], 0, DAY + 1, ["exam_cooling_down"]),
    ([Try(0), Try(1), Try(2)], 0, 9 * DAY, ["exam_no_tries_left"]),
    ([Try(0, passed=True)], 0, 9 * DAY, ["exam_passed_already"]),
]


@pytest.mark.parametrize(("tries", "missing", "now_ms", "codes"), OPENINGS)
def test_when_a_sitting_may_be_opened(tries: list[Try], missing: int | None, now_ms: int, codes: list[str]) -> None:
    assert [reason.code for reason in refusals(RULES, tries, missing, now_ms)] == codes


def test_nobody_sits_two_exams_at_once() -> None:
    assert [reason.code for reason in refusals(RULES, [], 0, 0, busy_elsewhere=True)] == ["exam_open_elsewhere"]


def test_the_cool_down_is_told_in_hours_rounded_up() -> None:
    (reason,) = refusals(RULES, [Try(0)], 0, 1)
    assert reason.values == {"hours": 24}


def test_the_time_left_is_never_negative() -> None:
    due = due_ms(1_000, 30)
    assert (left_ms(due, 1_000), left_ms(due, due - 1), left_ms(due, due + 5)) == (30 * 60_000, 1, 0)


LAST = date(2026, 12, 31)
UNTOLD = replace(RULES, reveal_after_close=False)
REVEALS = [
    (RULES, date(2026, 12, 1), False, Reveal.LATER),
    (RULES, LAST, False, Reveal.LATER),
    (RULES, LAST, True, Reveal.LATER),
    (RULES, date(2027, 1, 1), True, Reveal.BUSY),
    (RULES, date(2027, 1, 1), False, Reveal.TOLD),
    (RULES, date(2028, 1, 1), False, Reveal.TOLD),
    (UNTOLD, LAST, False, Reveal.NEVER),
    (UNTOLD, date(2028, 1, 1), False, Reveal.NEVER),
]


@pytest.mark.parametrize(("rules", "today", "still_sitting", "expected"), REVEALS)
def test_when_single_questions_are_told(rules: ExamRules, today: date, still_sitting: bool, expected: Reveal) -> None:
    assert reveal(rules, LAST, today, still_sitting=still_sitting) is expected


def test_the_day_that_is_named_is_the_first_on_which_they_are_told() -> None:
    assert reveal_on(LAST) == date(2027, 1, 1)


DUE = 100_000
SAVED = st.builds(
    Saved,
    place=st.integers(0, 3),
    number=st.integers(1, 10_000),
    given=st.fixed_dictionaries({"picked": st.lists(st.integers(0, 3), max_size=1)}),
    received_ms=st.integers(0, DUE + 5 * GRACE_MS),
    held_ms=st.integers(0, 5 * DUE),
)
HISTORIES = st.lists(SAVED, max_size=12, unique_by=lambda each: each.number)


@given(history=HISTORIES)
def test_no_history_of_requests_yields_more_time_than_the_deadline(history: list[Saved]) -> None:
    """Whatever a phone says about when it was: only what the server had in time can change what counts."""
    in_time = [each for each in history if each.received_ms <= DUE + GRACE_MS]
    assert counting(history, DUE) == counting(in_time, DUE)
    assert set(counting(history, DUE)) == {each.place for each in in_time}


@given(claimed=st.integers(-DUE, 9 * DUE), received=st.integers(0, DUE), contact=st.integers(0, 2 * DUE))
def test_a_phone_is_believed_within_the_servers_own_window_only(claimed: int, received: int, contact: int) -> None:
    found = held(claimed, received, contact)
    assert 0 <= found <= max(0, received - contact)


@given(history=HISTORIES, dice=st.randoms(use_true_random=False))
def test_the_order_of_arrival_in_a_list_does_not_matter(history: list[Saved], dice: Random) -> None:
    assert counting(dice.sample(history, len(history)), DUE) == counting(history, DUE)


def test_the_later_given_counts_also_when_it_arrives_first() -> None:
    kept = Saved(0, 2, {"picked": [1]}, received_ms=50_000, held_ms=30_000)
    other = Saved(0, 1, {"picked": [2]}, received_ms=40_000)
    assert counting([kept, other], DUE) == {0: {"picked": [2]}}
    assert counting([replace(kept, held_ms=5_000), other], DUE) == {0: {"picked": [1]}}


PAPER = draw(
    Exam(1, 1, (ExamPart("wash", 7),)), [Candidate(f"q{n}", 1, "wash", e.item) for n, e in enumerate(ENTRIES)], "seed"
)
ITEMS = [ENTRIES[int(slot.question[1:])].item for slot in PAPER]
RIGHT: dict[int, Given] = {
    place: right_given(item, slot.order, slot.parts)
    for place, (item, slot) in enumerate(zip(ITEMS, PAPER, strict=True))
}
ANYTHING = st.recursive(
    st.fixed_dictionaries(
        {},
        optional={
            "picked": st.lists(st.integers(-2, 9), max_size=4),
            "ranks": st.lists(st.integers(-1, 6), max_size=5),
            "matched": st.lists(st.integers(-2, 5), max_size=4),
            "texts": st.lists(st.sampled_from(["", "37.3", "发热", "？"]), max_size=3),
        },
    ),
    lambda inner: st.fixed_dictionaries({"parts": st.lists(inner, max_size=4)}),
    max_leaves=4,
)


@given(answers=st.dictionaries(st.integers(0, 8), ANYTHING), dice=st.randoms(use_true_random=False))
def test_grading_is_total_and_order_independent(answers: dict[int, Given], dice: Random) -> None:
    graded = assess(PAPER, ITEMS, answers, {}, 60)
    assert all(score is not None and 0 <= score <= FULL for score in graded.scores)
    assert 0 <= graded.score_percent <= 100
    mixed = dict(dice.sample(list(answers.items()), len(answers)))
    assert assess(PAPER, ITEMS, mixed, {}, 60) == graded
    places = dice.sample(range(len(PAPER)), len(PAPER))
    moved = assess(
        tuple(PAPER[old] for old in places),
        [ITEMS[old] for old in places],
        {new: answers[old] for new, old in enumerate(places) if old in answers},
        {},
        60,
    )
    assert moved.score_percent == graded.score_percent
    assert moved.scores == tuple(graded.scores[old] for old in places)


def test_all_right_is_a_hundred_and_nothing_is_none() -> None:
    assert assess(PAPER, ITEMS, RIGHT, {}, 100).passed
    assert assess(PAPER, ITEMS, {}, {}, 1) == replace(assess(PAPER, ITEMS, {}, {}, 1), score_percent=0, passed=False)


@pytest.mark.parametrize(
    ("kind", "answered", "percent"),
    [
        (RulingKind.LEAVE_OUT, True, 100),
        (RulingKind.ACCEPT_ALL, True, 100),
        (RulingKind.ACCEPT_ALL, False, 50),
        (RulingKind.AS_WRITTEN, True, 50),
    ],
)
def test_a_faulty_question_is_left_out_or_every_answer_accepted(kind: RulingKind, answered: bool, percent: int) -> None:
    two = [Candidate(name, 1, "wash", SINGLE) for name in ("a", "b")]
    paper = draw(Exam(1, 1, (ExamPart("wash", 2),)), two, "seed")
    wrong = {"picked": [(paper[1].order.index(0) + 1) % 3]}
    answers = {0: right_given(SINGLE, paper[0].order)} | ({1: wrong} if answered else {})
    graded = assess(paper, [SINGLE, SINGLE], answers, {(paper[1].question, 1): kind}, 60)
    assert graded.score_percent == percent


def test_a_paper_of_which_nothing_is_left_is_not_passed() -> None:
    out = {(slot.question, slot.revision): RulingKind.LEAVE_OUT for slot in PAPER}
    assert not assess(PAPER, ITEMS, RIGHT, out, 0).passed


def test_the_summary_tells_of_no_single_question() -> None:
    """An objective of its own with four questions, the others by module, and nothing of a module with two."""
    paper = tuple(PAPER[0] for _ in range(10))
    told = [replace(slot, objective=name) for slot, name in zip(paper, "aaaabbccdd", strict=True)]
    modules = {"a": "one", "b": "two", "c": "two", "d": "three"}
    scores = (1000, 1000, 1000, 0, 0, 333, 333, 334, 1000, 1000)
    assert by_topic(tuple(told), scores, modules) == {"two": 25}  # with "a" told, the two of "d" were the rest
    assert by_topic(tuple(told), (None, *scores[1:]), modules) == {"two": 25}


@given(st.text("abcdef", min_size=1, max_size=40), st.data())
def test_no_fewer_than_four_questions_are_told_or_left_over(objectives: str, data: st.DataObject) -> None:
    paper = tuple(Slot(str(place), 1, name) for place, name in enumerate(objectives))
    scores = data.draw(st.lists(st.sampled_from((0, 500, 1000)), min_size=len(paper), max_size=len(paper)))
    modules = {"a": "one", "b": "two", "c": "two", "d": "three", "e": "three", "f": "three"}
    told = by_topic(paper, scores, modules)
    own = {name: objectives.count(name) for name in set(objectives) if objectives.count(name) >= FEWEST_TOLD}
    small = [modules[name] for name in objectives if name not in own]
    sizes = {topic: own.get(topic) or small.count(topic) for topic in told}
    left = len(paper) - sum(sizes.values())
    assert min(sizes.values(), default=FEWEST_TOLD) >= FEWEST_TOLD
    assert not told or left == 0 or left >= FEWEST_TOLD
