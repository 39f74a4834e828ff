"""The columns of the completion report: one table for the page, the CSV and the XLSX."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from lms.adapters.sheets import Cell
from lms.domain.policies import MS_PER_MINUTE
from lms.domain.verdicts import Reason, Verdict
from lms.services.reports import CompletionRow
from lms.web import ledger_words
from lms.web.language import day
from lms.web.missing import IN_PERSON, Missing, missing
from lms.web.pages import named


@dataclass(frozen=True)
class Column:
    """One column: its key for the page, its title, what stands in it, its width in a sheet."""

    key: str
    label: Any
    value: Callable[[CompletionRow], Cell]
    width: int


def minutes(milliseconds: int) -> Decimal:
    """Minutes with two decimals, rounded down: never more than was studied."""
    return Decimal(milliseconds * 100 // MS_PER_MINUTE).scaleb(-2)


def minutes_up(milliseconds: int) -> Decimal:
    """Minutes with two decimals, rounded up: what is missing is never rounded away."""
    return -minutes(-milliseconds)


def verdict_words(verdict: Verdict) -> str:
    """The verdict in words."""
    return str(gettext("已达到结业要求") if verdict.is_yes else gettext("还没达到"))


def reasons(verdict: Verdict) -> list[str]:
    """What stands against completion, a sentence each."""
    return [each.sentence for each in missing(verdict)]


def missing_of(row: CompletionRow) -> list[Missing]:
    """What stands against it, each with what to do next, and where staff can look at it."""
    return missing(row.verdict, lambda reason: _place(row, reason))


def _place(row: CompletionRow, reason: Reason) -> str | None:
    if reason.code in IN_PERSON:
        return url_for("institution_attendance_book.show", cohort_id=row.cohort_id)
    if reason.code.startswith(("exam_", "skill_")):
        return url_for("institution_scores.show", cohort_id=row.cohort_id)
    by_lesson = reason.code == "lesson_time_missing"
    return url_for("institution_ledger.show", enrollment_id=row.enrollment_id, by="lesson") if by_lesson else None


def ways(row: CompletionRow) -> str:
    """How her study time came to be known: every class of evidence that earned some."""
    return str(gettext("；")).join(str(words) for _name, words in _earned(row))


def by_class(row: CompletionRow) -> list[tuple[str, str]]:
    """(class, its minutes in words) for the page: only the classes that earned some."""
    return [(name, f"{words} {minutes(row.by_class[name])}") for name, words in _earned(row)]


def _earned(row: CompletionRow) -> list[tuple[str, Any]]:
    return [(name, words) for name, words in ledger_words.CLASSES.items() if row.by_class.get(name)]


def _by_class(name: str, label: Any) -> Column:
    return Column(f"minutes_{name}", label, lambda row: minutes(row.by_class.get(name, 0)), 12)


COLUMNS = (
    Column("name", _("姓名"), lambda row: row.name, 12),
    Column("number", _("证件号码"), lambda row: row.number, 22),
    Column("phone", _("手机号"), lambda row: row.phone, 14),
    Column("cohort", _("班期"), lambda row: row.cohort, 24),
    Column("course", _("课程"), lambda row: named(row, "course"), 24),
    Column("version", _("课程版本"), lambda row: row.version_number, 10),
    Column("minutes", _("有效学习（分钟）"), lambda row: minutes(row.credited_ms), 12),
    Column("confirmed", _("已确认（分钟）"), lambda row: minutes(row.confirmed_ms), 12),
    Column("class_hours", _("学时"), lambda row: Decimal(row.class_hour_hundredths).scaleb(-2), 10),
    Column("missing", _("还差（分钟）"), lambda row: minutes_up(row.missing_ms), 12),
    Column("score", _("测验成绩"), lambda row: row.quiz_score, 12),
    Column("verdict", _("结论"), lambda row: verdict_words(row.verdict), 16),
    Column("reasons", _("还差什么"), lambda row: gettext("；").join(reasons(row.verdict)), 48),
    Column("code", _("结业记录编号"), lambda row: row.record_code, 26),
    Column("issued_on", _("发放日期"), lambda row: row.issued_on, 16),
    Column("evidence", _("学习方式"), ways, 16),
    _by_class("online", _("在线（分钟）")),
    _by_class("gap", _("断网补记（分钟）")),
    _by_class("offline", _("离线下载学习（分钟）")),
    _by_class("attended", _("面授（分钟）")),
    _by_class("imported", _("导入（分钟）")),
)


def headings() -> list[str]:
    """The titles in the language of the page."""
    return [str(column.label) for column in COLUMNS]


def labels() -> dict[str, str]:
    """The same titles by key, for the page."""
    return {column.key: str(column.label) for column in COLUMNS}


def cells(row: CompletionRow) -> list[Cell]:
    """One row of the report, for any of the three."""
    return [column.value(row) for column in COLUMNS]


def shown(row: CompletionRow) -> dict[str, str]:
    """The same row by key for the page: days as people write them, a dash for nothing."""
    return {column.key: _word(cell) for column, cell in zip(COLUMNS, cells(row), strict=True)}


def _word(cell: Cell) -> str:
    if cell is None or cell == "":
        return "—"
    return day(cell) if isinstance(cell, date) else str(cell)
