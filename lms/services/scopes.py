"""Where every read starts: what this actor may see. What is not hers is not found."""

import uuid
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, or_, select, true

from lms.domain.errors import Forbidden
from lms.domain.exams import Mode
from lms.domain.roles import Role
from lms.models.attendance import AttendanceLeave, AttendanceList, ClassMeeting
from lms.models.bank import BankBatch, BankQuestion
from lms.models.cases import Case
from lms.models.certificates import Certificate
from lms.models.corrections import Correction
from lms.models.courses import Course, CourseVersion, Lesson
from lms.models.drafts import Draft
from lms.models.enrollments import Cohort, Enrollment
from lms.models.exams import ExamSitting
from lms.models.exports import Export, SavedView
from lms.models.organisations import Organisation
from lms.models.quizzes import QuizAttempt, QuizReview
from lms.models.uploads import LibraryFile, Upload


@dataclass(frozen=True)
class Actor:
    """Who asks: an account, the person behind it if she is a learner, and its roles by organisation."""

    account_id: uuid.UUID
    person_id: uuid.UUID | None
    name: str
    roles: frozenset[tuple[Role, uuid.UUID | None]] = field(default_factory=frozenset)

    def has(self, role: Role) -> bool:
        """Whether the account has this role anywhere; every account may learn."""
        return role is Role.LEARNER or any(mine is role for mine, _ in self.roles)

    def organisation_ids(self, role: Role) -> list[uuid.UUID]:
        """The organisations in which the account has this role."""
        return [place for mine, place in self.roles if mine is role and place is not None]


def enrollments_of(actor: Actor) -> Select[Enrollment]:
    """A learner's own enrollments."""
    return select(Enrollment).where(Enrollment.person_id == actor.person_id)


def lessons_of(actor: Actor, enrollment_id: uuid.UUID) -> Select[Enrollment, Lesson]:
    """An own enrollment with the lessons of its pinned course version."""
    return (
        select(Enrollment, Lesson)
        .join(Lesson, Lesson.course_version_id == Enrollment.course_version_id)
        .where(Enrollment.person_id == actor.person_id, Enrollment.id == enrollment_id)
    )


def attempts_of(actor: Actor) -> Select[QuizAttempt]:
    """A learner's own quiz attempts."""
    return select(QuizAttempt).join(Enrollment).where(Enrollment.person_id == actor.person_id)


def reviews_of(actor: Actor) -> Select[QuizReview]:
    """A learner's own answers in her wrong-answer notebook."""
    return select(QuizReview).join(Enrollment).where(Enrollment.person_id == actor.person_id)


def certificates_of(actor: Actor) -> Select[Certificate]:
    """A learner's own completion records."""
    return select(Certificate).join(Enrollment).where(Enrollment.person_id == actor.person_id)


def cohorts_of(actor: Actor, role: Role = Role.INSTITUTION) -> Select[Cohort]:
    """The cohorts of the institutions the actor works for, or, as an inspector, may look into."""
    return select(Cohort).where(_within(actor, role))


def learners_of(actor: Actor, role: Role = Role.INSTITUTION) -> Select[Enrollment]:
    """The enrollments in the cohorts of the institutions the actor works for, or may look into."""
    return select(Enrollment).join(Cohort).where(_within(actor, role))


def records_of(actor: Actor, role: Role) -> Select[Enrollment]:
    """The enrollments whose ledger the actor may read in this role: her own, or those of her institutions."""
    return enrollments_of(actor) if role is Role.LEARNER else learners_of(actor, role)


def _within(actor: Actor, role: Role) -> ColumnElement[bool]:
    """Cohorts of the actor's institutions; an inspector without an institution may look into all of them."""
    if role is Role.INSPECTOR and (role, None) in actor.roles:
        return true()
    return Cohort.organisation_id.in_(actor.organisation_ids(role))


def organisations_of(actor: Actor, role: Role = Role.INSTITUTION) -> Select[Organisation]:
    """The institutions the actor works for, or, as an inspector, may look into."""
    if role is Role.INSPECTOR and (role, None) in actor.roles:
        return select(Organisation)
    return select(Organisation).where(Organisation.id.in_(actor.organisation_ids(role)))


def cases_of(actor: Actor, desk: Role) -> Select[Case]:
    """The cases that a desk may look into: of the institutions the actor works for, or of all for the platform."""
    if desk is Role.PLATFORM:
        require(actor, Role.PLATFORM)
        return select(Case)
    return select(Case).where(Case.organisation_id.in_(actor.organisation_ids(Role.INSTITUTION)))


def own_cases_of(actor: Actor) -> Select[Case]:
    """The cases about the learner herself."""
    return select(Case).where(Case.person_id == actor.person_id)


def sittings_of(actor: Actor) -> Select[ExamSitting]:
    """The exam papers the actor answers: her own on her phone, and the oral ones that she examines."""
    own = (ExamSitting.person_id == actor.person_id) & (ExamSitting.mode == Mode.ONLINE.value)
    return select(ExamSitting).where(or_(own, _examined(actor)))


