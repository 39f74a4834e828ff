"""Writing the ledger: a posting once, whatever is tried again, in order, into a month that is open."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.db import in_parts
from lms.domain.funds import periods
from lms.domain.funds.accounts import ROWS, Account, Move, PostingKind, check_covered, checked
from lms.models.base import new_id
from lms.models.funds import FundAct, FundBook, FundEntry, FundPosting
from lms.services import audit
from lms.services.funds import books
from lms.services.scopes import Actor


@dataclass(frozen=True)
class Wanted:
    """A posting that is to be. `key`: by which a retry is the same; `fact_on`: the day the bank or the act names.

    `made_by`, `checked_by`: 经办 and 复核 of what it rests on.
    """

    key: str
    kind: PostingKind
    moves: tuple[Move, ...]
    fact_on: date
    made_by: uuid.UUID
    checked_by: uuid.UUID | None = None
    batch_id: uuid.UUID | None = None
    payment_id: uuid.UUID | None = None
    reverses_id: uuid.UUID | None = None
    receipt: str = ""
    note: str = ""


def post(session: Session, actor: Actor, book: FundBook, wanted: Sequence[Wanted], *, now: datetime) -> int:
    """Appends postings to a locked book and says how many were new; a key that is known changes nothing.

    Refused: posting_*, funds_short, funds_day_ahead. Whoever calls has locked the book (`books.get(lock=True)`).
    """
    known = _known(session, [each.key for each in wanted])
    closed, today = books.closed_months(session, book.id), clock.civil_day(now)
    found = books.balances_of(session, book.id)
    number, serial = _last(session, book.id)
    before = number
    for each in (one for one in wanted if one.key not in known):
        check_covered(found, checked(each.moves))
        known.add(each.key)
        number += 1
        serial += each.kind in ROWS
        period_on = periods.period_of(each.fact_on, closed, today)
        numbers = (number, serial if each.kind in ROWS else None)
        _append(session, book, each, numbers, period_on, actor, now)
        _add(found, each.moves)
    session.flush()
    return number - before


def _known(session: Session, keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for part in in_parts(keys):
        found.update(session.scalars(select(FundPosting.key).where(FundPosting.key.in_(part))))
    return found


def _last(session: Session, book_id: uuid.UUID) -> tuple[int, int]:
    highest = select(func.max(FundPosting.number), func.max(FundPosting.serial))
    number, serial = session.execute(highest.where(FundPosting.book_id == book_id)).one()
    return number or 0, serial or 0


def _append(
    session: Session,
    book: FundBook,
    wanted: Wanted,
    numbers: tuple[int, int | None],
    period_on: date,
    actor: Actor,
    now: datetime,
) -> None:
    row = FundPosting(
        id=new_id(),
        book_id=book.id,
        number=numbers[0],
        serial=numbers[1],
        key=wanted.key,
        kind=wanted.kind.value,
        batch_id=wanted.batch_id,
        payment_id=wanted.payment_id,
        reverses_id=wanted.reverses_id,
        fact_on=wanted.fact_on,
        booked_on=clock.civil_day(now),
        period_on=period_on,
        booked_at=now,
        receipt=wanted.receipt,
        note=wanted.note,
        made_by=wanted.made_by,
        checked_by=wanted.checked_by,
        booked_by=actor.account_id,
    )
    session.add(row)
    session.flush()
    for place, move in enumerate(wanted.moves, start=1):
        session.add(
            FundEntry(
                posting_id=row.id,
                place=place,
                from_account=move.from_account.value,
                to_account=move.to_account.value,
                amount_fen=move.amount_fen,
            )
        )


def _add(found: dict[Account, int], moves: Sequence[Move]) -> None:
    for each in moves:
        found[each.from_account] -= each.amount_fen
        found[each.to_account] += each.amount_fen


def record(
    session: Session, actor: Actor, book: FundBook, subject_id: uuid.UUID, act: str, note: str = "", *, now: datetime
) -> None:
    """Appends a step of an appropriation, a batch or a clawback, and puts it on record."""
    last = session.scalar(select(func.max(FundAct.place)).where(FundAct.subject_id == subject_id)) or 0
    by = actor.account_id
    row = FundAct(book_id=book.id, subject_id=subject_id, place=last + 1, act=act, note=note, at=now, account_id=by)
    session.add(row)
    session.flush()
    place = book.organisation_id
    audit.record(session, f"funds.{act}", subject_id, now=now, account_id=by, organisation_id=place)
