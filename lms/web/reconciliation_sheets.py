"""定期对账表 as XLSX and PDF, from its frozen bytes alone (columns of domain.md 6.1)."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Response
from flask_babel import gettext as _

from lms import clock
from lms.adapters.form_pdf import PaperForm, Part, write_form
from lms.adapters.sheets import CONTENT_TYPES, Cell, write_table
from lms.domain.funds import money
from lms.domain.funds.reconciliation import DifferenceKind
from lms.domain.subsidies import Fund
from lms.services.funds.months import MonthView
from lms.web.downloads import attachment, spooled
from lms.web.reconciliation_words import DIFFERENCES, FUNDS

WIDTHS = (10, 22, 14, 14, 16, 16, 12, 12, 14, 14, 60, 12, 12, 14)
SUMS = (
    *("opening_fen", "appropriated_fen", "batches_fen", "paid_fen"),
    *("returned_fen", "clawed_fen", "closing_fen", "difference_fen"),
)


def headings() -> list[str]:
    """The columns of the official form."""
    return [
        *(_("期间"), _("资金来源"), _("期初余额"), _("拨入"), _("批次应付合计"), _("银行实付合计"), _("退票")),
        *(_("追回"), _("期末余额"), _("差异"), _("差异说明"), _("编制人"), _("复核人"), _("对账日期")),
    ]


def rows(found: MonthView, names: tuple[str, str]) -> list[list[Cell]]:
    """The sums in one row, and a row for each difference with what was said about it."""
    told = _told(found)
    fund = str(FUNDS[Fund(told["fund"])])
    sums = [_yuan(told["sums"][name]) for name in SUMS]
    whole: list[Cell] = [told["month"], fund, *sums, "", *names, _signed_on(found)]
    return [whole, *([told["month"], fund, *[None] * 7, *_difference(each), "", "", None] for each in _all(told))]


def _difference(each: dict[str, Any]) -> list[Cell]:
    told = _(
        "%(day)s %(kind)s：%(words)s",
        day=each["on"],
        kind=DIFFERENCES[DifferenceKind(each["kind"])],
        words=each["words"],
    )
    return [_yuan(each["bank_fen"] - each["ledger_fen"]), str(told)]


def _told(found: MonthView) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(found.prepared.content if found.prepared else found.content)
    return told


def _all(told: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = told["differences"]
    return found


def _yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


def _signed_on(found: MonthView) -> date | None:
    return clock.civil_day(found.signed.signed_at) if found.signed else None


def pdf(found: MonthView, names: tuple[str, str]) -> bytes:
    """The same on paper, with room for names and a seal."""
    told, day = _told(found), _signed_on(found)
    columns = headings()
    fund = str(FUNDS[Fund(told["fund"])])
    shown = [told["month"], *(money.show(told["sums"][name]) for name in SUMS)]
    sums = Part(_("一、收支与余额（元）"), [columns[0], *columns[2:10]], [shown], [10, *[13] * 8])
    kinds = [_("日期"), _("差异"), _("银行（元）"), _("账上（元）"), _("差异说明")]
    listed = Part(_("二、差异及说明"), kinds, [_listed(each) for each in _all(told)], [12, 24, 14, 14, 50])
    lines = [f"{_('单位')}：{told['organisation']}    {_('资金来源')}：{fund}    {_('期间')}：{told['month']}"]
    signed = [_("编制人"), names[0], _("复核人"), names[1], _("对账日期"), day.isoformat() if day else ""]
    signs = ["        ".join(f"{label}：{told}" for label, told in zip(signed[::2], signed[1::2], strict=True))]
    digest = found.prepared.digest if found.prepared else ""
    parts = [sums, listed] if listed.rows else [sums]
    return write_form(PaperForm(str(_("定期对账表")), lines, parts, signs, f"{_('校验值')} {digest}"))


def _listed(each: dict[str, Any]) -> list[str]:
    fen = (money.show(each["bank_fen"]), money.show(each["ledger_fen"]))
    return [each["on"], str(DIFFERENCES[DifferenceKind(each["kind"])]), *fen, each["words"]]


def file(found: MonthView, names: tuple[str, str], file_format: str) -> Response:
    """The table for saving."""
    month = f"{found.month.first:%Y-%m}"

    def fill(path: Path) -> None:
        if file_format == "pdf":
            path.write_bytes(pdf(found, names))
        else:
            write_table(file_format, headings(), rows(found, names), path, WIDTHS)

    name = f"{_('定期对账表')}_{month}.{file_format}"
    return attachment(spooled(fill), name, f"reconciliation-{month}.{file_format}", CONTENT_TYPES[file_format])
