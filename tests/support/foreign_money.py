"""A statement of a book and a prepared table of its month, for the crawl."""

import uuid

from sqlalchemy.orm import Session

from lms.domain.funds.month import digest
from lms.models.base import new_id
from lms.models.reconciliation import BankStatement, Reconciliation
from lms.services.funds import months
from lms.services.scopes import Actor
from tests.support.cast import NOON


def money_ids(session: Session, makes: Actor, book_id: uuid.UUID) -> dict[str, object]:
    """The ids by which its pages are asked for."""
    day, by = NOON.date(), makes.account_id
    told = {"book_id": book_id, "first_on": day, "last_on": day, "brought_by": by, "brought_at": NOON, "gaps": []}
    file = BankStatement(id=new_id(), file_name="a.csv", sha256="0" * 64, rows=0, known=0, sums=0, **told)
    content = months.look(session, makes, book_id, day).content
    month_on, marks = day.replace(day=1), {"content": content, "digest": digest(content), "round": 1}
    who = {"book_id": book_id, "month_on": month_on, "prepared_by": by, "prepared_at": NOON}
    made = Reconciliation(id=new_id(), **who, **marks)
    session.add_all([file, made])
    session.flush()
    return {"bank_statement_id": file.id, "reconciliation_id": made.id, "month": f"{day:%Y-%m}"}
