"""The facts of classes in person: by enrollment, and by class day of a cohort."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.domain.attendance import AttendanceFacts
from lms.domain.blended import ClassDay
from lms.models.attendance import AttendanceLeave, AttendanceMark, ClassMeeting
from lms.models.enrollments import Enrollment
from lms.models.study import LessonProgress


def facts(session: Session, enrollments: Sequence[Enrollment], now: datetime) -> dict[uuid.UUID, AttendanceFacts]:
    """By enrollment id, over the classes of its cohort that have ended by `now` and were not cancelled."""
    ids = [each.id for each in enrollments]
    held = _held(session, {each.cohort_id for each in enrollments}, now)
    came = _pairs(session, ids)
    leaves = _leaves(session, ids)
    times = _times(session, ids)
    found = {}
    for each in enrollments:
        mine = held.get(each.cohort_id, set())
        here = mine & came[each.id]
        away = (mine - here) & leaves[each.id]
        found[each.id] = AttendanceFacts(
            held=len(mine),
            attended=len(here),
            on_leave=len(away),
            absent=len(mine) - len(here) - len(away),
            attended_ms=times.get(each.id, 0),
        )
    return found


def class_days(
    session: Session, cohort_ids: Sequence[uuid.UUID], now: datetime
) -> dict[uuid.UUID, tuple[ClassDay, ...]]:
    """By cohort id: each day with class that is over, how many are on the roster, how many came to any class of it."""
    roster = select(Enrollment.cohort_id, func.count()).where(Enrollment.cohort_id.in_(cohort_ids))
    sizes = {row[0]: row[1] for row in session.execute(roster.group_by(Enrollment.cohort_id))}
    rows = (
        select(ClassMeeting.cohort_id, ClassMeeting.held_on, func.count(AttendanceMark.enrollment_id.distinct()))
        .outerjoin(AttendanceMark, AttendanceMark.meeting_id == ClassMeeting.id)
        .where(ClassMeeting.cohort_id.in_(cohort_ids), ClassMeeting.cancelled_at.is_(None), ClassMeeting.ends_at <= now)
        .group_by(ClassMeeting.cohort_id, ClassMeeting.held_on)
        .order_by(ClassMeeting.held_on)
    )
    found: dict[uuid.UUID, list[ClassDay]] = defaultdict(list)
    for cohort_id, held_on, present in session.execute(rows):
        found[cohort_id].append(ClassDay(held_on.isoformat(), sizes.get(cohort_id, 0), present))
    return {cohort_id: tuple(days) for cohort_id, days in found.items()}


def _held(session: Session, cohorts: set[uuid.UUID], now: datetime) -> dict[uuid.UUID, set[uuid.UUID]]:
    over = ClassMeeting.cancelled_at.is_(None) & (ClassMeeting.ends_at <= now)
    rows = select(ClassMeeting.cohort_id, ClassMeeting.id).where(ClassMeeting.cohort_id.in_(cohorts), over)
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for cohort_id, meeting_id in session.execute(rows):
        found[cohort_id].add(meeting_id)
    return found


def _pairs(session: Session, ids: list[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """By enrollment: the classes she both signed in to and out of."""
    rows = select(AttendanceMark.enrollment_id, AttendanceMark.meeting_id).where(AttendanceMark.enrollment_id.in_(ids))
    both = rows.group_by(AttendanceMark.enrollment_id, AttendanceMark.meeting_id).having(func.count() == 2)
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for enrollment_id, meeting_id in session.execute(both):
        found[enrollment_id].add(meeting_id)
    return found


def _leaves(session: Session, ids: list[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    rows = select(AttendanceLeave.enrollment_id, AttendanceLeave.meeting_id)
    granted = rows.where(AttendanceLeave.enrollment_id.in_(ids), AttendanceLeave.decision == "approved")
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for enrollment_id, meeting_id in session.execute(granted):
        found[enrollment_id].add(meeting_id)
    return found


def _times(session: Session, ids: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    rows = (
        select(LessonProgress.enrollment_id, func.sum(LessonProgress.credited_ms))
        .join(ClassMeeting, ClassMeeting.lesson_id == LessonProgress.lesson_id)
        .where(LessonProgress.enrollment_id.in_(ids))
        .group_by(LessonProgress.enrollment_id)
    )
    return {enrollment_id: int(credited) for enrollment_id, credited in session.execute(rows)}
