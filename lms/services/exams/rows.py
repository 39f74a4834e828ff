"""What the use cases of exams share: a sitting with its paper, the questions in it, and what was saved."""

import uuid
from collections.abc import Iterable

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lms.domain.bank import Item
from lms.domain.courses import Course, Exam
from lms.domain.errors import NotFound
from lms.domain.exam_papers import Paper
from lms.domain.exams import Saved
from lms.domain.policies import ExamRules, policy_named
from lms.models.bank import BankRevision
from lms.models.courses import CourseVersion
from lms.models.enrollments import Enrollment
from lms.models.exams import ExamAnswer, ExamClosing, ExamSitting
from lms.services import courses, scopes
from lms.services.bank import bodies
from lms.services.scopes import Actor

Items = dict[tuple[str, int], Item]
"""(question, revision) → its wording."""


def find(session: Session, actor: Actor, sitting_id: uuid.UUID, *, lock: bool = False) -> ExamSitting:
    """A sitting whose paper the actor answers: her own, or one she examines. NotFound.

    `lock`: until the end of the transaction nobody else saves into it or closes it.
    """
    mine = scopes.sittings_of(actor).where(ExamSitting.id == sitting_id)
    found = session.scalar(mine.with_for_update(of=ExamSitting) if lock else mine)
    if found is None:
        raise NotFound
    return found


def ended() -> ColumnElement[bool]:
    """Of a query over sittings: whether each has ended and says so."""
    return select(ExamClosing.sitting_id).where(ExamClosing.sitting_id == ExamSitting.id).exists()


def is_closed(session: Session, sitting_id: uuid.UUID) -> bool:
    """Whether the sitting has ended and says so."""
    return session.get(ExamClosing, sitting_id) is not None


def terms(session: Session, enrollment: Enrollment) -> tuple[Course, Exam, ExamRules] | None:
    """The course, its blueprint and the policy's rules; None where the class has no gating exam."""
    blended = policy_named(enrollment.cohort.policy_code).blended
    version = session.get_one(CourseVersion, enrollment.course_version_id)
    course = courses.text_of(version)
    if blended is None or blended.exam is None or course.exam is None:
        return None
    return course, course.exam, blended.exam


def items_of(session: Session, papers: Iterable[Paper]) -> Items:
    """The wordings of all the places of these papers, in one query."""
    keys = {(slot.question, slot.revision) for paper in papers for slot in paper}
    questions = {uuid.UUID(question) for question, _ in keys}
    rows = select(BankRevision).where(BankRevision.question_id.in_(questions))
    found = {(str(row.question_id), row.number): row.body for row in session.scalars(rows)}
    return {key: bodies.from_json(found[key]).item for key in keys}


def in_order(items: Items, paper: Paper) -> list[Item]:
    """The questions in the order of the paper."""
    return [items[slot.question, slot.revision] for slot in paper]


def saved(session: Session, sitting_id: uuid.UUID) -> list[ExamAnswer]:
    """All that was saved in a sitting, in the order of arrival."""
    rows = select(ExamAnswer).where(ExamAnswer.sitting_id == sitting_id).order_by(ExamAnswer.number)
    return list(session.scalars(rows))


def as_saved(row: ExamAnswer) -> Saved:
    """A row as the rules take it."""
    return Saved(row.place, row.number, row.answer, row.received_ms, row.held_ms)
