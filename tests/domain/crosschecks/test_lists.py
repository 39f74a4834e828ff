"""Rows of outside lists: columns by their titles, numbers in one form, errors by row, days, what settles a match."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.crosschecks import lists
from lms.domain.crosschecks.lists import Listed, Outcome, Problem
from lms.domain.documents import DocumentType
from lms.domain.errors import Conflict, Refused

TODAY = date(2026, 11, 28)
NUMBER = "219999198501010026"
TITLES = {0: "姓名", 1: "证件类型", 2: "证件号码", 3: "起始日期", 4: "截止日期"}


def _read(*rows: dict[int, str], titles: dict[int, str] = TITLES) -> list[Listed | Problem]:
    grid = {0: titles} | dict(enumerate(rows, start=1))
    return list(lists.read_rows(grid, lists.find_columns(grid), TODAY))


@pytest.mark.parametrize(
    "number",
    [
        NUMBER,
        "２１９９９９１９８５０１０１００２６",
        " 219999 19850101 0026 ",
        "'219999198501010026",
        "219999850101002",
    ],
)
def test_a_number_is_one_however_it_is_written(number: str) -> None:
    assert _read({0: "赵六", 2: number}) == [Listed(2, "赵六", DocumentType.RESIDENT_ID, NUMBER, None, None)]


def test_a_small_x_is_a_large_one() -> None:
    found = _read({0: "赵六", 2: "11010519491231002x"})
    assert isinstance(found[0], Listed)
    assert found[0].number == "11010519491231002X"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({0: "赵六", 2: "219999198501010027"}, Problem(2, "document_check_digit", "number")),
        ({0: "", 2: NUMBER}, Problem(2, "name_missing", "name")),
        ({0: "赵六", 1: "驾驶证", 2: NUMBER}, Problem(2, "outside_document_type", "document_type")),
        ({0: "赵六", 2: NUMBER, 3: "去年"}, Problem(2, "outside_day", "from_on")),
        ({0: "赵六", 2: NUMBER, 3: "2026-05-01", 4: "2026-04-01"}, Problem(2, "outside_days_order", "until_on")),
    ],
)
def test_a_wrong_row_is_told_with_its_number_and_column(row: dict[int, str], problem: Problem) -> None:
    assert _read(row) == [problem]


def test_a_number_that_comes_twice_is_told_once_and_totals_are_nobody() -> None:
    found = _read({0: "赵六", 2: NUMBER}, {0: "赵六", 2: NUMBER}, {0: "合计", 2: "2"})
    assert found[1:] == [Problem(3, "outside_twice", "2")]


def test_days_are_read_and_for_ever_is_no_end() -> None:
    found = _read({0: "赵六", 2: NUMBER, 3: "2025/3/1", 4: "长期"})
    assert isinstance(found[0], Listed)
    assert (found[0].from_on, found[0].until_on) == (date(2025, 3, 1), None)


def test_a_file_without_names_is_refused() -> None:
    grid = {0: {0: "编号", 1: "金额"}, 1: {0: "1", 1: "300"}}
    with pytest.raises(Refused, match="outside_columns"):
        lists.find_columns(grid)


@given(st.dates(), st.one_of(st.none(), st.dates()), st.one_of(st.none(), st.dates()))
def test_an_entry_speaks_from_its_first_day_to_its_last(day: date, first: date | None, last: date | None) -> None:
    said = lists.speaks_of(day, first, last)
    assert said == ((first or date.min) <= day <= (last or date.max))


@given(st.lists(st.sampled_from(Outcome)))
def test_an_objection_opens_a_match_again(outcomes: list[Outcome]) -> None:
    held = lists.standing(outcomes)
    expected = outcomes[-1] if outcomes and outcomes[-1] is not Outcome.OBJECTION else None
    assert held is expected


@pytest.mark.parametrize(
    ("held", "over_on", "is_doubt"),
    [
        (None, None, True),
        (Outcome.TRUE, None, True),
        (Outcome.NOT_HER, None, False),
        (Outcome.OVER, date(2026, 11, 27), False),
        (Outcome.OVER, date(2026, 11, 28), True),
    ],
)
def test_only_a_human_word_ends_a_doubt(held: Outcome | None, over_on: date | None, is_doubt: bool) -> None:
    assert lists.is_doubt(held, over_on, TODAY) is is_doubt


def test_settling_asks_for_the_last_day_where_it_is_over() -> None:
    lists.check_settling(None, Outcome.OVER, TODAY, TODAY)
    with pytest.raises(Refused, match="outside_over_on"):
        lists.check_settling(None, Outcome.OVER, None, TODAY)
    with pytest.raises(Refused, match="outside_over_on"):
        lists.check_settling(None, Outcome.TRUE, TODAY, TODAY)
    with pytest.raises(Refused, match="outside_outcome"):
        lists.check_settling(None, Outcome.OBJECTION, None, TODAY)
    with pytest.raises(Conflict, match="outside_settled"):
        lists.check_settling(Outcome.TRUE, Outcome.TRUE, None, TODAY)


def test_a_list_is_not_kept_for_ever_and_tells_of_no_day_to_come() -> None:
    lists.check_kept_until(date(2027, 11, 28), TODAY)
    lists.check_as_of(TODAY, TODAY)
    for wrong in (date(2026, 11, 27), date(2029, 1, 1)):
        with pytest.raises(Refused, match="outside_kept_until"):
            lists.check_kept_until(wrong, TODAY)
    with pytest.raises(Refused, match="outside_as_of"):
        lists.check_as_of(date(2026, 11, 29), TODAY)
