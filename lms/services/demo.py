"""The sample world of a demo: two institutions, their people, the shipped courses. Known to everybody.

No study time, grade or record is made up: those appear when somebody studies.
"""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms import clock, resources
from lms.authoring.package import read_package
from lms.crypto import Keyring
from lms.domain.courses import Course as CourseText
from lms.domain.identity import DocumentType
from lms.domain.roles import Role
from lms.models.courses import CourseVersion, Lesson
from lms.models.organisations import Organisation
from lms.services import accounts, audit, cohorts, courses, enrollments, inspectors, jobs, media, organisations, sealed
from lms.services.accounts import registry
from lms.services.scopes import Actor

PASSWORD = "kangxue-demo-2026"  # noqa: S105  # public on purpose: demo mode listens on loopback only
KANGNING, ANHE = "康宁养老服务中心（示例）", "安和护理院（示例）"
FIRST_COURSE, MAIN_COURSE = "getting-started", "dementia-care"
WORKING = (Role.TRAINER, Role.INSTITUTION, Role.EXAMINER, Role.MENTOR)
SEEDED = "demo.courses"
COHORT_DAYS = timedelta(days=90)
# Five courses have two thousand minutes of video: made at once they would keep somebody's machine busy for an hour.
VIDEOS_AT_ONCE, PAUSE_BETWEEN_VIDEOS = 20, timedelta(seconds=90)


@dataclass(frozen=True)
class Login:
    """A demo login. `number` is an invented identity number of a region that does not exist."""

    phone: str
    name: str
    role: Role
    organisation: str | None
    title: str
    number: str = ""
    password: str = PASSWORD


LOGINS = (
    Login("19900000001", "李芳", Role.LEARNER, KANGNING, "学员 learner, 康宁", "219999198501010026"),
    Login("19900000011", "张强", Role.LEARNER, KANGNING, "学员 learner, 康宁", "509999199006150033"),
    Login("19900000003", "王磊", Role.TRAINER, KANGNING, "讲师 trainer, 康宁"),
    Login("19900000009", "刘洋", Role.TRAINER, KANGNING, "讲师 trainer, 康宁"),
    Login("19900000004", "周敏", Role.INSTITUTION, KANGNING, "机构 institution, 康宁"),
    Login("19900000021", "何平", Role.EXAMINER, KANGNING, "考评员 examiner, 康宁"),
    Login("19900000022", "韩梅", Role.EXAMINER, KANGNING, "考评员 examiner, 康宁"),
    Login("19900000023", "冯燕", Role.MENTOR, KANGNING, "带教师傅 workplace mentor, 康宁"),
    Login("19900000002", "陈默", Role.LEARNER, ANHE, "学员 learner, 安和", "219999198501010018"),
    Login("19900000007", "赵琴", Role.TRAINER, ANHE, "讲师 trainer, 安和"),
    Login("19900000005", "孙悦", Role.INSTITUTION, ANHE, "机构 institution, 安和"),
    Login("19900000008", "吴检", Role.INSPECTOR, KANGNING, "检查员 inspector, 康宁, 90 天 days"),
    Login("19900000006", "管理员", Role.PLATFORM, None, "平台 platform administrator"),
)


def seed(session: Session, keyring: Keyring, *, now: datetime) -> int:
    """Puts the sample world in place once; later calls only publish changed courses.

    Returns how many lesson videos belong to the published courses.
    """
    digest = _digest()
    if not audit.knows(session, SEEDED, digest):
        _publish(session, keyring, now)
        audit.record(session, SEEDED, digest, now=now)
    newest = [courses.latest(session, slug).id for slug in _slugs()]
    videos = select(func.count()).select_from(Lesson).where(Lesson.course_version_id.in_(newest))
    return session.scalar(videos.where(Lesson.media_id.is_not(None))) or 0


def _publish(session: Session, keyring: Keyring, now: datetime) -> None:
    versions = [courses.publish(session, text, now=now) for text in shipped_courses()]
    jobs.spread(session, media.MAKE_MEDIA, first=VIDEOS_AT_ONCE, every=PAUSE_BETWEEN_VIDEOS, now=now)
    if not session.scalar(select(func.count()).select_from(Organisation)):
        _people(session, keyring, {version.course.slug: version for version in versions}, now)


