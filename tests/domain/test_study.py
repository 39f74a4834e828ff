"""What heartbeats earn: tables of cases, then the invariants for any history."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.days import Calendar, calendar
from lms.domain.errors import Conflict, Refused
from lms.domain.spans import measure
from lms.domain.study import (
    BEAT_JITTER_MS,
    BEAT_MS,
    HORIZON_MS,
    Allowance,
    Credit,
    Heartbeat,
    Lease,
    OpenSession,
    StudyVerdict,
    check,
    credit,
    first_beat_ms,
    next_beat_ms,
    open_lease,
    refused,
    split,
)

LENGTH = 300_000
CHINA = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
OPENED = 1_000_000
TODAY = date(2026, 11, 23)
DAYS = calendar(CHINA, NOON, OPENED)


def earn(
    lease: Lease,
    said: Heartbeat,
    now_ms: int,
    covered: list[tuple[int, int]] | tuple[tuple[int, int], ...],
    days: Calendar = DAYS,
    allowance: Allowance | None = None,
) -> Credit:
    return credit(lease, said, now_ms, covered, days, allowance or {})


def beat(a: int, b: int, seq: int = 1, nonce: str = "n") -> Heartbeat:
    return Heartbeat(seq, nonce, a, b)


@pytest.mark.parametrize(
    ("a", "b", "elapsed", "covered", "verdict", "gained"),
    [
        (0, 20_000, 20_000, [], StudyVerdict.CREDITED, 20_000),
        (0, 19_500, 20_000, [], StudyVerdict.CREDITED, 19_500),
        (0, 320_000 - 20_000, 20_000, [], StudyVerdict.CREDITED_IN_PART, 20_000),  # 16 times too fast
        (0, 60_000, 60_000, [], StudyVerdict.CREDITED_IN_PART, HORIZON_MS),  # silent for longer than H
        (0, 20_000, 20_000, [(0, 300_000)], StudyVerdict.ALREADY_CREDITED, 0),
        (10_000, 30_000, 20_000, [(0, 20_000)], StudyVerdict.CREDITED_IN_PART, 10_000),
        (5_000, 5_000, 20_000, [], StudyVerdict.NOTHING_PLAYED, 0),
        (0, 20_000, 0, [], StudyVerdict.FASTER_THAN_CLOCK, 0),
    ],
)
def test_credit(
    a: int, b: int, elapsed: int, covered: list[tuple[int, int]], verdict: StudyVerdict, gained: int
) -> None:
    earned = earn(Lease(1, OPENED), beat(a, b), OPENED + elapsed, covered)
    assert (earned.verdict, earned.gained_ms) == (verdict, gained)


def test_a_pause_uses_up_its_wall_time() -> None:
    paused = earn(Lease(1, OPENED), beat(0, 0), OPENED + 30_000, [])
    assert paused.intervals == ()
    resumed = earn(Lease(1, paused.high_water_ms), beat(0, 45_000), OPENED + 35_000, [])
    assert resumed.gained_ms == 5_000


def test_a_clock_behind_the_high_water_mark_earns_nothing_and_moves_nothing_back() -> None:
    earned = earn(Lease(1, OPENED), beat(0, 20_000), OPENED - 10_000, [])
    assert (earned.gained_ms, earned.intervals[0].segments, earned.high_water_ms) == (0, (), OPENED)


@pytest.mark.parametrize(
    ("session", "lease", "said", "kind", "code"),
    [
        (OpenSession(1, 0, "n", LENGTH), Lease(2, 0), beat(0, 1), Conflict, "lease_lost"),
        (OpenSession(1, 0, "n", LENGTH), Lease(1, 0), beat(0, 1, seq=2), Conflict, "seq_gap"),
        (OpenSession(1, 3, "n", LENGTH), Lease(1, 0), beat(0, 1, seq=3), Conflict, "seq_gap"),
        (OpenSession(1, 0, "n", LENGTH), Lease(1, 0), beat(0, 1, nonce="x"), Conflict, "nonce_mismatch"),
        (OpenSession(1, 0, "n", LENGTH), Lease(1, 0), beat(5, 4), Refused, "range_outside_lesson"),
        (OpenSession(1, 0, "n", LENGTH), Lease(1, 0), beat(-1, 4), Refused, "range_outside_lesson"),
        (OpenSession(1, 0, "n", LENGTH), Lease(1, 0), beat(0, LENGTH + 1), Refused, "range_outside_lesson"),
    ],
)
def test_check_refuses(session: OpenSession, lease: Lease, said: Heartbeat, kind: type[Refused], code: str) -> None:
    with pytest.raises(kind) as refused:
        check(session, lease, said)
    assert refused.value.code == code


def test_check_lets_the_next_heartbeat_through() -> None:
    check(OpenSession(1, 0, "n", LENGTH), Lease(1, 0), beat(0, LENGTH))


def test_opening_takes_the_lease_and_puts_the_past_out_of_reach() -> None:
    assert open_lease(Lease(4, 50), 70) == Lease(5, 70)
    assert open_lease(Lease(4, 90), 70) == Lease(5, 90)


@pytest.mark.parametrize(("draw", "due"), [(0.0, 16_000), (0.5, 20_000), (0.999, 23_992)])
def test_next_beat(draw: float, due: int) -> None:
    assert next_beat_ms(draw) == due
    assert abs(due - BEAT_MS) <= BEAT_JITTER_MS
    assert first_beat_ms(draw) == due // 4


steps = st.lists(st.tuples(st.integers(0, 90_000), st.integers(0, LENGTH), st.integers(0, LENGTH)), max_size=30)


@given(steps)
def test_i1_i2_i3_i10_for_any_history_of_claims(history: list[tuple[int, int, int]]) -> None:
    """Whatever is claimed: credit ≤ elapsed, ≤ the lesson, wall time disjoint, never shrinking."""
    now, lease, covered, walls, total = OPENED, Lease(1, OPENED), (), [], 0
    for wait, one, other in history:
        now += wait
        earned = earn(lease, beat(min(one, other), max(one, other)), now, covered)
        assert earned.gained_ms >= 0
        assert earned.high_water_ms >= lease.high_water_ms
        walls += [(s.wall_from_ms, s.wall_to_ms) for each in earned.intervals for s in each.segments]
        total += earned.gained_ms
        lease, covered = Lease(1, earned.high_water_ms), earned.covered
    assert total == measure(covered)
    assert total <= now - OPENED
    assert total <= LENGTH
    assert measure(walls) == sum(end - start for start, end in walls) <= now - OPENED


MIDNIGHT = DAYS.begin_of(TODAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("played", "before", "after"),
    [
        ((0, 20_000), (0, 12_000), (12_000, 20_000)),  # played all the time: split where midnight was
        ((0, 10_000), (0, 2_000), (2_000, 10_000)),  # played less: as if at the end
        ((0, 8_000), None, (0, 8_000)),
        ((0, 5_000), None, (0, 5_000)),
    ],
)
def test_an_interval_over_midnight_is_split_there(
    played: tuple[int, int], before: tuple[int, int] | None, after: tuple[int, int]
) -> None:
    lease, now = Lease(1, MIDNIGHT - 12_000), MIDNIGHT + 8_000
    earned = earn(lease, beat(*played), now, [])
    parts = [(each.day, (each.from_ms, each.to_ms), each.credited_ms) for each in earned.intervals]
    wanted = [(TODAY, before), (TODAY + timedelta(days=1), after)]
    assert parts == [(day, span, span[1] - span[0]) for day, span in wanted if span]
    walls = [(s.wall_from_ms, s.wall_to_ms) for each in earned.intervals for s in each.segments]
    assert walls[-1] == (MIDNIGHT if before else now - played[1], now)
    assert earned.verdict is StudyVerdict.CREDITED


def test_what_is_claimed_too_much_over_midnight_is_not_credited_on_the_new_day() -> None:
    earned = earn(Lease(1, MIDNIGHT - 12_000), beat(0, 60_000), MIDNIGHT + 8_000, [])
    assert [(each.to_ms - each.from_ms, each.credited_ms) for each in earned.intervals] == [
        (12_000, 12_000),
        (48_000, 8_000),
    ]
    assert [each.verdict.value for each in earned.intervals] == ["credited", "credited_in_part"]
    assert earned.verdict is StudyVerdict.CREDITED_IN_PART


@pytest.mark.parametrize(
    ("covered", "room", "gained", "end", "verdict"),
    [
        ([], 20_000, 20_000, 20_000, StudyVerdict.CREDITED),
        ([], 7_000, 7_000, 7_000, StudyVerdict.CREDITED_IN_PART),
        ([], 0, 0, None, StudyVerdict.DAILY_CAP),
        ([(2_000, 6_000)], 7_000, 7_000, 11_000, StudyVerdict.CREDITED_IN_PART),
        ([(0, 20_000)], 7_000, 0, 20_000, StudyVerdict.ALREADY_CREDITED),
        ([(15_000, 30_000)], 15_000, 15_000, 20_000, StudyVerdict.CREDITED_IN_PART),
    ],
)
def test_a_daily_cap_cuts_off_what_is_over_it(
    covered: list[tuple[int, int]], room: int, gained: int, end: int | None, verdict: StudyVerdict
) -> None:
    earned = earn(Lease(1, OPENED), beat(0, 20_000), OPENED + 20_000, covered, allowance={TODAY: room})
    assert (earned.gained_ms, earned.verdict) == (gained, verdict)
    assert [s.to_ms for s in earned.intervals[0].segments] == ([end] if end else [])


def test_a_cap_of_yesterday_leaves_today_alone() -> None:
    lease, now = Lease(1, MIDNIGHT - 12_000), MIDNIGHT + 8_000
    earned = earn(lease, beat(0, 20_000), now, [], allowance={TODAY: 0, TODAY + timedelta(days=1): 3_600_000})
    assert [each.verdict.value for each in earned.intervals] == ["daily_cap", "credited"]
    assert earned.gained_ms == 8_000


def test_a_refused_report_is_an_interval_that_earned_nothing() -> None:
    told = refused((5, 9), "lease_lost", TODAY)
    assert (told.from_ms, told.to_ms, told.credited_ms, told.segments) == (5, 9, 0, ())
    assert told.verdict is StudyVerdict.LEASE_LOST


@given(st.integers(0, 10**7), st.integers(1, 10**8), st.data())
def test_splitting_loses_and_moves_nothing(content: int, wall: int, data: st.DataObject) -> None:
    length = data.draw(st.integers(1, wall))
    start = data.draw(st.integers(MIDNIGHT - 2 * 10**8, MIDNIGHT + 10**8))
    pieces = split(content, content + length, start, start + wall, DAYS)
    assert (pieces[0].from_ms, pieces[-1].to_ms, pieces[-1].wall_to_ms) == (content, content + length, start + wall)
    assert all(one.to_ms == other.from_ms and one.wall_to_ms == other.wall_from_ms for one, other in pairwise(pieces))
    for piece in pieces:
        assert 0 < piece.to_ms - piece.from_ms <= piece.wall_to_ms - piece.wall_from_ms
        assert DAYS.day_of(piece.wall_from_ms) == piece.day == DAYS.day_of(piece.wall_to_ms - 1)
