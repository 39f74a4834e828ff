"""Who stands where: at one class, in one learner's timetable, and over all classes as facts for a verdict."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.domain.attendance import MarkKind
from lms.domain.roles import Role
from lms.models.attendance import AttendanceDecision, AttendanceLeave, AttendanceList, AttendanceMark, ClassMeeting
from lms.models.enrollments import Cohort, Enrollment
from lms.models.people import Person
from lms.services import accounts, scopes, study_clock
from lms.services.facts.attendance import Presence, presences
from lms.services.scopes import Actor


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
    names = accounts.list_names(session, {meeting.teacher_id for meeting in held})
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
    """Everybody of a class that was reached through a scope, in the order of entry; not who was entered after it."""
    rows = (
        select(Enrollment, Person.name)
        .join(Person, Person.id == Enrollment.person_id)
        .where(Enrollment.cohort_id == meeting.cohort_id, Enrollment.created_at < meeting.ends_at)
        .where(scopes.may_show(Role.TRAINER))
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
