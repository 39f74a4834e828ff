"""终身学习档案: what is counted, and that order changes nothing."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.domain.records import RecordState
from lms.domain.transcripts import Entry, Year, entry, transcript

FACTS: dict[str, Any] = {
    "course": "翻身",
    "course_en": "",
    "institution": "康宁",
    "cohort": "一班",
    "class_hour_hundredths": 1250,
    "minutes_per_class_hour": 45,
    "quiz_score": 90,
}
DAY = date(2026, 11, 23)
FIRST = entry("A", RecordState.VALID, DAY, FACTS, today=DAY)
entries = some.builds(
    Entry,
    code=some.text("ABCDEFGH", min_size=5, max_size=8),
    state=some.sampled_from(RecordState),
    issued_on=some.dates(date(2024, 12, 30), date(2027, 1, 3)),
    course=some.just("翻身"),
    institution=some.sampled_from(["康宁", "安和"]),
    cohort=some.just("一班"),
    hour_hundredths=some.integers(0, 20_000),
    quiz_score=some.none() | some.integers(0, 100),
    valid_until=some.none(),
    holds=some.booleans(),
)


def test_an_entry_is_what_was_frozen() -> None:
    assert (FIRST.course, FIRST.hour_hundredths, FIRST.quiz_score) == ("翻身", 1250, 90)


@pytest.mark.parametrize(("state", "counted"), list(zip(RecordState, (1, 0, 0, 1), strict=True)))
def test_what_was_taken_back_is_shown_and_not_counted(state: RecordState, counted: int) -> None:
    found = transcript([replace(FIRST, state=state)])
    assert (len(found.entries), found.counted, found.hour_hundredths) == (1, counted, counted * 1250)
    assert found.institutions == ("康宁",) * counted


@pytest.mark.parametrize(
    ("state", "days", "holds"),
    [("valid", None, 1), ("valid", 0, 1), ("valid", -1, 0), ("expired", -1, 0), ("revoked", 9, 0)],
)
def test_only_what_has_not_passed_its_last_day_holds(state: str, days: int | None, holds: int) -> None:
    until = None if days is None else DAY + timedelta(days=days)
    found = transcript([entry("A", RecordState(state), DAY, FACTS, today=DAY, valid_until=until)])
    assert found.holding == holds


def test_years_are_told_one_by_one() -> None:
    found = transcript([FIRST, replace(FIRST, code="B", issued_on=date(2025, 1, 1)), replace(FIRST, code="C")])
    assert found.years == (Year(2025, 1, 1, 1250), Year(2026, 2, 2, 2500))
    assert [each.code for each in found.entries] == ["B", "A", "C"]


@given(some.lists(entries, unique_by=lambda each: each.code), some.randoms(use_true_random=False))
def test_order_changes_nothing_and_nothing_is_lost(given_: list[Entry], chance: Any) -> None:
    shuffled = [*given_]
    chance.shuffle(shuffled)
    found = transcript(shuffled)
    assert found == transcript(given_)
    assert sorted(each.code for each in found.entries) == sorted(each.code for each in given_)
    held = [each for each in given_ if each.state in ("valid", "expired")]
    assert (found.counted, found.hour_hundredths) == (len(held), sum(each.hour_hundredths for each in held))
    assert set(found.institutions) == {each.institution for each in held}
