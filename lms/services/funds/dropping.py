"""Giving a batch up: by one human while nobody fetched its file, by two afterwards, for the bank may have it."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.errors import Conflict, Refused
from lms.domain.funds import payments as rules
from lms.domain.funds.accounts import PostingKind, batch_moves, reversed_moves
from lms.domain.funds.payments import BatchState, Decided, PaymentState
from lms.domain.identity import holds_number
from lms.models.funds import FundBatch, FundBook, FundPayment, FundPosting
from lms.services import humans
from lms.services.claims import apart
from lms.services.funds import batches, standing
from lms.services.funds.posting import post, record
from lms.services.scopes import Actor

LONGEST_NOTE = 200


def drop(session: Session, actor: Actor, batch_id: uuid.UUID, note: str, *, now: datetime) -> None:
    """Gives up a batch whose file nobody fetched: its lines are owed again, and what was posted is reversed.

    Refused: batch_note_missing, words_personal; Conflict: batch_state, batch_fetched.
    """
    told = _told(note)
    book, batch = batches.locked(session, actor, batch_id)
    rules.check_step(BatchState(batch.state), BatchState.DROPPED)
    rules.check_unfetched(standing.fetches(session, batch.id))
    _give_up(session, actor, book, batch, now)
    record(session, actor, book, batch.id, "batch_drop", told, now=now)


def ask(session: Session, actor: Actor, batch_id: uuid.UUID, note: str, *, now: datetime) -> None:
    """Asks that a batch whose file was fetched be given up; `note`: why the bank did not and will not execute it.

    NotFound; Refused: batch_note_missing, words_personal; Conflict: batch_state, batch_drop_asked; Forbidden:
    claim_works_there, claim_own.
    """
    told = _told(note)
    book, batch = batches.locked(session, actor, batch_id)
    rules.check_step(BatchState(batch.state), BatchState.DROPPED)
    if not standing.fetches(session, batch.id):
        raise Conflict("batch_state", state=batch.state)
    standing.check_not_asked(session, batch.id)
    _check_apart(session, actor, batch)
    record(session, actor, book, batch.id, standing.ASK, told, now=now)


def decide(session: Session, actor: Actor, batch_id: uuid.UUID, *, is_right: bool, now: datetime) -> None:
    """Another human has asked the bank as well, and the batch is given up; or it stays as it was.

    NotFound; Conflict: funds_decided, funds_same_human; Forbidden: claim_works_there, claim_own.
    """
    book, batch = batches.locked(session, actor, batch_id)
    asked = standing.asked(session, batch.id)
    if asked is None:
        raise Conflict("funds_decided", state=Decided.REFUSED.value)
    rules.check_other_human(humans.is_same(session, asked.account_id, actor.account_id))
    _check_apart(session, actor, batch)
    if is_right:
        rules.check_step(BatchState(batch.state), BatchState.DROPPED)
        _give_up(session, actor, book, batch, now)
    record(session, actor, book, batch.id, standing.CONFIRM if is_right else standing.REFUSE, now=now)


def _told(note: str) -> str:
    if not note.strip():
        raise Refused("batch_note_missing")
    if holds_number(note):
        raise Refused("words_personal")
    return note.strip()[:LONGEST_NOTE]


def _check_apart(session: Session, actor: Actor, batch: FundBatch) -> None:
    """Who works where the money went, or is in the batch, does not say that it never arrived."""
    mine = select(FundPayment.organisation_id, FundPayment.person_id).where(FundPayment.batch_id == batch.id)
    found = session.execute(mine).all()
    apart.check_places(session, actor, {row.organisation_id for row in found})
    apart.check_people(session, actor, {row.person_id for row in found})


def _give_up(session: Session, actor: Actor, book: FundBook, batch: FundBatch, now: datetime) -> None:
    if batch.state == BatchState.CHECKED.value:
        again = batches.again_of(session, batch.id)
        back = reversed_moves(batch_moves(batch.total_fen - again, again))
        before = session.scalar(select(FundPosting.id).where(FundPosting.key == f"batch:{batch.id}"))
        post(session, actor, book, [batches.wanted_of(batch, PostingKind.DROPPED, back, now, before)], now=now)
    batch.state = BatchState.DROPPED.value
    for each in session.scalars(select(FundPayment).where(FundPayment.batch_id == batch.id)):
        each.state = PaymentState.DROPPED.value
