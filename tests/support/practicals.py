"""A class of 康宁 in a course with two practical skills, examined by two people: 李芳 learns in it."""

import io
import uuid
from dataclasses import dataclass, replace

from PIL import Image
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.courses import Course, Lesson, LessonKind, Practice, Step
from lms.services.practice import Signing
from tests.support.cast import Cast, Stage
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
    on = Stage(session)
    version, lessons = on.version(practical_course())
    assert cast.lifang.person_id is not None
    cohort, enrollment = on.cohort(cast.kangning, version, "实操一班", cast.lifang.person_id, "blended-2023")
    return Practicals(examiners, cohort, enrollment, lessons["wash-face"], lessons["turn-over"])


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
