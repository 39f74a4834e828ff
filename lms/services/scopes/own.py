"""What is a learner's own."""

import uuid

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute

from lms.models.attendance import AttendanceLeave
from lms.models.cases import Case
from lms.models.corrections import Correction
from lms.models.courses import Lesson
from lms.models.enrollments import Enrollment
from lms.models.people import IdentityChange, PersonLink
from lms.models.quizzes import QuizAttempt, QuizReview
from lms.models.records import Record
from lms.models.rights import MonthlyStatement, PersonalExport, RightsRequest
from lms.models.shares import Share
from lms.models.skills import Qualification
from lms.services.scopes.actors import Actor


def enrollments_of(actor: Actor) -> Select[Enrollment]:
    """A learner's own enrollments."""
    return select(Enrollment).where(Enrollment.person_id == actor.person_id)


def bodies_enrollments_of(actor: Actor) -> Select[Enrollment]:
    """A learner's enrollments under every person she is found to be (decision 0103)."""
    return select(Enrollment).where(_is_hers(Enrollment.person_id, actor))


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


def own_records_of(actor: Actor) -> Select[Record]:
    """A learner's own completion records, under every person she is found to be (decision 0103)."""
    return select(Record).join(Enrollment).where(_is_hers(Enrollment.person_id, actor))


def shares_of(actor: Actor) -> Select[Share]:
    """The links by which a learner shows her records, under every person she is found to be."""
    return select(Share).where(_is_hers(Share.person_id, actor))


def _is_hers(person_id: InstrumentedAttribute[uuid.UUID], actor: Actor) -> ColumnElement[bool]:
    """Whether a row is of the actor herself or of another person two people found to be the same human."""
    above = select(PersonLink.living_id).where(PersonLink.person_id == actor.person_id)
    under = (PersonLink.living_id == actor.person_id) | PersonLink.living_id.in_(above)
    others = select(PersonLink.person_id).where(under)
    return (person_id == actor.person_id) | person_id.in_(above) | person_id.in_(others)


def own_cases_of(actor: Actor) -> Select[Case]:
    """The cases about the learner herself."""
    return select(Case).where(Case.person_id == actor.person_id)


def own_corrections_of(actor: Actor) -> Select[Correction]:
    """The corrections of the learner's own study time."""
    return select(Correction).where(Correction.person_id == actor.person_id)


def own_identity_changes_of(actor: Actor) -> Select[IdentityChange]:
    """What was proposed of the learner's own name and numbers."""
    return select(IdentityChange).where(IdentityChange.person_id == actor.person_id)


def own_leaves_of(actor: Actor) -> Select[AttendanceLeave]:
    """The leaves that the learner asked for herself, not those that staff entered for her."""
    mine = enrollments_of(actor).with_only_columns(Enrollment.id)
    asked = AttendanceLeave.asked_by == actor.account_id
    return select(AttendanceLeave).where(asked, AttendanceLeave.enrollment_id.in_(mine))


def own_requests_of(actor: Actor) -> Select[RightsRequest]:
    """What the learner asked about her own data."""
    return select(RightsRequest).where(RightsRequest.person_id == actor.person_id)


def personal_exports_of(actor: Actor) -> Select[PersonalExport]:
    """The files of her own data that the learner asked for."""
    return select(PersonalExport).where(PersonalExport.person_id == actor.person_id)


def monthly_statements_of(actor: Actor) -> Select[MonthlyStatement]:
    """The learner's own monthly statements."""
    return select(MonthlyStatement).where(MonthlyStatement.person_id == actor.person_id)


def own_qualifications_of(actor: Actor) -> Select[Qualification]:
    """The learner's own certificates from elsewhere, whoever entered them, under every person she is on record as."""
    return select(Qualification).where(_is_hers(Qualification.person_id, actor))
