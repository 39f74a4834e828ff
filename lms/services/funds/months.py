"""A month of a book against the bank as it stands: both sides, what matches, what differs, what was signed."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.domain.errors import NotFound
from lms.domain.funds import accounts, month, reconciliation
from lms.domain.funds.accounts import Account as Place
from lms.domain.funds.accounts import Move, PostingKind
from lms.domain.funds.month import Sums
from lms.domain.funds.reconciliation import BankRow, LedgerKind, LedgerRow, Month, Outcome
from lms.domain.funds.statement_rows import TAIL
from lms.models.funds import FundBook, FundEntry, FundPayment, FundPosting
from lms.models.organisations import Organisation
from lms.models.reconciliation import (
    BankStatement,
    BankStatementRow,
    DifferenceWords,
    Reconciliation,
    ReconciliationSigning,
)
from lms.services import humans, pasts
from lms.services.funds import books
from lms.services.scopes import Actor

AROUND = timedelta(days=reconciliation.MOST_DAYS_APART)
KINDS = {
    PostingKind.APPROPRIATION: (LedgerKind.APPROPRIATION, 1),
    PostingKind.PAID: (LedgerKind.PAYMENT, -1),
    PostingKind.REPAID: (LedgerKind.PAYMENT, -1),
    PostingKind.RETURNED: (LedgerKind.RETURN, 1),
    PostingKind.CLAWBACK: (LedgerKind.CLAWBACK, 1),
}
"""What moved the bank's money, and in which direction; the other postings move it between our own accounts."""


@dataclass(frozen=True)
class MonthView:
    """A month as it stands now. `words`: by difference; `signed`: what somebody signed, None before."""

    book: FundBook
    month: Month
    sums: Sums
    outcome: Outcome
    words: dict[str, str]
    statements: tuple[str, ...]
    content: str
    prepared: Reconciliation | None
    signed: ReconciliationSigning | None

    @property
    def is_current(self) -> bool:
        """Whether what was prepared is what would be prepared now."""
        return self.prepared is not None and self.prepared.digest == month.digest(self.content)

    @property
    def unexplained(self) -> int:
        """How many differences nobody has said anything about."""
        return sum(not self.words.get(each.key) for each in self.outcome.differences)


def look(session: Session, actor: Actor, book_id: uuid.UUID, first: date) -> MonthView:
    """A month of one of her books, matched anew; once it is signed, the table is what was signed. NotFound."""
    return of_book(session, books.get(session, actor, book_id), first)


def of_book(session: Session, book: FundBook, first: date) -> MonthView:
    chosen = Month(first.replace(day=1))
    bank, ledger = _bank(session, book.id, chosen), _ledger(session, book.id, chosen)
    outcome = reconciliation.match(bank, ledger, chosen)
    words = _words(session, book.id, chosen.first)
    sums = _sums(session, book.id, chosen, bank, ledger)
    statements = _statements(session, book.id, chosen)
    place = session.get_one(Organisation, book.organisation_id).name
    facts = {"book": str(book.id), "organisation": place, "fund": book.fund, "month": f"{chosen.first:%Y-%m}"}
    content = month.content({**facts, "statements": list(statements)}, sums, outcome, words)
    prepared, signed = _prepared(session, book.id, chosen.first), _signed(session, book.id, chosen.first)
    if signed is not None:
        prepared = session.get_one(Reconciliation, signed.reconciliation_id)
    return MonthView(book, chosen, sums, outcome, words, statements, content, prepared, signed)


def _bank(session: Session, book_id: uuid.UUID, chosen: Month) -> list[BankRow]:
    days = BankStatementRow.moved_on.between(chosen.first - AROUND, chosen.after + AROUND)
    rows = session.scalars(select(BankStatementRow).where(BankStatementRow.book_id == book_id, days))
    return [BankRow(row.id, row.moved_on, row.amount_fen, _numbers(row), row.account_tail) for row in rows]


def _numbers(row: BankStatementRow) -> tuple[str, ...]:
    return tuple(dict.fromkeys(number for number in (row.receipt, row.serial) if number))


def _ledger(session: Session, book_id: uuid.UUID, chosen: Month) -> list[LedgerRow]:
    total = func.sum(FundEntry.amount_fen)
    query = select(FundPosting, FundPayment.account_tail, total).join(FundEntry, FundEntry.posting_id == FundPosting.id)
    query = query.outerjoin(FundPayment, FundPayment.id == FundPosting.payment_id)
    near = FundPosting.fact_on.between(chosen.first - AROUND, chosen.after + AROUND)
    kinds = FundPosting.kind.in_([kind.value for kind in KINDS])
    query = query.where(FundPosting.book_id == book_id, kinds, near | (FundPosting.period_on == chosen.first))
    rows = session.execute(query.group_by(FundPosting.id, FundPayment.account_tail))
    return [_entry(posting, tail or "", int(fen)) for posting, tail, fen in rows]


def _entry(posting: FundPosting, tail: str, fen: int) -> LedgerRow:
    kind, sign = KINDS[PostingKind(posting.kind)]
    numbers = ("".join(posting.receipt.split()).upper(),) if posting.receipt else ()
    return LedgerRow(posting.id, posting.fact_on, sign * fen, kind, numbers, tail[-TAIL:], posting.period_on)


def _sums(
    session: Session, book_id: uuid.UUID, chosen: Month, bank: Sequence[BankRow], ledger: Sequence[LedgerRow]
) -> Sums:
    moved = [row.amount_fen for row in bank if row.on in chosen]
    rows = [row for row in ledger if row.counts_on in chosen]
    batches = _batches(session, book_id, chosen)
    return month.sums_of(_opening(session, book_id, chosen), rows, batches, moved, _balance(session, book_id, chosen))


