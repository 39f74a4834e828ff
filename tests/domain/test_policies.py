"""Policies are picked by the opening day, and round in the learner's and the treasury's favour alike."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.errors import Refused
from lms.domain.policies import (
    MS_PER_MINUTE,
    POLICIES,
    Blended,
    ExamRules,
    Policy,
    check_running,
    has_closed,
    policy_named,
    policy_on,
)

OLD = Policy(code="old", effective_from=date(2020, 1, 1))
NEW = Policy(code="new", effective_from=date(2025, 7, 1), lesson_share=100)
BOTH = (NEW, OLD)  # in no order
HOUR_MS = 45 * MS_PER_MINUTE


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2020, 1, 1), OLD),
        (date(2025, 6, 30), OLD),
        (date(2025, 7, 1), NEW),
        (date(2040, 1, 1), NEW),
    ],
)
def test_the_opening_day_picks_the_policy(day: date, expected: Policy) -> None:
    assert policy_on(day, BOTH) is expected


def test_before_the_first_policy_there_is_none() -> None:
    with pytest.raises(Refused) as refused:
        policy_on(date(2019, 12, 31), BOTH)
    assert (refused.value.code, refused.value.values) == ("policy_not_in_force", {"day": "2019-12-31"})


def test_a_policy_is_found_by_its_code() -> None:
    assert policy_named("old", BOTH) is OLD
    with pytest.raises(Refused, match="policy_unknown"):
        policy_named("gone", BOTH)


def test_the_shipped_policies_have_codes_of_their_own() -> None:
    assert len({policy.code for policy in POLICIES}) == len(POLICIES)
    assert policy_on(date(2026, 11, 23)) is policy_named("base-2023")


def test_an_institution_may_choose_that_no_question_is_ever_told() -> None:
    rules = {code: policy_named(code).blended for code in ("blended-2023", "blended-untold-2023")}
    assert rules["blended-2023"] == Blended(exam=ExamRules(reveal_after_close=True))
    assert rules["blended-untold-2023"] == Blended(exam=ExamRules(reveal_after_close=False))


@pytest.mark.parametrize(
    ("duration_ms", "expected"),
    [(0, 0), (1, 1), (20, 19), (21, 20), (100_000, 95_000), (120_001, 114_001)],
)
def test_a_lesson_needs_95_percent_rounded_up(duration_ms: int, expected: int) -> None:
    assert OLD.required_ms(duration_ms) == expected


@given(st.integers(0, 10**9))
def test_required_time_is_at_least_the_share_and_at_most_the_length(duration_ms: int) -> None:
    required = OLD.required_ms(duration_ms)
    assert required * 100 >= duration_ms * OLD.lesson_share
    assert (required - 1) * 100 < duration_ms * OLD.lesson_share or required == 0
    assert required <= duration_ms
    assert NEW.required_ms(duration_ms) == duration_ms


@pytest.mark.parametrize(
    ("credited_ms", "expected"),
    [
        (0, 0),
        (HOUR_MS, 100),
        (HOUR_MS - 1, 99),
        (HOUR_MS // 100, 1),
        (HOUR_MS // 100 - 1, 0),
        (20 * HOUR_MS, 2000),
    ],
)
def test_class_hours_are_45_minutes_rounded_down(credited_ms: int, expected: int) -> None:
    assert OLD.class_hour_hundredths(credited_ms) == expected


@pytest.mark.parametrize(
    ("today", "code"),
    [
        (date(2026, 10, 31), "cohort_not_open"),
        (date(2026, 11, 1), None),
        (date(2026, 12, 31), None),
        (date(2027, 1, 1), "cohort_closed"),
    ],
)
def test_nothing_is_earned_before_a_cohort_opens_or_after_it_closes(today: date, code: str | None) -> None:
    assert has_closed(date(2026, 12, 31), today) is (code == "cohort_closed")
    if code is None:
        check_running(date(2026, 11, 1), date(2026, 12, 31), today)
        return
    with pytest.raises(Refused) as refused:
        check_running(date(2026, 11, 1), date(2026, 12, 31), today)
    assert refused.value.code == code
