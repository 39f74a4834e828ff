"""A draw anybody can make again: repeatable, nothing twice, and fair."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain import sampling
from lms.domain.errors import Refused
from lms.domain.sampling import MOST_DRAWN, check_wanted, draw, population_hash

SEEDS = st.text(min_size=1, max_size=40)
PARTS = st.integers(0, 60).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size)))


@given(SEEDS, PARTS)
def test_a_draw_is_repeatable_and_takes_nothing_twice(seed: str, parts: tuple[int, int]) -> None:
    size, wanted = parts
    things = [f"t{number}" for number in range(size)]
    drawn = draw(seed, things, wanted)
    assert drawn == draw(seed, things, wanted)
    assert len(set(drawn)) == len(drawn) == wanted
    assert set(drawn) <= set(things)


@given(SEEDS, PARTS)
def test_a_longer_draw_begins_with_the_shorter_one(seed: str, parts: tuple[int, int]) -> None:
    size, wanted = parts
    assert draw(seed, range(size), size)[:wanted] == draw(seed, range(size), wanted)


@given(SEEDS, st.integers(1, 60))
def test_drawing_all_leaves_nobody_out(seed: str, size: int) -> None:
    assert sorted(draw(seed, range(size), size)) == list(range(size))


@pytest.mark.parametrize("wanted", [1, 3])
def test_every_thing_has_the_same_chance(wanted: int) -> None:
    """Over 7,000 seeds no count is five standard deviations away; the seeds are fixed, so it never fails by chance."""
    rounds, size = 7_000, 7
    counts = Counter(each for seed in range(rounds) for each in draw(f"seed-{seed}", range(size), wanted))
    share = wanted / size
    spread = (rounds * share * (1 - share)) ** 0.5
    assert all(abs(counts[each] - rounds * share) < 5 * spread for each in range(size)), counts


def test_every_order_has_the_same_chance() -> None:
    rounds = 6_000
    counts = Counter(tuple(draw(f"s{seed}", "abc", 3)) for seed in range(rounds))
    assert len(counts) == 6
    assert all(abs(count - rounds / 6) < 5 * (rounds * 5 / 36) ** 0.5 for count in counts.values()), counts


def test_the_draw_of_a_known_seed_stays_what_it_was() -> None:
    """Samples on record must be made again by later versions too."""
    assert draw("kangxue", range(1000), 5) == KNOWN


KNOWN = [763, 721, 658, 203, 946]


def test_numbers_over_the_last_whole_multiple_are_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "DIGEST_RANGE", 10)
    assert sampling._below(4, iter([9, 8, 7])) == 3


@pytest.mark.parametrize(("wanted", "there", "drawn"), [(1, 1, 1), (10, 3, 3), (MOST_DRAWN, 1000, MOST_DRAWN)])
def test_never_more_than_there_are(wanted: int, there: int, drawn: int) -> None:
    assert check_wanted(wanted, there) == drawn


@pytest.mark.parametrize(
    ("wanted", "there", "code"),
    [(0, 5, "sample_size"), (-1, 5, "sample_size"), (MOST_DRAWN + 1, 999, "sample_size"), (3, 0, "sample_nothing")],
)
def test_what_cannot_be_drawn_is_refused(wanted: int, there: int, code: str) -> None:
    with pytest.raises(Refused, match=code):
        check_wanted(wanted, there)


@pytest.mark.parametrize("wanted", [-1, 4])
def test_a_draw_beyond_the_things_is_a_mistake(wanted: int) -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        draw("s", "abc", wanted)


def test_the_population_is_bound_with_its_order() -> None:
    assert population_hash(["a", "b"]) != population_hash(["b", "a"])
    assert population_hash(["ab"]) != population_hash(["a", "b"])
