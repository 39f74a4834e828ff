"""Batches: made by one human of what is owed, checked by another, given to the bank (given up: `dropping`)."""

import hashlib
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.db import IntegrityError
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.funds import payments as rules
from lms.domain.funds.accounts import Move, PostingKind, batch_moves, moves
from lms.domain.funds.payments import BatchState, PaymentState
from lms.domain.subsidies import Atom, Fund, Payable
from lms.models.accounts import Account
from lms.models.base import new_id
from lms.models.funds import FundAct, FundBatch, FundBook, FundPayment
from lms.services import humans
from lms.services.claims import apart
from lms.services.funds import books, doubles, owed, standing
from lms.services.funds.posting import Wanted, post, record
from lms.services.funds.sealing import open_payee, seal_payment
from lms.services.scopes import Actor

MOST_LINES = 5_000
"""Of one file for the bank; our own choice."""


def plan(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    book_id: uuid.UUID,
    line_ids: Collection[uuid.UUID],
    *,
    confirmed: bool = False,
    now: datetime,
) -> uuid.UUID:
    """A batch of these lines, in the order in which they are owed.

    `confirmed`: she asked the payees whose account stayed the same after a return. NotFound; Refused: batch_empty,
    batch_too_long, payment_double, payment_account_same; Conflict: payment_taken (another batch was faster);
    Forbidden: claim_works_there, claim_own.
    """
    book = books.get(session, actor, book_id, lock=True)
    wanted = [each for each in owed.of_book(session, keyring, book) if each.payable.line_id in set(line_ids)]
    keys = doubles.keys(session, [each.payable.atom for each in wanted])
    _check(wanted, line_ids, keys, confirmed=confirmed)
    _check_apart(session, actor, [each.payable for each in wanted])
    batch = _batch(session, book, wanted, actor, now)
    try:
        with session.begin_nested():
            rows = enumerate(wanted, start=1)
            session.add_all(_payment(keyring, batch, at, each, keys[each.payable.atom]) for at, each in rows)
            session.flush()
    except IntegrityError as error:
        raise Conflict("payment_taken") from error
    record(session, actor, book, batch.id, "batch_plan", now=now)
    return batch.id


def _check(
    wanted: list[owed.Owed], line_ids: Collection[uuid.UUID], keys: Mapping[Atom, str], *, confirmed: bool
) -> None:
    if not line_ids:
        raise Refused("batch_empty")
    if len(wanted) != len(set(line_ids)):
        raise Conflict("payment_taken")
    if len(wanted) > MOST_LINES:
        raise Refused("batch_too_long", most=MOST_LINES)
    atoms = [keys[each.payable.atom] for each in wanted]
    if any(each.is_double for each in wanted) or len(set(atoms)) < len(atoms):
        raise Refused("payment_double")
    if any(each.is_same for each in wanted) and not confirmed:
        raise Refused("payment_account_same")


def _check_apart(session: Session, actor: Actor, found: Collection[Payable]) -> None:
    """Nobody pays herself, nor the institution she works for."""
    apart.check_places(session, actor, {each.organisation_id for each in found})
    apart.check_people(session, actor, {each.atom.person_id for each in found})


