"""Chains of parts: bound to one another, and placed on wall time that was free."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.days import calendar
from lms.domain.errors import Conflict, Refused
from lms.domain.offline import (
    LONGEST_GAP_MS,
    LONGEST_PART_MS,
    Part,
    Window,
    check_part,
    credit,
    leaf_after,
    linked,
    place,
    seed_hash,
)
from lms.domain.study import StudyVerdict

NOW = 10_000_000
DAYS = calendar(ZoneInfo("Asia/Shanghai"), datetime(2026, 11, 23, 4, 0, tzinfo=UTC), NOW)
TODAY = date(2026, 11, 23)
WINDOW = Window(anchor_ms=NOW, from_ms=NOW, to_ms=NOW + 100_000)


def part(a: int, b: int, mono: tuple[int, int], number: int = 1) -> Part:
    return Part(number, "lesson", a, b, *mono, leaf="")


def chain(count: int, seed: str = "seed") -> list[Part]:
    leaf, made = seed_hash(seed), []
    for number in range(1, count + 1):
        at = (number - 1) * 20_000
        bare = part(at, at + 20_000, (at, at + 20_000), number)
        leaf = leaf_after(leaf, bare)
        made.append(replace(bare, leaf=leaf))
    return made


def test_parts_follow_one_another_in_any_order_of_arrival() -> None:
    parts = chain(4)
    assert linked(0, seed_hash("seed"), reversed(parts), count=4, head=parts[-1].leaf) == tuple(parts)


def test_a_hole_stops_what_comes_after_it() -> None:
    parts = chain(4)
    known = [parts[0], parts[1], parts[3]]
    assert linked(0, seed_hash("seed"), known, count=4, head=parts[-1].leaf) == tuple(parts[:2])
    assert linked(2, parts[1].leaf, parts[2:], count=4, head=parts[-1].leaf) == tuple(parts[2:])


@pytest.mark.parametrize("field", ["number", "lesson", "from_ms", "to_ms", "mono_from_ms", "mono_to_ms", "leaf"])
def test_a_part_that_was_changed_is_not_of_the_chain(field: str) -> None:
    parts = chain(3)
    value = getattr(parts[1], field)
    parts[1] = replace(parts[1], **{field: f"{value}x" if isinstance(value, str) else value + 1})
    if field == "number":
        assert linked(0, seed_hash("seed"), parts, count=3, head=parts[-1].leaf) == tuple(parts[:1])
        return
    with pytest.raises(Conflict, match="chain_forked"):
        linked(0, seed_hash("seed"), parts, count=3, head=parts[-1].leaf)


def test_another_seed_and_another_head_are_refused() -> None:
    parts = chain(2)
    with pytest.raises(Conflict, match="chain_forked"):
        linked(0, seed_hash("other"), parts, count=2, head=parts[-1].leaf)
    with pytest.raises(Conflict, match="chain_forked"):
        linked(0, seed_hash("seed"), parts, count=2, head="0" * 64)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (part(0, 0, (0, 10)), "range_outside_lesson"),
        (part(-1, 10, (0, 10)), "range_outside_lesson"),
        (part(0, 100_001, (0, 10)), "range_outside_lesson"),
        (part(0, LONGEST_PART_MS + 1, (0, 10)), "range_outside_lesson"),
        (part(0, 10, (10, 5)), "part_time_backwards"),
        (part(0, 10, (-1, 5)), "part_time_backwards"),
    ],
)
def test_a_part_that_cannot_be_a_stretch_of_the_lesson_is_refused(said: Part, code: str) -> None:
    with pytest.raises(Refused, match=code):
        check_part(said, 100_000)


def test_a_part_within_the_lesson_is_let_through() -> None:
    check_part(part(0, LONGEST_PART_MS, (0, 0)), LONGEST_PART_MS)


FREE = (part(0, 20_000, (0, 20_000)), part(0, 20_000, (90_000, 110_000)))


@pytest.mark.parametrize(
    ("said", "used", "is_gap", "walls"),
    [
        (FREE[0], [], True, [(0, 20_000)]),
        (part(0, 20_000, (5_000, 25_000)), [], True, [(5_000, 25_000)]),
        (FREE[0], [(NOW - 5, NOW + 3_000)], False, [(3_000, 23_000)]),  # not on used time
        (FREE[0], [(NOW + 4_000, NOW + 9_000)], False, [(0, 4_000), (9_000, 25_000)]),
        (part(0, 20_000, (0, 5_000)), [], True, [(0, 5_000)]),  # not faster than the phone's own counter
        (FREE[1], [], True, [(90_000, 100_000)]),  # not beyond the window, nor made up for before it
        (part(0, 20_000, (100_000, 120_000)), [], True, []),
        (FREE[0], [(NOW, NOW + 100_000)], True, []),
        # a heartbeat came through late and sits where the part was
        (part(0, 20_000, (80_000, 100_000)), [(NOW + 85_000, NOW + 100_000)], True, [(0, 15_000), (80_000, 85_000)]),
        (part(0, 20_000, (80_000, 100_000)), [(NOW + 85_000, NOW + 100_000)], False, [(80_000, 85_000)]),
    ],
)
def test_a_part_takes_free_wall_time(
    said: Part, used: list[tuple[int, int]], is_gap: bool, walls: list[tuple[int, int]]
) -> None:
    pieces = place(said, WINDOW, used, DAYS, is_gap=is_gap)
    assert [(p.wall_from_ms - NOW, p.wall_to_ms - NOW) for p in pieces] == walls
    assert all(p.to_ms - p.from_ms == p.wall_to_ms - p.wall_from_ms for p in pieces)
    assert all(one.to_ms == other.from_ms for one, other in pairwise(pieces))


@pytest.mark.parametrize(
    ("said", "window", "used", "is_gap", "verdict"),
    [
        (part(0, 20_000, (0, 20_000)), WINDOW, [], True, StudyVerdict.CREDITED),
        (part(0, 20_000, (90_000, 110_000)), WINDOW, [], True, StudyVerdict.CREDITED_IN_PART),
        (part(0, 20_000, (5, 5)), WINDOW, [], True, StudyVerdict.FASTER_THAN_CLOCK),
        (part(0, 20_000, (100_000, 120_000)), WINDOW, [], True, StudyVerdict.OUTSIDE_WINDOW),
        (part(0, 20_000, (0, 20_000)), WINDOW, [(NOW, NOW + 100_000)], False, StudyVerdict.WALL_TIME_USED),
        (
            part(0, 20_000, (LONGEST_GAP_MS, LONGEST_GAP_MS + 20_000)),
            Window(NOW, NOW, NOW + LONGEST_GAP_MS),
            [],
            True,
            StudyVerdict.GAP_TOO_LONG,
        ),
    ],
)
def test_the_verdict_says_why(
    said: Part, window: Window, used: list[tuple[int, int]], is_gap: bool, verdict: StudyVerdict
) -> None:
    earned = credit(said, window, used, [], DAYS, {}, is_gap=is_gap)
    assert earned.verdict is verdict


@pytest.mark.parametrize(("is_gap", "verdict"), [(True, "daily_cap"), (False, "offline_daily_cap")])
def test_a_cap_is_named(is_gap: bool, verdict: str) -> None:
    earned = credit(part(0, 20_000, (0, 20_000)), WINDOW, [], [], DAYS, {TODAY: 0}, is_gap=is_gap)
    assert (earned.verdict.value, earned.gained_ms) == (verdict, 0)


spans = st.tuples(st.integers(0, 120_000), st.integers(1, 20_000)).map(lambda s: (NOW + s[0], NOW + s[0] + s[1]))
claims = st.tuples(st.integers(0, 80_000), st.integers(1, 20_000), st.integers(0, 200_000), st.integers(0, 60_000))


@given(st.lists(claims, max_size=12), st.lists(spans, max_size=6), st.booleans())
def test_i1_i3_i8_whatever_a_phone_says_of_its_clock(
    said: list[tuple[int, int, int, int]], used: list[tuple[int, int]], is_gap: bool
) -> None:
    """Wall time stays inside the window, off what is used, and disjoint; a second for a second."""
    covered, walls = (), []
    for number, (start, length, mono, took) in enumerate(said, 1):
        told = part(start, start + length, (mono, mono + took), number)
        earned = credit(told, WINDOW, [*used, *walls], covered, DAYS, {}, is_gap=is_gap)
        pieces = [piece for each in earned.intervals for piece in each.segments]
        for piece in pieces:
            assert WINDOW.from_ms <= piece.wall_from_ms < piece.wall_to_ms <= WINDOW.to_ms
            assert not any(a < piece.wall_to_ms and b > piece.wall_from_ms for a, b in used)
        walls += [(piece.wall_from_ms, piece.wall_to_ms) for piece in pieces]
        assert earned.gained_ms <= sum(piece.to_ms - piece.from_ms for piece in pieces) <= took
        covered = earned.covered
    assert all(one[1] <= other[0] for one, other in pairwise(sorted(walls)))
