"""Tables as people have them: text of any encoding and separator, and what Excel does to numbers and days."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from lms.adapters import tables
from lms.adapters.office import package, workbook
from lms.adapters.office.xml import elements
from lms.adapters.sheet_copy import write_copy
from lms.domain.errors import Refused
from tests.support.rosters import comma, messy, plain, saved
from tests.support.rosters import workbook as made

ROWS = [["姓名", "身份证号", "电话"], ["古丽·测试", "219999198501010026", "19900000001"]]
EXPECTED = {at: dict(enumerate(row)) for at, row in enumerate(ROWS)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";", "，"])
def test_text_of_any_kind_is_read(encoding: str, separator: str) -> None:
    text = "\r\n".join(separator.join(row) for row in ROWS)
    [sheet] = tables.read(text.encode(encoding))
    assert sheet.rows == EXPECTED


def test_gbk_as_excel_saves_it() -> None:
    [sheet] = tables.read(comma([["姓名", "电话"], ["王芳", "19900000001"]], "gbk"))
    assert sheet.rows[1] == {0: "王芳", 1: "19900000001"}


def test_quoted_cells_may_hold_separators_and_line_breaks() -> None:
    [sheet] = tables.read('姓名,单位\r\n王芳,"康宁,""北""\n院"\r\n'.encode())
    assert sheet.rows[1] == {0: "王芳", 1: '康宁,"北"\n院'}


def test_numbers_and_days_are_read_as_excel_shows_them() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([219999198501010026, 19900000001, 12.5, date(2021, 10, 27), date(1985, 1, 1), True, "01"])
    sheet["D1"].number_format = 'yyyy"年"m"月"d"日"'
    sheet["C1"].number_format = '0.00"日"'
    [read] = workbook.read(saved(book))
    expected = ["2.1999919850101E+17", "19900000001", "12.5", "2021-10-27", "1985-01-01", "TRUE", "01"]
    assert list(read.rows[0].values()) == expected


def test_the_sheet_with_people_is_among_others() -> None:
    read = tables.read(messy())
    assert [sheet.name for sheet in read] == ["填表说明", "花名册"]
    assert len(read[1].rows) > 500


def test_a_file_of_twenty_thousand_rows_is_read_and_no_more() -> None:
    assert len(tables.read(comma(plain(19_999)))[0].rows) == 20_000
    with pytest.raises(Refused, match="sheet_too_long"):
        tables.read(comma(plain(20_000)))


def packed(parts: dict[str, bytes]) -> bytes:
    told = io.BytesIO()
    with zipfile.ZipFile(told, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return told.getvalue()


BOOK = b'<workbook><sheets><sheet name="a" id="r1"/></sheets></workbook>'
LINKS = b'<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>'
WHOLE = {"xl/workbook.xml": BOOK, "xl/_rels/workbook.xml.rels": LINKS}
ENTITY = b"<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet><row><c><v>&b;</v></c></row></worksheet>"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: b" \r\n", "file_empty"),
        (lambda: b"a," * 5_000_001, "file_too_big"),
        (lambda: b"%PDF-1.7", "table_kind"),
        (lambda: b"<html><table>", "table_kind"),
        (lambda: packed({"word/document.xml": b"<a/>"}), "table_kind"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "file_old"),
        (lambda: b"PK\x03\x04 and nothing more", "office_broken"),
        (lambda: packed({**WHOLE, "xl/worksheets/sheet1.xml": ENTITY}), "xml_unsafe"),
        (lambda: packed({**WHOLE, "xl/worksheets/sheet1.xml": b"<worksheet><row>"}), "xml_broken"),
        (lambda: packed({**WHOLE, "bomb": b"0" * 20_000_000}), "office_bomb"),
        (lambda: f'a,"{"b" * 140_000}'.encode(), "table_broken"),
    ],
)
def test_what_is_no_table_or_dangerous_is_refused(make: Callable[[], bytes], code: str) -> None:
    with pytest.raises(Refused, match=code):
        tables.read(make())


def test_a_part_that_lies_about_its_size_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    data = packed({**WHOLE, "xl/worksheets/sheet1.xml": b"<worksheet>" + b" " * 90_000})
    with package.opened(data) as opened:
        monkeypatch.setattr(opened, "_left", 50_000)
        with pytest.raises(Refused, match="office_bomb"):
            list(opened.elements("xl/worksheets/sheet1.xml", "row"))


def test_elements_come_one_by_one_and_hold_what_stands_in_them() -> None:
    data = b"<a xmlns='x'><skip><row>no</row></skip><row r='1'><c>1</c></row>tail<row r='2'/></a>"
    chunks = [data[at : at + 3] for at in range(0, len(data), 3)]
    found = [(each.tag, each.get("r"), [child.text for child in each]) for each in elements(chunks, "row", "none")]
    assert found == [("row", None, []), ("row", "1", ["1"]), ("row", "2", [])]
    with pytest.raises(Refused, match="xml_unsafe"):
        list(elements([b"<a>" * 200], "row"))


def test_failed_rows_come_back_in_the_shape_they_came() -> None:
    top = {0: {0: "花名册"}, 1: {0: "姓名", 1: "证件"}, 2: {1: "类型", 2: "号码"}}
    areas = ((0, 0, 0, 2), (1, 0, 2, 0), (1, 1, 1, 2), (0, 0, 1, 1))
    data = write_copy(top, areas, [({0: "=1+1", 2: "219999198501010026"}, "证件号码：错")], "原因", columns=3)
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert sorted(str(area) for area in sheet.merged_cells.ranges) == ["A1:C1", "A2:A3", "B2:C2"]
    assert [cell.value for cell in sheet[3]] == [None, "类型", "号码", "原因"]
    assert [cell.value for cell in sheet[4]] == ["=1+1", None, "219999198501010026", "证件号码：错"]
    assert sheet["A4"].data_type == "s"
    assert tables.read(data)[0].rows[3][2] == "219999198501010026"


def test_a_file_with_one_sheet_reads_as_it_was_written() -> None:
    rows = plain(30)
    [sheet] = tables.read(made(rows))
    assert [list(row.values()) for row in sheet.rows.values()] == rows
