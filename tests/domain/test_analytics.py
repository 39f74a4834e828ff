"""What persons leave in a lesson, per ten seconds; and what is about too few of them is withheld."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.analytics import (
    BUCKET_MS,
    FEWEST,
    PAUSE_MS,
    Bucket,
    Check,
    Counts,
    Play,
    Spent,
    Strip,
    Times,
    Trace,
    bounds,
    spread,
    strip,
    times,
    trace,
    withhold,
)
from lms.domain.spans import measure

LENGTH, REQUIRED = 45_000, 40_000
LATE = 10 * PAUSE_MS


def play(start: int, end: int, at: int = 0, source: str = "a", credited: int | None = None) -> Play:
    """A play in seconds, that earned its length unless told otherwise."""
    return Play(source, start * 1000, end * 1000, at * 1000, (end - start) * 1000 if credited is None else credited)


def left(*events: Play | Check, now_ms: int = LATE) -> Trace:
    return trace(events, LENGTH, REQUIRED, now_ms)


def told(found: Trace) -> dict[str, Any]:
    kinds = ("covered", "again", "stopped", "asked", "failed")
    return {"reached": found.reached} | {name: sorted(getattr(found, name)) for name in kinds if getattr(found, name)}


FAILED, PASSED = Check(failed=True), Check(failed=False)
PAUSE_S = PAUSE_MS // 1000


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((), {"reached": 0}),
        ((play(0, 0),), {"reached": 0}),
        ((play(50, 60),), {"reached": 0}),
        ((play(0, 4),), {"reached": 1, "stopped": [0]}),
        ((play(0, 5),), {"reached": 1, "covered": [0], "stopped": [0]}),
        ((play(0, 10),), {"reached": 1, "covered": [0], "stopped": [0]}),
        ((play(0, 11),), {"reached": 2, "covered": [0], "stopped": [1]}),
        ((play(0, 20), play(20, 45)), {"reached": 5, "covered": [0, 1, 2, 3, 4]}),
        ((play(20, 60),), {"reached": 5, "covered": [2, 3, 4]}),
        ((play(0, 10), play(30, 35)), {"reached": 4, "covered": [0, 3], "stopped": [3]}),
        ((play(0, 20), play(10, 20)), {"reached": 2, "covered": [0, 1], "again": [1], "stopped": [1]}),
        ((play(0, 20), play(16, 20)), {"reached": 2, "covered": [0, 1], "stopped": [1]}),
        ((play(0, 2), play(0, 2), play(0, 2), play(0, 2)), {"reached": 1, "stopped": [0]}),
        ((play(40, 45), play(42, 45)), {"reached": 5, "covered": [4], "again": [4]}),
        ((FAILED, play(0, 10)), {"reached": 1, "covered": [0], "stopped": [0]}),
        ((play(0, 12), PASSED), {"reached": 2, "covered": [0], "stopped": [1], "asked": [1]}),
        (
            (play(0, 12), FAILED, play(12, 30), PASSED),
            {"reached": 3, "covered": [0, 1, 2], "stopped": [2], "asked": [1, 2], "failed": [1]},
        ),
        (
            (play(0, 12), play(0, 0), FAILED),
            {"reached": 2, "covered": [0], "stopped": [1], "asked": [1], "failed": [1]},
        ),
    ],
)
def test_what_one_person_leaves(events: tuple[Play | Check, ...], expected: dict[str, Any]) -> None:
    assert told(left(*events)) == expected


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((play(0, 10), play(10, 20, at=PAUSE_S, source="b")), {1}),
        ((play(0, 10), play(10, 20, at=PAUSE_S + 1, source="b")), {0, 1}),
        ((play(0, 10), play(10, 20, at=PAUSE_S + 1)), {1}),
        ((play(0, 15), play(0, 15, at=PAUSE_S + 1, source="b")), {1}),
        ((play(0, 10), play(30, 40, at=PAUSE_S + 1, source="b")), {0}),
        ((play(0, 10), play(10, 39, at=PAUSE_S + 1, source="b")), {0, 3}),
        ((play(0, 10, credited=REQUIRED),), set()),
        ((Play("class", 0, 0, 0, REQUIRED), play(0, 10)), set()),
        ((play(0, 10), Play("class", 0, 0, LATE, REQUIRED), play(10, 20, at=PAUSE_S + 1, source="b")), set()),
        ((play(0, 10, at=LATE // 1000),), set()),
        ((play(0, 10, at=LATE // 1000 - PAUSE_S),), set()),
        ((play(0, 10, at=LATE // 1000 - PAUSE_S - 1),), {0}),
    ],
)
def test_where_one_person_stopped(events: tuple[Play | Check, ...], expected: set[int]) -> None:
    assert left(*events).stopped == expected


def test_a_lesson_without_length_has_no_buckets() -> None:
    assert trace([play(0, 10), FAILED], 0, 0, LATE) == Trace()
    assert strip([Trace()], 0) == Strip(0, ())


def test_a_strip_counts_persons() -> None:
    found = strip([left(play(0, 20), FAILED), left(play(0, 10)), Trace()], 25_000)
    assert found.persons == 2
    assert [(each.from_ms, each.to_ms) for each in found.buckets] == [(0, 10_000), (10_000, 20_000), (20_000, 25_000)]
    assert [each.counts for each in found.buckets] == [
        Counts(2, 2, 0, 1, 0, 0),
        Counts(1, 1, 0, 1, 1, 1),
        Counts(0, 0, 0, 0, 0, 0),
    ]


def test_peaks_are_of_two_persons_at_least_and_no_more_than_three() -> None:
    counts = [Counts(9, 9, again, 0, 0, 0) for again in (1, 3, 2, 3, 2)]
    found = Strip(9, tuple(Bucket(n * BUCKET_MS, n * BUCKET_MS, each) for n, each in enumerate(counts)))
    assert [each.from_ms // BUCKET_MS for each in found.peaks("again")] == [1, 3, 2]
    assert found.peaks("stopped") == ()
    assert (found.most("again"), found.most("failed")) == (3, 0)
    hidden = Strip(9, (Bucket(0, 10, None),))
    assert (hidden.peaks("again"), hidden.most("again")) == ((), 0)


@pytest.mark.parametrize(("persons", "shown"), [(0, False), (FEWEST - 1, False), (FEWEST, True)])
def test_too_few_persons_are_not_shown(persons: int, *, shown: bool) -> None:
    assert (withhold(strip([left(play(0, 10))] * persons, LENGTH)) is not None) is shown


def test_where_too_few_got_there_is_no_count() -> None:
    traces = [left(play(0, 10))] * FEWEST + [left(play(0, 20))] * (FEWEST - 1)
    found = withhold(strip(traces, LENGTH))
    assert found is not None
    assert [each.counts and each.counts.reached for each in found.buckets] == [2 * FEWEST - 1, None, 0, 0, 0]
    assert withhold(found) == found


MOMENT = st.integers(0, 60)
PLAYS = st.builds(
    lambda start, length, at, source: play(start, start + length, at=at, source=source),
    MOMENT,
    st.integers(0, 30),
    st.integers(0, 2000),
    st.sampled_from("abc"),
)
EVENTS = st.lists(st.one_of(PLAYS, st.builds(Check, st.booleans())), max_size=12)


@given(st.lists(st.tuples(MOMENT, MOMENT).map(lambda span: (min(span) * 997, max(span) * 997)), max_size=8))
def test_spreading_loses_nothing(spans: list[tuple[int, int]]) -> None:
    assert sum(spread(spans, 60_000)) == sum(end - start for start, end in spans)
    covered = spread([(0, 60_000)], 60_000)
    assert sum(covered) == measure(bounds(60_000)) == 60_000


@given(st.lists(EVENTS, max_size=8))
def test_totals_are_kept_and_counts_are_bounded(everybody: list[list[Play | Check]]) -> None:
    traces = [left(*events) for events in everybody]
    found = strip(traces, LENGTH)
    counts = [each.counts for each in found.buckets if each.counts]
    assert len(counts) == len(bounds(LENGTH))
    for name in ("covered", "again", "stopped", "asked", "failed"):
        assert sum(getattr(each, name) for each in counts) == sum(len(getattr(each, name)) for each in traces)
    assert sum(each.reached for each in counts) == sum(each.reached for each in traces)
    assert [each.reached for each in counts] == sorted((each.reached for each in counts), reverse=True)
    for each in counts:
        assert each.again <= each.covered <= each.reached <= found.persons <= len(everybody)
        assert each.failed <= each.asked <= found.persons
        assert each.stopped <= each.reached
    shown = withhold(found)
    if shown is not None:
        assert all(each.counts is None or each.counts.reached not in range(1, FEWEST) for each in shown.buckets)


@given(EVENTS, st.randoms())
def test_what_was_covered_does_not_hang_on_the_order(events: list[Play | Check], random: Any) -> None:
    shuffled = list(events)
    random.shuffle(shuffled)
    one, other = left(*events), left(*shuffled)
    assert (one.reached, one.covered, one.again) == (other.reached, other.covered, other.again)


def spent(credited: int, elapsed: int | None = None, *, finished: bool = False) -> Spent:
    return Spent(credited, elapsed, finished)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], None),
        ([spent(1)] * 4 + [spent(0, 9)] * 9, None),
        ([spent(n) for n in (5, 1, 4, 2, 3)], Times(5, 0, 3, None)),
        ([spent(n, 10 * n, finished=n > 3) for n in (1, 2, 3, 4, 5, 6)], Times(6, 3, 3, 30)),
        ([spent(n, n) for n in (1, 2, 3, 4)] + [spent(9)], Times(5, 0, 3, None)),
    ],
)
def test_times_in_the_middle(rows: list[Spent], expected: Times | None) -> None:
    assert times(iter(rows)) == expected
