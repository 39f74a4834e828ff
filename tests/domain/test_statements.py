"""Statements: rows add up to the union; stretches leave no row out."""

import uuid
from collections.abc import Hashable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.domain.ledger import Posting, tally
from lms.domain.statements import (
    CheckState,
    Entries,
    Piece,
    Row,
    Share,
    Stretch,
    check_of,
    shares,
    stretches,
    totals,
)

NIGHT = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
LESSON = uuid.UUID(int=1)


def pieces(*spans: tuple[int, int], voided: frozenset[int] = frozenset()) -> list[Piece]:
    return [Piece(number, "a", span, number, number in voided) for number, span in enumerate(spans, 1)]


@pytest.mark.parametrize(
    ("known", "passed", "expected"),
    [
        (pieces((0, 10), (10, 20)), [(0, 1)], {1: Share(10, 10), 2: Share(10, 0)}),
        (pieces((0, 10), (5, 20)), [], {1: Share(10, 0), 2: Share(10, 0)}),
        (pieces((0, 10), (0, 10)), [(1, 2)], {1: Share(10, 10), 2: Share(0, 0)}),
        (pieces((0, 10), (0, 10), voided=frozenset({1})), [], {2: Share(10, 0)}),
        (pieces((0, 10), (2, 4), voided=frozenset({2})), [(1, 2)], {1: Share(10, 0)}),
        (pieces((0, 10), (4, 6), (0, 10)), [(1, 2)], {1: Share(10, 2), 2: Share(0, 0), 3: Share(0, 0)}),
        ([Piece(1, "a", (0, 5), 1), Piece(1, "b", (0, 5), 1)], [(0, 9)], {1: Share(10, 10)}),
    ],
)
def test_what_counts_belongs_to_the_first_that_is_not_voided(
    known: list[Piece], passed: list[tuple[int, int]], expected: dict[Hashable, Share]
) -> None:
    assert shares(known, Entries(passed)) == expected


SPANS = some.tuples(some.integers(0, 60), some.integers(1, 30)).map(lambda each: (each[0], each[0] + each[1]))
PIECES = some.lists(some.tuples(SPANS, some.sampled_from("ab"), some.booleans()), max_size=12)
RANGES = some.lists(some.tuples(some.integers(0, 12), some.integers(0, 12)), max_size=4)


@given(PIECES, RANGES)
def test_i15_every_credited_millisecond_is_one_atom_and_the_rows_add_up_to_the_tally(
    drawn: list[tuple[tuple[int, int], str, bool]], passed: list[tuple[int, int]]
) -> None:
    known = [Piece(number, lesson, span, number, void) for number, (span, lesson, void) in enumerate(drawn, 1)]
    found = shares(known, Entries(passed))
    assert all(0 <= share.confirmed_ms <= share.credited_ms for share in found.values())
    for lesson in "ab":
        mine = [piece for piece in known if piece.lesson == lesson]
        counted = [Posting(piece.entry, *piece.span, "online") for piece in mine if not piece.is_voided]
        sum_of = tally(counted, passed)
        rows = [found.get(piece.interval, Share()) for piece in mine]
        assert sum(row.credited_ms for row in rows) == sum_of.credited_ms
        assert sum(row.confirmed_ms for row in rows) == sum_of.confirmed_ms


@given(RANGES, some.integers(0, 14))
def test_entries_hold_what_their_ranges_hold(ranges: list[tuple[int, int]], entry: int) -> None:
    assert (entry in Entries(ranges)) == any(after < entry <= to for after, to in ranges)


@pytest.mark.parametrize(
    ("share", "entry", "state"),
    [
        (Share(), 1, CheckState.NOTHING),
        (Share(5, 5), 1, CheckState.CONFIRMED),
        (Share(5, 4), 1, CheckState.MISSED),
        (Share(5, 0), 2, CheckState.WAITING),
    ],
)
def test_where_a_check_stands(share: Share, entry: int, state: CheckState) -> None:
    assert check_of(share, entry, Entries([(0, 1)])) is state


