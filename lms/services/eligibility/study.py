"""What study and classes left behind that a verdict on completion does not ask: records, checks, days."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.domain.attendance import ClassContent, MarkKind
from lms.domain.presence import UNCONFIRMED, CheckOutcome
from lms.domain.records import RecordState
from lms.domain.spans import Span, union
from lms.domain.study import EvidenceClass
from lms.models.attendance import AttendanceMark, ClassMeeting
from lms.models.enrollments import Enrollment
from lms.models.presence import PresenceCheck, PresenceOutcome
from lms.models.records import Record
from lms.models.study import StudyInterval
from lms.services import records

Ids = Sequence[uuid.UUID]
ONLINE = [each.value for each in EvidenceClass if each is not EvidenceClass.ATTENDED]


@dataclass
class Traces:
    """Of one enrollment; `record`: the state of its newest record, "" without one."""

    record: str = ""
    record_id: uuid.UUID | None = None
    offline_days: int = 0
    missed_stretches: int = 0
    theory_until: date | None = None
    practice_from: date | None = None


def traces(
    session: Session, enrollments: Sequence[Enrollment], *, now: datetime, in_order: bool
) -> dict[uuid.UUID, Traces]:
    """By enrollment; five queries however many there are."""
    ids = [each.id for each in enrollments]
    found = {each: Traces() for each in ids}
    _records(session, ids, found)
    _checks(session, ids, found)
    _days(session, ids, found, now)
    if in_order:
        _theory(session, ids, found)
    return found


def _records(session: Session, ids: Ids, found: dict[uuid.UUID, Traces]) -> None:
    rows = select(Record.enrollment_id, Record.id).where(Record.enrollment_id.in_(ids)).order_by(Record.number)
    last = dict(session.execute(rows).all())
    states = records.states(session, list(last.values())) if last else {}
    for enrollment_id, record_id in last.items():
        found[enrollment_id].record = states.get(record_id, RecordState.VALID).value
        found[enrollment_id].record_id = record_id


def _checks(session: Session, ids: Ids, found: dict[uuid.UUID, Traces]) -> None:
    """Stretches of entries whose check was missed or answered wrongly, and that no passed check covers since."""
    rows = (
        select(PresenceCheck.enrollment_id, PresenceOutcome.outcome)
        .add_columns(PresenceOutcome.from_entry, PresenceOutcome.to_entry)
        .join(PresenceOutcome, PresenceOutcome.check_id == PresenceCheck.id)
        .where(PresenceCheck.enrollment_id.in_(ids), PresenceOutcome.to_entry > PresenceOutcome.from_entry)
    )
    missed: dict[uuid.UUID, list[Span]] = defaultdict(list)
    passed: dict[uuid.UUID, list[Span]] = defaultdict(list)
    for enrollment_id, outcome, from_entry, to_entry in session.execute(rows):
        if CheckOutcome(outcome) in UNCONFIRMED:
            missed[enrollment_id].append((from_entry, to_entry))
        elif outcome == CheckOutcome.PASSED.value:
            passed[enrollment_id].append((from_entry, to_entry))
    for enrollment_id, spans in missed.items():
        covered = union(passed[enrollment_id])
        found[enrollment_id].missed_stretches = sum(not _is_in(each, covered) for each in spans)


def _is_in(span: Span, covered: Sequence[Span]) -> bool:
    return any(begin <= span[0] and span[1] <= end for begin, end in covered)


def _days(session: Session, ids: Ids, found: dict[uuid.UUID, Traces], now: datetime) -> None:
    """Civil days with a class she signed out of: without a sign-out nothing is known of how long she stayed."""
    rows = (
        select(AttendanceMark.enrollment_id, ClassMeeting.held_on, ClassMeeting.content)
        .join(ClassMeeting, ClassMeeting.id == AttendanceMark.meeting_id)
        .where(AttendanceMark.enrollment_id.in_(ids), AttendanceMark.kind == MarkKind.OUT.value)
        .where(ClassMeeting.cancelled_at.is_(None), ClassMeeting.starts_at < now)
    )
    days: dict[uuid.UUID, set[date]] = defaultdict(set)
    for enrollment_id, held_on, content in session.execute(rows):
        days[enrollment_id].add(held_on)
        first = found[enrollment_id].practice_from
        if content == ClassContent.PRACTICE.value:
            found[enrollment_id].practice_from = min(first, held_on) if first else held_on
    for enrollment_id, all_ in days.items():
        found[enrollment_id].offline_days = len(all_)


def _theory(session: Session, ids: Ids, found: dict[uuid.UUID, Traces]) -> None:
    """The last day on which online study was credited."""
    rows = select(StudyInterval.enrollment_id, func.max(StudyInterval.studied_on)).where(
        StudyInterval.enrollment_id.in_(ids),
        StudyInterval.credited_ms > 0,
        StudyInterval.evidence_class.in_(ONLINE),
    )
    for enrollment_id, day in session.execute(rows.group_by(StudyInterval.enrollment_id)):
        found[enrollment_id].theory_until = day
