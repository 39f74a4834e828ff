"""Within a period: archive only, with rule and day. Not known: archive only until it is. After it: erasure."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.days import later
from lms.domain.errors import Refused
from lms.domain.retention import (
    RULES,
    Decision,
    Holding,
    Outcome,
    Rule,
    Setting,
    check_setting,
    decide,
    in_force,
)

TODAY = date(2026, 11, 27)
DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))


def held(months: int | None, since: date, code: str = "training_records", *, tied: bool = True) -> Holding:
    return Holding(Rule(code, months, "某文件第一条", "H", needs_identity=tied), since)


@pytest.mark.parametrize(
    ("holdings", "expected"),
    [
        ([], Decision(Outcome.ERASE, "", None)),
        ([held(None, TODAY)], Decision(Outcome.UNSURE, "training_records", None)),
        ([held(12, date(2025, 11, 27))], Decision(Outcome.RESTRICT, "training_records", TODAY)),
        ([held(12, date(2025, 11, 26))], Decision(Outcome.ERASE, "training_records", date(2026, 11, 26))),
        ([held(12, TODAY), held(24, TODAY, "b")], Decision(Outcome.RESTRICT, "b", date(2028, 11, 27))),
        ([held(1, date(2020, 1, 1)), held(None, date(2020, 1, 1), "b")], Decision(Outcome.UNSURE, "b", None)),
        ([held(600, TODAY, tied=False)], Decision(Outcome.ERASE, "", None)),
    ],
)
def test_what_a_wish_for_deletion_leads_to(holdings: list[Holding], expected: Decision) -> None:
    assert decide(holdings, TODAY) == expected


@given(since=DAYS, months=st.integers(1, 600), days=st.integers(0, 40_000))
def test_nothing_is_erased_before_the_last_day(since: date, months: int, days: int) -> None:
    until = later(since, months)
    today = min(since + timedelta(days=days), date(2190, 1, 1))
    assert (decide([held(months, since)], today).outcome is Outcome.ERASE) == (today > until)


def test_what_nobody_could_confirm_is_empty_and_staff_can_set_it() -> None:
    shipped = {rule.code: rule for rule in RULES}
    assert (shipped["training_records"].months, shipped["training_records"].source) == (None, "")
    assert all(rule.source and rule.confidence == "H" for rule in RULES if rule.months is not None)
    found = {rule.code: rule for rule in in_force({"training_records": Setting(120, "某市文件第三条", "M")})}
    assert (found["training_records"].months, found["network_logs"].months) == (120, 6)


@pytest.mark.parametrize(
    ("code", "months", "source", "confidence", "refusal"),
    [
        ("nothing", 12, "某文件第一条", "H", "retention_rule"),
        ("training_records", 12, "某文件第一条", "X", "retention_rule"),
        ("training_records", 0, "某文件第一条", "H", "retention_months"),
        ("network_logs", 5, "某文件第一条", "H", "retention_months"),
        ("training_records", 1201, "某文件第一条", "H", "retention_months"),
        ("training_records", 12, " 无 ", "H", "retention_source"),
    ],
)
def test_a_period_needs_a_rule_a_length_and_a_source(
    code: str, months: int, source: str, confidence: str, refusal: str
) -> None:
    with pytest.raises(Refused) as refused:
        check_setting(code, months, source, confidence)
    assert refused.value.code == refusal
