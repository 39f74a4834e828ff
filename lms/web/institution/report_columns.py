"""The columns of the reports of an institution: one table each for the page, the CSV and the XLSX."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from lms.adapters.sheets import Cell
from lms.services.reporting import AttendanceEntry, HoursRow, RegisterRow, ScoreEntry
from lms.web import attendance_book, ledger_words, paper_words, scorebook
from lms.web.institution.columns import minutes, minutes_up
from lms.web.language import is_english
from lms.web.pages import named
from lms.web.report_table import Column, tier_columns

PACES = {
    "done": (_("已发结业记录"), "good"),
    "on_plan": (_("跟得上计划"), "good"),
    "behind": (_("落后于计划"), "warn"),
    "overdue": (_("结课了还没完成"), "bad"),
    "not_open": (_("还没开班"), ""),
}


def hundredths(value: int) -> Decimal:
    """Class hours with two decimals."""
    return Decimal(value).scaleb(-2)


def nothing(_row: Any) -> Cell:
    """An official column for which nothing is kept: filled in by hand."""
    return ""


def ledger(row: Any) -> str:
    """A learner's study time, lesson by lesson."""
    return url_for("institution_ledger.show", enrollment_id=row.enrollment_id, by="lesson")


def intervals(state: str) -> Callable[[Any], str]:
    """The intervals that a number is made of."""
    return lambda row: url_for("institution_ledger.intervals", enrollment_id=row.enrollment_id, state=state)


def invalid(row: HoursRow) -> str:
    """Minutes that were reported and not credited, by the ledger's sentence for why; then what was taken back."""
    told = [f"{ledger_words.LEDGER_WORDS.get(code, ledger_words.UNKNOWN)[0]} {minutes(ms)}" for code, ms in _lost(row)]
    told += [f"{ledger_words.VOIDED[0]} {minutes(row.voided_ms)}"] if row.voided_ms else []
    return str(gettext("；")).join(told)


def _lost(row: HoursRow) -> Sequence[tuple[str, int]]:
    return sorted(row.invalid_ms.items())


def _share(row: HoursRow) -> Cell:
    return None if row.online_percent is None else f"{row.online_percent}%"


