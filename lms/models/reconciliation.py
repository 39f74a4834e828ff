"""Reconciliation (定期对账): statements of the bank, what people say about differences, and the tables they signed."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class BankStatement(Identified, Base):
    """A file of a bank account's movements (银行流水), brought for a book. Insert-only; the same file is brought once.

    `rows`: new ones; `known`: those that other files had brought; `sums`: passed over; `gaps`: [row, expected, told],
    where the running balance does not follow, in fen.
    """

    __tablename__ = "bank_statements"
    __table_args__ = (UniqueConstraint("book_id", "sha256"),)

    book_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("fund_books.id"))
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    first_on: Mapped[date]
    last_on: Mapped[date]
    rows: Mapped[int]
    known: Mapped[int]
    sums: Mapped[int]
    gaps: Mapped[list[Any]]
    brought_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    brought_at: Mapped[datetime]


class BankStatementRow(Identified, Base):
    """One movement of the account; `amount_fen` is negative for what went out. Insert-only but for its seal.

    `told_sealed`: words, name and account number of the other party as one document, bound to
    `bank_statement_rows:{id}:told`. `fingerprint`: keyed, over what tells rows apart; a book holds each once.
    """

    __tablename__ = "bank_statement_rows"
    __table_args__ = (
        UniqueConstraint("book_id", "fingerprint"),
        Index("ix_bank_statement_rows_book_id_moved_on", "book_id", "moved_on"),
        Index("ix_bank_statement_rows_statement_id", "statement_id"),
    )

    statement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_statements.id"))
    book_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("fund_books.id"))
    number: Mapped[int]
    place: Mapped[int]
    moved_on: Mapped[date]
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    balance_fen: Mapped[int | None] = mapped_column(BigInteger)
    told_sealed: Mapped[str] = mapped_column(Text)
    account_tail: Mapped[str] = mapped_column(String(8))
    serial: Mapped[str] = mapped_column(String(64))
    receipt: Mapped[str] = mapped_column(String(64))
    fingerprint: Mapped[str] = mapped_column(String(64))


class DifferenceWords(Identified, Base):
    """What a human says about a difference of a month; the last words count. Insert-only.

    `key`: domain/funds/reconciliation.Difference.key.
    """

    __tablename__ = "difference_words"
    __table_args__ = (Index("ix_difference_words_book_id_month_on", "book_id", "month_on"),)

    book_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("fund_books.id"))
    month_on: Mapped[date]
    key: Mapped[str] = mapped_column(String(100))
    words: Mapped[str] = mapped_column(Text)
    said_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    said_at: Mapped[datetime]


class Reconciliation(Identified, Base):
    """A 对账表 of a book and month as somebody prepared it, frozen. Insert-only; prepared again is another round.

    `content`: canonical JSON of domain/funds/month.Form, `digest` its SHA-256.
    """

    __tablename__ = "reconciliations"
    __table_args__ = (UniqueConstraint("book_id", "month_on", "round"),)

    book_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("fund_books.id"))
    month_on: Mapped[date]
    round: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    prepared_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    prepared_at: Mapped[datetime]


class ReconciliationSigning(Base):
    """That another human signed one; a month of a book is signed once. Insert-only."""

    __tablename__ = "reconciliation_signings"
    __table_args__ = (UniqueConstraint("book_id", "month_on"),)

    reconciliation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reconciliations.id"), primary_key=True)
    book_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("fund_books.id"))
    month_on: Mapped[date]
    signed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    signed_at: Mapped[datetime]
