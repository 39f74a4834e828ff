"""Money put into a book (拨入): entered by one human, booked once another has confirmed it."""

import uuid
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain.errors import NotFound, Refused
from lms.domain.funds import money
from lms.domain.funds import payments as rules
from lms.domain.funds.accounts import PostingKind, moves
from lms.domain.funds.payments import Decided
from lms.models.base import new_id
from lms.models.funds import FundAppropriation
from lms.services import humans
from lms.services.funds import books
from lms.services.funds.posting import Wanted, post, record
from lms.services.scopes import Actor

LONGEST_DOCUMENT, LONGEST_RECEIPT = 80, 60


def day_of(told: date, now: datetime) -> date:
    """The day money came in. Refused: funds_day_ahead."""
    if told > clock.civil_day(now):
        raise Refused("funds_day_ahead")
    return told


def document_of(told: str) -> str:
    """The number of the document that grants it, as it is kept. Refused: appropriation_document."""
    document = " ".join(told.split())
    if not 0 < len(document) <= LONGEST_DOCUMENT:
        raise Refused("appropriation_document", longest=LONGEST_DOCUMENT)
    return document


def receipt_of(told: str) -> str:
    """The number of the bank's receipt, as it is kept. Refused: funds_receipt."""
    receipt = "".join(told.split())
    if not 0 < len(receipt) <= LONGEST_RECEIPT:
        raise Refused("funds_receipt", longest=LONGEST_RECEIPT)
    return receipt


def propose(
    session: Session,
    actor: Actor,
    book_id: uuid.UUID,
    *,
    amount_fen: int,
    received_on: date,
    document: str,
    receipt: str,
    now: datetime,
) -> uuid.UUID:
    """Enters money that came in. NotFound; Refused: money_*, funds_day_ahead, appropriation_document, *_receipt."""
    book = books.get(session, actor, book_id)
    if money.within(amount_fen) <= 0:
        raise Refused("money_not_positive")
    made = FundAppropriation(
        id=new_id(),
        book_id=book.id,
        amount_fen=amount_fen,
        received_on=day_of(received_on, now),
        document=document_of(document),
        receipt=receipt_of(receipt),
        state=Decided.PROPOSED.value,
        made_by=actor.account_id,
        made_at=now,
    )
    session.add(made)
    session.flush()
    record(session, actor, book, made.id, "money_enter", now=now)
    return made.id


def decide(session: Session, actor: Actor, appropriation_id: uuid.UUID, *, is_right: bool, now: datetime) -> None:
    """Another human confirms it, and it is booked; or says that it is wrong. Conflict: funds_decided, *_same_human."""
    found = session.get(FundAppropriation, appropriation_id)
    if found is None:
        raise NotFound
    book = books.get(session, actor, found.book_id, lock=True)
    session.refresh(found, with_for_update=True)
    rules.check_standing(found.state, Decided.PROPOSED)
    rules.check_other_human(humans.is_same(session, found.made_by, actor.account_id))
    found.state = (Decided.BOOKED if is_right else Decided.REFUSED).value
    found.decided_by, found.decided_at = actor.account_id, now
    if is_right:
        wanted = Wanted(
            key=f"{PostingKind.APPROPRIATION.value}:{found.id}",
            kind=PostingKind.APPROPRIATION,
            moves=moves(PostingKind.APPROPRIATION, found.amount_fen),
            fact_on=found.received_on,
            made_by=found.made_by,
            checked_by=actor.account_id,
            receipt=found.receipt,
            note=found.document,
        )
        post(session, actor, book, [wanted], now=now)
    record(session, actor, book, found.id, "money_confirm" if is_right else "money_refuse", now=now)


def list_of(session: Session, actor: Actor, book_id: uuid.UUID) -> list[FundAppropriation]:
    """What was put into a book, the newest first. NotFound."""
    books.get(session, actor, book_id)
    mine = select(FundAppropriation).where(FundAppropriation.book_id == book_id)
    return list(session.scalars(mine.order_by(FundAppropriation.id.desc())))
