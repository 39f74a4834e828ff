"""A demo class that is more than online study: an exam, a practical and classes in person, to be tried at once.

It is of the short course, since an exam waits until its lessons are studied: there that takes minutes, not days.
"""

from contextlib import suppress
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.adapters.banks.formats import Format
from lms.adapters.objects import Store
from lms.crypto import Keyring
from lms.domain.attendance import ClassContent
from lms.domain.errors import Refused
from lms.domain.roles import Role
from lms.models.attendance import ClassMeeting
from lms.models.courses import CourseVersion
from lms.models.enrollments import Cohort
from lms.models.organisations import Organisation
from lms.services import attendance, bank
from lms.services.attendance import Plan
from lms.services.demo import classes, people
from lms.services.demo.content import QUESTIONS
from lms.services.demo.people import KANGNING, find_actor
from lms.services.scopes import Actor

FAMILY, REMARK = "blended", "（线上线下混合）"
FILE_NAME = "示例题库.txt"
ROOM = "康宁一楼教室（示例）"
TODAY, LATER = "一起学第一节课", "练一练：在手机上学一节课"
NEXT_STEP, SHORTEST, LONGEST = timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2)
EARLIEST, LATEST = time(0, 5), time(23, 55)
DAYS_BETWEEN, AFTERNOON, EVENING = timedelta(days=2), time(14), time(16)


def open_class(session: Session, keyring: Keyring, store: Store, version: CourseVersion, now: datetime) -> None:
    """Opens the class with its bank and timetable, once in an installation that has the sample institution."""
    home = session.scalar(select(Organisation).where(Organisation.name == KANGNING))
    office = _one(session, keyring, Role.INSTITUTION)
    if home is None or office is None or _find(session):
        return
    people.let_in(session, keyring, KANGNING, people.WORKING, now)
    made = classes.open_cohort(session, office, home.id, version, now, family=FAMILY, remark=REMARK)
    people.enroll(session, keyring, office, made, KANGNING, now)
    _fill_bank(session, keyring, store, home, version.course.slug, now)
    _plan(session, keyring, LATER, clock.civil_day(now) + DAYS_BETWEEN, AFTERNOON, EVENING, now)


def meet_today(session: Session, keyring: Keyring, now: datetime) -> None:
    """Adds a class in person that begins within minutes, unless the class meets today anyway."""
    day, starts, ends = slot(now)
    cohort = _find(session)
    held = select(ClassMeeting.id).where(ClassMeeting.held_on == day, ClassMeeting.cancelled_at.is_(None))
    if cohort is None or session.scalar(held.where(ClassMeeting.cohort_id == cohort.id).limit(1)):
        return
    _plan(session, keyring, TODAY, day, starts, ends, now)


def slot(now: datetime) -> tuple[date, time, time]:
    """From the next five minutes on, two hours long; shortly before midnight the first of the next day."""
    local = now.astimezone(clock.CHINA)
    start = local.replace(minute=local.minute // 5 * 5, second=0, microsecond=0) + NEXT_STEP
    last = datetime.combine(start.date(), LATEST, clock.CHINA)
    if start.date() > local.date() or last - start < SHORTEST:
        start = datetime.combine(local.date() + timedelta(days=1), EARLIEST, clock.CHINA)
        last = start + LONGEST
    return start.date(), start.time(), min(start + LONGEST, last).time()


def _fill_bank(session: Session, keyring: Keyring, store: Store, home: Organisation, slug: str, now: datetime) -> None:
    """As a trainer brings them: a file, looked at, then taken in. Everybody can read them: not for a real class."""
    trainer = _one(session, keyring, Role.TRAINER)
    if trainer is None:
        return
    place = bank.get_place(session, trainer, home.id, slug)
    data = QUESTIONS.read_bytes()
    seen = bank.bring(session, store, trainer, place, file_name=FILE_NAME, data=data, kind=Format.TEXT, now=now)
    bank.take_in(session, store, trainer, seen.batch.id, now=now)


def _plan(session: Session, keyring: Keyring, title: str, day: date, starts: time, ends: time, now: datetime) -> None:
    cohort = _find(session)
    office, trainer = (_one(session, keyring, role) for role in (Role.INSTITUTION, Role.TRAINER))
    if office is None or trainer is None or cohort is None:
        return
    content = ClassContent.PRACTICE if title == LATER else ClassContent.THEORY
    plan = Plan(title, content, ROOM, trainer.account_id, day, starts, ends)
    with suppress(Refused):  # the class is over, or people have put the teacher to other work: theirs to say
        attendance.add(session, office, cohort.id, plan, now=now)


def _one(session: Session, keyring: Keyring, role: Role) -> Actor | None:
    return find_actor(session, keyring, people.of(KANGNING, role)[0])


def _find(session: Session) -> Cohort | None:
    """The class opened last, in whatever year that was."""
    theirs = select(Cohort).join(Organisation, Organisation.id == Cohort.organisation_id)
    named = theirs.where(Organisation.name == KANGNING, Cohort.name.endswith(REMARK))
    return session.scalar(named.order_by(Cohort.opens_on.desc(), Cohort.id.desc()).limit(1))
