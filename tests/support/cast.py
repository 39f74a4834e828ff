"""The cast: 李芳 learns, 王磊 and 刘洋 teach, 周敏 works for 康宁, 吴检 inspects it; 陈默, 赵琴, 孙悦 are of 安和."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from lms.authoring.frozen import content_hash, freeze
from lms.crypto import Keyring
from lms.domain.courses import Course as CourseText
from lms.domain.courses import LessonKind
from lms.domain.identity import DocumentType
from lms.domain.notices import CURRENT, Purpose
from lms.domain.rights import Known
from lms.domain.roles import Role
from lms.models.accounts import Account, Membership
from lms.models.base import new_id
from lms.models.courses import Course, CourseVersion, Lesson
from lms.models.enrollments import Cohort, Enrollment
from lms.models.organisations import Organisation
from lms.models.people import Person, PersonDocument, PersonName
from lms.models.practice import Consent
from lms.models.rights import Activation
from lms.services import sealed
from lms.services.scopes import Actor
from tests.support.texts import small_course

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
PASSWORD = "study-every-day-1"
LESSON_MS = 120_000
INSPECTION_ENDS = datetime(2099, 12, 31, 16, 0, tzinfo=UTC)


@dataclass
class Cast:
    """Ids and phones of everybody, and the actors that services take."""

    kangning: uuid.UUID
    anhe: uuid.UUID
    lifang: Actor
    wanglei: Actor
    zhoumin: Actor
    chenmo: Actor
    sunyue: Actor
    admin: Actor
    wujian: Actor
    liuyang: Actor
    zhaoqin: Actor
    phones: dict[str, str]
    version: uuid.UUID
    lessons: dict[str, uuid.UUID]
    cohort: uuid.UUID
    enrollment: uuid.UUID
    foreign_cohort: uuid.UUID
    foreign_enrollment: uuid.UUID


PHONES = {
    "lifang": "19900000001",
    "chenmo": "19900000002",
    "wanglei": "19900000003",
    "zhoumin": "19900000004",
    "sunyue": "19900000005",
    "admin": "19900000006",
    "wujian": "19900000008",
    "zhaoqin": "19900000007",
    "liuyang": "19900000009",
    "heping": "19900000021",
    "hanmei": "19900000022",
    "fengyan": "19900000023",
    "linlan": "19900000031",
    "gaoyuan": "19900000032",
    "majing": "19900000033",
    "weiguang": "19900000034",
}


class Stage:
    """Writes the rows; keyring and password hash are for persons and accounts only."""

    def __init__(self, session: Session, keyring: Keyring | None = None, password_hash: str = "") -> None:
        self.session = session
        self._keyring = keyring
        self.password_hash = password_hash

    @property
    def keyring(self) -> Keyring:
        assert self._keyring
        return self._keyring

    def organisation(self, name: str) -> uuid.UUID:
        made = Organisation(id=new_id(), name=name, created_at=NOON)
        self.session.add(made)
        self.session.flush()
        return made.id

    def person(self, name: str, number: str) -> uuid.UUID:
        made = new_id()
        self.session.add(
            Person(
                id=made,
                pid=sealed.pid(self.keyring, DocumentType.RESIDENT_ID, number),
                name=name,
                document_type=DocumentType.RESIDENT_ID.value,
                document_sealed=sealed.seal_document(self.keyring, made, number),
                created_at=NOON,
            )
        )
        self.session.flush()
        self.session.add(PersonName(id=made, person_id=made, name=name, since=NOON))
        self.session.add(
            PersonDocument(
                id=made,
                person_id=made,
                pid=sealed.pid(self.keyring, DocumentType.RESIDENT_ID, number),
                document_type=DocumentType.RESIDENT_ID.value,
                number_sealed=sealed.seal_document(self.keyring, made, number),
                remarks=["document_area_unknown"],
                is_current=True,
                state="format",
                added_at=NOON,
            )
        )
        self.session.flush()
        return made

    def account(
        self,
        key: str,
        name: str,
        person_id: uuid.UUID | None = None,
        role: Role | None = None,
        organisation_id: uuid.UUID | None = None,
        expires_at: datetime | None = None,
    ) -> Actor:
        made, phone = new_id(), PHONES[key]
        self.session.add(
            Account(
                id=made,
                phone_index=sealed.phone_index(self.keyring, phone),
                phone_sealed=sealed.seal_phone(self.keyring, made, phone),
                name=name,
                password_hash=self.password_hash,
                person_id=person_id,
                created_at=NOON,
            )
        )
        self.session.flush()
        if person_id is not None:
            self.at_home(made, person_id)
        if role is not None:
            self.session.add(
                Membership(account_id=made, organisation_id=organisation_id, role=role.value, expires_at=expires_at)
            )
            self.session.flush()
        roles = frozenset({(role, organisation_id)}) if role else frozenset()
        return Actor(account_id=made, person_id=person_id, name=name, roles=roles)

    def at_home(self, account_id: uuid.UUID, person_id: uuid.UUID) -> None:
        """Her first minutes are over: she has read the notice, agreed, and confirmed who she is."""
        for purpose in (Purpose.NOTICE, Purpose.IDENTITY):
            self.session.add(
                Consent(
                    id=new_id(),
                    person_id=person_id,
                    purpose=purpose.value,
                    version=CURRENT[purpose],
                    given=True,
                    recorded_by=account_id,
                    recorded_at=NOON,
                )
            )
        self.session.add(
            Activation(id=new_id(), person_id=person_id, account_id=account_id, outcome=Known.CONFIRMED.value, at=NOON)
        )
        self.session.flush()

    def version(self, text: CourseText) -> tuple[uuid.UUID, dict[str, uuid.UUID]]:
        course = Course(id=new_id(), slug=text.slug, created_at=NOON)
        self.session.add(course)
        self.session.flush()
        frozen = freeze(text)
        made = CourseVersion(
            id=new_id(),
            course_id=course.id,
            number=1,
            title=text.title,
            title_en=text.title_en,
            content_hash=content_hash(frozen),
            frozen=frozen,
            published_at=NOON,
        )
        self.session.add(made)
        self.session.flush()
        lessons = {}
        position = 0
        for module in text.modules:
            for lesson in module.lessons:
                position += 1
                row = Lesson(
                    id=new_id(),
                    course_version_id=made.id,
                    module_slug=module.slug,
                    slug=lesson.slug,
                    position=position,
                    kind=lesson.kind.value,
                    title=lesson.title,
                    title_en=lesson.title_en,
                    duration_ms=0 if lesson.kind is LessonKind.QUIZ else LESSON_MS,
                )
                self.session.add(row)
                lessons[lesson.slug] = row.id
        self.session.flush()
        return made.id, lessons

    def cohort(
        self,
        organisation_id: uuid.UUID,
        version: uuid.UUID,
        name: str,
        person_id: uuid.UUID,
        policy_code: str = "base-2023",
    ) -> tuple[uuid.UUID, uuid.UUID]:
        cohort = Cohort(
            id=new_id(),
            organisation_id=organisation_id,
            course_version_id=version,
            name=name,
            opens_on=date(2026, 11, 1),
            closes_on=date(2099, 12, 31),
            policy_code=policy_code,
            created_at=NOON,
        )
        self.session.add(cohort)
        self.session.flush()
        return cohort.id, self.enroll(cohort.id, person_id)

    def enroll(self, cohort_id: uuid.UUID, person_id: uuid.UUID, at: datetime = NOON) -> uuid.UUID:
        version = self.session.get_one(Cohort, cohort_id).course_version_id
        made = Enrollment(
            id=new_id(), cohort_id=cohort_id, person_id=person_id, course_version_id=version, created_at=at
        )
        self.session.add(made)
        self.session.flush()
        return made.id


def stage(session: Session, keyring: Keyring, password_hash: str) -> Cast:
    """Puts the whole cast into an empty database."""
    on = Stage(session, keyring, password_hash)
    kangning, anhe = on.organisation("康宁养老服务中心"), on.organisation("安和护理院")
    lifang_person = on.person("李芳", "219999198501010026")
    chenmo_person = on.person("陈默", "219999198501010018")
    version, lessons = on.version(small_course())
    cohort, enrollment = on.cohort(kangning, version, "2026年冬季一班", lifang_person)
    foreign_cohort, foreign_enrollment = on.cohort(anhe, version, "安和夜校", chenmo_person)
    return Cast(
        kangning=kangning,
        anhe=anhe,
        lifang=on.account("lifang", "李芳", lifang_person),
        chenmo=on.account("chenmo", "陈默", chenmo_person),
        wanglei=on.account("wanglei", "王磊", role=Role.TRAINER, organisation_id=kangning),
        zhoumin=on.account("zhoumin", "周敏", role=Role.INSTITUTION, organisation_id=kangning),
        sunyue=on.account("sunyue", "孙悦", role=Role.INSTITUTION, organisation_id=anhe),
        admin=on.account("admin", "管理员", role=Role.PLATFORM),
        wujian=on.account("wujian", "吴检", role=Role.INSPECTOR, organisation_id=kangning, expires_at=INSPECTION_ENDS),
        liuyang=on.account("liuyang", "刘洋", role=Role.TRAINER, organisation_id=kangning),
        zhaoqin=on.account("zhaoqin", "赵琴", role=Role.TRAINER, organisation_id=anhe),
        phones=PHONES,
        version=version,
        lessons=lessons,
        cohort=cohort,
        enrollment=enrollment,
        foreign_cohort=foreign_cohort,
        foreign_enrollment=foreign_enrollment,
    )
