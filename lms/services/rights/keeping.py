"""Whose a record was is kept as long as the rule of its class says; the record itself stays, and can be proved.

Certificates from elsewhere lose what was typed of them, and old links are gone, once their rules have run out.
"""

from datetime import datetime

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session

from lms.clock import civil_day
from lms.domain.identity import GONE
from lms.domain.records import RecordClass
from lms.domain.retention import RULE_OF_CLASS, is_over
from lms.models.records import Record, RecordHolder
from lms.models.shares import Share, ShareRecord
from lms.models.skills import Qualification
from lms.services import audit
from lms.services.rights import holdings
from lms.services.rights.erasing import forget_typed

MOST = 500


def sweep(session: Session, *, now: datetime) -> int:
    """Forgets names, numbers and salts beside records whose period is over; how many. Nothing while none is set."""
    rules = {row.rule.code: row.rule for row in holdings.rules(session)}
    done = 0
    for kind in RecordClass:
        rule = rules[RULE_OF_CLASS[kind]]
        if rule.months is not None:
            done += _forget(session, kind, rule.months, now)
    for code, forget in (("outside_certificates", _forget_certificates), ("share_links", _forget_links)):
        months = rules[code].months
        if months is not None:
            done += forget(session, months, now)
    return done


def _forget_certificates(session: Session, months: int, now: datetime) -> int:
    standing = select(Qualification).where(Qualification.number_sealed != "").order_by(Qualification.entered_at)
    old = [row for row in session.scalars(standing.limit(MOST)) if _is_over(row.entered_at, months, now)]
    for row in old:
        forget_typed(row)
    _note(session, "outside_certificates", len(old), months, now)
    return len(old)


def _forget_links(session: Session, months: int, now: datetime) -> int:
    ended = select(Share.id, Share.expires_at).order_by(Share.expires_at).limit(MOST)
    old = [row.id for row in session.execute(ended) if _is_over(row.expires_at, months, now)]
    session.execute(delete(ShareRecord).where(ShareRecord.share_id.in_(old)))
    session.execute(delete(Share).where(Share.id.in_(old)))
    _note(session, "share_links", len(old), months, now)
    return len(old)


def _is_over(since: datetime, months: int, now: datetime) -> bool:
    return is_over(civil_day(since), months, civil_day(now))


def _note(session: Session, what: str, count: int, months: int, now: datetime) -> None:
    if count:
        audit.record(session, "retention.forget", what, now=now, detail={"records": count, "months": months})


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
        if _is_over(issued_at, months, now)
    ]
    if old:
        mine = update(holder).where(tuple_(holder.record_id, holder.person_id).in_(old))
        session.execute(mine.values(name=GONE, document_sealed="", salt=""))
    _note(session, kind.value, len(old), months, now)
    return len(old)
