"""Who may correct study time, and what time by hand must look like."""

import uuid
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from lms.domain import corrections
from lms.domain.corrections import Hand
from lms.domain.days import Calendar
from lms.domain.errors import Refused
from lms.domain.study import EvidenceClass

CHINA = ZoneInfo("Asia/Shanghai")
LEARNER, ONE, OTHER = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
MINUTE = 60_000
NINE = 1_795_395_600_000  # 2026-11-23 09:00 in China
CALENDAR = Calendar(CHINA, 0)


def test_it_takes_two_people_and_neither_is_the_learner() -> None:
    corrections.check_proposer(LEARNER, None)
    corrections.check_decider(LEARNER, ONE, None, OTHER)
    for person, account, code in ((None, ONE, "correction_second_person"), (LEARNER, OTHER, "correction_own")):
        with pytest.raises(Refused) as refused:
            corrections.check_decider(LEARNER, ONE, person, account)
        assert refused.value.code == code


def test_a_void_names_what_counts() -> None:
    corrections.check_void(["a"], ["a", "b"])
    for chosen, code in (([], "correction_nothing_chosen"), (["a", "c"], "correction_segments_changed")):
        with pytest.raises(Refused) as refused:
            corrections.check_void(chosen, ["a", "b"])
        assert refused.value.code == code


def test_a_class_over_midnight_ends_on_the_next_day() -> None:
    day = date(2026, 11, 23)
    assert corrections.wall_range(day, time(9), time(9, 30), CHINA, 0) == (NINE, NINE + 30 * MINUTE)
    assert corrections.wall_range(day, time(9), time(9, 30), CHINA, 500)[0] == NINE - 500
    start, end = corrections.wall_range(day, time(23, 30), time(0, 30), CHINA, 0)
    assert end - start == 60 * MINUTE


def hand(**changes: object) -> Hand:
    usual = {
        "evidence_class": EvidenceClass.ATTENDED,
        "from_ms": 0,
        "to_ms": 10 * MINUTE,
        "wall_from_ms": NINE,
        "wall_to_ms": NINE + 10 * MINUTE,
    }
    return Hand(**{**usual, **changes})  # type: ignore[arg-type]


def check(made: Hand, *, now_ms: int = NINE + 10 * MINUTE + 45_000) -> None:
    corrections.check_hand(made, 20 * MINUTE, date(2026, 11, 23), date(2026, 11, 30), now_ms, CALENDAR)


def test_time_by_hand_that_can_have_been() -> None:
    check(hand())
    check(hand(evidence_class=EvidenceClass.IMPORTED, wall_from_ms=NINE - 60 * MINUTE))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"evidence_class": EvidenceClass.ONLINE}, "correction_class"),
        ({"from_ms": -1}, "correction_range"),
        ({"from_ms": 10 * MINUTE}, "correction_range"),
        ({"to_ms": 20 * MINUTE + 1, "wall_from_ms": 0}, "correction_range"),
        ({"wall_from_ms": NINE + 1}, "correction_wall_short"),
        ({"wall_to_ms": NINE + 10 * MINUTE + 1}, "correction_future"),
        ({"wall_from_ms": NINE - 24 * 60 * MINUTE}, "correction_outside_cohort"),
    ],
)
def test_time_by_hand_that_cannot(changes: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        check(hand(**changes))
    assert refused.value.code == code


def test_after_the_cohort_has_closed() -> None:
    late = NINE + 8 * 24 * 60 * MINUTE
    with pytest.raises(Refused) as refused:
        check(hand(wall_from_ms=late, wall_to_ms=late + 10 * MINUTE), now_ms=late + 20 * MINUTE)
    assert refused.value.code == "correction_outside_cohort"


@pytest.mark.parametrize(
    ("used", "clash"),
    [
        ([], None),
        ([(NINE - 1, NINE)], None),
        ([(NINE + 10 * MINUTE, NINE + 11 * MINUTE)], None),
        ([(NINE - 5, NINE + 1)], (NINE - 5, NINE + 1)),
        ([(NINE + 9, NINE + 10), (NINE + 2, NINE + 3)], (NINE + 2, NINE + 3)),
    ],
)
def test_wall_time_is_used_once(used: list[tuple[int, int]], clash: tuple[int, int] | None) -> None:
    assert corrections.find_clash(hand(), used) == clash
