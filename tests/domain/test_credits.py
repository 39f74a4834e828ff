"""Credits by the table of their day: repeats bring nothing, later tables change nothing that was told."""

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain import credits
from lms.domain.credit_lines import read_rows
from lms.domain.credits import Achievement, Basis, Key, Row, Table
from lms.domain.errors import Refused

DAY = date(2026, 3, 1)
COURSE = Key(Basis.COURSE, "dementia-care")
SENIOR = Key(Basis.LEVEL, "养老护理员", "高级工")
BY_HOURS = Row(COURSE, 50, "老年护理", 1600)
ONCE = Row(SENIOR, 300, "老年护理实训")
TABLE = Table("CQ-1", "某职业学院", "某文件", True, DAY, None, (BY_HOURS, ONCE))
LATER = replace(TABLE, code="CQ-2", from_on=DAY + timedelta(days=30), rows=(replace(BY_HOURS, credits=100),))


def course(on: date = DAY, hours: int = 5000) -> Achievement:
    return Achievement(uuid.uuid4(), COURSE, "失智老人照护", on, hours)


def level(on: date = DAY) -> Achievement:
    return Achievement(uuid.uuid4(), SENIOR, "养老护理员", on)


@pytest.mark.parametrize(("hours", "worth"), [(0, 0), (1599, 0), (1600, 50), (3199, 50), (5000, 150)])
def test_hours_count_in_whole_multiples(hours: int, worth: int) -> None:
    (entry,) = credits.transcript([course(hours=hours)], [TABLE])
    assert entry.credits == worth


def test_the_same_counts_once_in_a_scheme_and_again_in_another() -> None:
    other = replace(TABLE, code="LN-1", scheme="另一所学院", confirmed=False)
    entries = credits.transcript([level(), level(DAY + timedelta(days=9))], [TABLE, other])
    assert [(each.table.code, each.credits, each.is_repeat) for each in entries] == [
        ("LN-1", 300, False), ("CQ-1", 300, False), ("LN-1", 0, True), ("CQ-1", 0, True),
    ]  # fmt: skip
    assert credits.sums(entries) == {"某职业学院": (300, 0), "另一所学院": (0, 300)}


def test_what_brought_nothing_may_count_later() -> None:
    entries = credits.transcript([course(hours=100), course(DAY + timedelta(days=1))], [TABLE])
    assert [each.credits for each in entries] == [0, 150]


@pytest.mark.parametrize(
    ("days", "code"), [(-1, None), (0, "CQ-1"), (29, "CQ-1"), (30, "CQ-2"), (60, "CQ-2"), (61, None)]
)
def test_the_table_of_the_day_counts(days: int, code: str | None) -> None:
    tables = [replace(LATER, until_on=DAY + timedelta(days=60)), TABLE]
    found = credits.in_force(tables, "某职业学院", DAY + timedelta(days=days))
    assert (found.code if found else None) == code


@given(st.lists(st.tuples(st.integers(0, 25), st.integers(0, 9000)), max_size=8), st.integers(0, 400))
def test_a_table_that_begins_later_changes_nothing_that_was_told(told: list[tuple[int, int]], later: int) -> None:
    achieved = [course(DAY + timedelta(days=on), hours) for on, hours in told]
    today = DAY + timedelta(days=25)
    new = replace(LATER, from_on=today + timedelta(days=later))
    credits.check_table(new, [TABLE], today)
    earlier = [each for each in achieved if each.on < new.from_on]
    before = [(each.achievement, each.credits) for each in credits.transcript(earlier, [TABLE])]
    assert [(each.achievement, each.credits) for each in credits.transcript(earlier, [TABLE, new])] == before


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (replace(LATER, until_on=DAY), "credit_term"),
        (replace(LATER, rows=(ONCE, replace(ONCE, credits=1))), "credit_twice"),
        (replace(LATER, from_on=DAY), "credit_before"),
        (replace(LATER, from_on=DAY + timedelta(days=1)), "credit_past"),
    ],
)
def test_a_table_that_would_rewrite_is_refused(table: Table, code: str) -> None:
    with pytest.raises(Refused, match=code):
        credits.check_table(table, [TABLE], DAY + timedelta(days=2))


def test_the_first_table_of_a_scheme_may_begin_in_the_past() -> None:
    credits.check_table(TABLE, [replace(LATER, scheme="别的")], DAY + timedelta(days=99))


def test_rows_are_read_from_a_sheet() -> None:
    pasted = "来源\t名称\t等级或证书种类\t学分\t每多少学时\t认定为\n课程\tdementia-care\t\t0.5\t16\t老年护理\n"
    assert read_rows(pasted) == (BY_HOURS,)
    assert read_rows("等级,养老护理员,三级,3,,老年护理实训") == (ONCE,)
    (found,) = read_rows('证书,育婴员,专项职业能力证书,1.25,,"婴幼儿照护，一"')
    assert found == Row(Key(Basis.CERTIFICATE, "育婴员", "special_skill"), 125, "婴幼儿照护，一")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "credit_none"),
        ("来源,名称", "credit_none"),
        ("课程,a,,1,,b\n" * 501, "credit_many"),
        ("别的,a,,1,,b", "credit_row"),
        ("课程,,,1,,b", "credit_row"),
        ("课程,a,高级工,1,,b", "credit_row"),
        ("课程,a,,0,,b", "credit_row"),
        ("课程,a,,1.005,,b", "credit_row"),
        ("课程,a,,NaN,,b", "credit_row"),
        ("课程,a,,1001,,b", "credit_row"),
        ("课程,a,,1E999999,,b", "credit_row"),
        ("课程,a,,1,," + "b" * 500, "credit_row"),
        ("课程,a,,1,0,b", "credit_row"),
        ("课程,a,,1,,", "credit_row"),
        ("课程,a,,1,,b,c", "credit_row"),
        ("等级,a,六级,1,,b", "credit_row"),
        ("等级,a,高级工,1,16,b", "credit_row"),
        ("证书,a,别的证书,1,,b", "credit_row"),
    ],
)
def test_a_line_that_is_no_row_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        read_rows(text)
