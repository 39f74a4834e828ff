"""The paper of one sitting, drawn from what the bank holds now."""

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.domain import exam_papers
from lms.domain.courses import Exam
from lms.domain.exam_papers import Candidate, Paper
from lms.domain.exams import RulingKind
from lms.models.bank import BankAnswer, BankQuestion, BankRevision
from lms.models.enrollments import Enrollment
from lms.services.bank import bodies
from lms.services.bank.writing import ACTIVE
from lms.services.exams import grading


def draw(session: Session, enrollment: Enrollment, exam: Exam, seed: str) -> Paper:
    """The paper of this seed for this learner. Refused("exam_bank_short")."""
    course = enrollment.cohort.course_version.course.slug
    known = _candidates(session, enrollment, course, {part.objective for part in exam.parts})
    return exam_papers.draw(exam, known, seed)


def _candidates(session: Session, enrollment: Enrollment, course_slug: str, objectives: set[str]) -> list[Candidate]:
    """The questions in use that no ruling stands against, with whom they were shown to."""
    bank = (
        select(BankQuestion, BankRevision.body)
        .join(
            BankRevision,
            (BankRevision.question_id == BankQuestion.id) & (BankRevision.number == BankQuestion.revision),
        )
        .where(
            BankQuestion.organisation_id == enrollment.cohort.organisation_id,
            BankQuestion.course_slug == course_slug,
            BankQuestion.state == ACTIVE,
            BankQuestion.objective.in_(objectives),
        )
    )
    found = session.execute(bank).all()
    ids = {row.id for row, _ in found}
    mine, others = _shown(session, ids, enrollment.person_id)
    ruled = grading.standing(session, ids)
    return [
        Candidate(
            str(row.id),
            row.revision,
            row.objective,
            bodies.from_json(body).item,
            mine.get(row.id, 0),
            others.get(row.id, 0),
        )
        for row, body in found
        if ruled.get((str(row.id), row.revision), RulingKind.AS_WRITTEN) is RulingKind.AS_WRITTEN
    ]


def _shown(
    session: Session, ids: set[uuid.UUID], person_id: uuid.UUID
) -> tuple[dict[uuid.UUID, int], dict[uuid.UUID, int]]:
    """By question: how often this person had it, and how many others had it, in sittings that are closed."""
    asked = select(BankAnswer.question_id, func.count(BankAnswer.person_id.distinct())).group_by(BankAnswer.question_id)
    within = asked.where(BankAnswer.question_id.in_(ids))
    own = select(BankAnswer.question_id, func.count()).where(BankAnswer.person_id == person_id)
    mine = own.where(BankAnswer.question_id.in_(ids)).group_by(BankAnswer.question_id)
    others = within.where(BankAnswer.person_id != person_id)
    return dict(session.execute(mine).all()), dict(session.execute(others).all())
