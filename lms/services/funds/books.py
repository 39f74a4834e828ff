"""Books of authority nodes: who keeps them, what lies on their accounts, and which months are closed."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.db import insert_if_absent
from lms.domain import days
from lms.domain.errors import NotFound, Refused
from lms.domain.funds import periods
from lms.domain.funds.accounts import Account, Move, balances, held
from lms.domain.roles import Role
from lms.domain.subsidies import Fund
from lms.models.base import new_id
from lms.models.funds import FundBook, FundClose, FundEntry, FundPosting
from lms.models.organisations import Organisation
from lms.services import audit, scopes
from lms.services.scopes import Actor


@dataclass(frozen=True)
class BookView:
    """A book with what lies on its accounts, in fen. `held_fen`: what its bank should hold; `closed`: newest first."""

    id: uuid.UUID
    organisation_id: uuid.UUID
    organisation: str
    fund: Fund
    balances: dict[Account, int]
    held_fen: int
    closed: list[date]


def books_of(actor: Actor) -> Select[FundBook]:
    """The books of the nodes at which the actor is paymaster; those of nodes below have paymasters of their own."""
    scopes.require(actor, Role.PAYMASTER)
    return select(FundBook).where(FundBook.organisation_id.in_(actor.organisation_ids(Role.PAYMASTER)))


def list_nodes(session: Session, actor: Actor) -> list[tuple[uuid.UUID, str]]:
    """(id, name) of the nodes at which she is paymaster."""
    mine = Organisation.id.in_(actor.organisation_ids(Role.PAYMASTER))
    rows = session.execute(select(Organisation.id, Organisation.name).where(mine).order_by(Organisation.name))
    return [(row.id, row.name) for row in rows]


def open_book(session: Session, actor: Actor, organisation_id: uuid.UUID, fund: Fund, *, now: datetime) -> uuid.UUID:
    """The book of a node for a fund; asked again, it is the same one. NotFound for a node that is not hers."""
    if organisation_id not in actor.organisation_ids(Role.PAYMASTER):
        raise NotFound
    wanted = {"organisation_id": organisation_id, "fund": fund.value}
    known = select(FundBook.id).filter_by(**wanted)
    if found := session.scalar(known):
        return found
    insert_if_absent(session, FundBook, id=new_id(), opened_by=actor.account_id, opened_at=now, **wanted)
    book_id = session.scalars(known).one()
    detail = {"fund": fund.value}
    place = {"account_id": actor.account_id, "organisation_id": organisation_id}
    audit.record(session, "funds.book", book_id, now=now, detail=detail, **place)
    return book_id


def get(session: Session, actor: Actor, book_id: uuid.UUID, *, lock: bool = False) -> FundBook:
    """One of her books; with `lock` whoever else would post, close or plan waits. NotFound for anybody else's."""
    query = books_of(actor).where(FundBook.id == book_id)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


def list_books(session: Session, actor: Actor, *, as_of: date | None = None) -> list[BookView]:
    """Her books by node and fund, with their balances at the end of a day, or as they are now."""
    found = session.scalars(books_of(actor).order_by(FundBook.organisation_id, FundBook.fund))
    return [view(session, each, as_of=as_of) for each in found]


def view(session: Session, book: FundBook, *, as_of: date | None = None) -> BookView:
    """A book as its page shows it."""
    found = balances_of(session, book.id, as_of=as_of)
    return BookView(
        id=book.id,
        organisation_id=book.organisation_id,
        organisation=session.get_one(Organisation, book.organisation_id).name,
        fund=Fund(book.fund),
        balances=found,
        held_fen=held(found),
        closed=sorted(closed_months(session, book.id), reverse=True),
    )


def balances_of(session: Session, book_id: uuid.UUID, *, as_of: date | None = None) -> dict[Account, int]:
    """What lies on each account of a book, in fen, by what was booked until the end of `as_of`."""
    total = func.sum(FundEntry.amount_fen)
    query = select(FundEntry.from_account, FundEntry.to_account, total).join(FundPosting)
    query = query.where(FundPosting.book_id == book_id).group_by(FundEntry.from_account, FundEntry.to_account)
    if as_of is not None:
        query = query.where(FundPosting.booked_on <= as_of)
    rows = session.execute(query)
    return balances(Move(Account(left), Account(right), int(fen)) for left, right, fen in rows)


def closed_months(session: Session, book_id: uuid.UUID) -> set[date]:
    """The first days of the months that are closed."""
    return set(session.scalars(select(FundClose.month_on).where(FundClose.book_id == book_id)))


def next_to_close(session: Session, book_id: uuid.UUID) -> date | None:
    """The first day of the month that closes next; None while nothing was booked."""
    closed = closed_months(session, book_id)
    if closed:
        return days.later(max(closed), 1)
    first = session.scalar(select(func.min(FundPosting.period_on)).where(FundPosting.book_id == book_id))
    return periods.month_of(first) if first else None


def close_month(session: Session, actor: Actor, book_id: uuid.UUID, month_on: date, *, now: datetime) -> None:
    """Closes a month of a book for good.

    NotFound; Refused: funds_close_nothing, funds_close_early, funds_close_again, funds_close_gap.
    """
    book = get(session, actor, book_id, lock=True)
    first = session.scalar(select(func.min(FundPosting.period_on)).where(FundPosting.book_id == book_id))
    if first is None:
        raise Refused("funds_close_nothing")
    periods.check_close(month_on, closed_months(session, book_id), clock.civil_day(now), first)
    session.add(FundClose(book_id=book_id, month_on=month_on, closed_by=actor.account_id, closed_at=now))
    session.flush()
    place = {"account_id": actor.account_id, "organisation_id": book.organisation_id}
    audit.record(session, "funds.close", book_id, now=now, detail={"month": f"{month_on:%Y-%m}"}, **place)
