"""Steps of a batch, what makes two subsidies the same, the file for the bank, and the rows of the 发放台账."""

import uuid
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.errors import Conflict, Refused
from lms.domain.funds import bank_files
from lms.domain.funds.accounts import PostingKind
from lms.domain.funds.bank_files import Line
from lms.domain.funds.paid_list import COLUMNS, WIDTHS, Row, cells, sheet, totals
from lms.domain.funds.payments import (
    EXPENSES,
    FUNDS,
    LETTERS,
    BatchState,
    Decided,
    atom_key,
    batch_number,
    check_other_human,
    check_standing,
    check_step,
    reference,
)
from lms.domain.levels import Level
from lms.domain.subsidies import Atom, Fund, SubsidyKind

WAYS = {
    (BatchState.PLANNED, BatchState.CHECKED), (BatchState.PLANNED, BatchState.DROPPED),
    (BatchState.CHECKED, BatchState.SENT), (BatchState.CHECKED, BatchState.DROPPED),
    (BatchState.SENT, BatchState.ANSWERED),
}  # fmt: skip
ATOM = Atom(uuid.UUID(int=1), SubsidyKind.TRAINING, "养老护理员", Level.JUNIOR)
LINE = Line(1, "BE2026-01-0001", "测试甲", "6222000000000001", "云川银行", 100_000, "职业培训补贴")
ROW = Row(
    1, "B2026-01", Fund.EMPLOYMENT, SubsidyKind.TRAINING, "测试甲", "0001", 100_000, date(2026, 6, 22), "R001",
    PostingKind.PAID, None, "钱进/何对", date(2026, 6, 22), date(2026, 6, 1),
)  # fmt: skip


@pytest.mark.parametrize("now", BatchState)
@pytest.mark.parametrize("wanted", BatchState)
def test_a_batch_goes_these_ways_and_no_others(now: BatchState, wanted: BatchState) -> None:
    if (now, wanted) in WAYS:
        check_step(now, wanted)
        return
    with pytest.raises(Conflict, match="batch_state"):
        check_step(now, wanted)


def test_who_comes_second_is_told() -> None:
    check_standing("proposed", Decided.PROPOSED)
    check_other_human(is_same=False)
    with pytest.raises(Conflict, match="funds_decided"):
        check_standing("booked", Decided.PROPOSED)
    with pytest.raises(Conflict, match="funds_same_human"):
        check_other_human(is_same=True)


@pytest.mark.parametrize(
    "other",
    [
        replace(ATOM, person_id=uuid.UUID(int=2)),
        replace(ATOM, kind=SubsidyKind.LIVING),
        replace(ATOM, occupation="育婴员"),
        replace(ATOM, level=Level.SENIOR),
        replace(ATOM, level=None),
    ],
)
def test_a_subsidy_is_the_same_only_in_all_four(other: Atom) -> None:
    assert atom_key(other) != atom_key(ATOM)
    assert atom_key(replace(ATOM, occupation=" 养老护理员 ")) == atom_key(ATOM)


def test_numbers_tell_fund_year_and_place() -> None:
    assert reference(batch_number(Fund.EMPLOYMENT, 2026, 1), 7) == "BE2026-01-0007"
    assert len(set(LETTERS.values())) == len(Fund)
    assert set(LETTERS) == set(FUNDS) == set(Fund)
    assert set(EXPENSES) == set(SubsidyKind)


@given(st.lists(st.integers(1, 10**10), min_size=1, max_size=30))
def test_the_file_for_the_bank_says_its_own_count_and_sum(amounts: list[int]) -> None:
    lines = [replace(LINE, place=n, amount_fen=fen) for n, fen in enumerate(amounts, start=1)]
    rows = bank_files.rows(lines)
    assert bank_files.read_total(rows) == (len(amounts), sum(amounts))
    assert {len(each) for each in rows} == {len(bank_files.COLUMNS)}


def test_no_file_is_made_with_an_account_missing() -> None:
    with pytest.raises(Refused) as refused:
        bank_files.rows([LINE, replace(LINE, place=2, account="")])
    assert refused.value.values == {"place": 2}
    assert "6222" not in repr(LINE)


def test_the_rows_are_those_of_the_form() -> None:
    """domain.md 6.2, with who made and checked, the day of booking and the month behind."""
    back = replace(ROW, serial=2, posting_kind=PostingKind.RETURNED, receipt="R001-T", reverses_serial=1)
    again = replace(ROW, serial=3, posting_kind=PostingKind.REPAID, receipt="R007", reverses_serial=1)
    assert cells(ROW) == (
        *("L0001", "B2026-01", "就业补助资金", "职业培训补贴", "测试甲", "0001", "1000.00", "1000.00", "2026-06-22"),
        *("R001", "已付", "", "钱进/何对", "2026-06-22", "2026-06"),
    )
    assert cells(back)[6:12] == ("0.00", "-1000.00", "2026-06-22", "R001-T", "退票", "L0001")
    assert totals([ROW, back]).open_fen == 100_000
    assert totals([ROW, back, again]).open_fen == 0
    rows = sheet([ROW, back, again])
    assert (rows[-1][0], rows[-1][6], rows[-1][7]) == ("合计", "1000.00", "1000.00")
    assert {len(each) for each in rows} == {len(COLUMNS)} == {len(WIDTHS)}