def _opening(session: Session, book_id: uuid.UUID, chosen: Month) -> int:
    """What lay in the book before the month, by the months postings count for."""
    total = func.sum(FundEntry.amount_fen)
    query = select(FundEntry.from_account, FundEntry.to_account, total).join(FundPosting)
    query = query.where(FundPosting.book_id == book_id, FundPosting.period_on < chosen.first)
    rows = session.execute(query.group_by(FundEntry.from_account, FundEntry.to_account))
    moves = [Move(Place(left), Place(right), int(fen)) for left, right, fen in rows]
    return accounts.held(accounts.balances(moves))


def _batches(session: Session, book_id: uuid.UUID, chosen: Month) -> int:
    """批次应付合计: what was agreed to be paid, less what was given up again."""
    query = select(FundPosting.kind, func.sum(FundEntry.amount_fen)).join(FundEntry)
    query = query.where(FundPosting.book_id == book_id, FundPosting.period_on == chosen.first)
    kinds = (PostingKind.BATCH.value, PostingKind.DROPPED.value)
    found = {kind: int(fen) for kind, fen in session.execute(query.group_by(FundPosting.kind)) if kind in kinds}
    return found.get(PostingKind.BATCH.value, 0) - found.get(PostingKind.DROPPED.value, 0)


def _balance(session: Session, book_id: uuid.UUID, chosen: Month) -> int | None:
    """The balance behind the last row of the month that tells one."""
    told = BankStatementRow.balance_fen.is_not(None)
    days = (BankStatementRow.moved_on >= chosen.first) & (BankStatementRow.moved_on < chosen.after)
    query = select(BankStatementRow.balance_fen).where(BankStatementRow.book_id == book_id, days, told)
    last = (BankStatementRow.moved_on.desc(), BankStatementRow.statement_id.desc(), BankStatementRow.place.desc())
    return session.scalar(query.order_by(*last).limit(1))


def _statements(session: Session, book_id: uuid.UUID, chosen: Month) -> tuple[str, ...]:
    """The SHA-256 of the files that tell of the month."""
    days = (BankStatement.first_on < chosen.after) & (BankStatement.last_on >= chosen.first)
    query = select(BankStatement.sha256).where(BankStatement.book_id == book_id, days)
    return tuple(session.scalars(query.order_by(BankStatement.sha256)))


def _words(session: Session, book_id: uuid.UUID, first: date) -> dict[str, str]:
    mine = select(DifferenceWords).where(DifferenceWords.book_id == book_id, DifferenceWords.month_on == first)
    return {row.key: row.words for row in session.scalars(mine.order_by(DifferenceWords.id))}


def _prepared(session: Session, book_id: uuid.UUID, first: date) -> Reconciliation | None:
    mine = select(Reconciliation).where(Reconciliation.book_id == book_id, Reconciliation.month_on == first)
    return session.scalar(mine.order_by(Reconciliation.round.desc()).limit(1))


def _signed(session: Session, book_id: uuid.UUID, first: date) -> ReconciliationSigning | None:
    mine = (ReconciliationSigning.book_id == book_id, ReconciliationSigning.month_on == first)
    return session.scalar(select(ReconciliationSigning).where(*mine))


def list_months(session: Session, actor: Actor, book_id: uuid.UUID, today: date) -> list[date]:
    """The months of a book, the newest first: from its first posting or bank row to this one. NotFound."""
    book = books.get(session, actor, book_id)
    firsts = (
        session.scalar(select(func.min(FundPosting.period_on)).where(FundPosting.book_id == book.id)),
        session.scalar(select(func.min(BankStatementRow.moved_on)).where(BankStatementRow.book_id == book.id)),
    )
    at = min((each for each in firsts if each is not None), default=today).replace(day=1)
    found = []
    while at <= today:
        found.append(at)
        at = Month(at).after
    return found[::-1]


def signed_months(session: Session, actor: Actor, book_id: uuid.UUID) -> set[date]:
    """The months of a book that somebody signed. NotFound."""
    book = books.get(session, actor, book_id)
    mine = select(ReconciliationSigning.month_on).where(ReconciliationSigning.book_id == book.id)
    return set(session.scalars(mine))


def of(session: Session, actor: Actor, reconciliation_id: uuid.UUID) -> MonthView:
    """The month that a prepared table is of; `prepared` and `signed` tell of this one. NotFound: a book not hers."""
    made = session.get(Reconciliation, reconciliation_id)
    if made is None:
        raise NotFound
    found = look(session, actor, made.book_id, made.month_on)
    is_signed = found.signed is not None and found.signed.reconciliation_id == made.id
    return replace(found, prepared=made, signed=found.signed if is_signed else None)


def is_own(session: Session, actor: Actor, found: MonthView) -> bool:
    """Whether who looks prepared it herself, under whichever account."""
    return found.prepared is not None and humans.is_same(session, found.prepared.prepared_by, actor.account_id)


def names_of(session: Session, found: MonthView) -> tuple[str, str]:
    """编制人 and 复核人 as they were called when they did so, "" where there is none yet."""
    prepared, signed = found.prepared, found.signed
    return (
        _called(session, prepared.prepared_by, prepared.prepared_at) if prepared else "",
        _called(session, signed.signed_by, signed.signed_at) if signed else "",
    )


def _called(session: Session, account_id: uuid.UUID, at: datetime) -> str:
    return pasts.staff_names(session, [account_id], at)[account_id]
