"""One row of a bank statement: the movement it tells, or what is wrong with which cell. Amounts are whole fen."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from lms.domain.errors import Refused
from lms.domain.funds.statement_columns import Column
from lms.domain.roster_columns import Row, letters
from lms.domain.roster_days import FOREVER, parse_day

LONGEST_WORDS = 200
MOST_FEN = 10**15
TAIL = 4
_SUM = re.compile(
    r"(?:本页|本月|本日|本年|本期|当日|当月)?(?:合计|小计|总计|共计|累计)|期初余额|期末余额|上页结转|承前页|过次页|上期结转|"
    r"(?:收入|支出|借方|贷方)(?:总|合计|笔数)|total",
    re.IGNORECASE,
)
_WITHOUT_DAY = re.compile(r"\d{4}[-/.年]\d{1,2}月?|\d{6}")
_MARKS = re.compile(r"[\s,，¥￥元]|RMB|CNY", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?(?:E[+-]?\d{1,2})?|[+-]?\.\d+", re.IGNORECASE)
_NOTHING = frozenset({"", "-", "--", "—", "/", "0.00", "0"})
_SIDES = dict.fromkeys(("贷", "贷方", "收", "收入", "c", "cr", "来账", "转入", "存入"), 1) | dict.fromkeys(
    ("借", "借方", "支", "付", "支出", "d", "dr", "往账", "转出", "支取"), -1
)
_FLOAT_DUST = Decimal("0.000001")  # what Excel's binary numbers are off by
_LOST = re.compile(r"\d(?:\.\d+)?E\+?\d{1,3}", re.IGNORECASE)


@dataclass(frozen=True)
class Movement:
    """What one row tells: `amount_fen` is positive for what came in and negative for what went out.

    `number`: the row in the file, from 1. `account` is whole, for sealing; it never leaves in clear. `again`: how many
    rows of this file before it are the same in everything that tells rows apart.
    """

    number: int
    on: date
    amount_fen: int
    balance_fen: int | None = None
    words: str = ""
    name: str = ""
    account: str = ""
    serial: str = ""
    receipt: str = ""
    again: int = 0

    @property
    def tail(self) -> str:
        """The last four signs of the other party's account."""
        return self.account[-TAIL:]

    @property
    def told_apart_by(self) -> str:
        """What makes it this row and no other, however often its file is brought and with whichever other rows."""
        parts = (self.on, self.amount_fen, self.balance_fen, self.account, self.serial, self.receipt)
        return "\n".join("" if part is None else str(part) for part in parts)


@dataclass(frozen=True)
class Fault:
    """That a cell cannot be read: row from 1, the column as Excel names it and what it should tell."""

    number: int
    place: str
    column: Column
    code: str


@dataclass(frozen=True)
class Gap:
    """A row whose balance does not follow from the one before: rows are missing, doubled or changed."""

    number: int
    expected_fen: int
    told_fen: int


@dataclass(frozen=True)
class Statement:
    """A whole file: its movements in the order of time, what could not be read, sums passed over, gaps."""

    movements: tuple[Movement, ...]
    faults: tuple[Fault, ...] = ()
    sums: int = 0
    gaps: tuple[Gap, ...] = ()


def read_rows(rows: Mapping[int, Row], columns: Mapping[Column, int]) -> Statement:
    """The rows below the titles, by number from 0. A row with a fault is not among the movements."""
    movements: list[Movement] = []
    faults: list[Fault] = []
    sums = 0
    for at, row in sorted(rows.items()):
        if is_sum(row, columns):
            sums += 1
            continue
        found = _Reader(at + 1, row, columns).read()
        if isinstance(found, Movement):
            movements.append(found)
        else:
            faults += found
    ordered = in_order(movements)
    return Statement(tuple(_numbered(ordered)), tuple(faults), sums, tuple(gaps(ordered)))


def is_sum(row: Row, columns: Mapping[Column, int]) -> bool:
    """Whether a row is no movement: a sum, a balance carried over, or a line of words below the table."""
    texts = [_plain(text) for _, text in sorted(row.items()) if text.strip()]
    day = _plain(row.get(columns[Column.DAY], ""))
    if parse_day(day) is not None and not _WITHOUT_DAY.fullmatch(day):
        words = _plain(row.get(columns.get(Column.WORDS, -1), ""))
        return bool(_SUM.fullmatch(words)) and _nothing_moved(row, columns)
    return any(_SUM.match(text) for text in texts) or _is_note(day, row, columns)


def _is_note(day: str, row: Row, columns: Mapping[Column, int]) -> bool:
    """Who made the table, when it was printed: no day where days stand, and no amount where amounts do."""
    money = (Column.IN, Column.OUT, Column.AMOUNT, Column.BALANCE)
    cells = (_plain(row.get(columns.get(each, -1), "")) for each in money)
    return (not day or ":" in day) and not any(text and _NUMBER.fullmatch(_MARKS.sub("", text)) for text in cells)


def _nothing_moved(row: Row, columns: Mapping[Column, int]) -> bool:
    moved = (row.get(columns.get(each, -1), "") for each in (Column.IN, Column.OUT, Column.AMOUNT))
    return all(_plain(text) in _NOTHING for text in moved)


