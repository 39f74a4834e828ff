"""The bank's answer to a batch: read and shown row by row, then booked whole, or not at all."""

import hashlib
import uuid
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.adapters import tables
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.funds import answers as rules
from lms.domain.funds import payments as payment_rules
from lms.domain.funds.accounts import PostingKind, moves
from lms.domain.funds.answers import Known, News, Problem, Row
from lms.domain.funds.payments import BatchState, PaymentState
from lms.domain.subsidies import PastState
from lms.models.accounts import Account
from lms.models.base import new_id
from lms.models.funds import FundAnswer, FundBatch, FundBook, FundPayment, FundPosting
from lms.services import humans, payable
from lms.services.funds import batches, books
from lms.services.funds.posting import Wanted, post, record
from lms.services.scopes import Actor

READ, BOOKED = "read", "booked"
LATEST = (BatchState.SENT, BatchState.ANSWERED)


@dataclass(frozen=True)
class AnswerView:
    """An answer as its page shows it: what it would book today, and what is wrong with it.

    `is_own`: the reader made the batch, so another books it; `checker`: the name of one who may.
    """

    id: uuid.UUID
    batch_id: uuid.UUID
    state: str
    rows: list[Row]
    news: list[News]
    problems: list[Problem]
    is_own: bool
    checker: str

    @property
    def paid(self) -> list[News]:
        """The rows that would be booked as paid and stay so."""
        return [each for each in self.news if each.books_paid and each.row.is_paid]

    @property
    def returned(self) -> list[News]:
        """The rows that would be booked as returned."""
        return [each for each in self.news if each.books_returned]


def take(session: Session, actor: Actor, batch_id: uuid.UUID, data: bytes, *, now: datetime) -> uuid.UUID:
    """Reads a file for a batch that is with the bank; the same file again is the answer that is there.

    NotFound; Conflict: batch_state; Refused: answer_columns, answer_empty, and those of `adapters.tables`.
    """
    book, batch = batches.locked(session, actor, batch_id)
    if BatchState(batch.state) not in LATEST:
        raise Conflict("batch_state", state=batch.state)
    digest = hashlib.sha256(data).hexdigest()
    known = select(FundAnswer.id).where(FundAnswer.batch_id == batch_id, FundAnswer.digest == digest)
    if found := session.scalar(known):
        return found
    sheets = tables.read(data)
    if not sheets:
        raise Refused("answer_empty")
    rows, problems = rules.read(sheets[0].rows)
    made = FundAnswer(
        id=new_id(),
        batch_id=batch_id,
        digest=digest,
        rows=[_kept(each) for each in rows],
        problems=[{**asdict(each), "values": _plain(each.values)} for each in problems],
        state=READ,
        read_by=actor.account_id,
        read_at=now,
    )
    session.add(made)
    session.flush()
    record(session, actor, book, batch_id, "answer_read", now=now)
    return made.id


def _kept(row: Row) -> dict[str, Any]:
    return {**asdict(row), "on": row.on.isoformat()}


def _plain(values: Any) -> dict[str, Any]:
    return {name: value if isinstance(value, int | str) else str(value) for name, value in values.items()}


def show(session: Session, actor: Actor, answer_id: uuid.UUID, *, now: datetime) -> AnswerView:
    """The dry run: each row as it would be booked now. NotFound."""
    answer = session.get(FundAnswer, answer_id)
    batch = session.get(FundBatch, answer.batch_id) if answer else None
    if answer is None or batch is None:
        raise NotFound
    books.get(session, actor, batch.book_id)
    return _view(session, actor, answer, batch, now)


def _view(session: Session, actor: Actor, answer: FundAnswer, batch: FundBatch, now: datetime) -> AnswerView:
    rows = [Row(**{**each, "on": date.fromisoformat(each["on"])}) for each in answer.rows]
    known, sent_on = _known(session, answer.batch_id), _sent_on(session, answer.batch_id)
    news, problems = rules.judge(rows, known, sent_on=sent_on, today=clock.civil_day(now))
    unread = [Problem(**each) for each in answer.problems]
    told = sorted([*unread, *problems], key=lambda each: each.line)
    is_own = humans.is_same(session, batch.made_by, actor.account_id)
    checker = session.scalar(select(Account.name).where(Account.id == batch.checked_by)) or ""
    return AnswerView(answer.id, answer.batch_id, answer.state, rows, news, told, is_own, checker)


def _sent_on(session: Session, batch_id: uuid.UUID) -> date:
    sent = select(FundPosting.fact_on).where(FundPosting.key == f"{PostingKind.SENT.value}:{batch_id}")
    return session.scalars(sent).one()


