"""The papers of a filing, 开班申请表 and 学员花名册, in the columns of the official forms."""

from datetime import date

from flask import Response
from flask_babel import gettext as _

from lms.adapters.sheets import CONTENT_TYPES, Cell, write_table
from lms.domain.documents import DocumentType, age_on
from lms.services.filings.books import Papers, RosterLine
from lms.web import filing_words, identity_words, policy_words
from lms.web.downloads import attachment, spooled
from lms.web.language import day

WIDTHS = {
    "application": (24, 22, 24, 22, 20, 16, 20, 8, 10, 10, 12, 14, 14, 24, 24, 12, 16, 24, 24, 32, 16),
    "roster": (6, 12, 6, 20, 22, 6, 8, 10, 14, 12, 16, 20, 20, 24, 14, 14),
}


def title(paper: str) -> str:
    """The name of a paper."""
    return str(_("开班申请表") if paper == "application" else _("学员花名册"))


def headings(paper: str) -> list[str]:
    """The columns of domain.md 6.1, as the official forms have them."""
    return _application_heads() if paper == "application" else _roster_heads()


def _application_heads() -> list[str]:
    return [
        *(_("班期名称"), _("班期备案号"), _("机构名称"), _("统一社会信用代码"), _("培训职业（工种）"), _("等级")),
        *(_("证书类型"), _("人数"), _("理论课时"), _("实训课时"), _("其中线上课时"), _("开班日期"), _("结课日期")),
        *(_("培训地点"), _("学习形式"), _("负责人"), _("电话"), _("师资"), _("教材"), _("考核方案"), _("政策版本")),
    ]


def _roster_heads() -> list[str]:
    return [
        *(_("序号"), _("姓名"), _("性别"), _("证件类型"), _("身份证号"), _("年龄"), _("民族"), _("文化程度")),
        *(_("联系电话"), _("人员类别"), _("户口性质/所在地"), _("工作单位"), _("就业承诺单位"), _("社保卡号/银行账号")),
        *(_("证件有效期"), _("本人签字")),
    ]


def application(papers: Papers) -> list[Cell]:
    """The one row of the application."""
    facts, sums = papers.facts, papers.totals
    named = {
        field: _("；").join(filing_words.shown(facts, field))
        for field in ("occupation", "level", "certificate", "place", "manager", "teachers", "materials", "exam_plan")
    }
    return [
        *(papers.name, papers.number, papers.facts["organisation"], facts["credit_code"]),
        *(named["occupation"], named["level"], named["certificate"], facts["size"]),
        *(sums.theory, sums.practice, sums.online, papers.opens_on, papers.closes_on),
        *(named["place"], str(policy_words.FAMILIES[papers.family]), named["manager"], facts["phone"]),
        *(named["teachers"], named["materials"], named["exam_plan"], facts["policy"]),
    ]


def roster(papers: Papers) -> list[list[Cell]]:
    """A row for each learner. What the platform does not ask for stays empty, to be written by hand."""
    return [_row(number, line, papers.opens_on) for number, line in enumerate(papers.lines, start=1)]


def columns(paper: str) -> list[dict[str, object]]:
    """The columns for a page."""
    return [{"label": head} for head in headings(paper)]


def printed(papers: Papers) -> list[list[str]]:
    """The roster for a page: the name of each row first would break the official order, so the number leads."""
    return [[word(cell) for cell in row] for row in roster(papers)]


def word(cell: Cell) -> str:
    """A cell as a page shows it."""
    if cell is None:
        return ""
    return day(cell) if isinstance(cell, date) else str(cell)


def _row(number: int, line: RosterLine, opens_on: date) -> list[Cell]:
    sex = str(identity_words.SEXES[line.sex]) if line.sex else ""  # by hand where the number does not tell
    age = age_on(line.born_on, opens_on) if line.born_on else ""
    document = str(identity_words.DOCUMENTS[DocumentType(line.document_type)])
    return [number, line.name, sex, document, line.number, age, "", "", line.phone, *[""] * 7]


def file(papers: Papers, paper: str, file_format: str, *, today: date, unmasked: bool = False) -> Response:
    """A paper as CSV or XLSX."""
    rows = [application(papers)] if paper == "application" else roster(papers)
    head, name = headings(paper), f"{title(paper)}（{_('审核用完整名单')}）" if unmasked else title(paper)
    full_name = "_".join([name, papers.name, day(today)]) + f".{file_format}"
    plain_name = f"filing-{paper}{'-full' if unmasked else ''}-{today.isoformat()}.{file_format}"
    chunks = spooled(lambda path: write_table(file_format, head, rows, path, WIDTHS[paper]))
    return attachment(chunks, full_name, plain_name, CONTENT_TYPES[file_format])