def fen_of(text: str) -> int:
    """An amount in yuan as fen: 1,000.00 · ￥１０００ · (12.50) · 12.50-. Refused("statement_amount")."""
    told = _MARKS.sub("", unicodedata.normalize("NFKC", text))
    is_negative = (told.startswith("(") and told.endswith(")")) or (len(told) > 1 and told.endswith("-"))
    told = told.strip("()").rstrip("-")
    if not _NUMBER.fullmatch(told):
        raise Refused("statement_amount")
    fen = Decimal(told) * 100
    whole = fen.quantize(Decimal(1), ROUND_HALF_EVEN) if abs(fen) < MOST_FEN else None
    if whole is None or abs(fen - whole) > _FLOAT_DUST * 100:
        raise Refused("statement_amount")
    return -int(whole) if is_negative else int(whole)


def day_of(text: str) -> date:
    """The day of a cell, in the four forms of rosters; a time behind it is left out. Refused("statement_day")."""
    told = unicodedata.normalize("NFKC", text).strip()
    found = parse_day(told) or parse_day(told.split(" ")[0])
    if found is None or found == FOREVER or _WITHOUT_DAY.fullmatch(re.sub(r"\s", "", told)):
        raise Refused("statement_day")
    return found


def in_order(movements: Sequence[Movement]) -> list[Movement]:
    """As time went: banks tell the newest first or last. Of both orders the one with fewer gaps; else by days."""
    forward, backward = list(movements), list(reversed(movements))
    if not movements or movements[0].on < movements[-1].on:
        return forward
    if movements[0].on > movements[-1].on:
        return backward
    return backward if len(gaps(backward)) < len(gaps(forward)) else forward


def gaps(ordered: Sequence[Movement]) -> list[Gap]:
    """Where the running balance does not follow from the row before. Rows without a balance say nothing."""
    found: list[Gap] = []
    expected: int | None = None
    for each in ordered:
        if expected is not None:
            expected += each.amount_fen
            if each.balance_fen is not None and each.balance_fen != expected:
                found.append(Gap(each.number, expected, each.balance_fen))
        expected = each.balance_fen if each.balance_fen is not None else expected
    return found


def _numbered(ordered: Iterable[Movement]) -> list[Movement]:
    seen: Counter[str] = Counter()
    found = []
    for each in ordered:
        found.append(replace(each, again=seen[each.told_apart_by]))
        seen[each.told_apart_by] += 1
    return found


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


class _Reader:
    """Reads one row and gathers what is wrong with it."""

    def __init__(self, number: int, row: Row, columns: Mapping[Column, int]) -> None:
        self.number, self.row, self.columns = number, row, columns
        self.faults: list[Fault] = []

    def read(self) -> Movement | list[Fault]:
        """The movement, or all its faults."""
        on, amount, balance = self._day(), self._amount(), self._fen(Column.BALANCE)
        account = self._account()
        if self.faults or on is None or amount is None:
            return self.faults
        told = {field: self._text(field)[:LONGEST_WORDS] for field in (Column.WORDS, Column.NAME)}
        serial, receipt = self._key(Column.SERIAL), self._key(Column.RECEIPT)
        return Movement(
            self.number, on, amount, balance, told[Column.WORDS], told[Column.NAME], account, serial, receipt
        )

    def _text(self, column: Column) -> str:
        return self.row.get(self.columns.get(column, -1), "").strip()

    def _key(self, column: Column) -> str:
        """A number that names something: half-width, upper case, without spaces."""
        return _plain(self._text(column)).upper()[:64]

    def _fault(self, column: Column, code: str) -> None:
        self.faults.append(Fault(self.number, letters(self.columns[column]), column, code))

    def _day(self) -> date | None:
        try:
            return day_of(self._text(Column.DAY))
        except Refused as refused:
            self._fault(Column.DAY, refused.code)
            return None

    def _fen(self, column: Column) -> int | None:
        """None where nothing is told."""
        text = self._text(column)
        if _plain(text) in _NOTHING - {"0", "0.00"}:
            return None
        try:
            return fen_of(text)
        except (Refused, InvalidOperation):
            self._fault(column, "statement_amount")
            return None

    def _account(self) -> str:
        told = _plain(self._text(Column.ACCOUNT)).replace("-", "").lstrip("'").upper()
        if _LOST.fullmatch(told):
            self._fault(Column.ACCOUNT, "statement_account_lost")
        return told[:64]

    def _amount(self) -> int | None:
        if Column.IN in self.columns and Column.OUT in self.columns:
            came, went = self._fen(Column.IN) or 0, self._fen(Column.OUT) or 0
            return self._moved(came - went, Column.IN, has_both=bool(came and went))
        told = self._fen(Column.AMOUNT) or 0
        if Column.SIDE not in self.columns:  # the sign tells
            return self._moved(told, Column.AMOUNT)
        side = _SIDES.get(_plain(self._text(Column.SIDE)).casefold())
        if side is None:
            self._fault(Column.SIDE, "statement_side")
            return None
        return self._moved(told * side, Column.AMOUNT)

    def _moved(self, fen: int, column: Column, *, has_both: bool = False) -> int | None:
        if has_both:
            self._fault(column, "statement_both")
            return None
        if not fen:
            if not any(fault.column is column or fault.column is Column.OUT for fault in self.faults):
                self._fault(column, "statement_nothing")
            return None
        return fen
