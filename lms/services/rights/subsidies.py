"""What is erased of a person in claims, payments and lists; what was paid, and for what, stays."""

import json
import uuid
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.identity import GONE
from lms.models.crosschecks import OutsideEntry
from lms.models.eligibility import GroupEvidence
from lms.models.funds import FundBatch, FundPayment
from lms.models.payees import PayeeAccount
from lms.models.people import PersonDocument
from lms.models.publicity import NoticeObjection, PublicNoticeRow
from lms.models.reconciliation import BankStatementRow
from lms.services.rights.gone import Overwrite


def forget_outside(session: Session, _keyring: Keyring, person_id: uuid.UUID, _now: datetime) -> None:
    """Her numbers on lists from outside: nobody is compared with them any more."""
    pids = select(PersonDocument.pid).where(PersonDocument.person_id == person_id)
    session.execute(delete(OutsideEntry).where(OutsideEntry.pid.in_(pids)))


def _groups(session: Session, _keyring: Keyring, person_id: uuid.UUID, _now: datetime) -> None:
    """That a group was verified stays with the claims that rest on it; the number of the paper goes."""
    mine = update(GroupEvidence).where(GroupEvidence.person_id == person_id)
    session.execute(mine.values(number_sealed=""))


def _payee_accounts(session: Session, _keyring: Keyring, person_id: uuid.UUID, _now: datetime) -> None:
    """Her accounts: that there was one stays, as the ledger says what was paid; bank and number go."""
    for each in session.scalars(select(PayeeAccount).where(PayeeAccount.person_id == person_id)):
        each.account_sealed, each.account_index, each.account_tail = "", f"erased:{each.id.hex}", ""
        each.holder = each.bank = GONE


def _publicity(session: Session, _keyring: Keyring, person_id: uuid.UUID, _now: datetime) -> None:
    """Her rows in public notices keep what was paid for, not to whom; her objections keep what became of them."""
    rows = update(PublicNoticeRow).where(PublicNoticeRow.person_id == person_id)
    session.execute(rows.values(name=GONE, document=""))
    mine = update(NoticeObjection).where(NoticeObjection.person_id == person_id)
    session.execute(mine.values(words=GONE, contact_sealed=""))


def _bank_rows(session: Session, keyring: Keyring, person_id: uuid.UUID, _now: datetime) -> None:
    """What the bank's statements tell of transfers to her account: words, name, number; day and amount stay."""
    hers = select(FundPayment, FundBatch.book_id).join(FundBatch, FundBatch.id == FundPayment.batch_id)
    hers = hers.where(FundPayment.person_id == person_id, FundPayment.payee_kind == "person")
    gone = json.dumps({"words": GONE, "name": GONE, "account": ""}, ensure_ascii=False)
    for payment, book_id in session.execute(hers.where(FundPayment.account_sealed != "")).all():
        number = keyring.open(payment.account_sealed, f"fund_payments:{payment.id}:account")
        near = BankStatementRow.book_id == book_id, BankStatementRow.account_tail == payment.account_tail
        for row in session.scalars(select(BankStatementRow).where(*near)):
            place = f"bank_statement_rows:{row.id}:told"
            told = json.loads(keyring.open(row.told_sealed, place))
            if told["account"] == number or told["name"] == payment.payee_name:
                row.told_sealed = keyring.seal(gone, place)
    session.flush()


def _payments(session: Session, _keyring: Keyring, person_id: uuid.UUID, _now: datetime) -> None:
    """Where her own money went; that it was paid, for what and how much stays in the ledger."""
    hers = (FundPayment.person_id == person_id) & (FundPayment.payee_kind == "person")
    gone = {"payee_name": GONE, "bank": GONE, "account_sealed": "", "account_tail": ""}
    session.execute(update(FundPayment).where(hers).values(**gone))


OVERWRITES: tuple[Overwrite, ...] = (_groups, _payee_accounts, _publicity, _bank_rows, _payments)
"""Rows of the bank before payments, by whose accounts they are found."""
OVERWRITTEN = {
    *("group_evidence", "payee_accounts", "notice_objections", "fund_payments", "outside_entries"),
    "bank_statement_rows",
}
"""The tables that these and `forget_outside` deal with."""
