"""专账资金发放台账: its columns, its rows, what they add up to (domain.md 6.1, 6.2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lms.domain.funds import money
from lms.domain.funds.accounts import PostingKind, columns
from lms.domain.funds.payments import EXPENSES, FUNDS
from lms.domain.subsidies import Fund, SubsidyKind

COLUMNS = (
    *("流水号", "批次号", "资金来源", "支出项目", "收款方", "账号尾号", "应付", "实付", "拨付日期", "银行回单号"),
    *("状态", "原流水号", "经办/复核", "入账日期", "归属月份"),
)
WIDTHS = (9, 14, 24, 22, 22, 10, 14, 14, 12, 20, 8, 10, 16, 12, 10)
STATES = {
    PostingKind.PAID: "已付",
    PostingKind.RETURNED: "退票",
    PostingKind.REPAID: "重付",
    PostingKind.CLAWBACK: "追回",
}


@dataclass(frozen=True)
class Row:
    """One row: what a posting did with one payment.

    `hands`: names of 经办 and 复核 as they were called by the end of the day asked for, or are now.
    """

    serial: int
    batch_number: str
    fund: Fund
    kind: SubsidyKind
    payee: str
    account_tail: str
    amount_fen: int
    fact_on: date
    receipt: str
    posting_kind: PostingKind
    reverses_serial: int | None
    hands: str
    booked_on: date
    period_on: date

    @property
    def owed_fen(self) -> int:
        """应付, in fen."""
        return columns(self.posting_kind, self.amount_fen)[0]

    @property
    def paid_fen(self) -> int:
        """实付, in fen."""
        return columns(self.posting_kind, self.amount_fen)[1]

    @property
    def label(self) -> str:
        """流水号 as it is printed."""
        return serial_label(self.serial)

    @property
    def before_label(self) -> str:
        """原流水号 as it is printed, "" without one."""
        return serial_label(self.reverses_serial) if self.reverses_serial else ""


@dataclass(frozen=True)
class Totals:
    """What rows add up to, in fen. `open_fen`: came back and was not paid again yet; nothing once all is settled."""

    owed_fen: int
    paid_fen: int

    @property
    def open_fen(self) -> int:
        """应付 less 实付."""
        return self.owed_fen - self.paid_fen


def totals(rows: Iterable[Row]) -> Totals:
    """应付 and 实付 of all rows."""
    found = list(rows)
    return Totals(sum(each.owed_fen for each in found), sum(each.paid_fen for each in found))


def serial_label(serial: int) -> str:
    """L0001."""
    return f"L{serial:04d}"


def cells(row: Row) -> tuple[str, ...]:
    """A row as the file prints it; all of it text, so that no receipt loses a digit."""
    return (
        row.label,
        row.batch_number,
        FUNDS[row.fund],
        EXPENSES[row.kind],
        row.payee,
        row.account_tail,
        money.plain(row.owed_fen),
        money.plain(row.paid_fen),
        row.fact_on.isoformat(),
        row.receipt,
        STATES[row.posting_kind],
        row.before_label,
        row.hands,
        row.booked_on.isoformat(),
        f"{row.period_on:%Y-%m}",
    )


def sheet(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """All rows, and below them what they add up to."""
    found = totals(rows)
    empty = [""] * len(COLUMNS)
    empty[0], empty[6], empty[7] = "合计", money.plain(found.owed_fen), money.plain(found.paid_fen)
    return [*map(cells, rows), tuple(empty)]
