"""Who stands where at classes in person, and what it adds up to: as facts for a verdict, and by class day."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain import attendance
from lms.domain.attendance import AttendanceFacts, ClassDay, MarkKind, Meeting, Slot, Standing, State
from lms.domain.corrections import Decision
from lms.domain.days import calendar, unix_ms
from lms.domain.roles import Role
from lms.models.attendance import AttendanceLeave, AttendanceMark, ClassMeeting
from lms.models.enrollments import Cohort, Enrollment
from lms.models.pasts import EnrollmentDeparture
from lms.models.study import LessonProgress
from lms.services import humans, ledger_as_of, pasts, study_clock
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
    before: datetime | None = None,
    granted: Collection[Key] = (),
) -> dict[Key, Presence]:
    """Everybody of these enrollments at each of these classes, in two queries.

    `before` a moment: as it was known then, told in UTC, for how the study clock stands to UTC now says nothing of
    then; `granted`: the leaves by then of whoever is on no roster any more.
    """
    ids = [meeting.id for meeting in held]
    marks: dict[tuple[uuid.UUID, uuid.UUID, str], AttendanceMark] = {}
    rows = select(AttendanceMark).where(AttendanceMark.meeting_id.in_(ids))
    if before is not None:
        rows = rows.where(AttendanceMark.recorded_at < before)
    for mark in session.scalars(rows.where(AttendanceMark.enrollment_id.in_(enrollment_ids))):
        marks[mark.meeting_id, mark.enrollment_id, mark.kind] = mark
    asked = select(AttendanceLeave).where(AttendanceLeave.meeting_id.in_(ids))
    if before is not None:
        asked = asked.where(AttendanceLeave.decided_at < before)
    leaves = {
        (each.meeting_id, each.enrollment_id): each
        for each in session.scalars(asked.where(AttendanceLeave.enrollment_id.in_(enrollment_ids)))
    }
    found: dict[Key, Presence] = {}
    if before is not None:
        now_ms = unix_ms(now)
    for meeting in held:
        slot = slot_of(meeting, now, now_ms)
        for each in enrollment_ids:
            pair = [marks.get((meeting.id, each, kind.value)) for kind in MarkKind]
            moments = [_stands_ms(mark, before) for mark in pair]
            leave, had_leave = leaves.get((meeting.id, each)), (meeting.id, each) in granted
            found[meeting.id, each] = _presence(meeting, slot, pair, moments, leave, had_leave, now_ms)
    return found


def stood_at(mark: AttendanceMark) -> datetime:
    """The moment that a mark stands for: told by the study clock, as it went when the mark was recorded."""
    return mark.recorded_at - (mark.recorded_ms - mark.stands_from_ms) * MS


def _stands_ms(mark: AttendanceMark | None, before: datetime | None) -> int | None:
    if mark is None:
        return None
    return mark.stands_from_ms if before is None else _ms(stood_at(mark))


def _presence(
    meeting: ClassMeeting,
    slot: Slot,
    pair: Sequence[AttendanceMark | None],
    moments: Sequence[int | None],
    leave: AttendanceLeave | None,
    had_leave: bool,
    now_ms: int,
) -> Presence:
    on_leave = had_leave or (leave is not None and leave.decision == Decision.APPROVED.value)
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
    session: Session, cohort_ids: Sequence[uuid.UUID], now: datetime, before: datetime | None = None
) -> dict[uuid.UUID, tuple[ClassDay, ...]]:
    """By cohort id: each day with a class that is over, counted by heads. Two queries, and two more a cohort.

    The caller has reached the cohorts through a scope. On the roster of a day is whoever was entered before its last
    class ended. A make-up class is for few, and makes no class day.
    """
    held = {
        cohort_id: [each for each in classes if each.makes_up_for is None]
        for cohort_id, classes in _ended(session, cohort_ids, now, before).items()
    }
    rosters, granted = _rosters(session, cohort_ids, before)
    now_ms = study_clock.peek_ms(session)
    found: dict[uuid.UUID, tuple[ClassDay, ...]] = {}
    for cohort_id, classes in held.items():
        roster = rosters[cohort_id]
        ids = [each.id for each in roster]
        known = presences(session, classes, ids, now=now, now_ms=now_ms, before=before, granted=granted)
        days = groupby(classes, key=lambda meeting: meeting.held_on)
        found[cohort_id] = tuple(_day(day, list(its), roster, known) for day, its in days)
    return found


def _rosters(
    session: Session, cohort_ids: Collection[uuid.UUID], before: datetime | None
) -> tuple[Mapping[uuid.UUID, list[Enrollment]], set[Key]]:
    """By cohort, now or as of then; and the leaves of those who were taken out since."""
    rosters: dict[uuid.UUID, list[Enrollment]] = defaultdict(list)
    there = select(Enrollment).where(Enrollment.cohort_id.in_(cohort_ids))
    gone = pasts.departed(session, EnrollmentDeparture.cohort_id.in_(cohort_ids), before)
    if before is not None:
        there = there.where(Enrollment.created_at < before)
    for each in [*session.scalars(there), *(row.enrollment for row in gone)]:
        rosters[each.cohort_id].append(each)
    return rosters, pasts.granted(gone)


def _day(
    day: date, classes: Sequence[ClassMeeting], roster: Sequence[Enrollment], known: Mapping[Key, Presence]
) -> ClassDay:
    ends_at = max(each.ends_at for each in classes)
    there = [each.id for each in roster if each.created_at < ends_at]
    return attendance.class_day(day, ([known[each.id, who].standing for each in classes] for who in there))


def on_timetable(before: datetime | None) -> ColumnElement[bool]:
    """Which classes are held: those that are not cancelled, or were planned and not cancelled `before` a moment."""
    if before is None:
        return ClassMeeting.cancelled_at.is_(None)
    stands = or_(ClassMeeting.cancelled_at.is_(None), ClassMeeting.cancelled_at >= before)
    return and_(ClassMeeting.created_at < before, stands)


def _ended(
    session: Session, cohort_ids: Collection[uuid.UUID], now: datetime, before: datetime | None
) -> dict[uuid.UUID, list[ClassMeeting]]:
    """By cohort id, in order: the classes that are over and were not cancelled."""
    ended = (
        select(ClassMeeting)
        .where(ClassMeeting.cohort_id.in_(cohort_ids), on_timetable(before), ClassMeeting.ends_at <= now)
        .order_by(ClassMeeting.starts_at, ClassMeeting.id)
    )
    held: dict[uuid.UUID, list[ClassMeeting]] = {}
    for meeting in session.scalars(ended):
        held.setdefault(meeting.cohort_id, []).append(meeting)
    return held


def facts(
    session: Session, enrollments: Sequence[Enrollment], now: datetime, before: datetime | None = None
) -> dict[uuid.UUID, AttendanceFacts]:
    """By enrollment id: what its classes add up to. Few queries, however many enrollments.

    Counted are classes that are over, were not cancelled, and ended after she was entered in the cohort; one that she
    may still sign out of is not over for her.
    """
    cohorts = {enrollment.cohort_id for enrollment in enrollments}
    held = _ended(session, cohorts, now, before)
    posted = _posted(session, enrollments, before)
    granted = pasts.granted(pasts.departed(session, EnrollmentDeparture.cohort_id.in_(cohorts), before))
    now_ms = study_clock.peek_ms(session)
    found: dict[uuid.UUID, AttendanceFacts] = {}
    for cohort_id in cohorts:
        mine = [each for each in enrollments if each.cohort_id == cohort_id]
        classes = held.get(cohort_id, [])
        ids = [each.id for each in mine]
        known = presences(session, classes, ids, now=now, now_ms=now_ms, before=before, granted=granted)
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
    trains = humans.works_at(session, actor.account_id, (Role.TRAINER,))
    if cohort.organisation_id in {*actor.organisation_ids(Role.TRAINER), *trains}:
        return True
    hers = humans.accounts_of(session, actor.account_id)
    held = select(ClassMeeting.id).where(ClassMeeting.cohort_id == cohort.id, ClassMeeting.teacher_id.in_(hers))
    return session.scalar(held.limit(1)) is not None


def learns(session: Session, actor: Actor, cohort: Cohort) -> bool:
    """Whether she is a learner of the class herself: classmates do not examine each other."""
    hers = humans.bodies(session, humans.self_of(session, actor.account_id, actor.person_id))
    mine = select(Enrollment.id).where(Enrollment.person_id.in_(hers), Enrollment.cohort_id == cohort.id)
    return session.scalar(mine.limit(1)) is not None


def _posted(session: Session, enrollments: Sequence[Enrollment], before: datetime | None) -> dict[uuid.UUID, int]:
    """Time credited for classes, by enrollment."""
    if before is not None:
        return _posted_then(session, enrollments, before)
    ids = [each.id for each in enrollments]
    rows = (
        select(LessonProgress.enrollment_id, func.sum(LessonProgress.credited_ms))
        .join(ClassMeeting, ClassMeeting.lesson_id == LessonProgress.lesson_id)
        .where(LessonProgress.enrollment_id.in_(ids))
        .group_by(LessonProgress.enrollment_id)
    )
    return {enrollment: int(total) for enrollment, total in session.execute(rows)}


def _posted_then(session: Session, enrollments: Sequence[Enrollment], before: datetime) -> dict[uuid.UUID, int]:
    known = ledger_as_of.of_enrollments(session, enrollments, before)
    lessons = {each.lesson for statements in known.values() for each in statements}
    slots = set(session.scalars(select(ClassMeeting.lesson_id).where(ClassMeeting.lesson_id.in_(lessons))))
    return {
        key: sum(each.credited_ms for each in statements if each.lesson in slots) for key, statements in known.items()
    }
