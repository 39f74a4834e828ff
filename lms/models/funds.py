"""Paid subsidies: books of authorities, what is paid to whom, and the double-entry ledger of it."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified

LIVE = text("state IN ('waiting', 'paid', 'clawed_back')")
HELD = text("state IN ('waiting', 'paid')")


class FundBook(Identified, Base):
    """The book (专账) of one authority node for one fund. Its row is locked by whoever posts or closes."""

    __tablename__ = "fund_books"
    __table_args__ = (UniqueConstraint("organisation_id", "fund"),)

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    fund: Mapped[str] = mapped_column(String(16))
    opened_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    opened_at: Mapped[datetime]


class FundAppropriation(Identified, Base):
    """Money put into a book (拨入): entered by one human, in the ledger once another confirmed it.

    `state`: proposed, booked or refused. `received_on`: the day the bank shows it. `document`: number of the order.
    """

    __tablename__ = "fund_appropriations"

    book_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("fund_books.id"), index=True)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    received_on: Mapped[date]
    document: Mapped[str] = mapped_column(String(80))
    receipt: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(12))
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]


class FundBatch(Identified, Base):
    """Payments that go to the bank as one file. `state`: planned, checked, sent, answered or dropped.

    `number`: e.g. "BE2026-01", in order within a book. `count`, `total_fen`: of its payments, fixed when it is made.
    `digest`: SHA-256 over what is paid to whom, which both humans saw.
    """

    __tablename__ = "fund_batches"
    __table_args__ = (UniqueConstraint("book_id", "number"),)

    book_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("fund_books.id"), index=True)
    number: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(12))
    count: Mapped[int]
    total_fen: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    checked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    checked_at: Mapped[datetime | None]


class FundPayment(Identified, Base):
    """One line of a claim as it is paid. Only `state` and the seal of the account ever change.

    `state`: waiting, paid, returned, dropped or clawed_back. The database holds one live payment of a claim line, and
    one that is waiting or paid of an atom (`atom`, domain/funds/payments.atom_key), whatever the program does.
    `follows_id`: the returned payment that this one pays again. `reference`: what the bank answers by.
    `account_sealed` is bound to `fund_payments:{id}:account`. `level`: the ordered code 0–7, None without levels.
    """

    __tablename__ = "fund_payments"
    __table_args__ = (
        UniqueConstraint("batch_id", "place"),
        Index("uq_fund_payments_live_line", "line_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("uq_fund_payments_held_atom", "atom", unique=True, sqlite_where=HELD, postgresql_where=HELD),
        Index("ix_fund_payments_line_id", "line_id"),
        CheckConstraint("amount_fen > 0", name="amount"),
    )

    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("fund_batches.id"))
    place: Mapped[int]
    reference: Mapped[str] = mapped_column(String(24))
    line_id: Mapped[uuid.UUID]
    claim_id: Mapped[uuid.UUID] = mapped_column(index=True)
    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohorts.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    occupation: Mapped[str] = mapped_column(String(80))
    level: Mapped[int | None]
    atom: Mapped[str] = mapped_column(String(64))
    payee_kind: Mapped[str] = mapped_column(String(12))
    payee_id: Mapped[uuid.UUID]
    payee_name: Mapped[str] = mapped_column(String(200))
    bank: Mapped[str] = mapped_column(String(120))
    account_sealed: Mapped[str] = mapped_column(Text)
    account_tail: Mapped[str] = mapped_column(String(8))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    follows_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("fund_payments.id"))
    state: Mapped[str] = mapped_column(String(12))


class FundAnswer(Identified, Base):
    """What the bank answered to a batch: one file, read, and booked or not. The same file is one answer.

    `rows`: as domain/funds/answers.Row, without names and account numbers. `state`: read or booked. `digest`: SHA-256
    of the file. `problems`: rows that could not be read; nothing of a file with any is booked.
    """

    __tablename__ = "fund_answers"
    __table_args__ = (UniqueConstraint("batch_id", "digest"),)

    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("fund_batches.id"))
    digest: Mapped[str] = mapped_column(String(64))
    rows: Mapped[list[Any]]
    problems: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(String(12))
    read_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    read_at: Mapped[datetime]
    booked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    booked_at: Mapped[datetime | None]


class FundClawback(Identified, Base):
    """Money to be had back (追回). `state`: proposed, decided, refused or back. One that stands for a payment."""

    __tablename__ = "fund_clawbacks"
    __table_args__ = (
        Index(
            "uq_fund_clawbacks_standing",
            "payment_id",
            unique=True,
            sqlite_where=text("state <> 'refused'"),
            postgresql_where=text("state <> 'refused'"),
        ),
    )

    payment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("fund_payments.id"))
    reason: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(12))
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]


class FundAct(Identified, Base):
    """What was done with an appropriation, a batch or a clawback (`subject_id`), in order. Insert-only."""

    __tablename__ = "fund_acts"
    __table_args__ = (UniqueConstraint("subject_id", "place"),)

    book_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("fund_books.id"), index=True)
    subject_id: Mapped[uuid.UUID]
    place: Mapped[int]
    act: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]


class FundPosting(Identified, Base):
    """One posting of a book, in order; what it moves stands in its entries. Insert-only; corrections reverse.

    `key`: by which a retry is the same posting. `serial`: the 流水号 of those that are rows of the 发放台账, None of
    the others. `reverses_id`: 原流水. `fact_on`: the day the bank names; `booked_on`: the civil day it was booked;
    `period_on`: the first day of the month it counts for. `checked_by`: the second human of its batch or decision.
    """

    __tablename__ = "fund_postings"
    __table_args__ = (
        UniqueConstraint("book_id", "number"),
        UniqueConstraint("book_id", "serial"),
        UniqueConstraint("key"),
        Index("ix_fund_postings_book_id_period_on", "book_id", "period_on"),
    )

    book_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("fund_books.id"))
    number: Mapped[int]
    serial: Mapped[int | None]
    key: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(16))
    batch_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("fund_batches.id"), index=True)
    payment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("fund_payments.id"), index=True)
    reverses_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("fund_postings.id"))
    fact_on: Mapped[date]
    booked_on: Mapped[date]
    period_on: Mapped[date]
    booked_at: Mapped[datetime]
    receipt: Mapped[str] = mapped_column(String(60))
    note: Mapped[str] = mapped_column(Text)
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    checked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    booked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))


class FundEntry(Identified, Base):
    """What a posting takes from one account and puts into another: so that no posting can fail to balance. Insert-only.

    As signed entries: −amount on `from_account`, +amount on `to_account` (domain/funds/accounts.py).
    """

    __tablename__ = "fund_entries"
    __table_args__ = (
        UniqueConstraint("posting_id", "place"),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("from_account <> to_account", name="two_accounts"),
    )

    posting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("fund_postings.id"))
    place: Mapped[int]
    from_account: Mapped[str] = mapped_column(String(12))
    to_account: Mapped[str] = mapped_column(String(12))
    amount_fen: Mapped[int] = mapped_column(BigInteger)


class FundClose(Identified, Base):
    """A month of a book that takes no posting any more. `month_on`: its first day. Insert-only."""

    __tablename__ = "fund_closes"
    __table_args__ = (UniqueConstraint("book_id", "month_on"),)

    book_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("fund_books.id"))
    month_on: Mapped[date]
    closed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    closed_at: Mapped[datetime]
