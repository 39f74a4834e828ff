"""Who is in a cohort: enrolled once, with a real name; removed only while there is no study to lose."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.identity import DocumentType, check_mobile, check_name, check_number, mask_mobile
from lms.domain.policies import has_closed
from lms.models.accounts import Account
from lms.models.attendance import AttendanceLeave, AttendanceMark
from lms.models.base import new_id
from lms.models.certificates import Certificate
from lms.models.enrollments import Cohort, Enrollment
from lms.models.exams import ExamSitting
from lms.models.people import Person
from lms.models.practice import Consent, PracticeSitting
from lms.models.quizzes import QuizAttempt
from lms.models.rights import Activation, RightsRequest
from lms.models.study import LessonProgress, StudyLease, StudySession
from lms.services import accounts, audit, people, scopes, sealed
from lms.services.scopes import Actor

STUDY = (StudySession, LessonProgress, QuizAttempt, ExamSitting, PracticeSitting, Certificate, AttendanceMark)


@dataclass(frozen=True)
class LearnerView:
    """A learner in a cohort, by name; `has_study` forbids taking her out again."""

    enrollment_id: uuid.UUID
    cohort_id: uuid.UUID
    cohort: str
    name: str
    has_study: bool


def enroll(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    cohort_id: uuid.UUID,
    *,
    name: str,
    document_type: DocumentType,
    number: str,
    phone: str,
    now: datetime,
) -> Enrollment:
    """Enters a learner: her person, her account and her place in the cohort, or nothing of it.

    Refused: the codes of `domain.identity`, of `people.register` and `accounts.account_for_learner`,
    cohort_closed; Conflict: already_enrolled; NotFound for a stranger's cohort.
    """
    cohort = _get_cohort(session, actor, cohort_id)
    if has_closed(cohort.closes_on, clock.civil_day(now)):
        raise Refused("cohort_closed", day=cohort.closes_on.isoformat())
    name, number, phone = check_name(name), check_number(document_type, number), check_mobile(phone)
    # The form is shown again after a refusal and its transaction commits: hence all or nothing here.
    with session.begin_nested():
        person = people.register(session, keyring, name=name, document_type=document_type, number=number, now=now)
        made = _place(session, cohort, person.id, now)
        place = cohort.organisation_id
        accounts.account_for_learner(session, keyring, person_id=person.id, phone=phone, organisation_id=place, now=now)
        _audit(session, "learner.enroll", actor, cohort, made.id, now)
    return made


def _place(session: Session, cohort: Cohort, person_id: uuid.UUID, now: datetime) -> Enrollment:
    taken = select(Enrollment.id).where(Enrollment.cohort_id == cohort.id, Enrollment.person_id == person_id)
    if session.scalar(taken):
        raise Conflict("already_enrolled")
    made = Enrollment(
        id=new_id(),
        cohort_id=cohort.id,
        person_id=person_id,
        course_version_id=cohort.course_version_id,
        created_at=now,
    )
    session.add(made)
    return made


def _get_cohort(session: Session, actor: Actor, cohort_id: uuid.UUID) -> Cohort:
    found = session.scalar(scopes.cohorts_of(actor).where(Cohort.id == cohort_id))
    if found is None:
        raise NotFound
    return found


def _audit(
    session: Session, action: str, actor: Actor, cohort: Cohort, enrollment_id: uuid.UUID, now: datetime
) -> None:
    audit.record(
        session,
        action,
        enrollment_id,
        now=now,
        account_id=actor.account_id,
        organisation_id=cohort.organisation_id,
        detail={"cohort": str(cohort.id)},
    )


def get(session: Session, actor: Actor, cohort_id: uuid.UUID, enrollment_id: uuid.UUID) -> LearnerView:
    """One learner of one of the actor's cohorts; NotFound for anybody else's."""
    enrollment, person, cohort = _found(session, actor, cohort_id, enrollment_id)
    return LearnerView(enrollment.id, cohort.id, cohort.name, person.name, _has_study(session, enrollment.id))


def masked_phone(session: Session, keyring: Keyring, enrollment: Enrollment) -> str:
    """The number she signs in with, masked."""
    account = session.scalars(select(Account).where(Account.person_id == enrollment.person_id)).one()
    return mask_mobile(sealed.open_phone(keyring, account.id, account.phone_sealed))


def remove(session: Session, actor: Actor, cohort_id: uuid.UUID, enrollment_id: uuid.UUID, *, now: datetime) -> None:
    """Takes a learner out of a cohort she was entered in by mistake; Refused once she has studied."""
    enrollment, person, cohort = _found(session, actor, cohort_id, enrollment_id)
    if _has_study(session, enrollment.id):
        raise Refused("learner_has_study")
    session.execute(delete(AttendanceLeave).where(AttendanceLeave.enrollment_id == enrollment.id))
    session.delete(enrollment)
    _audit(session, "learner.remove", actor, cohort, enrollment.id, now)
    session.flush()
    others = select(Enrollment.id).where(Enrollment.person_id == person.id)
    # Kept for good, and so is who said it.
    spoken = [
        select(each.id).where(each.person_id == person.id).limit(1) for each in (Consent, Activation, RightsRequest)
    ]
    # Nobody else knows her: a mistyped person must not stand in the true one's way.
    if session.scalar(others) is None and not any(session.scalar(each) for each in spoken):
        accounts.unlink(session, person.id, now=now)
        session.execute(delete(StudyLease).where(StudyLease.person_id == person.id))
        session.delete(person)


def _found(
    session: Session, actor: Actor, cohort_id: uuid.UUID, enrollment_id: uuid.UUID
) -> tuple[Enrollment, Person, Cohort]:
    query = (
        scopes.learners_of(actor)
        .where(Enrollment.id == enrollment_id, Enrollment.cohort_id == cohort_id)
        .join(Person, Person.id == Enrollment.person_id)
        .add_columns(Person, Cohort)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1], row[2]


def _has_study(session: Session, enrollment_id: uuid.UUID) -> bool:
    return any(
        session.scalar(select(table.enrollment_id).where(table.enrollment_id == enrollment_id).limit(1))
        for table in STUDY
    )
