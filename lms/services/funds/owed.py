"""What is owed and not in any batch: approved lines of claims, and those whose payment came back."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.funds.payments import LIVE, PaymentState
from lms.domain.subsidies import Fund, Payable
from lms.models.funds import FundBatch, FundBook, FundPayment, FundPosting
from lms.models.organisations import Organisation
from lms.services import payable, scopes
from lms.services.funds import books, doubles
from lms.services.funds.sealing import open_payee, open_payment
from lms.services.scopes import Actor


@dataclass(frozen=True)
class Owed:
    """A line that can be paid. `follows_id`: the payment that came back, with why; `is_same`: to the same account.

    `is_double`: the same subsidy of the same human is in a payment already, by another claim; it is never paid again.
    """

    payable: Payable
    organisation: str
    follows_id: uuid.UUID | None = None
    returned_note: str = ""
    is_same: bool = False
    is_double: bool = False


def list_owed(session: Session, keyring: Keyring, actor: Actor, book_id: uuid.UUID) -> list[Owed]:
    """What a book owes, by institution; NotFound for a book that is not hers."""
    return of_book(session, keyring, books.get(session, actor, book_id))


def of_book(session: Session, keyring: Keyring, book: FundBook) -> list[Owed]:
    """The same of a book that is at hand."""
    found = all_of(session, book)
    taken = _taken(session, [each.line_id for each in found])
    free = [each for each in found if each.line_id not in taken]
    before = _returned(session, book.id, [each.line_id for each in free])
    names = _names(session, {each.organisation_id for each in free})
    keys = doubles.keys(session, [each.atom for each in free])
    held = set(doubles.held(session, {each.atom.person_id for each in free}))
    made = [_owed(keyring, each, names, before.get(each.line_id)) for each in free]
    return [replace(each, is_double=keys[each.payable.atom] in held) for each in made]


def all_of(session: Session, book: FundBook) -> list[Payable]:
    """What claims say is owed from a book, whether or not a batch has taken it up."""
    under = scopes.organisations_under([book.organisation_id])
    places = list(session.scalars(select(under.c.id)))
    return [each for each in payable.list_payables(session, places) if each.fund is Fund(book.fund)]


def _owed(
    keyring: Keyring, found: Payable, names: dict[uuid.UUID, str], before: tuple[FundPayment, str] | None
) -> Owed:
    name = names.get(found.organisation_id, "")
    if before is None:
        return Owed(found, name)
    old, note = before
    is_same = (old.payee_name, old.bank) == (found.payee.name, found.payee.bank)
    is_same = is_same and open_payment(keyring, old) == open_payee(keyring, found.payee)
    return Owed(found, name, old.id, note, is_same)


def _taken(session: Session, line_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    live = FundPayment.state.in_([each.value for each in LIVE])
    return set(session.scalars(select(FundPayment.line_id).where(FundPayment.line_id.in_(line_ids), live)))


def _returned(
    session: Session, book_id: uuid.UUID, line_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, tuple[FundPayment, str]]:
    """The last payment of each line that came back to this book, with the bank's words."""
    rows = session.execute(
        select(FundPayment, FundPosting.note)
        .join(FundBatch, FundBatch.id == FundPayment.batch_id)
        .join(FundPosting, (FundPosting.payment_id == FundPayment.id) & (FundPosting.kind == "returned"))
        .where(FundBatch.book_id == book_id, FundPayment.line_id.in_(line_ids))
        .where(FundPayment.state == PaymentState.RETURNED.value)
        .order_by(FundPosting.number)
    )
    return {payment.line_id: (payment, note) for payment, note in rows}


def _names(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)))
    return {row.id: row.name for row in rows}
