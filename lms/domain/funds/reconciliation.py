"""A month of a fund: the bank's rows against the ledger's, each in at most one pair; what is left a human explains.

Pure, and the same whatever order the rows come in. Signs are the bank account's: positive came in, negative went out.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

MOST_DAYS_APART = 10
"""How far a row without a number may stand from its pair; a parameter of ours that nobody confirmed."""


class LedgerKind(StrEnum):
    """What a ledger row says of the money in the account."""

    APPROPRIATION = "appropriation"  # 拨入
    PAYMENT = "payment"  # 实付，含重付
    RETURN = "return"  # 退票
    CLAWBACK = "clawback"  # 追回


@dataclass(frozen=True)
class BankRow:
    """One row of a statement. `numbers`: 回单号 and 流水号, as far as told; `tail`: of the other party's account."""

    id: uuid.UUID
    on: date
    amount_fen: int
    numbers: tuple[str, ...] = ()
    tail: str = ""

    @property
    def counts_on(self) -> date:
        """A day of the month it counts for."""
        return self.on


@dataclass(frozen=True)
class LedgerRow:
    """One movement of the ledger: `numbers` are the bank's, as its answer told them.

    `on`: the day the bank is said to have moved it; `period_on`: a day of the month it counts for, where that is
    another one (what came after the month was closed counts for the next).
    """

    id: uuid.UUID
    on: date
    amount_fen: int
    kind: LedgerKind
    numbers: tuple[str, ...] = ()
    tail: str = ""
    period_on: date | None = None

    @property
    def counts_on(self) -> date:
        """A day of the month it counts for."""
        return self.period_on or self.on


class MatchedBy(StrEnum):
    """On what a pair rests, the surest first."""

    RECEIPT = "receipt"
    BULK = "bulk"  # one row of the bank for several payments under its receipt (批量代发)
    DAY = "day"  # amount, day and tail
    NEAR = "near"  # amount and tail, some days apart


class DifferenceKind(StrEnum):
    """What is to be explained."""

    BANK_ONLY = "bank_only"
    LEDGER_ONLY = "ledger_only"
    AMOUNT = "amount"  # one receipt, two amounts
    PERIOD = "period"  # the other side has it in another month


@dataclass(frozen=True)
class Match:
    """A bank row and what it pays in the ledger: one row, or under one receipt several."""

    bank: BankRow
    ledger: tuple[LedgerRow, ...]
    by: MatchedBy


@dataclass(frozen=True)
class Difference:
    """What does not agree. In PERIOD one side lies outside the month and counts nothing."""

    kind: DifferenceKind
    bank: BankRow | None = None
    ledger: LedgerRow | None = None
    bank_fen: int = 0
    ledger_fen: int = 0

    @property
    def key(self) -> str:
        """By which words about it are found again, however often the month is matched."""
        return "/".join([self.kind, *(str(each.id) for each in (self.bank, self.ledger) if each is not None)])

    @property
    def fen(self) -> int:
        """How much the bank has more than the ledger."""
        return self.bank_fen - self.ledger_fen