HOURS = (
    Column(_("姓名"), lambda row: row.learner.name, 12, ledger),
    Column(_("身份证号"), lambda row: row.learner.number, 22),
    Column(_("班期"), lambda row: row.learner.cohort.name, 24),
    Column(_("课程/模块"), lambda row: named(row.learner, "course"), 24, on_page=False),
    Column(_("线上有效分钟"), lambda row: minutes(row.online_ms), 14, intervals("credited"), figure=True),
    Column(_("其中已确认分钟"), lambda row: minutes(row.confirmed_ms), 14, intervals("confirmed"), figure=True),
    Column(_("线上学时"), lambda row: hundredths(row.online_hundredths), 10, ledger, figure=True),
    Column(_("线下学时"), lambda row: hundredths(row.in_person_hundredths), 10, ledger, figure=True),
    Column(_("合计学时"), lambda row: hundredths(row.total_hundredths), 10, ledger, figure=True),
    Column(_("要求学时"), nothing, 10, on_page=False),
    Column(_("线上占比"), _share, 10, figure=True),
    Column(_("出勤率"), nothing, 10, on_page=False),
    Column(_("抽验次数"), lambda row: row.checks, 10, figure=True),
    Column(_("通过次数"), lambda row: row.checks_passed, 10, figure=True),
    Column(
        _("无效分钟"),
        lambda row: minutes(sum(row.invalid_ms.values()) + row.voided_ms),
        10,
        intervals("uncredited"),
        figure=True,
    ),
    Column(_("无效原因"), invalid, 48, on_page=False),
    Column(_("证据哈希"), lambda row: row.evidence, 66, on_page=False),
)
PLAN = (
    Column(_("姓名"), lambda row: row.learner.name, 12, ledger),
    Column(_("证件号码"), lambda row: row.learner.number, 22),
    Column(_("班期"), lambda row: row.learner.cohort.name, 24),
    Column(_("课程"), lambda row: named(row.learner, "course"), 24, on_page=False),
    Column(_("开班日期"), lambda row: row.learner.cohort.opens_on, 14),
    Column(_("结课日期"), lambda row: row.learner.cohort.closes_on, 14),
    Column(_("要求（分钟）"), lambda row: minutes_up(row.plan.required_ms), 12, ledger, figure=True),
    Column(_("计划到今天（分钟）"), lambda row: minutes_up(row.plan.planned_ms), 16, ledger, figure=True),
    Column(_("已学（分钟）"), lambda row: minutes(row.plan.credited_ms), 12, intervals("credited"), figure=True),
    Column(_("比计划少（分钟）"), lambda row: minutes_up(row.plan.behind_ms), 16, ledger, figure=True),
    Column(_("状态"), lambda row: str(PACES[row.plan.pace][0]), 16),
)
OVERDUE = (*PLAN[:-1], Column(_("结课后天数"), lambda row: row.days_over, 12, figure=True), PLAN[-1])
REGISTER = (
    Column(_("证书序列号"), lambda row: row.serial, 20),
    Column(_("证书种类"), lambda row: paper_words.kind(row.serial), 14, on_page=False),
    Column(_("姓名"), lambda row: row.name, 12, ledger),
    Column(_("身份证号"), lambda row: row.number, 22),
    Column(_("项目/职业"), lambda row: fact(row, "course"), 24),
    Column(_("等级"), nothing, 8, on_page=False),
    Column(_("开班日期"), lambda row: fact(row, "opens_on"), 14),
    Column(_("结课日期"), lambda row: fact(row, "closes_on"), 14),
    Column(_("发证机构"), lambda row: fact(row, "institution"), 24, on_page=False),
    Column(_("发证日期"), lambda row: row.issued_on, 14),
    Column(_("领取签字"), nothing, 14, on_page=False),
    Column(_("状态"), lambda row: gettext("已过有效期") if row.is_over else gettext("有效"), 8, on_page=False),
    Column(_("查验码"), lambda row: row.code, 26, lambda row: url_for("public_certificates.show", code=row.code)),
)


ROLLUP = tier_columns(
    lambda place: url_for("institution_report_pages.show", kind="rollup", organisation=place),
    lambda cohort: url_for("institution_cohorts.show", cohort_id=cohort),
)


def fact(row: RegisterRow, name: str) -> str:
    """What the record froze under this name, in the reader's language where it has both."""
    translated = row.facts.get(f"{name}_en") if is_english() else None
    return str(translated or row.facts.get(name) or "")


def _book(entry: ScoreEntry) -> str:
    return url_for("institution_scores.show", cohort_id=entry.cohort.id)


def _day_of(entry: AttendanceEntry) -> str:
    day = entry.row.held_on.isoformat()
    return url_for("institution_attendance_book.show", cohort_id=entry.cohort.id, day=day)


def _of_row(value: Callable[[Any], Cell]) -> Callable[[Any], Cell]:
    return lambda entry: value(entry.row)


SCORE_ON_PAGE = (2, 3, 4, 5, 6, 7, 8)
SCORES = (
    Column(_("班期"), lambda entry: entry.cohort.name, 24, _book),
    *(
        Column(label, _of_row(value), width, figure=place in (4, 5, 7), on_page=place in SCORE_ON_PAGE)
        for place, (label, value, width) in enumerate(scorebook.COLUMNS)
    ),
)
ATTENDANCE_LABELS = (
    _("日期"), _("时段"), _("姓名"), _("身份证号"), _("签到时间"), _("签退时间"), _("方式"), _("状态"), _("教师签字"),
    _("课名"), _("讲师"), _("备注"),
)  # fmt: skip


def _attended(place: int) -> Callable[[Any], Cell]:
    return lambda entry: attendance_book.cells(entry.row)[place]


ATTENDANCE = (
    Column(_("班期"), lambda entry: entry.cohort.name, 24, _day_of),
    *(
        Column(label, _attended(place), attendance_book.WIDTHS[place], on_page=place not in (6, 8, 10))
        for place, label in enumerate(ATTENDANCE_LABELS)
    ),
)
