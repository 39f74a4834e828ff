"""A class of 康宁 in a course with two practical skills, examined by two people: 李芳 learns in it."""

import io
import uuid
from dataclasses import dataclass, replace

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.courses import Course, Lesson, LessonKind, Practice, Step
from lms.models.base import new_id
from lms.models.courses import Lesson as LessonRow
from lms.models.enrollments import Cohort, Enrollment
from lms.services import courses
from lms.services.practice import Signing
from tests.support.cast import NOON, Cast
from tests.support.examiners import Examiners, stage
from tests.support.texts import small_course

WASH = Practice(
    ("脸盆", "毛巾"),
    (Step("洗手，向老人说明", 30, critical=True), Step("试水温", 30), Step("从内眼角向外擦", 40)),
    pass_points=60,
)
TURN = Practice(("软枕",), (Step("拉上床栏", 50, critical=True), Step("翻身", 50)), pass_points=60)
GOOD, WEAK, BAD = (True, True, True), (True, True, False), (False, True, True)


@dataclass(frozen=True)
class Practicals:
    """Where the tests happen, and who judges."""

    examiners: Examiners
    cohort: uuid.UUID
    enrollment: uuid.UUID
    wash: uuid.UUID
    turn: uuid.UUID


def practical_course() -> Course:
    """The small course under another name, with two practice lessons at its end."""
    small = small_course()
    wash = Lesson("wash-face", LessonKind.PRACTICE, "给老人洗脸", "Washing a face", practice=WASH)
    turn = Lesson("turn-over", LessonKind.PRACTICE, "给老人翻身", "Turning over", practice=TURN)
    first, *rest = small.modules
    modules = (replace(first, lessons=(*first.lessons, wash, turn)), *rest)
    return replace(small, slug="practical", title="照护实操", title_en="Hands-on care", modules=modules)


def open_class(session: Session, keyring: Keyring, cast: Cast, password_hash: str) -> Practicals:
    """Puts course, class and judges into the database."""
    examiners = stage(session, keyring, cast, password_hash)
    version = courses.publish(session, practical_course(), now=NOON)
    first = session.get_one(Cohort, cast.cohort)
    facts = {"opens_on": first.opens_on, "closes_on": first.closes_on, "policy_code": "blended-2023"}
    cohort = Cohort(
        id=new_id(),
        organisation_id=cast.kangning,
        course_version_id=version.id,
        name="实操一班",
        created_at=NOON,
        **facts,
    )
    session.add(cohort)
    session.flush()
    assert cast.lifang.person_id is not None
    enrollment = enroll(session, cohort.id, version.id, cast.lifang.person_id)
    rows = select(LessonRow.slug, LessonRow.id).where(LessonRow.course_version_id == version.id)
    ids = {row.slug: row.id for row in session.execute(rows)}
    return Practicals(examiners, cohort.id, enrollment, ids["wash-face"], ids["turn-over"])


def enroll(session: Session, cohort_id: uuid.UUID, version_id: uuid.UUID, person_id: uuid.UUID) -> uuid.UUID:
    """One more learner in a class."""
    made = Enrollment(
        id=new_id(), cohort_id=cohort_id, person_id=person_id, course_version_id=version_id, created_at=NOON
    )
    session.add(made)
    session.flush()
    return made.id


def signing(marks: tuple[bool | None, ...] = GOOD, key: str | None = None, note: str = "", minutes: int = 0) -> Signing:
    """What an examiner's phone sends."""
    return Signing(key or uuid.uuid4().hex, marks, note, minutes)


def photo(kind: str = "JPEG") -> bytes:
    """A small photo that says where it was taken."""
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (64, 48), "teal").save(made, kind, exif=exif)
    return made.getvalue()
