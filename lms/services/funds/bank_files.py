"""The file for the bank: account numbers are opened only here, while it is made, and each time is on record."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.errors import Conflict, Refused
from lms.domain.funds import bank_files as rules
from lms.domain.funds.bank_files import Line
from lms.domain.funds.payments import EXPENSES, BatchState
from lms.domain.subsidies import SubsidyKind
from lms.models.funds import FundPayment
from lms.services import exports
from lms.services.funds import batches, doubles, standing
from lms.services.funds.sealing import open_payment
from lms.services.scopes import Actor

OFFERED = (BatchState.CHECKED, BatchState.SENT)


@dataclass(frozen=True)
class BankFile:
    """What the file of a batch holds, with whole account numbers."""

    number: str
    lines: list[Line]
    rows: list[tuple[str, ...]]


def make(
    session: Session, keyring: Keyring, actor: Actor, batch_id: uuid.UUID, file_format: str, *, now: datetime
) -> BankFile:
    """The lines of a batch that two humans agreed to.

    NotFound; Conflict: batch_state, batch_drop_asked, batch_stale (what it pays is by now in another payment as well);
    Refused: bank_account_missing, bank_file_sum (it would not agree to the fen).
    """
    book, batch = batches.locked(session, actor, batch_id)  # for whoever gives it up asks whether it was fetched
    if BatchState(batch.state) not in OFFERED:
        raise Conflict("batch_state", state=batch.state)
    standing.check_not_asked(session, batch.id)
    if batch.state == BatchState.CHECKED.value:  # of what the bank has, its file stays
        doubles.check_batch(session, batch.id)
    found = session.scalars(select(FundPayment).where(FundPayment.batch_id == batch.id).order_by(FundPayment.place))
    lines = [_line(keyring, each) for each in found]
    if (len(lines), rules.total(lines)) != (batch.count, batch.total_fen):
        raise Refused("bank_file_sum")
    rows = rules.rows(lines)
    exports.record(
        session,
        actor,
        standing.FILE,
        {"batch": str(batch.id)},
        file_format=file_format,
        rows=len(lines),
        organisation_id=book.organisation_id,
        unmasked=True,
        purpose=batch.number,
        now=now,
    )
    return BankFile(batch.number, lines, rows)


def _line(keyring: Keyring, payment: FundPayment) -> Line:
    return Line(
        place=payment.place,
        reference=payment.reference,
        payee=payment.payee_name,
        account=open_payment(keyring, payment),
        bank=payment.bank,
        amount_fen=payment.amount_fen,
        purpose=EXPENSES[SubsidyKind(payment.kind)],
    )
