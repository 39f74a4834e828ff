"""The facts of theory exams: one query for many enrollments."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from lms.domain.exams import ExamFacts
from lms.models.enrollments import Enrollment
from lms.models.exams import ExamClosing, ExamGrade, ExamSitting


def facts(session: Session, enrollments: Sequence[Enrollment]) -> dict[uuid.UUID, ExamFacts]:
    """By enrollment id; of each sitting its last grading counts, and a regrade can take a pass away."""
    found: dict[uuid.UUID, ExamFacts] = {each.id: ExamFacts() for each in enrollments}
    for enrollment_id, closed_at, score, passed in session.execute(_last_grades(list(found))):
        known = found[enrollment_id]
        scores = [each for each in (known.best_percent, score) if each is not None]
        closings = [each for each in (known.last_closed_at, closed_at) if each is not None]
        found[enrollment_id] = ExamFacts(
            best_percent=max(scores, default=None),
            passed=known.passed or bool(passed),
            tries=known.tries + 1,
            last_closed_at=max(closings, default=None),
            open_sitting=known.open_sitting or score is None,
        )
    return found


def _last_grades(ids: list[uuid.UUID]) -> Select[uuid.UUID, datetime, int, bool]:
    last = (
        select(ExamGrade.sitting_id, func.max(ExamGrade.number).label("number"))
        .join(ExamSitting, ExamSitting.id == ExamGrade.sitting_id)
        .where(ExamSitting.enrollment_id.in_(ids))
        .group_by(ExamGrade.sitting_id)
        .subquery()
    )
    return (
        select(ExamSitting.enrollment_id, ExamClosing.closed_at, ExamGrade.score_percent, ExamGrade.passed)
        .outerjoin(ExamClosing, ExamClosing.sitting_id == ExamSitting.id)
        .outerjoin(last, last.c.sitting_id == ExamSitting.id)
        .outerjoin(ExamGrade, and_(ExamGrade.sitting_id == last.c.sitting_id, ExamGrade.number == last.c.number))
        .where(ExamSitting.enrollment_id.in_(ids))
    )
