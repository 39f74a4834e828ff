"""CSV and XLSX keep every sign, and hold no formula whatever somebody typed into a name."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from lms.adapters import sheets, workbooks
from lms.adapters.sheets import BOM, Cell, write_csv, write_xlsx

ODD = st.sampled_from(["None", "%s", "%", "\\", "《认识失智症》", "（试）", "∅", "\u2028", "\u00a0=1"])
HEADER = ["姓名", "证件号码", "分钟", "日期"]
ROW: list[Cell] = ["王翀龑𠮷", "219999198501010018", Decimal("12.34"), date(2026, 11, 23)]
PAYLOADS = [
    "=1+1",
    "+86",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "　=1",
    '=HYPERLINK("http://example.org","x")',
    "{=1}",
    "https://example.org/",
    "00123",
    "1e5",
]


def read_csv(content: bytes) -> list[list[str]]:
    assert content.startswith(BOM)
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def as_csv(*rows: list[Cell]) -> bytes:
    return b"".join(write_csv(HEADER, rows))


def as_xlsx(path: Path, *rows: list[Cell]) -> Worksheet:
    write_xlsx(HEADER, rows, path)
    return load_workbook(path).worksheets[0]


def test_csv_keeps_rare_signs_long_numbers_and_empty_cells() -> None:
    content = as_csv(ROW, [None, 'x,"y"\r\nz', 7, None])
    assert content.endswith(b"\r\n")
    assert read_csv(content) == [
        HEADER,
        ["王翀龑𠮷", "219999198501010018", "12.34", "2026-11-23"],
        ["", 'x,"y"\r\nz', "7", ""],
    ]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_csv_disarms_formulas_and_loses_nothing(payload: str) -> None:
    told = read_csv(as_csv([payload]))[1][0]
    harmless = not payload.lstrip(" 　").startswith(tuple("=+-@\t\r\n＝＋－＠"))
    assert told == (payload if harmless else "'" + payload)


def test_a_header_is_disarmed_too() -> None:
    assert read_csv(b"".join(write_csv(["=1+1"], [])))[0] == ["'=1+1"]


def test_negative_numbers_stay_numbers() -> None:
    assert read_csv(as_csv([-5, Decimal("-0.50")]))[1] == ["-5", "-0.50"]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_no_csv_cell_begins_like_a_formula(text: str) -> None:
    told = read_csv(as_csv([text, "end"]))[1][0]
    assert told.removeprefix("'") == text.removeprefix("'") or told == "'" + text
    assert not told.startswith(sheets.FORMULA_STARTS)


def test_csv_comes_in_chunks_and_asks_for_rows_as_it_goes() -> None:
    asked = 0

    def rows() -> Iterator[list[Cell]]:
        nonlocal asked
        for number in range(10_000):
            asked += 1
            yield [f"学员{number}", "219999198501010018", number, None]

    chunks = write_csv(HEADER, rows())
    assert next(chunks) == BOM
    assert asked == 0
    assert next(chunks).decode().startswith(HEADER[0])
    next(chunks)
    assert asked == sheets.BATCH
    assert len(list(chunks)) > 3
    assert asked == 10_000


def test_xlsx_types_every_cell(tmp_path: Path) -> None:
    sheet = as_xlsx(tmp_path / "a.xlsx", ROW, ["b", None, 3, None])
    name, number, minutes, day = sheet[2]
    assert (name.value, name.data_type, name.number_format) == ("王翀龑𠮷", "s", "@")
    assert (number.value, number.data_type, number.number_format) == ("219999198501010018", "s", "@")
    assert (minutes.value, minutes.data_type) == (12.34, "n")
    assert (day.value, day.number_format) == (datetime(2026, 11, 23), "yyyy-mm-dd")  # noqa: DTZ001
    assert [cell.value for cell in sheet[1]] == HEADER
    assert [cell.value for cell in sheet[3]] == ["b", None, 3, None]
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_xlsx_holds_text_not_formulas_or_links(tmp_path: Path, payload: str) -> None:
    cell = as_xlsx(tmp_path / "a.xlsx", [payload])["A2"]
    assert (cell.data_type, cell.number_format, cell.hyperlink) == ("s", "@", None)
    assert cell.value == payload.replace("\r", "_x000D_")  # as OOXML writes a carriage return
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        inside = book.read("xl/worksheets/sheet1.xml").decode()
        assert "xl/sharedStrings.xml" not in book.namelist()
    assert '<c r="A2" s="2" t="inlineStr">' in inside
    assert "<f>" not in inside
    assert "hyperlink" not in inside


def test_xlsx_shows_long_text_whole(tmp_path: Path) -> None:
    cell = as_xlsx(tmp_path / "a.xlsx", ["长" * 300])["A2"]
    assert (cell.value, cell.number_format, cell.alignment.wrap_text) == ("长" * 300, "General", True)


def test_xlsx_columns_are_wide_enough(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_xlsx(["姓名", "a very long title of a column"], [], path, [22])
    widths = load_workbook(path).worksheets[0].column_dimensions
    assert widths["A"].width >= 22
    assert widths["B"].width >= 29


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 3)
    write_xlsx(HEADER, [ROW] * 2, tmp_path / "fits.xlsx")
    with pytest.raises(sheets.SheetTooLongError):
        write_xlsx(HEADER, [ROW] * 3, tmp_path / "not.xlsx")


def test_only_the_workbook_is_left_in_its_folder(tmp_path: Path) -> None:
    as_xlsx(tmp_path / "a.xlsx", ROW)
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


@given(
    st.lists(
        st.lists(st.one_of(st.text(max_size=12), st.sampled_from(PAYLOADS), st.integers(), st.none(), ODD)),
        max_size=4,
    )
)
def test_the_quick_way_gives_what_a_look_at_each_cell_gives(rows: list[list[Cell]]) -> None:
    """A chunk without a doubtful cell is not looked at cell by cell; nobody may see a difference."""
    told = b"".join(write_csv(HEADER, rows))
    slow = sheets._joined([[sheets._safe(cell) for cell in row] for row in [HEADER, *rows]])
    assert told == BOM + slow.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("a&b<c>", "a&b<c>"),
        ("\x00\x1f", "_x0000__x001F_"),
        ("_x0041_", "_x005F_x0041_"),
        ("王翀龑𠮷\U000e0100", "王翀龑𠮷\U000e0100"),
        (" x ", " x "),
        ("\ufffe", "_xFFFE_"),
        ("a\nb\tc", "a\nb\tc"),
    ],
)
def test_xlsx_keeps_every_sign(tmp_path: Path, text: str, stored: str) -> None:
    assert as_xlsx(tmp_path / "a.xlsx", [text])["A2"].value == stored


def test_the_same_rows_are_the_same_xlsx(tmp_path: Path) -> None:
    made = []
    for hour in (1, 5):
        with time_machine.travel(datetime(2026, 11, 23, hour, tzinfo=UTC)):
            write_xlsx(["姓名"], [["李芳"]], tmp_path / f"{hour}.xlsx")
        made.append((tmp_path / f"{hour}.xlsx").read_bytes())
    assert made[0] == made[1]


def test_xlsx_names_columns_beyond_z(tmp_path: Path) -> None:
    write_xlsx([str(n) for n in range(30)], [list(range(30))], tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert (sheet["AD1"].value, sheet["AD2"].value) == ("29", 29)


def test_xlsx_asks_for_rows_as_it_goes(tmp_path: Path) -> None:
    sizes = []

    def rows() -> Iterator[list[Cell]]:
        for number in range(20_000):
            if number % 5_000 == 0:
                sizes.append((tmp_path / "a.xlsx").stat().st_size)
            yield [f"学员{number}", "219999198501010018", number, None]

    write_xlsx(HEADER, rows(), tmp_path / "a.xlsx")
    assert sizes == sorted(set(sizes)), "what is told is on the disk before the next is asked for"
