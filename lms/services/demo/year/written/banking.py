"""The bank of a made-up year: its own account of what moved, its answers and its statements as files."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from lms.domain.funds import money

ANSWER_HEAD = "业务参考号,金额,状态,银行回单号,交易日期,退票原因"
STATEMENT_HEAD = "交易日期,收入,支出,余额,对方户名,对方账号,回单号,流水号"
WHY = "编造的退票：户名账号不符"


@dataclass(frozen=True)
class Movement:
    """One row of the bank's. `fen`: negative for what went out."""

    on: date
    fen: int
    balance_fen: int
    name: str
    account: str
    receipt: str
    serial: str


@dataclass
class Bank:
    """One account at the bank."""

    balance_fen: int = 0
    movements: list[Movement] = field(default_factory=list)

    def move(self, on: date, fen: int, stem: str, name: str, account: str, receipt: str = "") -> str:
        """Moves money and answers with the number of the receipt; a return at once is told under the one it undoes."""
        self.balance_fen += fen
        number = len(self.movements) + 1
        told = receipt or f"{stem}{on:%Y%m}{number:06}"
        self.movements.append(Movement(on, fen, self.balance_fen, name, account, told, f"S{number:08}"))
        return told

    def of_month(self, first: date) -> list[Movement]:
        """What moved in a month."""
        return [each for each in self.movements if (each.on.year, each.on.month) == (first.year, first.month)]


def answer(rows: Iterable[tuple[str, int, bool, str, date]]) -> bytes:
    """The bank's answer: reference, fen, whether it was paid, receipt, day."""
    lines = [
        f"{reference},{money.plain(fen)},{'成功' if paid else '退票'},{receipt},{on},{'' if paid else WHY}"
        for reference, fen, paid, receipt, on in rows
    ]
    return "\r\n".join([ANSWER_HEAD, *lines, ""]).encode("gb18030")


def statement(movements: Iterable[Movement]) -> bytes:
    """The bank's statement."""
    lines = [_row(each) for each in movements]
    return "\r\n".join([STATEMENT_HEAD, *lines, ""]).encode()


def _row(each: Movement) -> str:
    came, went = (money.plain(each.fen), "") if each.fen > 0 else ("", money.plain(-each.fen))
    told = (each.on, came, went, money.plain(each.balance_fen), each.name, each.account, each.receipt, each.serial)
    return ",".join(str(cell) for cell in told)
