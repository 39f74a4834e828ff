"""Records whose time is over say so in their chain."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain.records import RecordState, StateReason
from lms.models.records import Record, RecordStep
from lms.models.renewals import Validity
from lms.services import scopes
from lms.services.records import chain

BATCH = 500


def lapse(session: Session, *, now: datetime) -> int:
    """Enters “expired” for at most `BATCH` standing records whose last day is past; tells how many."""
    lapsed = select(RecordStep.record_id).where(
        RecordStep.record_id == Record.id, RecordStep.state == RecordState.EXPIRED.value
    )
    due = (
        select(Record)
        .join(Validity, Validity.enrollment_id == Record.enrollment_id)
        .where(Validity.valid_until < clock.civil_day(now), scopes.standing(), ~lapsed.exists())
        .order_by(Record.id)
        .limit(BATCH)
    )
    rows = session.scalars(due).all()
    for each in rows:
        chain.enter(session, each, RecordState.EXPIRED, StateReason.LAPSED, now=now)
    return len(rows)
