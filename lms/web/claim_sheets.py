"""The forms of a claim, 补贴申请表 and 补贴人员明细, in the columns of domain.md 6.1, as CSV, XLSX and PDF."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from flask import Response
from flask_babel import gettext as _

from lms.adapters.form_pdf import PaperForm, Part, write_form
from lms.adapters.sheets import CONTENT_TYPES, Cell, write_table
from lms.domain.levels import GRADES, NAMES, Level
from lms.services.claims.forms import ClaimForms, PayeeView, PersonRow
from lms.web import claim_words, group_words, identity_words
from lms.web.downloads import attachment, spooled
from lms.web.language import counted, day

WIDTHS = {
    "application": (24, 22, 20, 22, 10, 10, 12, 14, 22, 22, 24, 32, 12, 12, 14),
    "people": (6, 12, 22, 6, 14, 18, 20, 10, 8, 24, 22, 12, 12, 12, 30, 12, 12, 12, 20),
}
SHARES = (5, 9, 15, 5, 11, 11, 11, 8, 6, 13, 14, 12, 11, 11, 16, 7, 7, 9, 10)


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
        *(_("序号"), _("姓名"), _("证件号"), _("性别"), _("电话"), _("人员类别"), _("职业（工种）"), _("等级")),
        *(_("课时"), _("起止日期"), _("证书编号"), _("发证日期"), _("标准（元）"), _("金额（元）"), _("收款人/社保卡")),
        *(_("本年度第几次"), _("累计第几次"), _("审核结论"), _("原因代码")),
    ]


def rows(found: ClaimForms, paper: str) -> list[list[Cell]]:
    """The rows of a form; sums are texts with two digits, since they are read and not reckoned with."""
    return [_application(found)] if paper == "application" else [_person(each, found) for each in found.rows]


def _application(found: ClaimForms) -> list[Cell]:
    asked, payees = found.asked, found.payees
    return [
        *(found.row.organisation, found.row.filing_number or "", str(claim_words.KINDS[found.row.kind])),
        *(_joined(each.occupation for each in asked), _joined(_level(each) for each in asked)),
        *(found.row.lines, _joined(claim_words.yuan(each.standard_fen) for each in asked)),
        *(claim_words.yuan(found.row.amount_fen), *_payees(payees, found)),
        *(str(claim_words.COMMITMENT) if found.filed_on else "", found.filed_by, "", _day(found.filed_on)),
    ]


def _payees(payees: tuple[PayeeView, ...], found: ClaimForms) -> list[str]:
    """Holder, bank and account where all goes to one; each learner's own account stands in her row."""
    if len(payees) > 1:
        return [str(_("见人员明细"))] * 3
    return [payees[0].name, payees[0].bank, _account(payees[0], found)] if payees else [""] * 3


def _account(payee: PayeeView, found: ClaimForms) -> str:
    return payee.account if found.unmasked else str(_("尾号 %(tail)s", tail=payee.account))


def _joined(words: Iterable[str]) -> str:
    return str(_("；")).join(dict.fromkeys(each for each in words if each))


def _day(on: date | None) -> str:
    return day(on) if on else ""


def _level(row: PersonRow) -> str:
    if row.level is None:
        return ""
    level = Level(row.level)
    return GRADES.get(level, NAMES[level])


def _person(row: PersonRow, found: ClaimForms) -> list[Cell]:
    sex = str(identity_words.SEXES[row.sex]) if row.sex else ""
    group = str(group_words.GROUPS[row.group]) if row.group else ""
    payee = f"{row.payee.name} {_account(row.payee, found)}" if row.payee else ""
    times: tuple[Cell, Cell] = (row.ordinal.of_year, row.ordinal.of_life) if row.ordinal else ("", "")
    return [
        *(row.number, row.name, row.document, sex, row.phone, group, row.occupation, _level(row)),
        *(claim_words.hours(row.class_hour_hundredths), f"{row.first_on.isoformat()} — {row.last_on.isoformat()}"),
        *(row.certificate, row.certificate_on, claim_words.yuan(row.standard_fen), claim_words.yuan(row.amount_fen)),
        *(payee, *times, str(claim_words.LINE_STATES[row.state][0]), row.reason),
    ]


def pdf(found: ClaimForms, paper: str) -> bytes:
    """The form on paper, with lines to sign on."""
    head, body = headings(paper), [[_text(each) for each in row] for row in rows(found, paper)]
    named = [_("申请单位"), found.row.organisation, _("班期"), found.row.cohort, _("班期备案号")]
    named.append(found.row.filing_number or str(_("没有备案")))
    lines = ["    ".join(f"{label}：{told}" for label, told in zip(named[::2], named[1::2], strict=True))]
    if paper == "application":
        pairs = [list(each) for each in zip(head, body[0], strict=True) if each[0] != _("负责人签章")]
        parts = [Part("", [_("项目"), _("内容")], pairs, (1, 4))]
    else:
        parts = [Part("", head, body, SHARES)]
        total = counted("合计：%(n)s 人，%(sum)s 元", n=found.row.lines, sum=claim_words.yuan(found.row.amount_fen))
        lines.append(total)
    blank = "_" * 18
    signed = [f"{_('经办人')}：{found.filed_by or blank}", f"{_('负责人签章')}：{blank}", f"{_('日期')}：{blank}"]
    return write_form(PaperForm(title(paper), lines, parts, ["", "        ".join(signed)], title(paper)))


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def file(found: ClaimForms, paper: str, file_format: str, *, today: date) -> Response:
    """A form as CSV, XLSX or PDF."""
    name = f"{title(paper)}（{_('审核用完整名单')}）" if found.unmasked else title(paper)
    full_name = "_".join([name, found.row.cohort, day(today)]) + f".{file_format}"
    plain_name = f"claim-{paper}{'-full' if found.unmasked else ''}-{today.isoformat()}.{file_format}"

    def fill(path: Path) -> None:
        if file_format == "pdf":
            path.write_bytes(pdf(found, paper))
        else:
            write_table(file_format, headings(paper), rows(found, paper), path, WIDTHS[paper])

    return attachment(spooled(fill), full_name, plain_name, CONTENT_TYPES[file_format])
