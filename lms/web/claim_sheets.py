"""The forms of a claim, 补贴申请表 and 补贴人员明细, in the columns of domain.md 6.1; numbers masked."""

from collections.abc import Iterable
from datetime import date

from flask import Response
from flask_babel import gettext as _

from lms import clock
from lms.adapters.sheets import CONTENT_TYPES, Cell, write_table
from lms.domain.levels import GRADES, NAMES, Level
from lms.services.claims import ClaimView, LineView
from lms.web import claim_words
from lms.web.downloads import attachment, spooled
from lms.web.language import day

WIDTHS = {
    "application": (24, 22, 20, 22, 10, 10, 12, 14, 22, 22, 24, 32, 12, 12, 14),
    "people": (6, 12, 22, 22, 10, 10, 12, 12, 18, 12, 12, 12, 14, 24),
}


def title(paper: str) -> str:
    """The name of a form."""
    return str(_("补贴申请表") if paper == "application" else _("补贴人员明细"))


def headings(paper: str) -> list[str]:
    """The columns of the official forms. What the platform does not know is written by hand."""
    if paper == "application":
        return [
            *(_("申请单位"), _("班期备案号"), _("补贴种类"), _("职业"), _("等级"), _("申请人数"), _("标准（元）")),
            *(_("金额（元）"), _("开户名"), _("开户行"), _("账号"), _("真实性承诺"), _("经办人"), _("负责人签章")),
            _("日期"),
        ]
    return [
        *(_("序号"), _("姓名"), _("证件号"), _("职业（工种）"), _("等级"), _("课时"), _("开始日期"), _("结束日期")),
        *(_("证书编号"), _("发证日期"), _("标准（元）"), _("金额（元）"), _("审核结论"), _("原因代码")),
    ]


def rows(claim: ClaimView, paper: str) -> list[list[Cell]]:
    """The rows of a form; sums are texts with two digits, since they are read and not reckoned with."""
    return [_application(claim)] if paper == "application" else [_person(each) for each in claim.lines]


def _application(claim: ClaimView) -> list[Cell]:
    standards = _joined(claim_words.yuan(each.standard_fen) for each in claim.lines)
    occupations, levels = _joined(each.occupation for each in claim.lines), _joined(map(_level, claim.lines))
    filed = next((each for each in claim.steps if each.step.act.value == "file"), None)
    return [
        *(claim.row.organisation, claim.row.filing_number or "", str(claim_words.KINDS[claim.row.kind])),
        *(occupations, levels, claim.row.lines, standards, claim_words.yuan(claim.row.amount_fen), "", "", ""),
        *(str(claim_words.COMMITMENT) if filed else "", filed.who if filed else "", ""),
        day(clock.civil_day(filed.step.at)) if filed else "",
    ]


def _joined(words: Iterable[str]) -> str:
    return "；".join(dict.fromkeys(words))


def _level(line: LineView) -> str:
    if line.level is None:
        return ""
    level = Level(line.level)
    return GRADES.get(level, NAMES[level])


def _person(line: LineView) -> list[Cell]:
    hours = claim_words.hours(line.class_hour_hundredths)
    return [
        *(line.number, line.name, line.document, line.occupation, _level(line), hours, line.first_on, line.last_on),
        *(line.certificate_number or "", line.certificate_on, claim_words.yuan(line.standard_fen)),
        *(claim_words.yuan(line.amount_fen), str(claim_words.LINE_STATES[line.state][0]), line.reason),
    ]


def file(claim: ClaimView, paper: str, file_format: str, *, today: date) -> Response:
    """A form as CSV or XLSX."""
    full_name = "_".join([title(paper), claim.row.cohort, day(today)]) + f".{file_format}"
    plain_name = f"claim-{paper}-{today.isoformat()}.{file_format}"
    head, body = headings(paper), rows(claim, paper)
    chunks = spooled(lambda path: write_table(file_format, head, body, path, WIDTHS[paper]))
    return attachment(chunks, full_name, plain_name, CONTENT_TYPES[file_format])
