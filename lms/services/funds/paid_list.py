"""The 发放台账 of a book as of any day: only what was booked until then, the same bytes each time."""

import uuid
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from lms import clock
from lms.domain.funds.accounts import ROWS, PostingKind
from lms.domain.funds.paid_list import Row
from lms.domain.subsidies import Fund, SubsidyKind
from lms.models.funds import FundBatch, FundEntry, FundPayment, FundPosting
from lms.services import pasts
from lms.services.funds import books
from lms.services.scopes import Actor


def list_rows(
    session: Session,
    actor: Actor,
    book_id: uuid.UUID,
    *,
    as_of: date | None = None,
    period_on: date | None = None,
) -> list[Row]:
    """The rows of a book in order of 流水号, until the end of `as_of`, all or of one month. NotFound."""
    book = books.get(session, actor, book_id)
    before = aliased(FundPosting)
    query = (
        select(FundPosting, FundPayment, FundBatch.number, before.serial, FundEntry.amount_fen)
        .join(FundPayment, FundPayment.id == FundPosting.payment_id)
        .join(FundBatch, FundBatch.id == FundPosting.batch_id)
        .join(FundEntry, FundEntry.posting_id == FundPosting.id)
        .outerjoin(before, before.id == FundPosting.reverses_id)
        .where(FundPosting.book_id == book.id, FundPosting.kind.in_([each.value for each in ROWS]))
        .order_by(FundPosting.number)
    )
    if as_of is not None:
        query = query.where(FundPosting.booked_on <= as_of)
    if period_on is not None:
        query = query.where(FundPosting.period_on == period_on)
    found = session.execute(query).all()
    hands = {each for row in found for each in (row[0].made_by, row[0].checked_by) if each}
    names = pasts.staff_names(session, hands, clock.end_of_day(as_of) if as_of else None)
    return [_row(Fund(book.fund), names, *row) for row in found]


def _row(
    fund: Fund,
    names: Mapping[uuid.UUID, str],
    posting: FundPosting,
    payment: FundPayment,
    batch_number: str,
    reverses: int | None,
    amount_fen: int,
) -> Row:
    return Row(
        serial=posting.serial or 0,
        batch_number=batch_number,
        fund=fund,
        kind=SubsidyKind(payment.kind),
        payee=payment.payee_name,
        account_tail=payment.account_tail,
        amount_fen=amount_fen,
        fact_on=posting.fact_on,
        receipt=posting.receipt,
        posting_kind=PostingKind(posting.kind),
        reverses_serial=reverses,
        hands=f"{names.get(posting.made_by, '')}/{names.get(posting.checked_by, '') if posting.checked_by else ''}",
        booked_on=posting.booked_on,
        period_on=posting.period_on,
    )
