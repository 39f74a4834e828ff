"""Who stands where: at one class, in one learner's timetable, and over all classes as facts for a verdict."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.domain import attendance
from lms.domain.attendance import AttendanceFacts, MarkKind, Meeting, Standing, State
from lms.domain.corrections import Decision
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.attendance import AttendanceDecision, AttendanceLeave, AttendanceList, AttendanceMark, ClassMeeting
from lms.models.enrollments import Cohort, Enrollment
from lms.models.people import Person
from lms.models.study import LessonProgress
from lms.services import scopes, study_clock
from lms.services.attendance.meetings import slot_of
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


@dataclass(frozen=True)
class MeetingRow:
    """A class in a timetable, with who teaches it and how many signed in and out, of how many."""

    meeting: ClassMeeting
    cohort: Cohort
    teacher: str
    makes_up_for: str
    learners: int
    signed_in: int
    signed_out: int
    waiting: int


@dataclass(frozen=True)
class RosterRow:
    """One learner at a class."""

    enrollment: Enrollment
    name: str
    presence: Presence


@dataclass(frozen=True)
class OwnClass:
    """A class in a learner's own timetable."""

    row: MeetingRow
    enrollment_id: uuid.UUID
    presence: Presence


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
    slot: attendance.Slot,
    pair: Sequence[AttendanceMark | None],
    leave: AttendanceLeave | None,
    now_ms: int,
) -> Presence:
    moments = [mark.stands_from_ms if mark else None for mark in pair]
    on_leave = leave is not None and leave.decision == Decision.APPROVED.value
    standing = attendance.stand(slot, moments[0], moments[1], on_leave=on_leave, now_ms=now_ms)
    at = [meeting.starts_at + (ms - slot.starts_ms) * MS if ms is not None else None for ms in moments]
    return Presence(standing, pair[0], pair[1], at[0], at[1], leave)


def list_meetings(session: Session, actor: Actor, role: Role, cohort_id: uuid.UUID | None = None) -> list[MeetingRow]:
    """The timetable that the actor may see in this role, of all her cohorts or of one, by time."""
    query = scopes.meetings_of(actor, role)
    if cohort_id is not None:
        query = query.where(ClassMeeting.cohort_id == cohort_id)
    return rows_of(session, session.scalars(query.order_by(ClassMeeting.starts_at, ClassMeeting.id)).all())


def rows_of(session: Session, held: Sequence[ClassMeeting]) -> list[MeetingRow]:
    """Classes that were reached through a scope, with what a timetable says of each."""
    ids = [meeting.id for meeting in held]
    cohorts = {meeting.cohort_id for meeting in held}
    places = {each.id: each for each in session.scalars(select(Cohort).where(Cohort.id.in_(cohorts)))}
    teachers = {meeting.teacher_id for meeting in held}
    names = dict(session.execute(select(Account.id, Account.name).where(Account.id.in_(teachers))).all())
    first = {meeting.makes_up_for for meeting in held} - {None}
    titles = dict(session.execute(select(ClassMeeting.id, ClassMeeting.title).where(ClassMeeting.id.in_(first))).all())
    learners = _counted(session, Enrollment.cohort_id, Enrollment.cohort_id.in_(cohorts))
    mark = AttendanceMark
    signed = {
        kind: _counted(session, mark.meeting_id, mark.meeting_id.in_(ids), mark.kind == kind) for kind in MarkKind
    }
    waiting = _waiting(session, ids)
    return [
        MeetingRow(
            meeting=meeting,
            cohort=places[meeting.cohort_id],
            teacher=names.get(meeting.teacher_id, ""),
            makes_up_for=titles.get(meeting.makes_up_for, "") if meeting.makes_up_for else "",
            learners=learners.get(meeting.cohort_id, 0),
            signed_in=signed[MarkKind.IN].get(meeting.id, 0),
            signed_out=signed[MarkKind.OUT].get(meeting.id, 0),
            waiting=waiting.get(meeting.id, 0),
        )
        for meeting in held
    ]


def _counted(session: Session, by: Any, *where: Any) -> dict[uuid.UUID, int]:
    return dict(session.execute(select(by, func.count()).where(*where).group_by(by)).all())


def _waiting(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many paper lists and leaves of each class wait for somebody's word."""
    leave, paper = AttendanceLeave, AttendanceList
    found = _counted(session, leave.meeting_id, leave.meeting_id.in_(ids), leave.decision == "")
    decided = select(AttendanceDecision.list_id)
    for meeting_id, number in _counted(
        session, paper.meeting_id, paper.meeting_id.in_(ids), paper.id.not_in(decided)
    ).items():
        found[meeting_id] = found.get(meeting_id, 0) + number
    return found


def roster(session: Session, meeting: ClassMeeting, *, now: datetime) -> list[RosterRow]:
    """Everybody of the class that was reached through a scope, in the order of entry."""
    rows = (
        select(Enrollment, Person.name)
        .join(Person, Person.id == Enrollment.person_id)
        .where(Enrollment.cohort_id == meeting.cohort_id)
        .order_by(Enrollment.created_at, Enrollment.id)
    )
    people = session.execute(rows).all()
    now_ms = study_clock.peek_ms(session)
    known = presences(session, [meeting], [each.id for each, _name in people], now=now, now_ms=now_ms)
    return [RosterRow(each, name, known[meeting.id, each.id]) for each, name in people]


def list_own(session: Session, actor: Actor, *, now: datetime) -> list[OwnClass]:
    """A learner's own timetable, by time."""
    mine = {each.cohort_id: each for each in session.scalars(scopes.enrollments_of(actor))}
    rows = list_meetings(session, actor, Role.LEARNER)
    held, ids = [row.meeting for row in rows], [each.id for each in mine.values()]
    known = presences(session, held, ids, now=now, now_ms=study_clock.peek_ms(session))
    found = []
    for row in rows:
        enrollment_id = mine[row.meeting.cohort_id].id
        found.append(OwnClass(row, enrollment_id, known[row.meeting.id, enrollment_id]))
    return found


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
