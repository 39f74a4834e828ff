"""What the bank answered to a batch: its columns recognised, each row judged, and what would be booked.

No bank's own format was found: titles are recognised by what they say. Nothing is booked while one row is wrong.
"""

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from lms.domain.errors import Refused
from lms.domain.funds import money
from lms.domain.funds.payments import PaymentState
from lms.domain.roster_columns import Grid, plain
from lms.domain.roster_days import FOREVER, parse_day

_LONG = re.compile(r"\d(?:[\s\-]?\d){7,}[Xx]?")
LONGEST_RECEIPT = 60
LONGEST_REASON = 200
ROWS_ABOVE = 30


class Field(StrEnum):
    """What an answer tells of a payment."""

    REFERENCE = "reference"
    AMOUNT = "amount"
    OUTCOME = "outcome"
    RECEIPT = "receipt"
    DAY = "day"
    REASON = "reason"


def _words(told: str) -> frozenset[str]:
    return frozenset(told.split())


NEEDED = (Field.REFERENCE, Field.AMOUNT, Field.OUTCOME, Field.RECEIPT, Field.DAY)
TITLES: Mapping[Field, frozenset[str]] = {
    Field.REFERENCE: frozenset(
        ["业务参考号", "参考号", "业务编号", "客户参考号", "商户参考号", "批内序号", "reference"]
    ),
    Field.AMOUNT: _words("金额 实付金额 交易金额 发生额 付款金额 入账金额 amount"),
    Field.OUTCOME: frozenset(
        ["状态", "处理结果", "处理状态", "交易状态", "交易结果", "结果", "付款状态", "result", "status"]
    ),
    Field.RECEIPT: frozenset(
        ["银行回单号", "回单号", "回单编号", "电子回单号", "交易流水号", "银行流水号", "流水号", "receipt"]
    ),
    Field.DAY: _words("拨付日期 交易日期 入账日期 付款日期 处理日期 退票日期 日期 date"),
    Field.REASON: _words("退票原因 失败原因 原因 退回原因 备注 说明 reason"),
}
PAID = frozenset(
    ["成功", "已付", "已入账", "入账成功", "交易成功", "处理成功", "付款成功", "已支付", "paid", "success"]
)
RETURNED = frozenset(
    ["退票", "已退票", "退回", "已退回", "失败", "交易失败", "处理失败", "付款失败", "入账失败", "returned", "failed"]
)
_SUMS = _words("合计 总计 小计 总笔数 总金额 成功笔数 失败笔数")


