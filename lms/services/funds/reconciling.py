"""A month of a book against the bank: explained, prepared by one human, signed by another, and closed."""

import uuid
from datetime import date, datetime

from sqlalchemy.orm import Session

from lms import clock
from lms.domain.errors import Conflict, NotFound
from lms.domain.funds import month
from lms.domain.funds import payments as payment_rules
from lms.domain.funds.reconciliation import Month
from lms.models.base import new_id
from lms.models.funds import FundBook
from lms.models.reconciliation import DifferenceWords, Reconciliation, ReconciliationSigning
from lms.services import audit, humans
from lms.services.funds import books, months
from lms.services.funds.months import MonthView
from lms.services.scopes import Actor


def explain(
    session: Session, actor: Actor, book_id: uuid.UUID, first: date, key: str, words: str, *, now: datetime
) -> None:
    """Says why a difference is there. NotFound (no such difference); Conflict; Refused: difference_words."""
    book = books.get(session, actor, book_id, lock=True)
    found = months.of_book(session, book, first)
    _check_open(found)
    if key not in {each.key for each in found.outcome.differences}:
        raise NotFound
    said = month.check_words(words)
    told = {"book_id": book.id, "month_on": found.month.first, "key": key, "words": said}
    session.add(DifferenceWords(**told, said_by=actor.account_id, said_at=now))
    session.flush()
    _record(session, actor, book, "funds.explain", found.month, now)


def prepare(session: Session, actor: Actor, book_id: uuid.UUID, first: date, *, now: datetime) -> uuid.UUID:
    """Freezes the table of a month; what is already frozen and the same stays.

    NotFound; Conflict: reconciliation_signed; Refused: reconciliation_early, difference_unexplained.
    """
    book = books.get(session, actor, book_id, lock=True)
    found = months.of_book(session, book, first)
    _check_open(found)
    month.check_over(found.month.after, clock.civil_day(now))
    month.check_explained(found.outcome.differences, found.words)
    if found.prepared is not None and found.is_current:
        return found.prepared.id
    made = Reconciliation(
        id=new_id(),
        book_id=book.id,
        month_on=found.month.first,
        round=found.prepared.round + 1 if found.prepared else 1,
        content=found.content,
        digest=month.digest(found.content),
        prepared_by=actor.account_id,
        prepared_at=now,
    )
    session.add(made)
    session.flush()
    _record(session, actor, book, "funds.prepare", found.month, now)
    return made.id


def sign(session: Session, actor: Actor, reconciliation_id: uuid.UUID, digest: str, *, now: datetime) -> None:
    """Another human signs what she read (`digest`), and the month is closed.

    NotFound; Conflict: reconciliation_signed, reconciliation_stale (something moved since), funds_same_human;
    Refused: reconciliation_early, funds_close_gap.
    """
    prepared = session.get(Reconciliation, reconciliation_id)
    if prepared is None:
        raise NotFound
    book = books.get(session, actor, prepared.book_id, lock=True)
    found = months.of_book(session, book, prepared.month_on)
    _check_open(found)
    if found.prepared is None or found.prepared.id != prepared.id or not found.is_current or digest != prepared.digest:
        raise Conflict("reconciliation_stale")
    payment_rules.check_other_human(humans.is_same(session, prepared.prepared_by, actor.account_id))
    month.check_over(found.month.after, clock.civil_day(now))
    if found.month.first not in books.closed_months(session, book.id):  # it may refuse, so it comes first
        books.close_month(session, actor, book.id, found.month.first, now=now)
    told = {"book_id": book.id, "month_on": found.month.first, "signed_by": actor.account_id, "signed_at": now}
    session.add(ReconciliationSigning(reconciliation_id=prepared.id, **told))
    session.flush()
    _record(session, actor, book, "funds.sign", found.month, now)


def _check_open(found: MonthView) -> None:
    if found.signed is not None:
        raise Conflict("reconciliation_signed")


def record_export(session: Session, actor: Actor, found: MonthView, *, now: datetime) -> None:
    """That a table left as a file."""
    _record(session, actor, found.book, "funds.reconciliation_export", found.month, now)


def _record(session: Session, actor: Actor, book: FundBook, action: str, chosen: Month, now: datetime) -> None:
    place = {"account_id": actor.account_id, "organisation_id": book.organisation_id}
    audit.record(session, action, book.id, now=now, detail={"month": f"{chosen.first:%Y-%m}"}, **place)