def results_of(actor: Actor) -> Select[ExamSitting]:
    """The sittings whose outcome the actor may know: all of her own, and the oral ones that she examines."""
    return select(ExamSitting).where(or_(ExamSitting.person_id == actor.person_id, _examined(actor)))


def _examined(actor: Actor) -> ColumnElement[bool]:
    classes = learners_of(actor, Role.EXAMINER).with_only_columns(Enrollment.id)
    return (ExamSitting.examiner_id == actor.account_id) & ExamSitting.enrollment_id.in_(classes)


def drafts_of(actor: Actor) -> Select[Draft]:
    """The courses being written in the organisations the actor teaches for."""
    return select(Draft).where(Draft.organisation_id.in_(actor.organisation_ids(Role.TRAINER)))


def bank_of(actor: Actor) -> Select[BankQuestion]:
    """The bank questions of the organisations the actor teaches for."""
    return select(BankQuestion).where(BankQuestion.organisation_id.in_(actor.organisation_ids(Role.TRAINER)))


def batches_of(actor: Actor) -> Select[BankBatch]:
    """The files of questions brought in the organisations the actor teaches for."""
    return select(BankBatch).where(BankBatch.organisation_id.in_(actor.organisation_ids(Role.TRAINER)))


def versions_of(actor: Actor, role: Role = Role.TRAINER) -> Select[CourseVersion]:
    """The course versions that staff in this role may look into: of courses that ship with the platform or are her
    organisations' own, and those that their cohorts study."""
    mine = actor.organisation_ids(role)
    studied = select(Cohort.course_version_id).where(Cohort.organisation_id.in_(mine))
    known = or_(Course.organisation_id.is_(None), Course.organisation_id.in_(mine), CourseVersion.id.in_(studied))
    return select(CourseVersion).join(Course).where(known)


def corrections_of(actor: Actor, desk: Role) -> Select[Correction]:
    """The corrections that a desk may look into: of the actor's institutions, or of all for the platform."""
    if desk is Role.PLATFORM:
        require(actor, Role.PLATFORM)
        return select(Correction)
    return select(Correction).where(Correction.organisation_id.in_(actor.organisation_ids(Role.INSTITUTION)))


def own_corrections_of(actor: Actor) -> Select[Correction]:
    """The corrections of the learner's own study time."""
    return select(Correction).where(Correction.person_id == actor.person_id)


def meetings_of(actor: Actor, role: Role) -> Select[ClassMeeting]:
    """The classes in person that an actor may see in this role: those of her cohorts, those she teaches herself, or,
    for a learner, those of the classes she is in."""
    query = select(ClassMeeting).join(Cohort, Cohort.id == ClassMeeting.cohort_id)
    if role is Role.LEARNER:
        return query.where(ClassMeeting.cohort_id.in_(enrollments_of(actor).with_only_columns(Enrollment.cohort_id)))
    if role is Role.TRAINER:
        return query.where(_within(actor, role), ClassMeeting.teacher_id == actor.account_id)
    return query.where(_within(actor, role))


def attendance_lists_of(actor: Actor, role: Role) -> Select[AttendanceList]:
    """The paper lists of the classes that staff may see."""
    mine = meetings_of(actor, role).with_only_columns(ClassMeeting.id)
    return select(AttendanceList).where(AttendanceList.meeting_id.in_(mine))


def leaves_of(actor: Actor, role: Role) -> Select[AttendanceLeave]:
    """The leaves asked for the classes that staff may see."""
    mine = meetings_of(actor, role).with_only_columns(ClassMeeting.id)
    return select(AttendanceLeave).where(AttendanceLeave.meeting_id.in_(mine))


def own_leaves_of(actor: Actor) -> Select[AttendanceLeave]:
    """The leaves that the learner asked for herself, not those that staff entered for her."""
    mine = enrollments_of(actor).with_only_columns(Enrollment.id)
    asked = AttendanceLeave.asked_by == actor.account_id
    return select(AttendanceLeave).where(asked, AttendanceLeave.enrollment_id.in_(mine))


def library_of(actor: Actor) -> Select[LibraryFile]:
    """The videos of the institutions the actor teaches for."""
    return select(LibraryFile).where(LibraryFile.organisation_id.in_(actor.organisation_ids(Role.TRAINER)))


def uploads_of(actor: Actor) -> Select[Upload]:
    """The files the actor herself is sending to the institutions she teaches for."""
    mine = Upload.organisation_id.in_(actor.organisation_ids(Role.TRAINER))
    return select(Upload).where(Upload.account_id == actor.account_id, mine)


def exports_of(actor: Actor) -> Select[Export]:
    """The files that the actor ordered or that are made for her."""
    return select(Export).where(Export.account_id == actor.account_id)


def views_of(actor: Actor) -> Select[SavedView]:
    """The views of reports that the actor keeps."""
    return select(SavedView).where(SavedView.account_id == actor.account_id)


def require(actor: Actor, role: Role) -> None:
    """Refuses an actor without the role, for use cases that no row scope protects."""
    if not actor.has(role):
        raise Forbidden("role_needed", role=role.value)
