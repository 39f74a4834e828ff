"""What heartbeats earn: tables of cases, then the invariants for any history."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.errors import Conflict, Refused
from lms.domain.spans import measure
from lms.domain.study import (
    BEAT_JITTER_MS,
    BEAT_MS,
    HORIZON_MS,
    Heartbeat,
    Lease,
    OpenSession,
    StudyVerdict,
    check,
    credit,
    next_beat_ms,
    open_lease,
)

LENGTH = 300_000
OPENED = 1_000_000


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
    earned = credit(Lease(1, OPENED), beat(a, b), OPENED + elapsed, covered)
    assert (earned.verdict, earned.gained_ms) == (verdict, gained)


def test_a_pause_uses_up_its_wall_time() -> None:
    paused = credit(Lease(1, OPENED), beat(0, 0), OPENED + 30_000, [])
    assert paused.segment is None
    resumed = credit(Lease(1, paused.high_water_ms), beat(0, 45_000), OPENED + 35_000, [])
    assert resumed.gained_ms == 5_000


def test_a_clock_behind_the_high_water_mark_earns_nothing_and_moves_nothing_back() -> None:
    earned = credit(Lease(1, OPENED), beat(0, 20_000), OPENED - 10_000, [])
    assert (earned.gained_ms, earned.segment, earned.high_water_ms) == (0, None, OPENED)


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


steps = st.lists(st.tuples(st.integers(0, 90_000), st.integers(0, LENGTH), st.integers(0, LENGTH)), max_size=30)


@given(steps)
def test_i1_i2_i3_i10_for_any_history_of_claims(history: list[tuple[int, int, int]]) -> None:
    """Whatever is claimed: credit ≤ elapsed, ≤ the lesson, wall time disjoint, never shrinking."""
    now, lease, covered, walls, total = OPENED, Lease(1, OPENED), (), [], 0
    for wait, one, other in history:
        now += wait
        earned = credit(lease, beat(min(one, other), max(one, other)), now, covered)
        assert earned.gained_ms >= 0
        assert earned.high_water_ms >= lease.high_water_ms
        if earned.segment:
            walls.append((earned.segment.wall_from_ms, earned.segment.wall_to_ms))
        total += earned.gained_ms
        lease, covered = Lease(1, earned.high_water_ms), earned.covered
    assert total == measure(covered)
    assert total <= now - OPENED
    assert total <= LENGTH
    assert measure(walls) == sum(end - start for start, end in walls) <= now - OPENED
