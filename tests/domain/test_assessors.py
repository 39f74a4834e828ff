"""The register of assessors: steps, two people, scope on a day, the check sign of a credit code."""

import uuid
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain import assessors
from lms.domain.assessors import CODE_SIGNS, STEPS, Act, Done, Filing, Registered, Scope
from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.levels import Level
from lms.domain.scope_lines import read_scopes, write_scope

DAY = date(2026, 3, 1)
CODE = "91350100M000100Y43"  # the example of GB 32100-2015
CARE = Scope("养老护理员", Level.JUNIOR, Level.SENIOR)
LISTED = Done(Act.LIST, Filing.LISTED, DAY + timedelta(days=30))


def registered(*acts: Done, until: date | None = None) -> Registered:
    return Registered(CODE, DAY, until, (CARE,), acts)


@pytest.mark.parametrize("state", Filing)
@pytest.mark.parametrize("act", Act)
def test_only_the_steps_of_the_table_are_taken(state: Filing, act: Act) -> None:
    if (state, act) in STEPS:
        assert assessors.step(state, act) is STEPS[state, act]
    else:
        with pytest.raises(Conflict, match="assessor_step"):
            assessors.step(state, act)


def test_whoever_entered_it_does_not_compare_it() -> None:
    me, other = uuid.uuid4(), uuid.uuid4()
    with pytest.raises(Forbidden, match="assessor_second_person"):
        assessors.check_second(Act.LIST, me, me)
    assessors.check_second(Act.LIST, me, other)
    assessors.check_second(Act.SUSPEND, me, me)


@pytest.mark.parametrize(
    ("occupation", "level", "day", "covered"),
    [
        ("养老护理员", Level.JUNIOR, DAY, True),
        ("养老护理员", Level.SENIOR, DAY + timedelta(days=9), True),
        ("养老护理员", Level.TECHNICIAN, DAY, False),
        ("育婴员", Level.JUNIOR, DAY, False),
        ("养老护理员", Level.JUNIOR, DAY - timedelta(days=1), False),
        ("养老护理员", Level.JUNIOR, DAY + timedelta(days=11), False),
    ],
)
def test_scope_and_term(occupation: str, level: Level, day: date, covered: bool) -> None:
    assert registered(LISTED, until=DAY + timedelta(days=10)).covers(occupation, level, day) is covered


def test_what_nobody_has_compared_covers_nothing() -> None:
    assert not registered().covers("养老护理员", Level.JUNIOR, DAY)
    assert not registered(Done(Act.REJECT, Filing.REJECTED, DAY)).covers("养老护理员", Level.JUNIOR, DAY)


def test_a_suspension_takes_only_its_own_days() -> None:
    days = [DAY + timedelta(days=n) for n in (10, 20)]
    one = registered(LISTED, Done(Act.SUSPEND, Filing.SUSPENDED, days[0]), Done(Act.RESUME, Filing.LISTED, days[1]))
    found = [one.covers("养老护理员", Level.JUNIOR, DAY + timedelta(days=n)) for n in (9, 10, 19, 20)]
    assert found == [True, False, False, True]


@pytest.mark.parametrize("on", [DAY - timedelta(days=1), DAY + timedelta(days=6)])
def test_an_act_holds_from_no_day_to_come_and_none_before_the_last(on: date) -> None:
    with pytest.raises(Refused, match="assessor_day"):
        assessors.check_on([Done(Act.LIST, Filing.LISTED, DAY)], on, DAY + timedelta(days=5))


def test_a_code_is_known_by_its_last_sign() -> None:
    assert assessors.check_code(" 91350100m000100y43 ") == CODE
    for wrong in ("91350100M000100Y4", "91350100M000100I43", ""):
        with pytest.raises(Refused, match="credit_code_shape"):
            assessors.check_code(wrong)


@given(st.integers(0, 17), st.sampled_from(CODE_SIGNS))
def test_no_other_sign_passes(place: int, sign: str) -> None:
    changed = CODE[:place] + sign + CODE[place + 1 :]
    if changed == CODE:
        assert assessors.check_code(changed) == CODE
    else:
        with pytest.raises(Refused, match="credit_code_check"):
            assessors.check_code(changed)


def test_scopes_are_read_from_lines_and_written_again() -> None:
    told = "养老护理员 五级-三级\n\n育婴员，高级工\n保育师 高级工 至 初级工"
    found = read_scopes(told)
    assert found == (
        CARE,
        Scope("育婴员", Level.SENIOR, Level.SENIOR),
        Scope("保育师", Level.JUNIOR, Level.SENIOR),
    )
    assert read_scopes("\n".join(map(write_scope, found))) == found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "scope_none"),
        ("养老护理员", "scope_line"),
        ("养老护理员 六级", "scope_line"),
        ("养老护理员 学徒工-高级工", "scope_line"),
        ("养老护理员 五级-四级-三级", "scope_line"),
        ("护" * 81 + " 五级", "scope_line"),
        ("养老护理员 五级\n" * 201, "scope_many"),
    ],
)
def test_a_line_that_is_no_scope_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        read_scopes(text)


def test_a_filing_does_not_end_before_it_begins() -> None:
    assessors.check_term(DAY, None)
    with pytest.raises(Refused, match="assessor_term"):
        assessors.check_term(DAY, DAY - timedelta(days=1))
