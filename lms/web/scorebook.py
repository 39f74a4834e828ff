"""The score book on page and in files, for institutions and inspectors: columns as the official form has them."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from lms.adapters.sheets import Cell
from lms.services.scorebook import ScoreBook, ScoreRow
from lms.web.exporting import Table
from lms.web.language import day

CONCLUSIONS: Mapping[str, tuple[Any, str]] = {
    "passed": (_("合格"), "good"),
    "failed": (_("不合格"), "bad"),
    "resit": (_("不合格，可补考"), "warn"),
    "disputed": (_("等待复核"), "warn"),
    "open": (_("还没有考完"), ""),
}


def nothing(_row: ScoreRow) -> Cell:
    """An official column for which nothing is kept."""
    return ""


Value = Callable[[ScoreRow], Cell]
COLUMNS: tuple[tuple[Any, Value, int], ...] = (
    (_("序号"), lambda row: row.place, 6),
    (_("准考证号"), nothing, 14),
    (_("姓名"), lambda row: row.name, 12),
    (_("身份证号"), lambda row: row.number, 22),
    (_("理论成绩"), lambda row: row.theory, 10),
    (_("实操成绩"), lambda row: row.practice, 10),
    (_("综合结论"), lambda row: conclusion(row), 16),
    (_("补考"), lambda row: row.resits, 8),
    (_("考试日期"), lambda row: row.examined_on, 14),
    (_("地点"), lambda row: place(row), 16),
    (_("考评员 1"), lambda row: _nth(row.examiners, 0), 12),
    (_("考评员 2"), lambda row: _nth(row.examiners, 1), 12),
    (_("监考"), lambda row: gettext("、").join(row.invigilators), 12),
    (_("备注"), lambda row: remark(row), 24),
)


def conclusion(row: ScoreRow) -> str:
    """The conclusion in words."""
    return str(CONCLUSIONS[row.conclusion][0])


def place(row: ScoreRow) -> str:
    """Where she was examined, as far as it is known; the rest is written in by hand."""
    return str(gettext("理论：线上")) if row.theory_online else ""


def remark(row: ScoreRow) -> str:
    """What the form has no column for: an oral exam, a grade changed by a ruling, who signed beside the first two."""
    told = [gettext("口试")] if row.is_oral else []
    told += [gettext("理论成绩改判过")] if row.is_regraded else []
    told += [gettext("还有考评员：%(names)s", names=gettext("、").join(row.examiners[2:]))] if row.examiners[2:] else []
    return str(gettext("；").join(told))


def _nth(names: tuple[str, ...], place: int) -> str:
    return names[place] if place < len(names) else ""


def table(book: ScoreBook) -> Table:
    """The whole book as a file holds it."""
    heads, widths = [str(label) for label, _value, _width in COLUMNS], [width for _label, _value, width in COLUMNS]
    return Table(heads, [_cells(row) for row in book.rows], widths)


def names(book: ScoreBook, file_format: str, *, today: date, unmasked: bool = False) -> tuple[str, str]:
    """What the file is called, and what old browsers call it."""
    title = gettext("结业考核成绩册（审核用完整名单）") if unmasked else gettext("结业考核成绩册")
    name = "_".join([title, book.cohort.name, day(today)]) + f".{file_format}"
    return name, f"scores{'-full' if unmasked else ''}-{today.isoformat()}.{file_format}"


def _cells(row: ScoreRow) -> list[Cell]:
    return [value(row) for _label, value, _width in COLUMNS]
