"""Oral exams: an examiner opens the sitting and enters what the learner says (养老护理员国家职业技能标准 2019)."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lms.domain.errors import Forbidden, NotFound, Refused
from lms.domain.exams import ExamFacts, Mode
from lms.domain.roles import Role
from lms.models.enrollments import Cohort, Enrollment
from lms.models.exams import ExamSitting
from lms.models.people import Person
from lms.services import scopes
from lms.services.exams import opening, rows
from lms.services.facts.attendance import learns, teaches
from lms.services.facts.exams import facts
from lms.services.scopes import Actor


@dataclass(frozen=True)
class OralRow:
    """One learner of a class: where she stands, and the oral sitting that this examiner has open with her."""

    enrollment_id: uuid.UUID
    name: str
    facts: ExamFacts
    open_sitting: uuid.UUID | None


def list_oral(session: Session, actor: Actor, cohort_id: uuid.UUID) -> list[OralRow] | None:
    """The learners of a class of her institutions, by name; None where it has no oral exam. NotFound."""
    if session.scalar(scopes.cohorts_of(actor, Role.EXAMINER).where(Cohort.id == cohort_id)) is None:
        raise NotFound
    mine = scopes.learners_of(actor, Role.EXAMINER).where(Enrollment.cohort_id == cohort_id)
    found = session.execute(mine.join(Person, Person.id == Enrollment.person_id).add_columns(Person.name)).all()
    terms = rows.terms(session, found[0][0]) if found else None
    if found and (terms is None or not terms[2].oral):
        return None
    standing = facts(session, [enrollment for enrollment, _ in found])
    running = _running(session, actor, [enrollment.id for enrollment, _ in found])
    told = [OralRow(each.id, name, standing[each.id], running.get(each.id)) for each, name in found]
    return sorted(told, key=lambda row: (row.name, row.enrollment_id))


def _running(session: Session, actor: Actor, ids: list[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    mine = scopes.sittings_of(actor).where(
        ExamSitting.examiner_id == actor.account_id, ExamSitting.enrollment_id.in_(ids), ~rows.ended()
    )
    return {row.enrollment_id: row.id for row in session.scalars(mine)}


def open_oral(session: Session, actor: Actor, enrollment_id: uuid.UUID, *, seed: str, now: datetime) -> uuid.UUID:
    """Opens an oral sitting with a learner of her institutions.

    NotFound; Forbidden: exam_examiner_learns (in this class herself), exam_examiner_teaches (she trains for the
    institution, or taught this class); Refused: exam_oral_not_held, and as for an own sitting.
    """
    enrollment = session.scalar(scopes.learners_of(actor, Role.EXAMINER).where(Enrollment.id == enrollment_id))
    if enrollment is None:
        raise NotFound
    require_impartial(session, actor, enrollment)
    terms = rows.terms(session, enrollment)
    if terms is not None and not terms[2].oral:
        raise Refused("exam_oral_not_held")
    return opening.open_for(session, enrollment, Mode.ORAL, actor.account_id, seed=seed, now=now)


def require_impartial(session: Session, actor: Actor, enrollment: Enrollment) -> None:
    """Nobody examines herself or her classmates, nor those her own institution has her teach. Forbidden."""
    if learns(session, actor, enrollment.cohort):
        raise Forbidden("exam_examiner_learns")
    if teaches(session, actor, enrollment.cohort):
        raise Forbidden("exam_examiner_teaches")
