from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.errors import Refused
from lms.domain.funds.statement_columns import Column, columns_of, heading_of, missing
from lms.domain.funds.statement_rows import Movement, day_of, fen_of, gaps, in_order, read_rows

TITLES = ["交易日期", "摘要", "收入", "支出", "余额", "对方户名", "对方账号", "流水号", "回单号"]


def grid(*rows):
    return {at: {place: text for place, text in enumerate(row) if text} for at, row in enumerate(rows)}


def statement(*rows):
    table = grid(TITLES, *rows)
    heading = heading_of(table)
    return read_rows({at: row for at, row in table.items() if at > heading.last}, columns_of(heading.titles))


def paid(day="2026-06-22", out="1000.00", balance="9000.00", account="6222000000000001", receipt="R001", words="补贴"):
    return [day, words, "", out, balance, "测试甲", account, "S1", receipt]


@pytest.mark.parametrize(
    ("titles", "told"),
    [
        (TITLES, {Column.DAY, Column.WORDS, Column.IN, Column.OUT, Column.BALANCE}),
        (["记账日", "贷方发生额", "借方发生额", "账户余额"], {Column.DAY, Column.IN, Column.OUT, Column.BALANCE}),
        (
            ["交易时间", "借贷标志", "交易金额（元）", "对手账号"],
            {Column.DAY, Column.SIDE, Column.AMOUNT, Column.ACCOUNT},
        ),
        ([" 日 期 ", "金 额"], {Column.DAY, Column.AMOUNT}),
    ],
)
def test_banks_name_their_columns_as_they_like(titles, told):
    assert told <= set(columns_of(dict(enumerate(titles))))


def test_of_two_columns_that_name_the_day_the_better_counts():
    assert columns_of({0: "交易时间", 1: "交易日期"})[Column.DAY] == 1


def test_joined_headings_are_told_in_each_of_their_columns():
    table = grid(
        ["某银行对账单"], ["日期", "发生额", "", "余额"], ["", "借方", "贷方", ""], ["2026-06-01", "", "5", "5"]
    )
    heading = heading_of(table, [(1, 1, 1, 2), (1, 0, 2, 0)])
    columns = columns_of(heading.titles)
    assert (columns[Column.OUT], columns[Column.IN], heading.last) == (1, 2, 2)


@pytest.mark.parametrize(
    ("titles", "lacking"),
    [
        (["摘要", "收入", "支出"], [Column.DAY]),
        (["日期", "收入"], [Column.OUT]),
        (["日期", "支出"], [Column.IN]),
        (["日期", "金额"], []),
        (["摘要"], [Column.DAY, Column.OUT]),
    ],
)
def test_what_a_statement_cannot_do_without(titles, lacking):
    assert missing(columns_of(dict(enumerate(titles)))) == lacking


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1,000.00", 100_000),
        ("１０００．５", 100_050),
        ("￥12.50元", 1_250),
        ("(12.50)", -1_250),
        ("12.50-", -1_250),
        ("-3", -300),
        ("1234.5599999999999", 123_456),
        ("1E3", 100_000),
        (".5", 50),
        ("0", 0),
    ],
)
def test_an_amount_is_whole_fen(text, fen):
    assert fen_of(text) == fen


@pytest.mark.parametrize("text", ["", "一千", "1.005", "12.3.4", "NaN", "1e99", "9" * 20])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(Refused, match="statement_amount"):
        fen_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-22",
        "2026/6/22",
        "20260622",
        "2026年6月22日",
        "２０２６－０６－２２",
        "2026-06-22 10:20:30",
        "46195",
        "20260622 10:20:30",
    ],
)
def test_a_day_in_every_form(text):
    assert day_of(text) == date(2026, 6, 22)


