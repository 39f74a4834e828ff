"""The file that a batch goes to the bank as (代发文件): columns, lines, and the two that count and sum.

No bank's own format was found: the columns are what all of them ask for, and the reference is what they answer by.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lms.domain.errors import Refused
from lms.domain.funds import money

COLUMNS = ("序号", "业务参考号", "收款方户名", "收款账号", "开户行", "金额(元)", "用途")
WIDTHS = (6, 20, 24, 26, 30, 14, 24)
COUNT_TITLE, SUM_TITLE = "总笔数", "总金额(元)"


@dataclass(frozen=True)
class Line:
    """One payment as the bank gets it."""

    place: int
    reference: str
    payee: str
    account: str = field(repr=False)
    bank: str
    amount_fen: int
    purpose: str


def rows(lines: Sequence[Line]) -> list[tuple[str, ...]]:
    """The lines as texts, so that no account number loses a digit, and below them count and sum.

    Refused: bank_account_missing (`place`), before a file is made that the bank cannot pay.
    """
    for each in lines:
        if not each.account:
            raise Refused("bank_account_missing", place=each.place)
    found = [_row(each) for each in lines]
    empty = ("",) * (len(COLUMNS) - 2)
    return [*found, (COUNT_TITLE, str(len(lines)), *empty), (SUM_TITLE, money.plain(total(lines)), *empty)]


def total(lines: Sequence[Line]) -> int:
    """What the file comes to, in fen."""
    return sum(each.amount_fen for each in lines)


def _row(line: Line) -> tuple[str, ...]:
    amount = money.plain(line.amount_fen)
    return (str(line.place), line.reference, line.payee, line.account, line.bank, amount, line.purpose)


def read_total(found: Sequence[Sequence[str]]) -> tuple[int, int]:
    """(count, fen) of a file as its last two lines say."""
    told = {row[0]: row[1] for row in found if row and row[0] in (COUNT_TITLE, SUM_TITLE)}
    return int(told[COUNT_TITLE]), money.parse(told[SUM_TITLE])
