"""The rotating code: shown by the teacher, scanned and confirmed by a learner on her own phone."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.domain import attendance, class_tickets
from lms.domain.attendance import MarkKind, Method
from lms.domain.class_tickets import Ticket
from lms.domain.errors import Conflict, Forbidden, NotFound, Refused, TooMany
from lms.domain.roles import Role
from lms.models.attendance import ClassMeeting
from lms.models.audit import AuditEvent
from lms.models.enrollments import Enrollment
from lms.services import audit, scopes, study_clock
from lms.services.attendance import meetings, posting
from lms.services.attendance.posting import Ground, Register, Sign
from lms.services.facts.attendance import slot_of
from lms.services.scopes import Actor

WRONG_DIGITS, WRONG_WITHIN = 10, timedelta(minutes=10)


@dataclass(frozen=True)
class Shown:
    """What the teacher's phone shows: the code and its digits, or why there is none now."""

    ticket: Ticket | None
    digits: str = ""
    why_not: Refused | None = None


@dataclass(frozen=True)
class Scan:
    """What a scan tells a learner's phone: what she would sign, until when, and the seal that is hers alone."""

    meeting: ClassMeeting
    enrollment_id: uuid.UUID
    kind: MarkKind
    scanned_ms: int
    seal: str
    is_done: bool


def show(
    session: Session, key: bytes, actor: Actor, role: Role, meeting_id: uuid.UUID, kind: MarkKind, *, now: datetime
) -> Shown:
    """The code of this moment, for whoever teaches the class or works at its institution."""
    meeting = meetings.get(session, actor, role, meeting_id)
    now_ms = study_clock.peek_ms(session)
    try:
        _check_held(meeting)
        attendance.check_window(kind, slot_of(meeting, now, now_ms), now_ms)
    except Refused as refused:
        return Shown(None, why_not=refused)
    ticket = class_tickets.issue(key, meeting.id, kind, now_ms)
    return Shown(ticket, class_tickets.digits(key, ticket))


def scan(session: Session, key: bytes, actor: Actor, ticket: Ticket, *, now: datetime) -> Scan:
    """A learner's phone opened the address in the code; nothing is written yet.

    NotFound where the class is not hers; Forbidden: class_own_code; Refused: ticket_false, ticket_old,
    class_cancelled, class_sign_*.
    """
    meeting, enrollment = _own(session, actor, ticket.meeting)
    now_ms = study_clock.peek_ms(session)
    known = posting.marks_of(session, meeting.id, enrollment.id)
    if ticket.kind not in known:
        class_tickets.check(key, ticket, now_ms)
        _check_held(meeting)
        attendance.check_window(ticket.kind, slot_of(meeting, now, now_ms), now_ms)
        _check_order(ticket.kind, known)
    seal = class_tickets.seal_scan(key, ticket, enrollment.id, now_ms)
    return Scan(meeting, enrollment.id, ticket.kind, now_ms, seal, ticket.kind in known)


def sign(
    session: Session, key: bytes, actor: Actor, ticket: Ticket, scanned_ms: int, seal: str, *, now: datetime
) -> ClassMeeting:
    """She said yes: the mark stands from the moment of the scan. Again is the same mark, and no second one.

    Forbidden: class_own_code; Refused: ticket_false, ticket_old, class_cancelled, class_sign_*, class_sign_in_first.
    """
    meeting, enrollment = _own(session, actor, ticket.meeting)
    pen, held = study_clock.hold_one(session, enrollment.person_id, now=now)
    session.refresh(meeting, with_for_update={"read": True})  # not while it is being cancelled
    known = posting.marks_of(session, meeting.id, enrollment.id)
    if ticket.kind in known:
        return meeting
    class_tickets.check_scan(key, ticket, enrollment.id, scanned_ms, seal, pen.now_ms)
    _check_held(meeting)
    attendance.check_window(ticket.kind, slot_of(meeting, now, pen.now_ms), scanned_ms)
    _check_order(ticket.kind, known)
    register = Register(pen, meeting, Ground(Method.QR, actor.account_id, ticket=ticket.digest))
    register.enter(held, enrollment.id, [Sign(ticket.kind, scanned_ms)], known)
    register.write()
    return meeting


def find_ticket(
    session: Session, key: bytes, actor: Actor, meeting_id: uuid.UUID, typed: str, *, now: datetime
) -> Ticket | Refused:
    """The code of the moment by its digits. A wrong one is kept on record; TooMany after ten in ten minutes."""
    meeting, _enrollment = _own(session, actor, meeting_id)
    _check_guesses(session, actor, now)
    try:
        return class_tickets.find(key, meeting.id, typed, study_clock.peek_ms(session))
    except Refused as refused:
        audit.record(session, "class.digits", meeting.id, now=now, account_id=actor.account_id)
        return refused


def _check_guesses(session: Session, actor: Actor, now: datetime) -> None:
    mine = (AuditEvent.account_id == actor.account_id) & (AuditEvent.action == "class.digits")
    if (session.scalar(select(func.count()).where(mine, AuditEvent.at > now - WRONG_WITHIN)) or 0) >= WRONG_DIGITS:
        raise TooMany("ticket_guesses", retry_after_seconds=int(WRONG_WITHIN.total_seconds()))


def _own(session: Session, actor: Actor, meeting_id: uuid.UUID) -> tuple[ClassMeeting, Enrollment]:
    meeting = meetings.get(session, actor, Role.LEARNER, meeting_id)
    mine = scopes.enrollments_of(actor).where(Enrollment.cohort_id == meeting.cohort_id)
    enrollment = session.scalar(mine)
    if enrollment is None:
        raise NotFound
    _check_apart(session, actor, meeting)
    return meeting, enrollment


def _check_apart(session: Session, actor: Actor, meeting: ClassMeeting) -> None:
    """Who can call up the code herself proves nothing by typing it. Forbidden: class_own_code."""
    for role in (Role.TRAINER, Role.INSTITUTION):
        shows = scopes.meetings_of(actor, role).where(ClassMeeting.id == meeting.id)
        if actor.has(role) and session.scalar(shows) is not None:
            raise Forbidden("class_own_code")


def _check_held(meeting: ClassMeeting) -> None:
    if meeting.cancelled_at is not None:
        raise Conflict("class_cancelled")


def _check_order(kind: MarkKind, known: dict[MarkKind, int]) -> None:
    if kind is MarkKind.OUT and MarkKind.IN not in known:
        raise Refused("class_sign_in_first")
