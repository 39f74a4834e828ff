"""Whose a record was is kept as long as the rule of its class says; the record itself stays, and can be proved."""

from datetime import datetime

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session

from lms.clock import civil_day
from lms.domain.records import RecordClass
from lms.domain.retention import RULE_OF_CLASS, is_over
from lms.models.records import Record, RecordHolder
from lms.services import audit
from lms.services.rights import holdings
from lms.services.rights.erasing import GONE

MOST = 500


def sweep(session: Session, *, now: datetime) -> int:
    """Forgets names, numbers and salts beside records whose period is over; how many. Nothing while none is set."""
    rules = {row.rule.code: row.rule for row in holdings.rules(session)}
    done = 0
    for kind in RecordClass:
        rule = rules[RULE_OF_CLASS[kind]]
        if rule.months is not None:
            done += _forget(session, kind, rule.months, now)
    return done


def _forget(session: Session, kind: RecordClass, months: int, now: datetime) -> int:
    holder = RecordHolder
    rows = (
        select(holder.record_id, holder.person_id, Record.issued_at)
        .join(Record, Record.id == holder.record_id)
        .where(Record.record_class == kind.value, holder.name != GONE)
        .order_by(Record.issued_at, Record.id)
        .limit(MOST)
    )
    old = [
        (record_id, person_id)
        for record_id, person_id, issued_at in session.execute(rows)
        if is_over(civil_day(issued_at), months, civil_day(now))
    ]
    if old:
        mine = update(holder).where(tuple_(holder.record_id, holder.person_id).in_(old))
        session.execute(mine.values(name=GONE, document_sealed="", salt=""))
        audit.record(session, "retention.forget", kind.value, now=now, detail={"records": len(old), "months": months})
    return len(old)
