"""The same statement as banks hand it out: Excel with joined headings, CSV in either encoding."""

from datetime import date

import pytest

from lms.services.funds import statements
from tests.support.rosters import comma, workbook

TITLE = ["云川银行账户明细", "", "", "", "", ""]
TOP = ["交易日期", "发生额", "", "余额", "对方户名", "对方账号"]
BELOW = ["", "借方", "贷方", "", "", ""]
JOINED = ("A1:F1", "A2:A3", "B2:C2", "D2:D3", "E2:E3", "F2:F3")
ROWS = [
    ["2026-06-01", "", "１０，０００．００", "10000.00", "云川市财政局", "'6222000000000008"],
    ["2026年6月2日", "1000.10", "", "8999.90", "测试甲", "6222000000000001"],
    ["合计", "1000.10", "10000.00", "", "", ""],
]


def told(data):
    found = statements.read(data)
    assert (found.faults, found.gaps, found.sums) == ((), (), 1)
    return [(each.on, each.amount_fen, each.tail) for each in found.movements]


EXPECTED = [(date(2026, 6, 1), 1_000_000, "0008"), (date(2026, 6, 2), -100_010, "0001")]


def test_a_workbook_with_joined_headings():
    assert told(workbook([TITLE, TOP, BELOW, *ROWS], JOINED)) == EXPECTED


def test_a_workbook_of_days_and_numbers():
    rows = [
        [date(2026, 6, 1), None, 10_000, 10_000.0, "", ROWS[0][5]],
        [date(2026, 6, 2), 1000.1, None, 8999.9, "", ROWS[1][5]],
    ]
    assert told(workbook([TITLE, TOP, BELOW, *rows, ROWS[2]], JOINED)) == EXPECTED


@pytest.mark.parametrize("coding", ["gb18030", "utf-8", "utf-8-sig"])
def test_a_text_file_in_either_encoding(coding):
    titles = ["交易日期", "支出", "收入", "余额", "对方户名", "对方账号"]
    assert told(comma([titles, *ROWS], coding)) == EXPECTED
