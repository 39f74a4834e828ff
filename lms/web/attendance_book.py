"""The attendance book on page and in files: columns as the official form has them, then what explains a row."""

from datetime import date

from flask import request
from flask_babel import gettext as _

from lms.adapters.sheets import Cell
from lms.services.attendance.book import Book, BookRow
from lms.web import class_words
from lms.web.exporting import Table
from lms.web.forms import day_in
from lms.web.language import day as day_words

WIDTHS = (12, 14, 10, 22, 10, 10, 10, 10, 12, 24, 12, 30)


def headings() -> list[str]:
    """The columns of domain.md 6.1; after them, what explains a row. The teacher signs by hand."""
    official = [
        _("日期"),
        _("时段"),
        _("姓名"),
        _("身份证号"),
        _("签到时间"),
        _("签退时间"),
        _("方式"),
        _("状态"),
        _("教师签字"),
    ]
    return [*official, _("课名"), _("讲师"), _("备注")]


def cells(row: BookRow) -> list[Cell]:
    """One row of the book."""
    ways = _("、").join(str(class_words.METHODS[each]) for each in row.methods)
    moments = (class_words.hour(row.in_at), class_words.hour(row.out_at))
    official: list[Cell] = [
        row.held_on,
        class_words.hours(row.starts_at, row.ends_at),
        row.name,
        row.number,
        *moments,
        ways,
    ]
    remarks = class_words.remarks(row.standing, row.late_ms)
    return [*official, class_words.sign(row.standing), "", row.title, row.teacher, remarks]


def asked_day() -> date | None:
    """The day that the address asks for, None for all of them; NotFound for what is no day."""
    return day_in(request.args, "day")


def table(book: Book) -> Table:
    """The book as a file holds it."""
    return Table(headings(), [cells(row) for row in book.rows], WIDTHS)


def names(book: Book, file_format: str, *, today: date, unmasked: bool = False) -> tuple[str, str]:
    """What the file is called, and what old browsers call it."""
    title, about = _("出勤簿（审核用完整名单）") if unmasked else _("出勤簿"), book.day or today
    name = "_".join([title, book.cohort.name, day_words(about)]) + f".{file_format}"
    return name, f"attendance{'-full' if unmasked else ''}-{about.isoformat()}.{file_format}"
