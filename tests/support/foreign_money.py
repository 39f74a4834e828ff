"""A book of somebody's with a statement and a prepared table, for the crawl."""

import uuid

from lms.domain.funds.month import digest
from lms.domain.subsidies import Fund
from lms.models.base import new_id
from lms.models.funds import FundBook
from lms.models.reconciliation import BankStatement, Reconciliation
from lms.parts import Parts
from tests.support.cast import NOON

CONTENT = "{}"


def money_ids(parts: Parts, place: uuid.UUID, by: uuid.UUID) -> dict[str, object]:
    """The ids by which its pages are asked for."""
    day = NOON.date()
    book = FundBook(id=new_id(), organisation_id=place, fund=Fund.OTHER.value, opened_by=by, opened_at=NOON)
    told = {"book_id": book.id, "first_on": day, "last_on": day, "brought_by": by, "brought_at": NOON, "gaps": []}
    file = BankStatement(id=new_id(), file_name="a.csv", sha256="0" * 64, rows=0, known=0, sums=0, **told)
    made = Reconciliation(
        id=new_id(),
        book_id=book.id,
        month_on=day.replace(day=1),
        round=1,
        content=CONTENT,
        digest=digest(CONTENT),
        prepared_by=by,
        prepared_at=NOON,
    )
    with parts.database.transaction() as session:
        session.add(book)
        session.flush()
        session.add_all([file, made])
    known = {"book_id": book.id, "bank_statement_id": file.id, "reconciliation_id": made.id}
    return {**known, "month": f"{day:%Y-%m}"}
