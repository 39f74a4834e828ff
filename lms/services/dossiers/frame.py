"""What every part of a dossier starts from: the cohort, who is in it, the moment, and whether numbers are whole."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain.identity import mask_mobile, mask_number
from lms.domain.policies import Policy, policy_named
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.courses import CourseVersion, Lesson
from lms.models.enrollments import Cohort, Enrollment
from lms.models.organisations import Organisation
from lms.models.people import Person, PersonName
from lms.services import consents, pasts, scopes, sealed
from lms.services.dossiers.words import HIDDEN

MS = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Learner:
    """One person on the roster; `place` from 1, in order of entry. Number and phone as the dossier shows them."""

    place: int
    enrollment_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    document_type: str
    number: str
    phone: str
    entered_at: datetime


@dataclass
class Frame:
    """One dossier in the making: all it tells was recorded before `as_of`, and `role` may be shown it.

    `mine`: the enrollments it tells of; those whose records are archive only are for the supervising office alone.
    """

    session: Session
    role: Role
    cohort: Cohort
    organisation: str
    version: CourseVersion
    policy: Policy
    as_of: datetime
    masked: bool
    learners: tuple[Learner, ...]
    lessons: dict[uuid.UUID, Lesson]
    _names: dict[uuid.UUID, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_enrollment = {each.enrollment_id: each for each in self.learners}
        self._by_person = {each.person_id: each for each in self.learners}

    @property
    def mine(self) -> ColumnElement[bool]:
        """The enrollments of the cohort that are shown, as a condition."""
        return _shown(self.cohort.id, self.role)

    @property
    def enrollment_ids(self) -> list[uuid.UUID]:
        """The roster, in order."""
        return [each.enrollment_id for each in self.learners]

    @property
    def person_ids(self) -> list[uuid.UUID]:
        """The persons of the roster, in order."""
        return list(self._by_person)

    def who(self, enrollment_id: uuid.UUID) -> tuple[int, str]:
        """Place and name of a learner."""
        found = self._by_enrollment[enrollment_id]
        return found.place, found.name

    def who_is(self, person_id: uuid.UUID) -> tuple[int, str]:
        """Place and name of a learner, by her person."""
        found = self._by_person[person_id]
        return found.place, found.name

    def staff(self, account_id: uuid.UUID | None) -> str:
        """The name of an account by then; nobody's for the system itself."""
        if account_id is None:
            return "系统"
        if account_id not in self._names:
            called = pasts.staff_names(self.session, [account_id], self.as_of)
            self._names[account_id] = called.get(account_id) or str(account_id)
        return self._names[account_id]

    def hidden(self, words: str) -> str:
        """What a learner wrote about herself: only in a dossier with whole numbers."""
        return HIDDEN if words and self.masked else words

    def title(self, lesson_id: uuid.UUID) -> str:
        """A lesson or a class by its name."""
        if lesson_id not in self.lessons:
            self.lessons[lesson_id] = self.session.get_one(Lesson, lesson_id)
        return self.lessons[lesson_id].title


def frame(
    session: Session, keyring: Keyring, cohort_id: uuid.UUID, as_of: datetime, *, role: Role, masked: bool
) -> Frame:
    """Reads the cohort and its roster; whoever asks has reached the cohort through a scope before, in `role`."""
    cohort = session.get_one(Cohort, cohort_id)
    version = session.get_one(CourseVersion, cohort.course_version_id)
    lessons = select(Lesson).where(Lesson.course_version_id == version.id).order_by(Lesson.position)
    return Frame(
        session=session,
        role=role,
        cohort=cohort,
        organisation=session.get_one(Organisation, cohort.organisation_id).name,
        version=version,
        policy=policy_named(cohort.policy_code),
        as_of=as_of,
        masked=masked,
        learners=_learners(session, keyring, _shown(cohort_id, role), as_of, masked=masked),
        lessons={each.id: each for each in session.scalars(lessons)},
    )


def _shown(cohort_id: uuid.UUID, role: Role) -> ColumnElement[bool]:
    return and_(Enrollment.cohort_id == cohort_id, scopes.may_show(role))


def _learners(
    session: Session, keyring: Keyring, mine: ColumnElement[bool], as_of: datetime, *, masked: bool
) -> tuple[Learner, ...]:
    rows = (
        select(Enrollment.id, Enrollment.created_at, Person.id, Person.name, Person.document_type)
        .add_columns(Person.document_sealed, Account.id, Account.phone_sealed)
        .join(Person, Person.id == Enrollment.person_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(mine, Enrollment.created_at < as_of)
        .order_by(Enrollment.created_at, Enrollment.id)
    )
    told, names = session.execute(rows).all(), _names(session, mine, as_of)
    refusing = set() if masked else consents.refusing(session, {row[2] for row in told})
    found = []
    for place, row in enumerate(told, start=1):
        enrollment_id, entered_at, person_id, name, document_type, document, account_id, phone = row
        number = sealed.open_document(keyring, person_id, document)
        phone = sealed.open_phone(keyring, account_id, phone) if account_id else ""
        shown = (
            mask_number(number) if masked or person_id in refusing else number,
            mask_mobile(phone) if masked and phone else phone,
        )
        name = names.get(person_id, name)
        found.append(Learner(place, enrollment_id, person_id, name, document_type, *shown, entered_at))
    return tuple(found)


def _names(session: Session, mine: ColumnElement[bool], as_of: datetime) -> dict[uuid.UUID, str]:
    """What they were called by then."""
    hers = select(Enrollment.person_id).where(mine)
    known = select(PersonName.person_id, PersonName.name).where(PersonName.since < as_of)
    ordered = known.where(PersonName.person_id.in_(hers)).order_by(PersonName.since, PersonName.id)
    return dict(session.execute(ordered).all())


def at(moment: datetime | None) -> str:
    """A moment in China to the second; nothing for nothing."""
    return f"{moment.astimezone(clock.CHINA):%Y-%m-%d %H:%M:%S}" if moment else ""


def hour(moment: datetime | None) -> str:
    """The hour of day in China."""
    return f"{moment.astimezone(clock.CHINA):%H:%M}" if moment else ""
