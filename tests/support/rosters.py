"""Rosters as institutions have them: titles above, joined headings, totals below, and every trap of Excel.

All numbers are of areas that do not exist (219090, which is made as codes are made, and 509999), so that no real person
is named.
"""

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from lms import clock, worker
from lms.domain.identity import CHECK_SIGNS, WEIGHTS
from lms.parts import Parts
from lms.services import jobs, media, rosters

FIRST_BIRTH = date(1970, 1, 1)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
GIVEN = "秀英桂兰玉梅淑珍凤霞丽华建国志强"
CATEGORIES = ("城镇登记失业人员", "农村转移就业劳动者", "企业在职职工")
PLAIN_TITLES = ("序号", "姓名", "性别", "身份证号", "联系电话", "人员类别", "文化程度")
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def number(place: int, area: str = "219090", born: date | None = None) -> str:
    """The identity number of the `place`th person: odd sequences are men."""
    day = born or FIRST_BIRTH + timedelta(days=place % 12_000)
    body = f"{area}{day:%Y%m%d}{place % 1000:03d}"
    return body + CHECK_SIGNS[sum(w * int(d) for w, d in zip(WEIGHTS, body, strict=True)) % 11]


def phone(place: int) -> str:
    """A phone of nobody else."""
    return f"199{place + 50_000_000:08d}"


