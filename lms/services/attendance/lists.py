"""Paper lists: typed in by one person after the class, with a photo of the paper; approved by another."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.adapters.objects import Store
from lms.domain import attendance
from lms.domain.attendance import MarkKind, Method
from lms.domain.corrections import Decision
from lms.domain.days import unix_ms
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.filings import check_earning
from lms.domain.roles import Role
from lms.domain.words import check_words
from lms.models.accounts import Account
from lms.models.attendance import AttendanceDecision, AttendanceList, AttendanceMark, ClassMeeting
from lms.models.base import new_id
from lms.models.enrollments import Cohort, Enrollment
from lms.models.people import Person
from lms.services import attachments, audit, humans, scopes, study_clock
from lms.services.attachments import Attachment, Sent
from lms.services.attendance import meetings
from lms.services.attendance.posting import Ground, Register, Sign, marks_of, used
from lms.services.evidence import Pen
from lms.services.scopes import Actor

MS = timedelta(milliseconds=1)


@dataclass(frozen=True)
class PaperRow:
    """A line of the paper: who, from when to when by the clock on the wall."""

    enrollment_id: uuid.UUID
    starts: time
    ends: time


@dataclass(frozen=True)
class ListedRow:
    """A line of a list as it is read: with the name, in UTC."""

    enrollment_id: uuid.UUID
    name: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class ListView:
    """A paper list with what became of it; `decision` is empty while it waits. `late`: typed in after the class."""

    id: uuid.UUID
    meeting: ClassMeeting
    rows: tuple[ListedRow, ...]
    reason: str
    attachment: str
    entered_by: str
    entered_at: datetime
    late: timedelta
    decision: str
    note: str
    decided_by: str
    decided_at: datetime | None
    why_not: str = ""


def enter(
    session: Session,
    store: Store,
    actor: Actor,
    role: Role,
    meeting_id: uuid.UUID,
    rows: Sequence[PaperRow],
    reason: str,
    attachment: Attachment | None,
    *,
    now: datetime,
) -> uuid.UUID:
    """Types in a paper list of a class that is over; nothing counts before it is approved.

    Refused: words_*, class_cancelled, class_not_over, list_empty, list_times, list_own, attachment_*;
    Conflict: list_known, naming somebody who has signed out already.
    """
    meeting = meetings.get(session, actor, role, meeting_id)
    check_earning(session.get_one(Cohort, meeting.cohort_id).filing)
    words = check_words(reason)
    _check_over(meeting, now)
    made_rows = [_row(meeting, each) for each in rows]
    _check_people(session, actor, meeting, rows)
    if attachment is None:
        raise Refused("attachment_missing")
    kept = attachments.keep(store, "attendance", attachment)
    made = AttendanceList(
        id=new_id(),
        meeting_id=meeting.id,
        rows=made_rows,
        reason=words,
        attachment_key=kept.key,
        attachment_name=kept.name,
        attachment_hash=kept.digest,
        entered_by=actor.account_id,
        entered_at=now,
    )
    session.add(made)
    session.flush()
    _audit(session, "class.list", actor, meeting, made.id, now, rows=len(made_rows))
    return made.id


def _check_over(meeting: ClassMeeting, now: datetime) -> None:
    if meeting.cancelled_at is not None:
        raise Conflict("class_cancelled")
    if now < meeting.ends_at:
        raise Refused("class_not_over")


def _row(meeting: ClassMeeting, row: PaperRow) -> dict[str, str]:
    begin, end = (datetime.combine(meeting.held_on, each, clock.CHINA) for each in (row.starts, row.ends))
    slot = attendance.Slot(unix_ms(meeting.starts_at), unix_ms(meeting.ends_at))
    attendance.check_times(slot, unix_ms(begin), unix_ms(end))
    told = (begin.astimezone(UTC).isoformat(), end.astimezone(UTC).isoformat())
    return {"enrollment": row.enrollment_id.hex, "from": told[0], "to": told[1]}


def _check_people(session: Session, actor: Actor, meeting: ClassMeeting, rows: Sequence[PaperRow]) -> None:
    if not rows:
        raise Refused("list_empty")
    wanted = [row.enrollment_id for row in rows]
    known = _people(session, meeting, wanted)
    if len(set(wanted)) < len(wanted) or not set(wanted) <= known.keys():
        raise NotFound
    _check_approver(session, actor, None, [person for person, _name in known.values()])
    signed_out = select(AttendanceMark.enrollment_id).where(
        AttendanceMark.meeting_id == meeting.id,
        AttendanceMark.kind == MarkKind.OUT.value,
        AttendanceMark.enrollment_id.in_(wanted),
    )
    for each in session.scalars(signed_out):
        raise Conflict("list_known", name=known[each][1])


def _people(
    session: Session, meeting: ClassMeeting, enrollment_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, tuple[uuid.UUID, str]]:
    """By enrollment of this class: the person and her name. Who was entered after it was over was not in it."""
    rows = (
        select(Enrollment.id, Person.id, Person.name)
        .join(Person, Person.id == Enrollment.person_id)
        .where(Enrollment.cohort_id == meeting.cohort_id, Enrollment.id.in_(enrollment_ids))
        .where(Enrollment.created_at < meeting.ends_at)
    )
    return {each: (person, name) for each, person, name in session.execute(rows)}


def decide(
    session: Session, actor: Actor, role: Role, list_id: uuid.UUID, decision: Decision, note: str, *, now: datetime
) -> None:
    """Approves or rejects; what is approved is posted at once, on free wall time only.

    Refused: list_second_person, list_own, words_*, class_not_over; Conflict: list_decided, class_cancelled,
    list_elsewhere, naming somebody whose time is used elsewhere.
    """
    made, meeting = _get(session, actor, role, list_id)
    rows = _listed(session, made, meeting)
    people = _people(session, meeting, [row.enrollment_id for row in rows])
    listed = [person for person, _name in people.values()]
    _check_approver(session, actor, made.entered_by, listed)
    words = check_words(note)
    pen, held = study_clock.hold(session, listed, now=now)
    session.refresh(meeting, with_for_update={"read": True})
    if meeting.cancelled_at is not None:
        raise Conflict("class_cancelled")
    if session.get(AttendanceDecision, made.id) is not None:
        raise Conflict("list_decided")
    session.add(
        AttendanceDecision(
            list_id=made.id, decision=decision.value, note=words, decided_by=actor.account_id, decided_at=now
        )
    )
    session.flush()
    if decision is Decision.APPROVED:
        ground = Ground(Method.PAPER, made.entered_by, "", made.id, actor.account_id, made.attachment_hash)
        register = Register(pen, meeting, ground)
        attendance.check_settled(register.slot, pen.now_ms)
        late_ms = max(0, (made.entered_at - meeting.ends_at) // MS)
        for row in rows:
            known = marks_of(session, meeting.id, row.enrollment_id)
            if MarkKind.OUT not in known:  # she may have signed out since
                signs, mine = _signs(pen, row, known, late_ms), held[people[row.enrollment_id][0]]
                _check_free(register, row, mine.person_id, {**known, **{sign.kind: sign.stands_ms for sign in signs}})
                register.enter(mine, row.enrollment_id, signs, known)
        register.write()
    _audit(session, "class.list_decide", actor, meeting, made.id, now, decision=decision.value)


def _check_approver(
    session: Session, actor: Actor, entered_by: uuid.UUID | None, listed: Collection[uuid.UUID]
) -> None:
    typed = humans.self_of(session, entered_by) if entered_by else None
    me = humans.self_of(session, actor.account_id, actor.person_id)
    attendance.check_approver(typed, me, me, humans.living_all(session, listed).values())


def _check_free(register: Register, row: ListedRow, person_id: uuid.UUID, stands: dict[MarkKind, int]) -> None:
    """A paper does not put somebody into a class who was elsewhere for most of it, at work online or in another."""
    span = attendance.attended(register.slot, stands[MarkKind.IN], stands[MarkKind.OUT])
    if not attendance.is_free(span, used(register.session, person_id, span)):
        raise Conflict("list_elsewhere", name=row.name)


def _signs(pen: Pen, row: ListedRow, known: dict[MarkKind, int], late_ms: int) -> list[Sign]:
    """The marks that the paper adds: a sign-in by the code stands, whatever the paper says."""
    ahead = unix_ms(pen.now) - pen.now_ms
    told = {MarkKind.IN: unix_ms(row.starts_at) - ahead, MarkKind.OUT: unix_ms(row.ends_at) - ahead}
    return [Sign(kind, at, late_ms) for kind, at in told.items() if kind not in known]


def _get(session: Session, actor: Actor, role: Role, list_id: uuid.UUID) -> tuple[AttendanceList, ClassMeeting]:
    made = session.scalar(scopes.attendance_lists_of(actor, role).where(AttendanceList.id == list_id))
    if made is None:
        raise NotFound
    return made, session.get_one(ClassMeeting, made.meeting_id)


def _listed(session: Session, made: AttendanceList, meeting: ClassMeeting) -> tuple[ListedRow, ...]:
    names = _people(session, meeting, [uuid.UUID(row["enrollment"]) for row in made.rows])
    return tuple(_listed_row(row, names) for row in made.rows if uuid.UUID(row["enrollment"]) in names)


def _listed_row(row: dict[str, str], names: dict[uuid.UUID, tuple[uuid.UUID, str]]) -> ListedRow:
    enrollment_id = uuid.UUID(row["enrollment"])
    moments = (datetime.fromisoformat(row["from"]), datetime.fromisoformat(row["to"]))
    return ListedRow(enrollment_id, names[enrollment_id][1], *moments)


def get_list(session: Session, actor: Actor, role: Role, list_id: uuid.UUID) -> ListView:
    """One paper list; `why_not` says why the actor may not decide on it."""
    made, meeting = _get(session, actor, role, list_id)
    rows = _listed(session, made, meeting)
    people = _people(session, meeting, [row.enrollment_id for row in rows])
    listed = [person for person, _name in people.values()]
    try:
        _check_approver(session, actor, made.entered_by, listed)
        why_not = ""
    except Refused as refused:
        why_not = refused.code
    return _view(session, made, meeting, rows, why_not)


def list_of_meeting(session: Session, meeting: ClassMeeting) -> list[ListView]:
    """The paper lists of a class that was reached through a scope, the newest first."""
    rows = select(AttendanceList).where(AttendanceList.meeting_id == meeting.id)
    made = session.scalars(rows.order_by(AttendanceList.entered_at.desc())).all()
    return [_view(session, each, meeting, _listed(session, each, meeting)) for each in made]


def _view(
    session: Session, made: AttendanceList, meeting: ClassMeeting, rows: tuple[ListedRow, ...], why_not: str = ""
) -> ListView:
    decided = session.get(AttendanceDecision, made.id)
    return ListView(
        id=made.id,
        meeting=meeting,
        rows=rows,
        reason=made.reason,
        attachment=made.attachment_name,
        entered_by=session.get_one(Account, made.entered_by).name,
        entered_at=made.entered_at,
        late=made.entered_at - meeting.ends_at,
        decision=decided.decision if decided else "",
        note=decided.note if decided else "",
        decided_by=session.get_one(Account, decided.decided_by).name if decided else "",
        decided_at=decided.decided_at if decided else None,
        why_not=why_not,
    )


def open_paper(session: Session, store: Store, actor: Actor, role: Role, list_id: uuid.UUID, *, now: datetime) -> Sent:
    """The photo of a paper list; each look is on record."""
    made, meeting = _get(session, actor, role, list_id)
    _audit(session, "class.list_paper", actor, meeting, made.id, now)
    return attachments.open_kept(store, made.attachment_key, made.attachment_name)


def _audit(
    session: Session, act: str, actor: Actor, meeting: ClassMeeting, list_id: uuid.UUID, now: datetime, **detail: Any
) -> None:
    cohort = session.get_one(Cohort, meeting.cohort_id)
    place = {"account_id": actor.account_id, "organisation_id": cohort.organisation_id}
    audit.record(session, act, list_id, now=now, detail={"meeting": str(meeting.id), **detail}, **place)
