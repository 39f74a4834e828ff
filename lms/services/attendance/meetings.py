"""The timetable of a cohort: a class is added, or cancelled with a reason; it is never moved and never deleted."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain import attendance
from lms.domain.attendance import ClassContent, Slot
from lms.domain.bank import clean_line
from lms.domain.courses import LessonKind, Module
from lms.domain.days import unix_ms
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.policies import policy_named
from lms.domain.roles import Role
from lms.domain.words import check_words
from lms.models.accounts import Account, Membership
from lms.models.attendance import AttendanceMark, ClassMeeting
from lms.models.base import new_id
from lms.models.courses import Lesson
from lms.models.enrollments import Cohort
from lms.services import audit, courses, scopes
from lms.services.scopes import Actor

LONGEST_TITLE, LONGEST_PLACE = 80, 80


@dataclass(frozen=True)
class Plan:
    """A class as a form tells it: on one civil day, from `starts` to `ends`."""

    title: str
    content: ClassContent
    place: str
    teacher_id: uuid.UUID
    day: date
    starts: time
    ends: time
    module_slug: str = ""
    makes_up_for: uuid.UUID | None = None


def add(session: Session, actor: Actor, cohort_id: uuid.UUID, plan: Plan, *, now: datetime) -> uuid.UUID:
    """Puts a class into the timetable of one of the actor's cohorts.

    Refused: class_title_length, class_place_length, class_length, class_outside_cohort, class_in_past, class_teacher,
    class_makes_up_for, class_makes_up_short; Conflict: class_clash_teacher, class_clash_cohort.
    """
    cohort = session.scalar(scopes.cohorts_of(actor).where(Cohort.id == cohort_id).with_for_update())
    if cohort is None:
        raise NotFound
    starts_at, ends_at = _moments(cohort, plan, now)
    _check_teacher(session, cohort, plan.teacher_id)
    _check_free(session, cohort, plan.teacher_id, starts_at, ends_at)
    _check_makes_up(session, cohort, plan.makes_up_for, ends_at - starts_at)
    title = _text(plan.title, LONGEST_TITLE, "class_title_length")
    made_id = new_id()
    lesson = _slot_lesson(made_id, title, plan.module_slug, starts_at, ends_at)
    session.add(lesson)
    session.flush()
    meeting = ClassMeeting(
        id=made_id,
        cohort_id=cohort.id,
        lesson_id=lesson.id,
        title=title,
        module_slug=plan.module_slug,
        content=plan.content.value,
        place=_text(plan.place, LONGEST_PLACE, "class_place_length"),
        teacher_id=plan.teacher_id,
        held_on=plan.day,
        starts_at=starts_at,
        ends_at=ends_at,
        makes_up_for=plan.makes_up_for,
        created_by=actor.account_id,
        created_at=now,
        cancel_reason="",
    )
    session.add(meeting)
    session.flush()
    _audit(session, "class.add", actor, cohort, meeting.id, now)
    return meeting.id


def _slot_lesson(meeting_id: uuid.UUID, title: str, module: str, starts_at: datetime, ends_at: datetime) -> Lesson:
    """The slot as content that time can be credited for: of no course, and as long as it lasts."""
    return Lesson(
        id=new_id(),
        course_version_id=None,
        module_slug=module,
        slug=f"class-{meeting_id.hex}",
        position=0,
        kind=LessonKind.CLASS.value,
        title=title,
        title_en=title,
        duration_ms=unix_ms(ends_at) - unix_ms(starts_at),
    )


def _text(text: str, longest: int, code: str) -> str:
    words = clean_line(text)
    if not 0 < len(words) <= longest:
        raise Refused(code, longest=longest)
    return words


def _moments(cohort: Cohort, plan: Plan, now: datetime) -> tuple[datetime, datetime]:
    zone = policy_named(cohort.policy_code).zone
    starts_at = datetime.combine(plan.day, plan.starts, zone).astimezone(UTC)
    ends_at = datetime.combine(plan.day, plan.ends, zone).astimezone(UTC)
    attendance.check_slot(Slot(unix_ms(starts_at), unix_ms(ends_at)))
    if not cohort.opens_on <= plan.day <= cohort.closes_on:
        raise Refused("class_outside_cohort", **{"from": str(cohort.opens_on), "to": str(cohort.closes_on)})
    if starts_at < now:  # a class that nobody knew of before it began cannot be looked in on
        raise Refused("class_in_past")
    return starts_at, ends_at


def _check_teacher(session: Session, cohort: Cohort, teacher_id: uuid.UUID) -> None:
    locked = select(Account).where(Account.id == teacher_id).with_for_update()  # two cohorts may ask for her at once
    session.scalar(locked)
    if teacher_id not in {each for each, _name in list_teachers(session, cohort)}:
        raise Refused("class_teacher")


def list_teachers(session: Session, cohort: Cohort) -> list[tuple[uuid.UUID, str]]:
    """Who teaches for the institution of a cohort that was reached through a scope."""
    rows = (
        select(Account.id, Account.name)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.organisation_id == cohort.organisation_id, Membership.role == Role.TRAINER.value)
        .where(Account.disabled_at.is_(None))
        .order_by(Account.name, Account.id)
    )
    return [(each, name) for each, name in session.execute(rows)]


def _check_free(
    session: Session, cohort: Cohort, teacher_id: uuid.UUID, starts_at: datetime, ends_at: datetime
) -> None:
    rows = (
        select(ClassMeeting)
        .where(or_(ClassMeeting.cohort_id == cohort.id, ClassMeeting.teacher_id == teacher_id))
        .where(ClassMeeting.cancelled_at.is_(None))
        .where(ClassMeeting.starts_at < ends_at, ClassMeeting.ends_at > starts_at)
        .order_by(ClassMeeting.starts_at)
    )
    for other in session.scalars(rows):
        if other.cohort_id == cohort.id:
            raise Conflict("class_clash_cohort", title=other.title, time=_shown(other))
        raise Conflict("class_clash_teacher", time=_shown(other))  # of another cohort, perhaps not hers to read of


def _shown(meeting: ClassMeeting) -> str:
    start, end = (each.astimezone(clock.CHINA) for each in (meeting.starts_at, meeting.ends_at))
    return f"{start:%H:%M}–{end:%H:%M}"


def _check_makes_up(session: Session, cohort: Cohort, meeting_id: uuid.UUID | None, length: timedelta) -> None:
    """It counts as the class it makes up for, so ten minutes are none for a whole day."""
    if meeting_id is None:
        return
    first = session.get(ClassMeeting, meeting_id)
    if first is None or first.cohort_id != cohort.id or first.makes_up_for is not None:
        raise Refused("class_makes_up_for")
    if length < first.ends_at - first.starts_at:
        raise Refused("class_makes_up_short")


def cancel(session: Session, actor: Actor, meeting_id: uuid.UUID, reason: str, *, now: datetime) -> None:
    """Cancels a class that nobody has signed in to. It stays in the timetable, with its reason.

    Refused: words_*; Conflict: class_cancelled, class_has_marks.
    """
    mine = scopes.meetings_of(actor, Role.INSTITUTION).where(ClassMeeting.id == meeting_id)
    meeting = session.scalar(mine.with_for_update(of=ClassMeeting))
    if meeting is None:
        raise NotFound
    words = check_words(reason)
    if meeting.cancelled_at is not None:
        raise Conflict("class_cancelled")
    if session.scalar(select(func.count()).where(AttendanceMark.meeting_id == meeting.id)):
        raise Conflict("class_has_marks")
    meeting.cancelled_at, meeting.cancel_reason = now, words
    session.flush()
    _audit(session, "class.cancel", actor, session.get_one(Cohort, meeting.cohort_id), meeting.id, now)


def _audit(session: Session, act: str, actor: Actor, cohort: Cohort, meeting_id: uuid.UUID, now: datetime) -> None:
    place = {"account_id": actor.account_id, "organisation_id": cohort.organisation_id}
    audit.record(session, act, meeting_id, now=now, detail={"cohort": str(cohort.id)}, **place)


def get(session: Session, actor: Actor, role: Role, meeting_id: uuid.UUID) -> ClassMeeting:
    """A class that the actor may see in this role; NotFound for any other."""
    meeting = session.scalar(scopes.meetings_of(actor, role).where(ClassMeeting.id == meeting_id))
    if meeting is None:
        raise NotFound
    return meeting


@dataclass(frozen=True)
class Options:
    """What a form for a class of one cohort offers: who can teach it, parts of the course, classes to make up for."""

    teachers: tuple[tuple[uuid.UUID, str], ...]
    modules: tuple[Module, ...]
    meetings: tuple[ClassMeeting, ...]


def options(session: Session, actor: Actor, cohort_id: uuid.UUID) -> Options:
    """The choices for one of the actor's cohorts."""
    cohort = session.scalar(scopes.cohorts_of(actor).where(Cohort.id == cohort_id))
    if cohort is None:
        raise NotFound
    first = select(ClassMeeting).where(ClassMeeting.cohort_id == cohort.id, ClassMeeting.makes_up_for.is_(None))
    return Options(
        teachers=tuple(list_teachers(session, cohort)),
        modules=courses.text_of(cohort.course_version).modules,
        meetings=tuple(session.scalars(first.order_by(ClassMeeting.starts_at.desc()))),
    )