@pytest.mark.parametrize("text", ["", "2026-06", "202606", "长期", "2026-02-30", "昨天"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(Refused, match="statement_day"):
        day_of(text)


def test_a_row_becomes_a_movement():
    [movement] = statement(paid()).movements
    assert (movement.number, movement.on, movement.amount_fen) == (2, date(2026, 6, 22), -100_000)
    assert (movement.tail, movement.receipt, movement.balance_fen) == ("0001", "R001", 900_000)


def test_sums_and_balances_carried_over_are_passed_over():
    found = statement(
        ["期初余额", "", "", "", "10000.00"],
        paid(),
        ["2026-06-22", "本月合计", "", "", "9000.00"],
        ["合计", "", "0.00", "1000.00"],
        ["打印时间：2026年7月"],
        ["制表：测试甲", "", "", "复核：测试乙"],
    )
    assert (len(found.movements), found.sums, found.faults) == (1, 5, ())


def test_a_payment_whose_purpose_begins_like_a_sum_is_a_movement():
    assert statement(paid(words="合计拨付")).movements


@pytest.mark.parametrize(
    ("row", "code", "place"),
    [
        (paid(day="昨天"), "statement_day", "A"),
        (paid(out="一千"), "statement_amount", "D"),
        (paid(out=""), "statement_nothing", "C"),
        (["2026-06-22", "", "1", "2"], "statement_both", "C"),
        (paid(balance="很多"), "statement_amount", "E"),
        (paid(account="6.222E+15"), "statement_account_lost", "G"),
    ],
)
def test_a_fault_names_row_and_column(row, code, place):
    found = statement(row)
    assert [(each.number, each.code, each.place) for each in found.faults] == [(2, code, place)]
    assert not found.movements


@pytest.mark.parametrize(("side", "fen"), [("贷", 500), ("借", -500), ("D", -500), ("收入", 500), ("?", None)])
def test_one_column_of_amounts_with_a_side(side, fen):
    table = grid(["日期", "借贷标志", "金额"], ["2026-06-01", side, "5"])
    found = read_rows({1: table[1]}, columns_of(table[0]))
    assert [each.amount_fen for each in found.movements] == ([] if fen is None else [fen])


def test_one_column_of_amounts_with_signs():
    table = grid(["日期", "金额"], ["2026-06-01", "-5.00"], ["2026-06-01", "0"])
    found = read_rows({1: table[1], 2: table[2]}, columns_of(table[0]))
    assert [each.amount_fen for each in found.movements] == [-500]
    assert [each.code for each in found.faults] == ["statement_nothing"]


def test_a_gap_in_the_running_balance_is_told():
    found = statement(paid(), paid(balance="7500.00", receipt="R002"))
    assert [(each.number, each.expected_fen, each.told_fen) for each in found.gaps] == [(3, 800_000, 750_000)]


def test_rows_that_are_the_same_are_counted_apart():
    found = statement(paid(balance=""), paid(balance=""))
    assert [each.again for each in found.movements] == [0, 1]


amounts = st.lists(st.integers(-10_000, 10_000).filter(bool), min_size=1, max_size=12)


@given(amounts, st.booleans(), st.lists(st.integers(0, 3), min_size=12, max_size=12))
def test_a_statement_in_either_order_has_no_gaps(fen, is_newest_first, steps):
    balance, day, told = 0, 1, []
    for at, (amount, step) in enumerate(zip(fen, steps, strict=False)):
        balance, day = balance + amount, min(day + step, 28)
        told.append(Movement(at, date(2026, 6, day), amount, balance))
    shown = told[::-1] if is_newest_first else told
    assert gaps(in_order(shown)) == []


@given(amounts, st.integers(0, 11))
def test_a_row_left_out_is_noticed(fen, at):
    balance, told = 0, []
    for place, amount in enumerate(fen):
        balance += amount
        told.append(Movement(place, date(2026, 6, 1), amount, balance))
    inner = told[: at % len(told)] + told[at % len(told) + 1 :]
    is_inside = 0 < at % len(told) < len(told) - 1
    assert bool(gaps(inner)) is is_inside
