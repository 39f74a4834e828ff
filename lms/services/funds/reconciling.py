"""A month of a book against the bank: matched, explained, prepared by one human, signed by another, closed."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain.errors import Conflict, NotFound
from lms.domain.funds import accounts, month, reconciliation
from lms.domain.funds import payments as payment_rules
from lms.domain.funds.accounts import Account as Place
from lms.domain.funds.accounts import Move, PostingKind
from lms.domain.funds.month import Sums
from lms.domain.funds.reconciliation import BankRow, LedgerKind, LedgerRow, Month, Outcome
from lms.domain.funds.statement_rows import TAIL
from lms.models.accounts import Account
from lms.models.base import new_id
from lms.models.funds import FundBook, FundEntry, FundPayment, FundPosting
from lms.models.organisations import Organisation
from lms.models.reconciliation import (
    BankStatement,
    BankStatementRow,
    DifferenceWords,
    Reconciliation,
    ReconciliationSigning,
)
from lms.services import audit, humans
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
    return _look(session, books.get(session, actor, book_id), first)


def _look(session: Session, book: FundBook, first: date) -> MonthView:
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


def explain(
    session: Session, actor: Actor, book_id: uuid.UUID, first: date, key: str, words: str, *, now: datetime
) -> None:
    """Says why a difference is there. NotFound (no such difference); Conflict; Refused: difference_words."""
    book = books.get(session, actor, book_id, lock=True)
    found = _look(session, book, first)
    _check_open(found)
    if key not in {each.key for each in found.outcome.differences}:
        raise NotFound
    said = month.check_words(words)
    told = {"book_id": book.id, "month_on": found.month.first, "key": key, "words": said}
    session.add(DifferenceWords(**told, said_by=actor.account_id, said_at=now))
    session.flush()
    _record(session, actor, book, "funds.explain", found.month, now)


def prepare(session: Session, actor: Actor, book_id: uuid.UUID, first: date, *, now: datetime) -> uuid.UUID:
    """Freezes the table of a month; what is already frozen and the same stays.

    NotFound; Conflict: reconciliation_signed; Refused: reconciliation_early, difference_unexplained.
    """
    book = books.get(session, actor, book_id, lock=True)
    found = _look(session, book, first)
    _check_open(found)
    month.check_over(found.month.after, clock.civil_day(now))
    month.check_explained(found.outcome.differences, found.words)
    if found.prepared is not None and found.is_current:
        return found.prepared.id
    made = Reconciliation(
        id=new_id(),
        book_id=book.id,
        month_on=found.month.first,
        round=found.prepared.round + 1 if found.prepared else 1,
        content=found.content,
        digest=month.digest(found.content),
        prepared_by=actor.account_id,
        prepared_at=now,
    )
    session.add(made)
    session.flush()
    _record(session, actor, book, "funds.prepare", found.month, now)
    return made.id


def sign(session: Session, actor: Actor, reconciliation_id: uuid.UUID, digest: str, *, now: datetime) -> None:
    """Another human signs what she read (`digest`), and the month is closed.

    NotFound; Conflict: reconciliation_signed, reconciliation_stale (something moved since), funds_same_human;
    Refused: reconciliation_early, funds_close_gap.
    """
    prepared = session.get(Reconciliation, reconciliation_id)
    if prepared is None:
        raise NotFound
    book = books.get(session, actor, prepared.book_id, lock=True)
    found = _look(session, book, prepared.month_on)
    _check_open(found)
    if found.prepared is None or found.prepared.id != prepared.id or not found.is_current or digest != prepared.digest:
        raise Conflict("reconciliation_stale")
    payment_rules.check_other_human(humans.is_same(session, prepared.prepared_by, actor.account_id))
    month.check_over(found.month.after, clock.civil_day(now))
    told = {"book_id": book.id, "month_on": found.month.first, "signed_by": actor.account_id, "signed_at": now}
    session.add(ReconciliationSigning(reconciliation_id=prepared.id, **told))
    session.flush()
    _record(session, actor, book, "funds.sign", found.month, now)
    if found.month.first not in books.closed_months(session, book.id):
        books.close_month(session, actor, book.id, found.month.first, now=now)


def _check_open(found: MonthView) -> None:
    if found.signed is not None:
        raise Conflict("reconciliation_signed")


def _record(session: Session, actor: Actor, book: FundBook, action: str, chosen: Month, now: datetime) -> None:
    place = {"account_id": actor.account_id, "organisation_id": book.organisation_id}
    audit.record(session, action, book.id, now=now, detail={"month": f"{chosen.first:%Y-%m}"}, **place)


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


def names_of(session: Session, found: MonthView) -> tuple[str, str]:
    """编制人 and 复核人, "" where there is none yet."""
    prepared_by = found.prepared.prepared_by if found.prepared else None
    signed_by = found.signed.signed_by if found.signed else None
    ids = [each for each in (prepared_by, signed_by) if each is not None]
    names = {row.id: row.name for row in session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))}
    return (names[prepared_by] if prepared_by else "", names[signed_by] if signed_by else "")
