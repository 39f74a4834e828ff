"""How long a completion holds: the days of a rule, the phase of a day, what is told when, who may take it again."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.errors import Refused
from lms.domain.renewals import (
    LONGEST_MONTHS,
    LONGEST_SOURCE,
    RETAKEN,
    Phase,
    Span,
    Terms,
    check_retaking,
    check_source,
    check_terms,
    next_telling,
    phase,
    span,
)

ISSUED = date(2026, 11, 23)
TWO_YEARS = Terms(24, 90, 30)
HELD = Span(ISSUED, date(2028, 8, 25), date(2028, 10, 24), date(2028, 11, 23))


def test_a_rule_gives_the_days_and_no_rule_gives_none() -> None:
    assert span(TWO_YEARS, ISSUED) == HELD
    assert span(Terms(None), ISSUED) is None


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        (ISSUED, Phase.VALID),
        (date(2028, 8, 24), Phase.VALID),
        (date(2028, 8, 25), Phase.OPEN),
        (date(2028, 10, 23), Phase.OPEN),
        (date(2028, 10, 24), Phase.DUE),
        (date(2028, 11, 23), Phase.DUE),
        (date(2028, 11, 24), Phase.EXPIRED),
        (date(2040, 1, 1), Phase.EXPIRED),
    ],
)
def test_the_phase_of_a_day(day: date, wanted: Phase) -> None:
    assert phase(HELD, day) is wanted
    assert phase(HELD, day, renewed=True) is Phase.RENEWED
    assert phase(None, day) is Phase.LASTING
    assert phase(HELD, day, renewed=True, ended=True) is Phase.ENDED


def test_a_window_that_is_due_at_once_has_no_open_phase() -> None:
    found = span(Terms(12, 30, 30), ISSUED)
    assert found
    assert phase(found, found.opens_on) is Phase.DUE


@pytest.mark.parametrize(
    ("months", "open_days", "due_days", "code"),
    [
        (0, 30, 10, "renewal_months"),
        (-1, 30, 10, "renewal_months"),
        (LONGEST_MONTHS + 1, 30, 10, "renewal_months"),
        (24, 0, 0, "renewal_days"),
        (24, 30, 0, "renewal_days"),
        (24, 30, 31, "renewal_days"),
        (1, 29, 10, "renewal_window_long"),
    ],
)
def test_what_cannot_be_a_rule(months: int, open_days: int, due_days: int, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_terms(months, open_days, due_days)
    assert refused.value.code == code


def test_what_can_be_a_rule() -> None:
    assert check_terms(24, 90, 30) == TWO_YEARS
    assert check_terms(1, 28, 28) == Terms(1, 28, 28)
    assert check_terms(None, 5, 7) == Terms(None)


def test_the_source_is_one_line_of_some_length() -> None:
    assert check_source("  某人社发〔2026〕1号\n 第三条 ") == "某人社发〔2026〕1号 第三条"
    assert check_source(" ") == ""
    with pytest.raises(Refused) as refused:
        check_source("号" * (LONGEST_SOURCE + 1))
    assert refused.value.code == "renewal_source_length"


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (None, HELD.opens_on),
        (Phase.OPEN, HELD.due_on),
        (Phase.DUE, HELD.valid_until + timedelta(days=1)),
        (Phase.EXPIRED, None),
    ],
)
def test_what_is_told_next(told: Phase | None, wanted: date | None) -> None:
    assert next_telling(HELD, told) == wanted
    assert next_telling(None, told) is None


@pytest.mark.parametrize(
    ("where", "of_number", "in_number", "code"),
    [
        (Phase.OPEN, 1, 2, None),
        (Phase.DUE, 2, 2, None),
        (Phase.EXPIRED, 1, 3, None),
        (Phase.OPEN, 2, 1, "renewal_older_version"),
        (Phase.VALID, 1, 2, "renewal_not_open"),
        (Phase.LASTING, 1, 2, "renewal_not_open"),
        (Phase.RENEWED, 1, 2, "renewal_not_open"),
        (Phase.ENDED, 1, 2, "renewal_not_open"),
    ],
)
def test_who_may_take_a_course_again(where: Phase, of_number: int, in_number: int, code: str | None) -> None:
    held = None if where is Phase.LASTING else HELD
    if code is None:
        check_retaking(where, of_number, in_number, held)
        return
    with pytest.raises(Refused) as refused:
        check_retaking(where, of_number, in_number, held)
    assert refused.value.code == code


months_of = st.integers(1, LONGEST_MONTHS)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), months_of, st.data())
def test_phases_follow_each_other_and_each_is_told_on_its_first_day(
    day: date, months: int, data: st.DataObject
) -> None:
    opens = data.draw(st.integers(1, months * 28))
    due = data.draw(st.integers(1, opens))
    found = span(check_terms(months, opens, due), day)
    assert found
    assert day <= found.opens_on <= found.due_on < found.valid_until
    order = [Phase.VALID, *RETAKEN]
    on = data.draw(st.dates(day, found.valid_until + timedelta(days=40)))
    assert order.index(phase(found, on)) <= order.index(phase(found, on + timedelta(days=1)))
    for each in RETAKEN:
        begins = found.starts[each]
        assert phase(found, begins) in RETAKEN[RETAKEN.index(each) :]
        assert order.index(phase(found, begins - timedelta(days=1))) < order.index(each)
