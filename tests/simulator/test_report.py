"""What counts as a broken promise."""

from dataclasses import replace

import pytest

from lms.simulator import report
from lms.simulator.report import Outcome

CHEAT = Outcome("timers_20x", False, "p1", 60_000.0, 900_000, 60_000, 0)
HONEST = Outcome("honest", True, "p2", 60_000.0, 60_000, 59_999, 59_999, played_ms=60_000, online_ms=50_000, passed=1)
PLAIN = replace(HONEST, behaviour="honest_plain", credited_ms=58_200, confirmed_ms=58_200)


def test_kept_promises_are_no_problems() -> None:
    assert report.problems([CHEAT, HONEST, PLAIN], {}) == []


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (replace(CHEAT, credited_ms=60_001), "60001 ms credited in 60000 ms"),
        (replace(CHEAT, confirmed_ms=1), "1 ms confirmed without an answer"),
        (replace(HONEST, confirmed_ms=60_000), "more confirmed than credited"),
        (replace(HONEST, credited_ms=59_900, confirmed_ms=0), "99.83% of what was played is credited"),
        (replace(PLAIN, credited_ms=58_000, confirmed_ms=0), "96.67% of what was played is credited"),
        (replace(HONEST, played_ms=0), "nobody studied"),
        (replace(CHEAT, answers={"500 http_500": 2}), "2 × 500 http_500"),
    ],
)
def test_a_broken_promise_is_told(outcome: Outcome, words: str) -> None:
    (problem,) = report.problems([outcome], {})
    assert words in problem


def test_one_honest_person_of_a_hundred_may_be_flagged() -> None:
    crowd = [replace(HONEST, person=f"p{place}") for place in range(100)]
    assert report.problems(crowd, {"p1": ["takeover_storm"]}) == []
    (problem,) = report.problems(crowd, {"p1": ["takeover_storm"], "p2": ["takeover_storm"]})
    assert problem == "2 of 100 honest persons were flagged"


def test_flags_of_cheats_are_wanted_and_those_of_nobody_are_not_measured() -> None:
    assert report.problems([CHEAT], {"p1": ["impossible_advance"]}) == []
    assert "not measured" in report.table([CHEAT, HONEST], None)


def test_the_table_tells_the_worst_rate_and_the_json_the_same() -> None:
    slow = replace(CHEAT, person="p3", credited_ms=30_000)
    told = report.table([slow, CHEAT], {"p1": ["impossible_advance"]}).splitlines()
    assert told[1].split() == ["timers_20x", "2", "120.0", "1800.0", "90.0", "1.000", "0.0", "0", "1"]
    (row,) = report.as_json([slow, CHEAT], {})["behaviours"]
    assert (row["highest_rate"], row["credited_s"]) == (1.0, 90.0)
