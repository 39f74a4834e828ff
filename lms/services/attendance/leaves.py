"""Leave (请假): asked by the learner, who may take it back, or entered by staff; staff says yes or no, once."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.db import insert_if_absent
from lms.domain import attendance
from lms.domain.corrections import Decision
from lms.domain.errors import Conflict, Forbidden, NotFound, Refused
from lms.domain.roles import Role
from lms.models.attendance import AttendanceLeave, ClassMeeting
from lms.models.base import new_id
from lms.models.enrollments import Cohort, Enrollment
from lms.services import audit, humans, scopes
from lms.services.attendance import meetings, posting
from lms.services.scopes import Actor


def ask(session: Session, actor: Actor, meeting_id: uuid.UUID, reason: str, *, now: datetime) -> None:
    """A learner asks for leave before her class is over; Refused: leave_too_late, leave_reason_length,
    words_personal; Conflict: class_cancelled, leave_was_there, leave_asked."""
    meeting = meetings.get(session, actor, Role.LEARNER, meeting_id)
    enrollment = session.scalar(scopes.enrollments_of(actor).where(Enrollment.cohort_id == meeting.cohort_id))
    if enrollment is None:
        raise NotFound
    if now >= meeting.ends_at:
        raise Refused("leave_too_late")
    _add(session, actor, meeting, enrollment.id, reason, now)


def withdraw(session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime) -> None:
    """A learner takes back what she asked and nobody answered yet; the audit row stays, her reason does not, and she
    may ask again. NotFound, also for a leave that staff entered; Conflict: leave_decided."""
    mine = scopes.own_leaves_of(actor).where(AttendanceLeave.meeting_id == meeting_id)
    leave = session.scalar(mine.with_for_update())
    if leave is None:
        raise NotFound
    attendance.check_leave(False, leave.decision)
    session.delete(leave)
    session.flush()
    _audit(session, "class.leave_withdraw", actor, session.get_one(ClassMeeting, meeting_id), leave.id, now)


def enter(
    session: Session,
    actor: Actor,
    role: Role,
    meeting_id: uuid.UUID,
    enrollment_id: uuid.UUID,
    reason: str,
    *,
    now: datetime,
) -> None:
    """Staff enters a leave that was asked by word; also afterwards. The same refusals, but for leave_too_late."""
    meeting = meetings.get(session, actor, role, meeting_id)
    known = select(Enrollment.id).where(Enrollment.id == enrollment_id, Enrollment.cohort_id == meeting.cohort_id)
    if session.scalar(known) is None:
        raise NotFound
    _add(session, actor, meeting, enrollment_id, reason, now)


def _add(
    session: Session, actor: Actor, meeting: ClassMeeting, enrollment_id: uuid.UUID, reason: str, now: datetime
) -> None:
    words = attendance.check_leave_reason(reason)
    if meeting.cancelled_at is not None:
        raise Conflict("class_cancelled")
    attendance.check_leave(bool(posting.marks_of(session, meeting.id, enrollment_id)), "")
    taken = select(AttendanceLeave.id).where(
        AttendanceLeave.meeting_id == meeting.id, AttendanceLeave.enrollment_id == enrollment_id
    )
    if session.scalar(taken) is not None:
        raise Conflict("leave_asked")
    made_id = new_id()
    insert_if_absent(
        session,
        AttendanceLeave,
        id=made_id,
        meeting_id=meeting.id,
        enrollment_id=enrollment_id,
        reason=words,
        asked_by=actor.account_id,
        asked_at=now,
        decision="",
    )
    _audit(session, "class.leave", actor, meeting, made_id, now)


def decide(
    session: Session, actor: Actor, role: Role, leave_id: uuid.UUID, decision: Decision, *, now: datetime
) -> None:
    """Staff says yes or no; Forbidden: leave_own; Conflict: leave_decided, leave_was_there."""
    mine = scopes.leaves_of(actor, role).where(AttendanceLeave.id == leave_id)
    leave = session.scalar(mine.with_for_update(of=AttendanceLeave))
    if leave is None:
        raise NotFound
    learner = session.get_one(Enrollment, leave.enrollment_id).person_id
    if humans.is_own(session, learner, actor.account_id, actor.person_id):
        raise Forbidden("leave_own")
    was_there = bool(posting.marks_of(session, leave.meeting_id, leave.enrollment_id))
    attendance.check_leave(was_there and decision is Decision.APPROVED, leave.decision)
    leave.decision, leave.decided_by, leave.decided_at = decision.value, actor.account_id, now
    session.flush()
    meeting = session.get_one(ClassMeeting, leave.meeting_id)
    _audit(session, "class.leave_decide", actor, meeting, leave.id, now, decision=decision.value)


def _audit(
    session: Session, act: str, actor: Actor, meeting: ClassMeeting, leave_id: uuid.UUID, now: datetime, **detail: str
) -> None:
    cohort = session.get_one(Cohort, meeting.cohort_id)
    place = {"account_id": actor.account_id, "organisation_id": cohort.organisation_id}
    audit.record(session, act, leave_id, now=now, detail={"meeting": str(meeting.id), **detail}, **place)
