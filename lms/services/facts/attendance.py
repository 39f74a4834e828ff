"""Who stands where at classes in person, and what it adds up to: as facts for a verdict, and by class day."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain import attendance
from lms.domain.attendance import AttendanceFacts, MarkKind, Meeting, Slot, Standing, State
from lms.domain.blended import ClassDay
from lms.domain.corrections import Decision
from lms.domain.days import calendar
from lms.domain.roles import Role
from lms.models.attendance import AttendanceLeave, AttendanceMark, ClassMeeting
from lms.models.enrollments import Cohort, Enrollment
from lms.models.study import LessonProgress
from lms.services import scopes, study_clock
from lms.services.scopes import Actor

MS = timedelta(milliseconds=1)
SETTLED = frozenset({State.ATTENDED, State.UNSIGNED, State.LEAVE, State.ABSENT})


@dataclass(frozen=True)
class Presence:
    """What is on record of one person at one class, with where that leaves her. Moments in UTC."""

    standing: Standing
    signed_in: AttendanceMark | None
    signed_out: AttendanceMark | None
    in_at: datetime | None
    out_at: datetime | None
    leave: AttendanceLeave | None


Key = tuple[uuid.UUID, uuid.UUID]
"""(class, enrollment)."""


def presences(
    session: Session,
    held: Sequence[ClassMeeting],
    enrollment_ids: Collection[uuid.UUID],
    *,
    now: datetime,
    now_ms: int,
) -> dict[Key, Presence]:
    """Everybody of these enrollments at each of these classes, in two queries."""
    ids = [meeting.id for meeting in held]
    marks: dict[tuple[uuid.UUID, uuid.UUID, str], AttendanceMark] = {}
    rows = select(AttendanceMark).where(AttendanceMark.meeting_id.in_(ids))
    for mark in session.scalars(rows.where(AttendanceMark.enrollment_id.in_(enrollment_ids))):
        marks[mark.meeting_id, mark.enrollment_id, mark.kind] = mark
    asked = select(AttendanceLeave).where(AttendanceLeave.meeting_id.in_(ids))
    leaves = {
        (each.meeting_id, each.enrollment_id): each
        for each in session.scalars(asked.where(AttendanceLeave.enrollment_id.in_(enrollment_ids)))
    }
    found: dict[Key, Presence] = {}
    for meeting in held:
        slot = slot_of(meeting, now, now_ms)
        for each in enrollment_ids:
            pair = [marks.get((meeting.id, each, kind.value)) for kind in MarkKind]
            found[meeting.id, each] = _presence(meeting, slot, pair, leaves.get((meeting.id, each)), now_ms)
    return found


def _presence(
    meeting: ClassMeeting,
    slot: Slot,
    pair: Sequence[AttendanceMark | None],
    leave: AttendanceLeave | None,
    now_ms: int,
) -> Presence:
    moments = [mark.stands_from_ms if mark else None for mark in pair]
    on_leave = leave is not None and leave.decision == Decision.APPROVED.value
    standing = attendance.stand(slot, moments[0], moments[1], on_leave=on_leave, now_ms=now_ms)
    at = [meeting.starts_at + (ms - slot.starts_ms) * MS if ms is not None else None for ms in moments]
    return Presence(standing, pair[0], pair[1], at[0], at[1], leave)


def slot_of(meeting: ClassMeeting, now: datetime, now_ms: int) -> Slot:
    """The class on the study clock, as that stands to UTC now."""
    ahead_ms = calendar(clock.CHINA, now, now_ms).ahead_ms
    return Slot(_ms(meeting.starts_at) - ahead_ms, _ms(meeting.ends_at) - ahead_ms)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


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


def facts(session: Session, enrollments: Sequence[Enrollment], now: datetime) -> dict[uuid.UUID, AttendanceFacts]:
    """By enrollment id: what its classes add up to. Few queries, however many enrollments.

    Counted are classes that are over, were not cancelled, and ended after she was entered in the cohort; one that she
    may still sign out of is not over for her.
    """
    cohorts = {enrollment.cohort_id for enrollment in enrollments}
    ended = (
        select(ClassMeeting)
        .where(ClassMeeting.cohort_id.in_(cohorts), ClassMeeting.cancelled_at.is_(None), ClassMeeting.ends_at <= now)
        .order_by(ClassMeeting.starts_at, ClassMeeting.id)
    )
    held: dict[uuid.UUID, list[ClassMeeting]] = {}
    for meeting in session.scalars(ended):
        held.setdefault(meeting.cohort_id, []).append(meeting)
    posted = _posted(session, [enrollment.id for enrollment in enrollments])
    now_ms = study_clock.peek_ms(session)
    found: dict[uuid.UUID, AttendanceFacts] = {}
    for cohort_id in cohorts:
        mine = [each for each in enrollments if each.cohort_id == cohort_id]
        classes = held.get(cohort_id, [])
        known = presences(session, classes, [each.id for each in mine], now=now, now_ms=now_ms)
        for each in mine:
            found[each.id] = _facts(each, classes, known, posted.get(each.id, 0))
    return found


def _facts(
    enrollment: Enrollment, classes: Sequence[ClassMeeting], known: dict[Key, Presence], attended_ms: int
) -> AttendanceFacts:
    standings = {
        each.id: known[each.id, enrollment.id].standing
        for each in classes
        if each.ends_at > enrollment.created_at and known[each.id, enrollment.id].standing.state in SETTLED
    }
    mine = [Meeting(each.id, each.makes_up_for) for each in classes if each.id in standings]
    return attendance.count(mine, standings, attended_ms)


def teaches(session: Session, actor: Actor, cohort: Cohort) -> bool:
    """Whether she is a trainer of the class's institution, or stands in the class's timetable as its teacher."""
    if cohort.organisation_id in actor.organisation_ids(Role.TRAINER):
        return True
    held = select(ClassMeeting.id).where(
        ClassMeeting.cohort_id == cohort.id, ClassMeeting.teacher_id == actor.account_id
    )
    return session.scalar(held.limit(1)) is not None


def learns(session: Session, actor: Actor, cohort: Cohort) -> bool:
    """Whether she is a learner of the class herself: classmates do not examine each other."""
    mine = scopes.enrollments_of(actor).where(Enrollment.cohort_id == cohort.id)
    return actor.person_id is not None and session.scalar(mine) is not None


def _posted(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Time credited for classes, by enrollment."""
    rows = (
        select(LessonProgress.enrollment_id, func.sum(LessonProgress.credited_ms))
        .join(ClassMeeting, ClassMeeting.lesson_id == LessonProgress.lesson_id)
        .where(LessonProgress.enrollment_id.in_(ids))
        .group_by(LessonProgress.enrollment_id)
    )
    return {enrollment: int(total) for enrollment, total in session.execute(rows)}


def day_percents(session: Session, cohort_id: uuid.UUID, now: datetime) -> dict[date, int]:
    """By day on which a class of the cohort was held: of all places, how many were filled by somebody who attended.
    The caller has reached the cohort through a scope. A make-up class is for few, and no measure of its day."""
    ended = select(ClassMeeting).where(ClassMeeting.cohort_id == cohort_id, ClassMeeting.cancelled_at.is_(None))
    held = session.scalars(ended.where(ClassMeeting.ends_at <= now, ClassMeeting.makes_up_for.is_(None))).all()
    everybody = session.scalars(select(Enrollment).where(Enrollment.cohort_id == cohort_id)).all()
    now_ms = study_clock.peek_ms(session)
    known = presences(session, held, [each.id for each in everybody], now=now, now_ms=now_ms)
    by_day: dict[date, list[Standing]] = {}
    for meeting in held:
        there = [known[meeting.id, each.id].standing for each in everybody if each.created_at < meeting.ends_at]
        by_day.setdefault(meeting.held_on, []).extend(each for each in there if each.state in SETTLED)
    shares = {day: attendance.day_percent(standings) for day, standings in by_day.items()}
    return {day: share for day, share in shares.items() if share is not None}
