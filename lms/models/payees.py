"""Accounts to which subsidies are paid: of institutions, and of learners for their own living allowance."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class PayeeAccount(Identified, Base):
    """One account as it was entered; never changed, but for `state` (domain/claims/payees.py) and for an erasure.

    `card`: bank, or social_card (社会保障卡). `account_index`: by which the same number is found again, at whomever;
    `account_tail`: its last four signs. Exactly one of `organisation_id` and `person_id` is set.
    """

    __tablename__ = "payee_accounts"
    __table_args__ = (
        CheckConstraint("(organisation_id IS NULL) <> (person_id IS NULL)", name="one_owner"),
        Index("ix_payee_accounts_organisation_id", "organisation_id"),
        Index("ix_payee_accounts_person_id", "person_id"),
        Index("ix_payee_accounts_account_index", "account_index"),
    )

    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisations.id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    card: Mapped[str] = mapped_column(String(12))
    holder: Mapped[str] = mapped_column(String(120))
    bank: Mapped[str] = mapped_column(String(120))
    account_sealed: Mapped[str] = mapped_column(Text)
    account_index: Mapped[str] = mapped_column(String(64))
    account_tail: Mapped[str] = mapped_column(String(4))
    state: Mapped[str] = mapped_column(String(12))
    entered_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    entered_at: Mapped[datetime]


class PayeeStep(Identified, Base):
    """What was done with an account, in order: confirmed, turned down, replaced, withdrawn. Insert-only."""

    __tablename__ = "payee_steps"
    __table_args__ = (UniqueConstraint("payee_account_id", "number"),)

    payee_account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payee_accounts.id"))
    number: Mapped[int]
    act: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(Text)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