@dataclass(frozen=True)
class Outcome:
    """A month matched."""

    matches: tuple[Match, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Month:
    """A calendar month, by its first day."""

    first: date

    def __contains__(self, day: date) -> bool:
        return (day.year, day.month) == (self.first.year, self.first.month)

    @property
    def after(self) -> date:
        """The first day after it."""
        return date(self.first.year + self.first.month // 12, self.first.month % 12 + 1, 1)


def match(bank: Iterable[BankRow], ledger: Iterable[LedgerRow], month: Month) -> Outcome:
    """Pairs the rows of the month and of some days around it, which may hold the other side of a row of the month.

    By receipt number, then by amount, day and tail of the account, then by amount and tail some days apart. What one
    receipt names with two amounts is a difference, never a pair.
    """
    table = _Table(bank, ledger)
    table.pair(MatchedBy.RECEIPT, lambda row: [(number, row.amount_fen) for number in row.numbers])
    table.pair_bulk()
    unequal = table.unequal(month)
    table.pair(MatchedBy.DAY, lambda row: [(row.amount_fen, row.on, row.tail)] if row.tail else [])
    table.pair(MatchedBy.DAY, lambda row: [(row.amount_fen, row.on)], fits=_tail_unknown)
    table.pair_near()
    return table.outcome(month, unequal)


Row = BankRow | LedgerRow
Keys = Callable[[Row], Sequence[Hashable]]


def _always(_bank: BankRow, _ledger: LedgerRow) -> bool:
    return True


def _tail_unknown(bank: BankRow, ledger: LedgerRow) -> bool:
    return not bank.tail or not ledger.tail


def _place(row: Row) -> tuple[date, tuple[str, ...], str, uuid.UUID]:
    return (row.on, row.numbers, row.tail, row.id)


class _Table:
    """Both sides as they are crossed off."""

    def __init__(self, bank: Iterable[BankRow], ledger: Iterable[LedgerRow]) -> None:
        self.bank = sorted(bank, key=_place)
        self.ledger = sorted(ledger, key=_place)
        self.matches: list[Match] = []

    def _sweep(self, pairs: Iterable[tuple[BankRow, Sequence[LedgerRow]]]) -> None:
        """Takes away what was paired, once for many: a list is no set."""
        gone_bank: set[uuid.UUID] = set()
        gone_ledger: set[uuid.UUID] = set()
        for bank, ledger in pairs:
            gone_bank.add(bank.id)
            gone_ledger.update(each.id for each in ledger)
        self.bank = [each for each in self.bank if each.id not in gone_bank]
        self.ledger = [each for each in self.ledger if each.id not in gone_ledger]

    def pair(self, by: MatchedBy, keys: Keys, fits: Callable[[BankRow, LedgerRow], bool] = _always) -> None:
        """One bank row to one ledger row with which it shares a key, the earliest first."""
        pairs = [(bank, (row,)) for bank, row in _pairs(self.bank, self.ledger, keys, fits)]
        self._keep(by, pairs)

    def _keep(self, by: MatchedBy, pairs: Sequence[tuple[BankRow, tuple[LedgerRow, ...]]]) -> None:
        self.matches += [Match(bank, ledger, by) for bank, ledger in pairs]
        self._sweep(pairs)

    def pair_bulk(self) -> None:
        """One bank row that is the sum of all that is left of the ledger under its receipt, on its side."""
        by_number: dict[str, list[LedgerRow]] = defaultdict(list)
        for row in self.ledger:
            for number in row.numbers:
                by_number[number].append(row)
        taken: set[uuid.UUID] = set()
        pairs: list[tuple[BankRow, tuple[LedgerRow, ...]]] = []
        for bank in self.bank:
            for number in bank.numbers:
                rows = tuple(row for row in by_number.get(number, ()) if row.id not in taken)
                if len(rows) > 1 and sum(row.amount_fen for row in rows) == bank.amount_fen:
                    taken.update(row.id for row in rows)
                    pairs.append((bank, rows))
                    break
        self._keep(MatchedBy.BULK, pairs)

    def unequal(self, month: Month) -> list[Difference]:
        """What one receipt names with two amounts: taken off both sides and told."""
        pairs = _pairs(self.bank, self.ledger, lambda row: row.numbers, _always)
        self._sweep((bank, (row,)) for bank, row in pairs)
        here = [pair for pair in pairs if any(row.counts_on in month for row in pair)]
        return [_within(DifferenceKind.AMOUNT, bank, row, month) for bank, row in here]

    def pair_near(self) -> None:
        """Equal amounts to one known account some days apart, the nearest first."""
        waiting: dict[tuple[int, str], list[LedgerRow]] = defaultdict(list)
        for row in self.ledger:
            if row.tail:
                waiting[row.amount_fen, row.tail].append(row)
        near = [
            (abs((bank.on - row.on).days), _place(bank), _place(row), bank, row)
            for bank in self.bank
            for row in waiting.get((bank.amount_fen, bank.tail), ())
            if abs((bank.on - row.on).days) <= MOST_DAYS_APART
        ]
        taken: set[uuid.UUID] = set()
        pairs: list[tuple[BankRow, tuple[LedgerRow, ...]]] = []
        for _, _, _, bank, row in sorted(near, key=lambda each: each[:3]):
            if bank.id not in taken and row.id not in taken:
                taken |= {bank.id, row.id}
                pairs.append((bank, (row,)))
        self._keep(MatchedBy.NEAR, pairs)

    def outcome(self, month: Month, unequal: Iterable[Difference]) -> Outcome:
        """What lies in the month, in an order that rests on the rows alone."""
        differences = list(unequal)
        whole: list[Match] = []
        for each in self.matches:
            inside = [row.counts_on in month for row in each.ledger]
            if each.bank.counts_on in month and all(inside):
                whole.append(each)
            elif each.bank.counts_on in month or any(inside):
                differences += _across(each, month)
        bank_only = [each for each in self.bank if each.counts_on in month]
        ledger_only = [each for each in self.ledger if each.counts_on in month]
        differences += [Difference(DifferenceKind.BANK_ONLY, each, None, each.amount_fen) for each in bank_only]
        differences += [Difference(DifferenceKind.LEDGER_ONLY, None, each, 0, each.amount_fen) for each in ledger_only]
        whole.sort(key=lambda each: _place(each.bank))
        return Outcome(tuple(whole), tuple(sorted(differences, key=_told)))


def _pairs(
    bank: Sequence[BankRow],
    ledger: Sequence[LedgerRow],
    keys: Keys,
    fits: Callable[[BankRow, LedgerRow], bool],
) -> list[tuple[BankRow, LedgerRow]]:
    """Each bank row with the first free ledger row that shares a key with it and fits."""
    waiting: dict[Hashable, list[LedgerRow]] = defaultdict(list)
    for row in ledger:
        for key in keys(row):
            waiting[key].append(row)
    taken: set[uuid.UUID] = set()
    found: list[tuple[BankRow, LedgerRow]] = []
    for each in bank:
        rows = (row for key in keys(each) for row in waiting.get(key, ()))
        fitting = next((row for row in rows if row.id not in taken and fits(each, row)), None)
        if fitting is not None:
            taken.add(fitting.id)
            found.append((each, fitting))
    return found


def _within(kind: DifferenceKind, bank: BankRow, row: LedgerRow, month: Month) -> Difference:
    """A difference of two rows, of which only what lies in the month counts."""
    bank_fen = bank.amount_fen if bank.counts_on in month else 0
    return Difference(kind, bank, row, bank_fen, row.amount_fen if row.counts_on in month else 0)


def _across(found: Match, month: Month) -> list[Difference]:
    """A pair over the edge of the month: the bank row counts once, with the first of its ledger rows."""
    first, *others = [_within(DifferenceKind.PERIOD, found.bank, row, month) for row in found.ledger]
    return [first, *(replace(each, bank_fen=0) for each in others)]


def _told(each: Difference) -> tuple[str, date, str]:
    on = min(row.on for row in (each.bank, each.ledger) if row is not None)
    return (each.kind, on, each.key)