def row(number: int, span: tuple[int, int], minute: float = 0, **changes: object) -> Row:
    length = span[1] - span[0]
    began = NIGHT + timedelta(minutes=minute)
    facts: dict[str, object] = {
        "id": uuid.UUID(int=number),
        "lesson_id": LESSON,
        "evidence_class": "online",
        "from_ms": span[0],
        "to_ms": span[1],
        "day": date(2026, 11, 26),
        "starts_at": began,
        "ends_at": began + timedelta(milliseconds=length),
        "has_wall": True,
        "verdict": "credited",
        "rule": "online-2",
        "policy_code": "base-2023",
        "posted_ms": length,
        "credited_ms": length,
        "confirmed_ms": 0,
        "check": CheckState.WAITING,
        "confirm_until": None,
        "is_voided": False,
        "crosses_midnight": False,
        "entry": number,
    }
    return Row(**{**facts, **changes})  # type: ignore[arg-type]


BEAT = 20_000
FIRST, SECOND = row(1, (0, BEAT)), row(2, (BEAT, 2 * BEAT), 1 / 3)


def test_heartbeats_that_follow_each_other_are_one_stretch() -> None:
    (found,) = stretches([FIRST, SECOND])
    assert (found.first, found.last, found.totals.credited_ms, found.lost_ms) == (FIRST, SECOND, 2 * BEAT, 0)
    assert (found.verdict, found.crosses_midnight) == ("credited", False)
    assert stretches([]) == []


@pytest.mark.parametrize(
    "other",
    [
        row(2, (BEAT, 2 * BEAT), 10),
        row(2, (3 * BEAT, 4 * BEAT), 1 / 3),
        row(2, (BEAT, 2 * BEAT), 1 / 3, day=date(2026, 11, 27)),
        row(2, (BEAT, 2 * BEAT), 1 / 3, lesson_id=uuid.UUID(int=2)),
        row(2, (BEAT, 2 * BEAT), 1 / 3, evidence_class="gap"),
        row(2, (BEAT, 2 * BEAT), 1 / 3, rule="online-1"),
        row(2, (BEAT, 2 * BEAT), 1 / 3, check=CheckState.MISSED),
        row(2, (BEAT, 2 * BEAT), 1 / 3, is_voided=True),
        row(2, (BEAT, 2 * BEAT), 1 / 3, credited_ms=0, posted_ms=0, verdict="already_credited"),
    ],
)
def test_what_reads_differently_is_another_stretch(other: Row) -> None:
    assert [each.rows for each in stretches([FIRST, other])] == [(FIRST,), (other,)]


def test_a_stretch_names_what_took_most_away() -> None:
    late = row(2, (BEAT, 2 * BEAT), 1 / 3, posted_ms=5_000, credited_ms=5_000, verdict="credited_in_part")
    (found,) = stretches([FIRST, late])
    assert (found.verdict, found.lost_ms) == ("credited_in_part", 15_000)


def test_voided_and_standing_in_cancel_out_in_the_sum() -> None:
    gone = row(1, (0, BEAT), credited_ms=0, is_voided=True)
    instead = row(2, (0, BEAT), 5, posted_ms=0, verdict="already_credited")
    assert (gone.voided_ms, instead.voided_ms) == (BEAT, -BEAT)
    found = totals([gone, instead])
    assert (found.credited_ms, found.voided_ms, found.by_class) == (BEAT, 0, {"online": BEAT})


def test_classes_are_told_in_the_order_of_the_design() -> None:
    rows = [row(1, (0, 5), evidence_class="imported"), row(2, (5, 9), evidence_class="online")]
    assert list(totals(rows).by_class.items()) == [("online", 4), ("imported", 5)]


@given(some.lists(some.tuples(some.integers(0, 5), some.sampled_from([0.0, 1 / 3, 3.0])), max_size=15))
def test_no_row_is_left_out_or_told_twice(steps: list[tuple[int, float]]) -> None:
    rows, minute = [], 0.0
    for number, (beat, wait) in enumerate(steps):
        minute += wait
        rows.append(row(number, (beat * BEAT, beat * BEAT + BEAT), minute))
    found = stretches(rows)
    assert [each for stretch in found for each in stretch.rows] == rows
    assert sum(stretch.totals.credited_ms for stretch in found) == totals(rows).credited_ms
    assert all(isinstance(stretch, Stretch) for stretch in found)