def _known(session: Session, batch_id: uuid.UUID) -> list[Known]:
    found = session.scalars(select(FundPayment).where(FundPayment.batch_id == batch_id).order_by(FundPayment.place))
    rows = list(found)
    posted = session.scalars(
        select(FundPosting).where(FundPosting.batch_id == batch_id, FundPosting.payment_id.is_not(None))
    )
    out: dict[uuid.UUID, FundPosting] = {}
    back: dict[uuid.UUID, FundPosting] = {}
    for each in posted:
        if each.payment_id and each.kind in (PostingKind.PAID, PostingKind.REPAID):
            out[each.payment_id] = each
        elif each.payment_id and each.kind == PostingKind.RETURNED:
            back[each.payment_id] = each
    return [_one(each, out.get(each.id), back.get(each.id)) for each in rows]


def _one(row: FundPayment, out: FundPosting | None, back: FundPosting | None) -> Known:
    return Known(
        id=row.id,
        reference=row.reference,
        amount_fen=row.amount_fen,
        state=PaymentState(row.state),
        paid_receipt=out.receipt if out else "",
        paid_on=out.fact_on if out else None,
        returned_receipt=back.receipt if back else "",
    )


def book(session: Session, actor: Actor, answer_id: uuid.UUID, *, now: datetime) -> int:
    """Books an answer whose every row is right, and tells the claims; booked again, it adds nothing.

    How many rows were new. NotFound; Refused: answer_wrong (`count`); Conflict: answer_own_batch (`name`).
    """
    answer = session.get(FundAnswer, answer_id)
    if answer is None:
        raise NotFound
    place, batch = batches.locked(session, actor, answer.batch_id)
    found = _view(session, actor, answer, batch, now)
    payment_rules.check_not_maker(found.is_own, found.checker)
    if found.problems:
        raise Refused("answer_wrong", count=len(found.problems))
    new = [each for each in found.news if each.books_paid or each.books_returned]
    for each in new:
        _book(session, actor, place, batch, each, now)
    session.refresh(answer)
    if answer.state != BOOKED:
        answer.state, answer.booked_by, answer.booked_at = BOOKED, actor.account_id, now
        record(session, actor, place, batch.id, "answer_book", now=now)
    session.flush()
    _finish(session, actor, place, batch, now)
    return len(new)


def _book(session: Session, actor: Actor, place: FundBook, batch: FundBatch, news: News, now: datetime) -> None:
    payment = session.get_one(FundPayment, news.payment_id, with_for_update=True)
    row = news.row
    if news.books_paid:
        kind = PostingKind.REPAID if payment.follows_id else PostingKind.PAID
        before = _posting(session, payment.follows_id, (PostingKind.PAID, PostingKind.REPAID))
        post(session, actor, place, [_wanted(batch, payment, kind, row, before)], now=now)
        payment.state = PaymentState.PAID.value
        session.flush()
        if row.is_paid:
            payable.tell(session, payment.line_id, PastState.PAID, row.on)
    if news.books_returned:
        before = _posting(session, payment.id, (PostingKind.PAID, PostingKind.REPAID))
        post(session, actor, place, [_wanted(batch, payment, PostingKind.RETURNED, row, before)], now=now)
        payment.state = PaymentState.RETURNED.value
        session.flush()
        payable.tell(session, payment.line_id, PastState.APPROVED, row.on)


def _wanted(
    batch: FundBatch, payment: FundPayment, kind: PostingKind, row: Row, reverses_id: uuid.UUID | None
) -> Wanted:
    key = "paid" if kind is PostingKind.REPAID else kind.value
    return Wanted(
        key=f"{key}:{payment.id}",
        kind=kind,
        moves=moves(kind, payment.amount_fen),
        fact_on=row.on,
        made_by=batch.made_by,
        checked_by=batch.checked_by,
        batch_id=batch.id,
        payment_id=payment.id,
        reverses_id=reverses_id,
        receipt=row.receipt,
        note=row.reason if kind is PostingKind.RETURNED else "",
    )


def _posting(session: Session, payment_id: uuid.UUID | None, kinds: tuple[PostingKind, ...]) -> uuid.UUID | None:
    if payment_id is None:
        return None
    mine = FundPosting.payment_id == payment_id
    return session.scalar(select(FundPosting.id).where(mine, FundPosting.kind.in_([each.value for each in kinds])))


def _finish(session: Session, actor: Actor, place: FundBook, batch: FundBatch, now: datetime) -> None:
    """A batch in which no payment waits any more is answered."""
    waiting = select(FundPayment.id).where(FundPayment.batch_id == batch.id, FundPayment.state == "waiting").limit(1)
    if batch.state == BatchState.SENT.value and session.scalar(waiting) is None:
        batch.state = BatchState.ANSWERED.value
        record(session, actor, place, batch.id, "batch_answered", now=now)


def list_of(session: Session, actor: Actor, batch_id: uuid.UUID) -> list[FundAnswer]:
    """The answers to a batch, the newest first. NotFound."""
    batch = session.get(FundBatch, batch_id)
    if batch is None:
        raise NotFound
    books.get(session, actor, batch.book_id)
    return list(
        session.scalars(select(FundAnswer).where(FundAnswer.batch_id == batch_id).order_by(FundAnswer.id.desc()))
    )
