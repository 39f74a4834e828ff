"""A demo class that was filed with the authority: handed in by the institution, approved by its district's officer.

Its learners are invented, of a region that does not exist, and nobody's login: they are there for the desks to look at.
"""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain.attendance import ClassContent
from lms.domain.filing_checks import Mode
from lms.domain.identity import DocumentType
from lms.domain.roles import Role
from lms.models.courses import Course, CourseVersion
from lms.models.enrollments import Cohort
from lms.models.organisations import Organisation
from lms.services import enrollments, filings
from lms.services.demo import content, people
from lms.services.demo.people import EAST, KANGNING, find_actor
from lms.services.filings.writing import Described, Line
from lms.services.scopes import Actor

REMARK = "（已备案）"
DAYS = timedelta(days=60)
ROOM = "康宁一楼教室（示例）"
ROSTER = (
    ("孙桂兰", "219999198003030040", "19900000041"),
    ("钱秀英", "219999198205050066", "19900000042"),
    ("赵玉芬", "219999197907070083", "19900000043"),
)
SAID = Described(
    programme="LN-2021",
    training_kind="upgrade",
    occupation="养老护理员",
    level="5",
    certificate="skill_level",
    size=30,
    place=ROOM,
    manager="周敏",
    phone="19900000004",
    materials="平台课程（示例）",
    resources="教室一间，护理床两张",
    exam_plan="结课前一周理论考试，两位考评员考实操",
)


def open_class(session: Session, keyring: Keyring, now: datetime) -> None:
    """Files and approves the class, once, where the sample institution and its district's officer are."""
    home = session.scalar(select(Organisation).where(Organisation.name == KANGNING))
    staff = (Role.INSTITUTION, Role.TRAINER)
    office, trainer = (find_actor(session, keyring, people.of(KANGNING, role)[0]) for role in staff)
    officer = find_actor(session, keyring, people.of(EAST, Role.OFFICER)[0])
    version = _version(session)
    if home is None or office is None or trainer is None or officer is None or version is None:
        return
    if not _is_there(session, home):
        made = _fill(session, keyring, office, trainer, home, version, now)
        filings.file(session, keyring, office, made, now=now)
        filings.approve(session, keyring, officer, made, role=Role.OFFICER, version=1, note="材料齐全（示例）", now=now)


def _fill(
    session: Session,
    keyring: Keyring,
    office: Actor,
    trainer: Actor,
    home: Organisation,
    version: CourseVersion,
    now: datetime,
) -> uuid.UUID:
    """Everything that a filing needs: what is said of it, the roster, the plan."""
    today = clock.civil_day(now)
    made = filings.start(
        session,
        keyring,
        office,
        organisation_id=home.id,
        course_version_id=version.id,
        name=f"{version.title} {today.year} 年示例班{REMARK}",
        opens_on=today,
        closes_on=today + DAYS,
        now=now,
    ).id
    filings.describe(session, keyring, office, made, SAID, now=now)
    for name, number, phone in ROSTER:
        who = {"name": name, "document_type": DocumentType.RESIDENT_ID, "number": number, "phone": phone}
        enrollments.enroll(session, keyring, office, made, **who, now=now)  # type: ignore[arg-type]
    for subject, mode in (("怎么问好", Mode.ONLINE), ("翻身与拍背", Mode.IN_PERSON)):
        line = Line(subject, ClassContent.PRACTICE, mode, 8, trainer.account_id, ROOM, today + DAYS / 2)
        filings.add_item(session, office, made, line, now=now)
    return made


def _version(session: Session) -> CourseVersion | None:
    """The short course as it was published last."""
    rows = select(CourseVersion).join(Course, Course.id == CourseVersion.course_id)
    named = rows.where(Course.slug == content.FIRST_COURSE)
    return session.scalar(named.order_by(CourseVersion.number.desc()).limit(1))


def _is_there(session: Session, home: Organisation) -> bool:
    theirs = select(Cohort.id).where(Cohort.organisation_id == home.id, Cohort.name.endswith(REMARK))
    return session.scalar(theirs.limit(1)) is not None
