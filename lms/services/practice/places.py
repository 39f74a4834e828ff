"""Where examiners and mentors find what they may judge: the enrollments of their institutions, and one skill of one."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.clock import civil_day
from lms.domain import blended
from lms.domain.courses import LessonKind
from lms.domain.errors import Forbidden, NotFound
from lms.domain.policies import PracticeRules, check_running, policy_named
from lms.domain.practice import Examiner, rules_of, why_not
from lms.domain.roles import Role
from lms.models.courses import Lesson
from lms.models.enrollments import Enrollment
from lms.models.practice import PracticeSitting
from lms.services import scopes
from lms.services.facts import exams, skills
from lms.services.facts.attendance import learns, teaches
from lms.services.facts.skills import SkillRecord
from lms.services.scopes import Actor


@dataclass(frozen=True)
class Place:
    """One practice lesson of one enrollment."""

    enrollment: Enrollment
    record: SkillRecord

    @property
    def rules(self) -> PracticeRules:
        """How it is judged, by the policy of the class."""
        return rules_of(policy_named(self.enrollment.cohort.policy_code))


def get_enrollment(session: Session, actor: Actor, role: Role, enrollment_id: uuid.UUID) -> Enrollment:
    """An enrollment that the actor may look into in this role, her own as a learner. NotFound."""
    found = session.scalar(scopes.records_of(actor, role).where(Enrollment.id == enrollment_id))
    if found is None:
        raise NotFound
    return found


def get_place(session: Session, actor: Actor, role: Role, enrollment_id: uuid.UUID, lesson_id: uuid.UUID) -> Place:
    """A skill of an enrollment that the actor may look into. NotFound."""
    enrollment = get_enrollment(session, actor, role, enrollment_id)
    return Place(enrollment, record_of(session, enrollment, lesson_id))


def record_of(session: Session, enrollment: Enrollment, lesson_id: uuid.UUID) -> SkillRecord:
    """One skill of an enrollment with its sittings as they stand. NotFound."""
    lesson = session.get(Lesson, lesson_id)
    if lesson is None or lesson.kind != LessonKind.PRACTICE:
        raise NotFound
    found = skills.records(session, [enrollment])[enrollment.id]
    record = next((each for each in found if each.skill.lesson_id == lesson_id), None)
    if record is None:
        raise NotFound
    return record


def get_sitting(session: Session, actor: Actor, role: Role, sitting_id: uuid.UUID) -> PracticeSitting:
    """A sitting of an enrollment that the actor may look into. NotFound."""
    mine = scopes.records_of(actor, role).with_only_columns(Enrollment.id)
    rows = select(PracticeSitting).where(PracticeSitting.id == sitting_id, PracticeSitting.enrollment_id.in_(mine))
    found = session.scalar(rows)
    if found is None:
        raise NotFound
    return found


def as_examiner(session: Session, actor: Actor, enrollment: Enrollment, *, has_signed: bool = False) -> Examiner:
    """What the rules ask of somebody who wants to sign."""
    return Examiner(
        is_learner=learns(session, actor, enrollment.cohort),
        teaches=teaches(session, actor, enrollment.cohort),
        has_signed=has_signed,
    )


def check_signer(session: Session, actor: Actor, enrollment: Enrollment) -> None:
    """Whether she may examine this learner at all. Forbidden: practice_own, practice_taught."""
    if code := why_not(as_examiner(session, actor, enrollment)):
        raise Forbidden(code)


def check_day(enrollment: Enrollment, *, now: datetime) -> None:
    """Whether the class runs today. Refused: cohort_not_open, cohort_closed."""
    check_running(enrollment.cohort.opens_on, enrollment.cohort.closes_on, civil_day(now))


def check_theory(session: Session, enrollment: Enrollment) -> None:
    """Refused: theory_first where the policy wants the theory exam passed before, and it is not."""
    rules = policy_named(enrollment.cohort.policy_code).blended
    blended.check_order(rules, exams.facts(session, [enrollment])[enrollment.id])
