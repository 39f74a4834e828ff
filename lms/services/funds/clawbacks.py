"""Clawbacks (追回): proposed by one human, decided by another, in the ledger when the money is back."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.db import IntegrityError
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.funds import payments as rules
from lms.domain.funds.accounts import PostingKind, moves
from lms.domain.funds.payments import Decided, PaymentState
from lms.domain.identity import holds_number
from lms.domain.subsidies import PastState
from lms.models.base import new_id
from lms.models.funds import FundBatch, FundBook, FundClawback, FundPayment, FundPosting
from lms.services import humans, payable
from lms.services.funds import books
from lms.services.funds.money_in import receipt_of
from lms.services.funds.posting import Wanted, post, record
from lms.services.scopes import Actor

LONGEST_REASON = 200


@dataclass(frozen=True)
class ClawbackView:
    """A clawback with the payment it is about."""

    id: uuid.UUID
    reference: str
    payee: str
    account_tail: str
    amount_fen: int
    reason: str
    state: Decided
    made_by: uuid.UUID
    made_at: datetime


def propose(session: Session, actor: Actor, payment_id: uuid.UUID, reason: str, *, now: datetime) -> uuid.UUID:
    """Asks that a payment be had back.

    NotFound; Refused: clawback_reason, clawback_personal, clawback_not_paid; Conflict: clawback_stands.
    """
    book, payment = _payment(session, actor, payment_id)
    told = " ".join(reason.split())
    if not 0 < len(told) <= LONGEST_REASON:
        raise Refused("clawback_reason", longest=LONGEST_REASON)
    if holds_number(told):
        raise Refused("clawback_personal")
    if payment.state != PaymentState.PAID.value:
        raise Refused("clawback_not_paid")
    made = FundClawback(
        id=new_id(),
        payment_id=payment_id,
        reason=told,
        state=Decided.PROPOSED.value,
        made_by=actor.account_id,
        made_at=now,
    )
    try:
        with session.begin_nested():
            session.add(made)
            session.flush()
    except IntegrityError as error:
        raise Conflict("clawback_stands") from error
    record(session, actor, book, made.id, "claw_propose", now=now)
    return made.id


def _payment(session: Session, actor: Actor, payment_id: uuid.UUID) -> tuple[FundBook, FundPayment]:
    found = session.get(FundPayment, payment_id)
    if found is None:
        raise NotFound
    place = session.get_one(FundBatch, found.batch_id).book_id
    book = books.get(session, actor, place, lock=True)
    session.refresh(found, with_for_update=True)
    return book, found


def _locked(session: Session, actor: Actor, clawback_id: uuid.UUID) -> tuple[FundBook, FundPayment, FundClawback]:
    found = session.get(FundClawback, clawback_id)
    if found is None:
        raise NotFound
    book, payment = _payment(session, actor, found.payment_id)
    session.refresh(found, with_for_update=True)
    return book, payment, found


def decide(session: Session, actor: Actor, clawback_id: uuid.UUID, *, is_right: bool, now: datetime) -> None:
    """Another human decides. NotFound; Conflict: funds_decided, funds_same_human."""
    book, _, found = _locked(session, actor, clawback_id)
    rules.check_standing(found.state, Decided.PROPOSED)
    rules.check_other_human(humans.is_same(session, found.made_by, actor.account_id))
    found.state = (Decided.DECIDED if is_right else Decided.REFUSED).value
    found.decided_by, found.decided_at = actor.account_id, now
    record(session, actor, book, found.id, "claw_decide" if is_right else "claw_refuse", now=now)


def settle(session: Session, actor: Actor, clawback_id: uuid.UUID, *, on: date, receipt: str, now: datetime) -> None:
    """The money is back: a reversing row, and the claim is told.

    NotFound; Refused: funds_receipt, funds_day_ahead, clawback_not_paid, clawback_early; Conflict: funds_decided.
    """
    book, payment, found = _locked(session, actor, clawback_id)
    rules.check_standing(found.state, Decided.DECIDED)
    told = receipt_of(receipt)
    if payment.state != PaymentState.PAID.value:
        raise Refused("clawback_not_paid")
    paid = _paid(session, payment.id)
    if on < paid.fact_on:
        raise Refused("clawback_early")
    wanted = Wanted(
        key=f"{PostingKind.CLAWBACK.value}:{payment.id}",
        kind=PostingKind.CLAWBACK,
        moves=moves(PostingKind.CLAWBACK, payment.amount_fen),
        fact_on=on,
        made_by=found.made_by,
        checked_by=found.decided_by,
        batch_id=payment.batch_id,
        payment_id=payment.id,
        reverses_id=paid.id,
        receipt=told,
        note=found.reason,
    )
    post(session, actor, book, [wanted], now=now)
    found.state, payment.state = Decided.BACK.value, PaymentState.CLAWED_BACK.value
    session.flush()
    payable.tell(session, payment.line_id, PastState.CLAWED_BACK, on)
    record(session, actor, book, found.id, "claw_back", now=now)


def _paid(session: Session, payment_id: uuid.UUID) -> FundPosting:
    kinds = (PostingKind.PAID.value, PostingKind.REPAID.value)
    mine = select(FundPosting).where(FundPosting.payment_id == payment_id, FundPosting.kind.in_(kinds))
    return session.scalars(mine).one()


def list_of(session: Session, actor: Actor, book_id: uuid.UUID) -> list[ClawbackView]:
    """The clawbacks of a book, the newest first. NotFound."""
    books.get(session, actor, book_id)
    rows = session.execute(
        select(FundClawback, FundPayment)
        .join(FundPayment, FundPayment.id == FundClawback.payment_id)
        .join(FundBatch, FundBatch.id == FundPayment.batch_id)
        .where(FundBatch.book_id == book_id)
        .order_by(FundClawback.id.desc())
    )
    return [_view(claw, payment) for claw, payment in rows]


def _view(claw: FundClawback, payment: FundPayment) -> ClawbackView:
    return ClawbackView(
        id=claw.id,
        reference=payment.reference,
        payee=payment.payee_name,
        account_tail=payment.account_tail,
        amount_fen=payment.amount_fen,
        reason=claw.reason,
        state=Decided(claw.state),
        made_by=claw.made_by,
        made_at=claw.made_at,
    )


def find_paid(session: Session, actor: Actor, book_id: uuid.UUID, reference: str) -> FundPayment | None:
    """The payment of a book that the bank knows by this reference, if it is paid and nobody had it back."""
    books.get(session, actor, book_id)
    mine = select(FundPayment).join(FundBatch, FundBatch.id == FundPayment.batch_id)
    mine = mine.where(FundBatch.book_id == book_id, FundPayment.reference == reference)
    return session.scalar(mine.where(FundPayment.state == PaymentState.PAID.value))


def check_place(session: Session, actor: Actor, book_id: uuid.UUID, clawback_id: uuid.UUID) -> None:
    """NotFound, unless it is a clawback of this book of hers."""
    if clawback_id not in {each.id for each in list_of(session, actor, book_id)}:
        raise NotFound
