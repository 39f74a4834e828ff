"""Strange exam papers are noticed, honest ones hardly ever: measured on simulated people with a fixed seed."""

import random
from collections import Counter
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.exam_flags import Answered, Sat, alike, at_least, by_sitting, handed_in_together, too_fast
from tests.support.exam_crowd import copiers, honest

SECOND = 1_000


def sat(name: str, first_ms: list[int | None], characters: int = 75, closed_ms: int = 0, handed_in: bool = True) -> Sat:
    answers = tuple(Answered(f"q{n}", characters, at) for n, at in enumerate(first_ms))
    return Sat(name, name, 0, closed_ms, handed_in, answers)


def test_of_honest_people_at_most_one_in_a_hundred_is_flagged() -> None:
    """2,000 of them, in 40 classes; `python -m tests.support.exam_crowd` prints it for five seeds."""
    persons, told = honest(20261127)
    assert persons == 2_000
    assert told["anything"] * 100 <= persons


def test_of_those_who_copy_a_whole_paper_many_are_found_and_hardly_a_classmate() -> None:
    classes, found, others = copiers(7)
    assert found * 100 >= 40 * classes
    assert others * 100 <= classes * 3 * 48


@pytest.mark.parametrize(
    ("first_ms", "strange"),
    [
        ([second * SECOND for second in range(1, 11)], True),  # 50 s to read what took 10
        ([second * 5 * SECOND for second in range(1, 11)], False),
        ([second * SECOND for second in range(1, 10)], False),  # nine answers are too few to say
        ([*[SECOND] * 10, None, None], True),  # what was left open was not read either
        ([50 * SECOND] * 10, False),  # a form sent in one go, after time enough
        ([50 * SECOND - 1] * 10, True),
    ],
)
def test_a_paper_answered_faster_than_it_can_be_read(first_ms: list[int | None], strange: bool) -> None:
    assert (too_fast(sat("a", first_ms)) is not None) is strange


def test_what_is_said_of_a_paper_answered_too_fast() -> None:
    assert too_fast(sat("a", [SECOND] * 10)) == {"answers": 10, "took_ms": 1_000, "reading_ms": 50_000}


@pytest.mark.parametrize(
    ("closed_ms", "handed_in", "flagged_count"),
    [
        ([0] * 10, True, 10),
        ([0] * 9, True, 0),
        ([0] * 30, False, 0),  # the time was up for all of them
        ([second * 200 for second in range(10)], True, 0),
        ([second * 100 for second in range(10)], True, 10),
        ([*[0] * 10, 5_000, 60_000], True, 10),
    ],
)
def test_handing_in_in_the_same_moment(closed_ms: list[int], handed_in: bool, flagged_count: int) -> None:
    found = handed_in_together(sat(str(n), [], closed_ms=at, handed_in=handed_in) for n, at in enumerate(closed_ms))
    assert len(found) == flagged_count
    assert all(detail == {"persons": 10} for detail in found.values())


def test_one_person_alone_is_no_crowd() -> None:
    many = [Sat(str(n), "a", 0, 0, True, ()) for n in range(20)]
    assert handed_in_together(many) == {}


def erring(name: str, wrong: str) -> Sat:
    return Sat(name, name, 0, 0, True, tuple(Answered(f"q{n}", 50, 0, each) for n, each in enumerate(wrong)))


WIDE = {f"q{n}": Counter({"b": 10, "c": 10, "d": 10}) for n in range(30)}


def test_the_same_mistakes_are_told_to_both_sides() -> None:
    (pair,) = alike([erring("x", "bcdbcdbcdbcd"), erring("y", "bcdbcdbcdbcd")], WIDE)
    assert pair.detail["same_wrong"] == pair.detail["both_wrong"] == 12
    assert pair.detail["one_in"] > 10_000
    assert {(one, other) for one, other, _ in by_sitting([pair])} == {("x", "y"), ("y", "x")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bcdbcdbcdbcd", "cdbcdbcdbcdb"),  # as many mistakes, none alike
        ("bcdbc", "bcdbc"),  # too few
        ("bcdbcdb", "bcdbcdd"),  # six of seven may be chance
    ],
)
def test_mistakes_that_may_be_chance(one: str, other: str) -> None:
    many = [erring(str(n), "") for n in range(30)]  # a class to be compared with
    assert alike([erring("x", one), erring("y", other), *many], WIDE) == []


def test_a_lure_that_takes_everybody_proves_nothing() -> None:
    counts = {f"q{n}": Counter({"b": 60, "c": 1}) for n in range(30)}
    assert alike([erring("x", "b" * 20), erring("y", "b" * 20)], counts) == []


def test_a_second_try_of_the_same_person_is_compared_with_others_only() -> None:
    again = Sat("x2", "x", 0, 0, True, erring("x", "bcdbcdbcdbcd").answers)
    assert alike([erring("x", "bcdbcdbcdbcd"), again], WIDE) == []


@given(st.integers(0, 12), st.integers(0, 13), st.integers(0, 100))
def test_with_one_chance_for_all_it_is_the_binomial(tries: int, least: int, percent: int) -> None:
    chance = percent / 100
    told = sum(comb(tries, n) * chance**n * (1 - chance) ** (tries - n) for n in range(least, tries + 1))
    assert at_least([chance] * tries, least) == pytest.approx(told, abs=1e-12)


@given(st.lists(st.integers(0, 100), max_size=12), st.integers())
def test_the_order_of_questions_makes_no_difference(percents: list[int], seed: int) -> None:
    chances = [percent / 100 for percent in percents]
    mixed = random.Random(seed).sample(chances, len(chances))
    for least in range(len(chances) + 2):
        assert at_least(chances, least) == pytest.approx(at_least(mixed, least), abs=1e-9)
