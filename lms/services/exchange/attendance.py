"""Attendance at classes in person, as programs read it."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from lms.models.attendance import ClassMeeting
from lms.services import study_clock
from lms.services.exchange.records import Entry, Reading, Record
from lms.services.facts.attendance import Presence, facts, presences

COUNTED = ("held", "attended", "on_leave", "absent", "attended_ms")


def attendances(on: Reading, found: Sequence[Entry]) -> list[Record]:
    """Classes in person: what they add up to, and each one that was not cancelled."""
    sums = facts(on.session, [each.enrollment for each in found], on.now)
    by_cohort: dict[uuid.UUID, list[uuid.UUID]] = {}
    for each in found:
        by_cohort.setdefault(each.cohort.id, []).append(each.enrollment.id)
    rows = select(ClassMeeting).where(ClassMeeting.cohort_id.in_(by_cohort), ClassMeeting.cancelled_at.is_(None))
    held: dict[uuid.UUID, list[ClassMeeting]] = {each: [] for each in by_cohort}
    for meeting in on.session.scalars(rows.order_by(ClassMeeting.starts_at, ClassMeeting.id)):
        held[meeting.cohort_id].append(meeting)
    known: dict[tuple[uuid.UUID, uuid.UUID], Presence] = {}
    now_ms = study_clock.peek_ms(on.session)
    for cohort_id, ids in by_cohort.items():
        known |= presences(on.session, held[cohort_id], ids, now=on.now, now_ms=now_ms)
    return [
        each.named
        | {name: getattr(sums[each.enrollment.id], name) for name in COUNTED}
        | {"classes": [_class(meeting, known[meeting.id, each.enrollment.id]) for meeting in held[each.cohort.id]]}
        for each in found
    ]


def _class(meeting: ClassMeeting, presence: Presence) -> Record:
    return {
        "class": meeting.id,
        "title": meeting.title,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "state": presence.standing.state.value,
        "is_late": presence.standing.is_late,
        "left_early": presence.standing.left_early,
        "in_at": presence.in_at.isoformat() if presence.in_at else None,
        "out_at": presence.out_at.isoformat() if presence.out_at else None,
    }
