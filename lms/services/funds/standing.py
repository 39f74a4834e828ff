"""What stands about a batch that was agreed to: whether its file was fetched, whether somebody asks to give it up."""

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.domain.errors import Conflict
from lms.models.audit import AuditEvent
from lms.models.funds import FundAct

FILE = "bank_file"
"""As an export of the file for the bank is on record."""
ASK, CONFIRM, REFUSE = "drop_ask", "drop_confirm", "drop_refuse"


def fetches(session: Session, batch_id: uuid.UUID) -> int:
    """How often the file of a batch was taken, as the audit log tells: from the first time on, the bank may have it."""
    mine = (AuditEvent.subject == FILE) & (AuditEvent.detail["batch"].as_string() == str(batch_id))
    return session.scalar(select(func.count()).select_from(AuditEvent).where(mine)) or 0


def asked(session: Session, batch_id: uuid.UUID) -> FundAct | None:
    """The step by which somebody asks to give a batch up, while nobody has answered it."""
    mine = select(FundAct).where(FundAct.subject_id == batch_id, FundAct.act.in_((ASK, CONFIRM, REFUSE)))
    last = session.scalar(mine.order_by(FundAct.place.desc()).limit(1))
    return last if last is not None and last.act == ASK else None


def asked_in(session: Session, book_id: uuid.UUID) -> set[uuid.UUID]:
    """The batches of a book of which that is so."""
    mine = select(FundAct.subject_id, FundAct.act).where(FundAct.book_id == book_id)
    steps = session.execute(mine.where(FundAct.act.in_((ASK, CONFIRM, REFUSE))).order_by(FundAct.place))
    return {batch for batch, act in dict(steps.all()).items() if act == ASK}


def check_not_asked(session: Session, batch_id: uuid.UUID) -> None:
    """Conflict: batch_drop_asked. Whoever calls has locked the book."""
    if asked(session, batch_id) is not None:
        raise Conflict("batch_drop_asked")