def name(place: int) -> str:
    """A name of two or three signs."""
    return SURNAMES[place % 16] + GIVEN[place // 16 % 16] + (GIVEN[place // 7 % 16] if place % 3 else "")


def plain(count: int, first: int = 0) -> list[list[str]]:
    """Rows nothing is wrong with, their titles first."""
    rows = [list(PLAIN_TITLES)]
    for place in range(first, first + count):
        sex = "男" if place % 2 else "女"
        told = [str(place - first + 1), name(place), sex, number(place), phone(place), CATEGORIES[place % 3], "初中"]
        rows.append(told)
    return rows


def workbook(rows: Sequence[Sequence[object]], merged: Sequence[str] = (), title: str = "Sheet1") -> bytes:
    """An .xlsx file of these rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The bytes of a workbook."""
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def comma(rows: Sequence[Sequence[object]], encoding: str = "gbk") -> bytes:
    """The same as a text file."""
    return "\r\n".join(",".join(map(str, row)) for row in rows).encode(encoding)


MESSY_TITLE = "康宁养老服务中心2026年养老护理员培训学员花名册"
MESSY_FIRST = 6
"""The row of the first learner in the messy file, as Excel counts."""
MESSY_GOOD = 488
MESSY_BAD = {
    20: "roster_digits_lost",
    40: "document_check_digit",
    60: "document_shape",
    80: "roster_phone_missing",
    100: "mobile_shape",
    120: "roster_number_missing",
    140: "roster_two_names",
    141: "roster_two_names",
    160: "roster_phones_several",
    180: "roster_document_type",
    200: "name_missing",
}
"""What is wrong with the rows of the messy file, by the place of the learner (from 0)."""


def messy() -> bytes:
    """500 learners: title rows, headings on two lines, a total a page, and one of every trap."""
    book = Workbook()
    cover = book.active
    assert cover is not None
    cover.title, cover["A1"] = "填表说明", "请如实填写"
    sheet = book.create_sheet("花名册")
    _head(sheet)
    at = MESSY_FIRST
    for place in range(500):
        for column, told in enumerate(_messy_row(place), start=1):
            cell = sheet.cell(at, column, told)
            if column == 9 and isinstance(told, date):
                cell.number_format = "yyyy/m/d"
        at += 1
        if place % 100 == 99:
            sheet.cell(at, 1, "小计")
            sheet.cell(at, 2, "100人")
            at += 1
    sheet.cell(at, 1, "合计")
    sheet.cell(at, 3, "500")
    sheet.cell(at + 2, 1, "制表人：王会计")
    sheet.cell(at + 2, 6, "填表日期：2026年11月20日")
    return saved(book)


def messy_text() -> bytes:
    """The same roster as a text file of Excel in China: GBK, nothing joined, numbers as Excel shows them."""
    sheet, made = load_workbook(io.BytesIO(messy()))["花名册"], io.StringIO(newline="")
    csv.writer(made).writerows([_shown(each) for each in row] for row in sheet.iter_rows(values_only=True))
    return made.getvalue().encode("gb18030")


def _shown(value: object) -> object:
    if isinstance(value, date):
        return f"{value.year}/{value.month}/{value.day}"
    return f"{value:.5E}" if isinstance(value, (int, float)) and value > 10**11 else value


def _head(sheet: Worksheet) -> None:
    sheet["A1"], sheet["A2"] = MESSY_TITLE, "填报单位（盖章）：康宁养老服务中心"
    upper = (
        "序号",
        "学员\n姓名",
        "性别",
        "有效身份证件",
        "",
        "联系方式",
        "人员类别",
        "文化程度",
        "出生年月",
        "工作单位",
    )
    for column, title in enumerate(upper, start=1):
        sheet.cell(4, column, title or None)
    for column, title in ((4, "证件类型"), (5, "证件号码\n（18位）"), (6, "本人手机号")):
        sheet.cell(5, column, title)
    for area in ("A1:J1", "A2:J2", "D4:E4", *(f"{letter}4:{letter}5" for letter in "ABCGHIJ")):
        sheet.merge_cells(area)
    sheet.merge_cells(f"J{MESSY_FIRST}:J{MESSY_FIRST + 9}")


def _messy_row(place: int) -> list[object]:
    own: object = number(place)
    line: object = phone(place)
    born = FIRST_BIRTH + timedelta(days=place % 12_000)
    forms: tuple[object, ...] = (
        f"{born:%Y-%m-%d}",
        f"{born:%Y/%m/%d}",
        f"{born:%Y%m%d}",
        f"{born.year}年{born.month}月{born.day}日",
        born,
        None,
    )
    row: list[object] = [
        place + 1,
        name(place),
        "男" if place % 2 else "女",
        "居民身份证",
        own,
        line,
        CATEGORIES[place % 3],
        "初中",
        forms[place % 6],
        "康宁护理院" if place == 0 else None,
    ]
    return _with_traps(place, row)


def _with_traps(place: int, row: list[object]) -> list[object]:
    told = str(row[4])
    changes: dict[int, dict[int, object]] = {
        2: {1: "  王　芳 "},
        3: {1: "古丽•测试", 4: told.translate(FULL_WIDTH)},
        4: {4: f"'{told[:6]} {told[6:14]} {told[14:]}", 5: f"+86 {phone(4)[:3]}-{phone(4)[3:7]}-{phone(4)[7:]}"},
        5: {5: int(phone(5))},
        6: {1: "㐂𠮷翀·测试", 4: f"\u202d{told}\u202c"},
        20: {4: int(told.replace("X", "0"))},
        40: {4: told[:-1] + ("0" if told[-1] != "0" else "1")},
        60: {4: told[:-2]},
        80: {5: None},
        100: {5: "0431-88886666"},
        120: {4: None},
        140: {1: "王小红", 2: "男", 4: number(9001), 8: None},
        141: {1: "李大明", 4: number(9001), 8: None},
        160: {5: f"{phone(160)}/{phone(9160)}"},
        180: {3: "护士证"},
        200: {1: None},
        220: {1: name(219), 2: row[2], 4: number(219), 5: phone(219)},
        240: {5: phone(239)},
        260: {4: number(260, born=date(2012, 5, 6)), 8: None},
        280: {2: "男" if row[2] == "女" else "女"},
    }
    for column, value in changes.get(place, {}).items():
        row[column] = value
    return row


def work(parts: Parts) -> None:
    """Does every job that is due, as a worker would, one after the other."""
    for _ in range(20):
        with parts.database.transaction(write=False) as session:
            due = jobs.list_due(session, (*rosters.JOBS, media.FORGET), now=clock.now())
        if not due:
            return
        for job_id in due:
            worker.run(parts, job_id)
    raise AssertionError("the work has no end")