def _digest() -> str:
    """One hash over all files in `courses/`: reading them all at each start would take seconds."""
    whole = hashlib.sha256()
    for path in sorted(resources.find("courses").rglob("*")):
        if path.is_file():
            whole.update(f"{path}\0".encode())
            whole.update(path.read_bytes())
    return whole.hexdigest()


def _slugs() -> list[str]:
    return [path.parent.name for path in resources.find("courses").glob("*/course.yaml")]


@cache
def shipped_courses() -> list[CourseText]:
    """The courses in `courses/`, the short one first, then the one with cohorts: their videos are made first."""
    folders = sorted(path for path in resources.find("courses").iterdir() if (path / "course.yaml").exists())
    found = [read_package(folder)[0] for folder in folders]
    return sorted((course for course in found if course), key=lambda course: _rank(course.slug))


def _rank(slug: str) -> int:
    return (FIRST_COURSE, MAIN_COURSE).index(slug) if slug in (FIRST_COURSE, MAIN_COURSE) else 2


def _people(session: Session, keyring: Keyring, versions: dict[str, CourseVersion], now: datetime) -> None:
    admin = _staff(session, keyring, LOGINS[-1], None, now)
    for name in (KANGNING, ANHE):
        made = organisations.create(session, admin, name=name, now=now)
        logins = [login for login in LOGINS if login.organisation == name]
        staff = [_staff(session, keyring, login, made.id, now) for login in logins if login.role in WORKING]
        _inspectors(session, keyring, admin, made.id, logins, now)
        office = next(actor for actor in staff if actor.has(Role.INSTITUTION))
        for slug in (MAIN_COURSE, FIRST_COURSE):
            cohort_id = _cohort(session, office, made.id, versions[slug], now)
            _learners(session, keyring, office, cohort_id, logins, now)


def _staff(session: Session, keyring: Keyring, login: Login, organisation_id: uuid.UUID | None, now: datetime) -> Actor:
    account_id = accounts.create_staff(
        session,
        keyring,
        phone=login.phone,
        name=login.name,
        role=login.role,
        organisation_id=organisation_id,
        now=now,
    )
    accounts.set_password(session, keyring, account_id=account_id, password=login.password, now=now)
    return Actor(account_id, None, login.name, frozenset({(login.role, organisation_id)}))


def _inspectors(
    session: Session, keyring: Keyring, admin: Actor, organisation_id: uuid.UUID, logins: list[Login], now: datetime
) -> None:
    for login in logins:
        if login.role is not Role.INSPECTOR:
            continue
        inspectors.grant(
            session,
            keyring,
            admin,
            name=login.name,
            phone=login.phone,
            organisation_id=organisation_id,
            last_day=clock.civil_day(now) + inspectors.LONGEST,
            now=now,
        )
        account = registry.find(session, sealed.phone_index(keyring, login.phone))
        if account is not None:
            accounts.set_password(session, keyring, account_id=account.id, password=login.password, now=now)


def _cohort(
    session: Session, office: Actor, organisation_id: uuid.UUID, version: CourseVersion, now: datetime
) -> uuid.UUID:
    today = clock.civil_day(now)
    made = cohorts.create(
        session,
        office,
        organisation_id=organisation_id,
        course_version_id=version.id,
        name=f"{version.title} {today.year} 年示例班",
        opens_on=today,
        closes_on=today + COHORT_DAYS,
        now=now,
    )
    return made.id


def _learners(
    session: Session,
    keyring: Keyring,
    office: Actor,
    cohort_id: uuid.UUID,
    logins: list[Login],
    now: datetime,
) -> None:
    for login in logins:
        if login.role is not Role.LEARNER:
            continue
        enrollments.enroll(
            session,
            keyring,
            office,
            cohort_id,
            name=login.name,
            document_type=DocumentType.RESIDENT_ID,
            number=login.number,
            phone=login.phone,
            now=now,
        )
        account = registry.find(session, sealed.phone_index(keyring, login.phone))
        if account is not None and account.password_hash is None:
            accounts.set_password(session, keyring, account_id=account.id, password=login.password, now=now)
