"""The reports of an institution as the menu, the pages and the files know them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from lms.domain.reporting import BY_LEARNER, OF_PLACES, ReportKind
from lms.services import reporting
from lms.web.institution import report_columns as columns
from lms.web.report_table import Column


@dataclass(frozen=True)
class Report:
    """A report: its words, its columns, how its rows are read and counted, and what the days chosen are about."""

    kind: ReportKind
    title: Any
    about: Any
    days: Any
    columns: Sequence[Column]
    read: Callable[..., Iterator[Any]]
    count: Callable[..., int]

    @property
    def by_learner(self) -> bool:
        """Whether it can be narrowed to the state of learners."""
        return self.kind in BY_LEARNER

    @property
    def of_places(self) -> bool:
        """Whether it holds sums of places and nobody's name."""
        return self.kind in OF_PLACES

    @property
    def on_page(self) -> list[Column]:
        """The columns that the page has room for; the files have all of them."""
        return [column for column in self.columns if column.on_page]


REPORTS = {
    report.kind: report
    for report in (
        Report(
            ReportKind.HOURS,
            _("学时统计表"),
            _("每个人线上、线下的学时，抽验情况，没有计入的时间和原因。"),
            _("开班日期"),
            columns.HOURS,
            reporting.hours_rows,
            reporting.count_learners,
        ),
        Report(
            ReportKind.PROGRESS,
            _("计划进度表"),
            _("把要求的学习时间平均分到每一天，看谁跟得上，谁落后了。"),
            _("开班日期"),
            columns.PLAN,
            reporting.plan_rows,
            reporting.count_learners,
        ),
        Report(
            ReportKind.OVERDUE,
            _("逾期名单"),
            _("班期已经结课，还没有结业记录的学员。"),
            _("开班日期"),
            columns.OVERDUE,
            reporting.overdue_rows,
            reporting.count_overdue,
        ),
        Report(
            ReportKind.SCORES,
            _("成绩汇总"),
            _("各班期结业考核成绩册的内容，排在一张表里。"),
            _("开班日期"),
            columns.SCORES,
            reporting.score_rows,
            reporting.count_learners,
        ),
        Report(
            ReportKind.ATTENDANCE,
            _("出勤汇总"),
            _("各班期出勤簿的内容，排在一张表里。"),
            _("上课日期"),
            columns.ATTENDANCE,
            reporting.attendance_rows,
            reporting.most_attendance,
        ),
        Report(
            ReportKind.CERTIFICATES,
            _("证书发放台账"),
            _("发出的每一份结业记录。"),
            _("发证日期"),
            columns.REGISTER,
            reporting.register_rows,
            reporting.count_registered,
        ),
        Report(
            ReportKind.ROLLUP,
            _("分级汇总表"),
            _("机构、分支和每个班期的合计：人数、结业、有效学习时间，一级一级往下看。没有个人信息。"),
            "",
            columns.ROLLUP,
            reporting.tier_rows,
            reporting.count_tiers,
        ),
    )
}
TITLES = {ReportKind.COMPLETION: _("结业报表"), **{kind: report.title for kind, report in REPORTS.items()}}
STATES = (
    ("", _("全部学员")),
    ("recorded", _("已有结业记录的")),
    ("unrecorded", _("还没有结业记录的")),
    ("running", _("班期正在进行的")),
    ("closed", _("班期已经结课的")),
)