@dataclass(frozen=True)
class Row:
    """One row of an answer. `line`: as a sheet counts, from 1. `is_paid` False: it came back, for `reason`."""

    line: int
    reference: str
    amount_fen: int
    is_paid: bool
    receipt: str
    on: date
    reason: str = ""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row (`line` 0: with the whole file); `code` is worded in web."""

    line: int
    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """A payment of the batch as the ledger knows it; receipts are "" where nothing was booked."""

    id: uuid.UUID
    reference: str
    amount_fen: int
    state: PaymentState
    paid_receipt: str = ""
    paid_on: date | None = None
    returned_receipt: str = ""


@dataclass(frozen=True)
class News:
    """What a row adds to the ledger: `books_paid`, `books_returned`; neither, if it was told before."""

    row: Row
    payment_id: uuid.UUID
    books_paid: bool
    books_returned: bool


def read(grid: Grid) -> tuple[list[Row], list[Problem]]:
    """The rows of a sheet, and what cannot be read of it. Refused: answer_columns (`missing`), answer_empty."""
    top, columns = _heading(grid)
    rows: list[Row] = []
    problems: list[Problem] = []
    for number in sorted(grid):
        cells = {name: grid[number].get(column, "").strip() for name, column in columns.items()}
        if number <= top or not any(cells.values()) or _is_sum(grid[number]):
            continue
        try:
            rows.append(_row(number + 1, cells))
        except Refused as refused:
            problems.append(Problem(number + 1, refused.code, refused.values))
    if not rows and not problems:
        raise Refused("answer_empty")
    return rows, problems


def _heading(grid: Grid) -> tuple[int, dict[Field, int]]:
    """The row whose titles are known best, and where they stand."""
    best: tuple[int, dict[Field, int]] = (0, {})
    for number in sorted(grid)[:ROWS_ABOVE]:
        found: dict[Field, int] = {}
        for column, title in sorted(grid[number].items()):
            for name, titles in TITLES.items():
                if plain(title) in titles:
                    found.setdefault(name, column)
        if len(found) > len(best[1]):
            best = (number, found)
    missing = [each for each in NEEDED if each not in best[1]]
    if missing:
        raise Refused("answer_columns", missing=tuple(missing))
    return best


def _is_sum(row: Mapping[int, str]) -> bool:
    return any(plain(cell) in _SUMS for cell in row.values())


def _row(line: int, cells: Mapping[Field, str]) -> Row:
    if not cells[Field.REFERENCE]:
        raise Refused("answer_reference_missing")
    outcome = plain(cells[Field.OUTCOME])
    if outcome not in PAID | RETURNED:
        raise Refused("answer_outcome")
    on = parse_day(cells[Field.DAY])
    if on is None or on is FOREVER:
        raise Refused("answer_day")
    receipt, reason = cells[Field.RECEIPT], cells.get(Field.REASON, "")
    if not receipt or len(receipt) > LONGEST_RECEIPT:
        raise Refused("answer_receipt")
    if outcome in RETURNED and not reason:
        raise Refused("answer_reason_missing")
    amount = money.parse_positive(cells[Field.AMOUNT])
    is_paid = outcome in PAID
    kept = "" if is_paid else without_numbers(reason)[:LONGEST_REASON]
    return Row(line, cells[Field.REFERENCE].upper(), amount, is_paid, receipt, on, kept)


def without_numbers(text: str) -> str:
    """What a bank wrote, without accounts, documents and phones: the ledger keeps it for good. The last four stay."""
    return _LONG.sub(lambda found: "*" + "".join(filter(str.isalnum, found[0]))[-4:], text)


def judge(
    rows: Iterable[Row], known: Sequence[Known], *, sent_on: date, today: date
) -> tuple[list[News], list[Problem]]:
    """What the rows add, and what is wrong with them; with any problem nothing may be booked.

    A row that was told before adds nothing, so that an answer twice changes nothing.
    """
    by_reference = {each.reference: each for each in known}
    seen: dict[str, int] = {}
    news: list[News] = []
    problems: list[Problem] = []
    for row in rows:
        found = by_reference.get(row.reference)
        problem = _problem(row, found, seen, sent_on, today)
        seen.setdefault(row.reference, row.line)
        if problem is not None:
            problems.append(problem)
        elif found is not None:
            news.append(_news(row, found))
    return news, problems


def _problem(row: Row, found: Known | None, seen: Mapping[str, int], sent_on: date, today: date) -> Problem | None:
    if row.reference in seen:
        return Problem(row.line, "answer_double", {"first": seen[row.reference]})
    if found is None:
        return Problem(row.line, "answer_unknown")
    if row.amount_fen != found.amount_fen:
        told = {"told": money.show(row.amount_fen), "owed": money.show(found.amount_fen)}
        return Problem(row.line, "answer_amount", told)
    if row.on > today:
        return Problem(row.line, "answer_day_ahead")
    if row.on < sent_on:
        return Problem(row.line, "answer_day_before", {"sent": sent_on.isoformat()})
    return Problem(row.line, "answer_contradicts") if _contradicts(row, found) else None


def _contradicts(row: Row, found: Known) -> bool:
    """Whether the ledger knows otherwise: another receipt, or a return of what was clawed back or paid later."""
    if row.is_paid:
        return bool(found.paid_receipt) and found.paid_receipt != row.receipt
    if found.returned_receipt:
        return found.returned_receipt != row.receipt
    if found.paid_on is not None and row.on < found.paid_on:
        return True
    return found.state is PaymentState.CLAWED_BACK


def _news(row: Row, found: Known) -> News:
    """A return of what was not booked as paid books both: the money went out with the batch and came back."""
    is_new_return = not row.is_paid and not found.returned_receipt
    return News(row, found.id, not found.paid_receipt, is_new_return)