def _batch(session: Session, book: FundBook, wanted: list[owed.Owed], actor: Actor, now: datetime) -> FundBatch:
    year = clock.civil_day(now).year
    stem = rules.batch_number(Fund(book.fund), year, 0)[:-2]
    mine = select(func.count()).where(FundBatch.book_id == book.id, FundBatch.number.startswith(stem))
    made = FundBatch(
        id=new_id(),
        book_id=book.id,
        number=rules.batch_number(Fund(book.fund), year, (session.scalar(mine) or 0) + 1),
        state=BatchState.PLANNED.value,
        count=len(wanted),
        total_fen=rules.total(each.payable for each in wanted),
        digest=_digest(each.payable for each in wanted),
        made_by=actor.account_id,
        made_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _digest(wanted: Iterable[Payable]) -> str:
    lines = (f"{each.line_id}|{each.payee.account_id}|{each.amount_fen}" for each in wanted)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _payment(keyring: Keyring, batch: FundBatch, place: int, wanted: owed.Owed, key: str) -> FundPayment:
    made, found = new_id(), wanted.payable
    level = found.atom.level
    return FundPayment(
        id=made,
        batch_id=batch.id,
        place=place,
        reference=rules.reference(batch.number, place),
        line_id=found.line_id,
        claim_id=found.claim_id,
        cohort_id=found.cohort_id,
        organisation_id=found.organisation_id,
        person_id=found.atom.person_id,
        kind=found.atom.kind.value,
        occupation=found.atom.occupation,
        level=None if level is None else int(level),
        atom=key,
        payee_kind=found.payee.kind,
        payee_id=found.payee.id,
        payee_name=found.payee.name,
        bank=found.payee.bank,
        account_sealed=seal_payment(keyring, made, open_payee(keyring, found.payee)),
        account_tail=found.payee.account_tail,
        amount_fen=found.amount_fen,
        follows_id=wanted.follows_id,
        state=PaymentState.WAITING.value,
    )


def locked(session: Session, actor: Actor, batch_id: uuid.UUID) -> tuple[FundBook, FundBatch]:
    """A batch of one of her books, both locked, the book first. NotFound."""
    place = session.scalar(select(FundBatch.book_id).where(FundBatch.id == batch_id))
    if place is None:
        raise NotFound
    book = books.get(session, actor, place, lock=True)
    return book, session.get_one(FundBatch, batch_id, with_for_update=True)


def check(session: Session, actor: Actor, batch_id: uuid.UUID, *, now: datetime) -> None:
    """A second human agrees to a batch: its sum is owed from now on.

    Conflict: batch_state, funds_same_human, batch_stale (a line, its sum or its account is no longer what was planned:
    consent taken back, another account, somebody found to be another and paid as such); Refused: funds_short;
    Forbidden: claim_works_there, claim_own.
    """
    book, batch = locked(session, actor, batch_id)
    rules.check_step(BatchState(batch.state), BatchState.CHECKED)
    rules.check_other_human(humans.is_same(session, batch.made_by, actor.account_id))
    found = _as_owed(session, book, batch)
    _check_apart(session, actor, found)
    if _digest(found) != batch.digest:
        raise Conflict("batch_stale")
    doubles.check_batch(session, batch.id)
    batch.state, batch.checked_by, batch.checked_at = BatchState.CHECKED.value, actor.account_id, now
    again = again_of(session, batch.id)
    done = batch_moves(batch.total_fen - again, again)
    post(session, actor, book, [wanted_of(batch, PostingKind.BATCH, done, now)], now=now)
    record(session, actor, book, batch.id, "batch_check", now=now)


def _as_owed(session: Session, book: FundBook, batch: FundBatch) -> list[Payable]:
    """What claims say today of the lines of a batch, in its order; what is owed no more is not among it."""
    mine = select(FundPayment.line_id).where(FundPayment.batch_id == batch.id)
    lines = session.scalars(mine.order_by(FundPayment.place)).all()
    known = {each.line_id: each for each in owed.all_of(session, book)}
    return [known[line] for line in lines if line in known]


def again_of(session: Session, batch_id: uuid.UUID) -> int:
    """What of a batch is paid out of money that came back, in fen."""
    total = select(func.sum(FundPayment.amount_fen))
    return int(session.scalar(total.where(FundPayment.batch_id == batch_id, FundPayment.follows_id.is_not(None))) or 0)


def wanted_of(
    batch: FundBatch, kind: PostingKind, done: tuple[Move, ...], now: datetime, reverses_id: uuid.UUID | None = None
) -> Wanted:
    """A posting about a whole batch, once."""
    return Wanted(
        key=f"{kind.value}:{batch.id}",
        kind=kind,
        moves=done,
        fact_on=clock.civil_day(now),
        made_by=batch.made_by,
        checked_by=batch.checked_by,
        batch_id=batch.id,
        reverses_id=reverses_id,
    )


def send(session: Session, actor: Actor, batch_id: uuid.UUID, *, now: datetime) -> None:
    """The bank has the file: its sum is in transit, and the batch can no longer be given up.

    Conflict: batch_state, batch_drop_asked (somebody says that the bank will not execute it), batch_stale (nobody took
    its file yet, and what it pays is paid elsewhere).
    """
    book, batch = locked(session, actor, batch_id)
    rules.check_step(BatchState(batch.state), BatchState.SENT)
    standing.check_not_asked(session, batch.id)
    if not standing.fetches(session, batch.id):
        doubles.check_batch(session, batch.id)
    batch.state = BatchState.SENT.value
    done = moves(PostingKind.SENT, batch.total_fen)
    post(session, actor, book, [wanted_of(batch, PostingKind.SENT, done, now)], now=now)
    record(session, actor, book, batch.id, "batch_send", now=now)


@dataclass(frozen=True)
class BatchView:
    """A batch with its payments, its steps, and the names of who did them, as one of the paymasters sees it.

    `is_own`: she made it. `fetches`: how often its file was taken. `asked`: the step by which somebody asks to give it
    up, `is_asker`: she does.
    """

    batch: FundBatch
    payments: list[FundPayment]
    steps: list[FundAct]
    names: dict[uuid.UUID, str]
    is_own: bool
    fetches: int
    asked: FundAct | None
    is_asker: bool


def list_of(session: Session, actor: Actor, book_id: uuid.UUID) -> list[FundBatch]:
    """The batches of a book, the newest first. NotFound."""
    books.get(session, actor, book_id)
    mine = select(FundBatch).where(FundBatch.book_id == book_id)
    return list(session.scalars(mine.order_by(FundBatch.id.desc())))


def look(session: Session, actor: Actor, batch_id: uuid.UUID) -> BatchView:
    """One batch; NotFound for a book that is not hers."""
    found = session.get(FundBatch, batch_id)
    if found is None:
        raise NotFound
    books.get(session, actor, found.book_id)
    payments = session.scalars(select(FundPayment).where(FundPayment.batch_id == batch_id).order_by(FundPayment.place))
    steps = list(session.scalars(select(FundAct).where(FundAct.subject_id == batch_id).order_by(FundAct.place)))
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_({each.account_id for each in steps})))
    asked = standing.asked(session, batch_id)
    return BatchView(
        batch=found,
        payments=list(payments),
        steps=steps,
        names={row.id: row.name for row in rows},
        is_own=humans.is_same(session, found.made_by, actor.account_id),
        fetches=standing.fetches(session, batch_id),
        asked=asked,
        is_asker=asked is not None and humans.is_same(session, asked.account_id, actor.account_id),
    )
