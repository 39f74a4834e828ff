"""Where enrollments stand with their exams, for those who judge by it: one query however many."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.exams import ExamFacts
from lms.models.enrollments import Enrollment
from lms.models.exams import ExamClosing, ExamGrade, ExamSitting


def facts(
    session: Session, enrollments: Sequence[Enrollment], before: datetime | None = None
) -> dict[uuid.UUID, ExamFacts]:
    """By enrollment id; the last grade of each sitting counts, the best sitting of each enrollment; as it all stood
    `before` a moment. A sitting whose time was up is closed as of then; it is known to be closed from when it was first
    graded, in the same breath."""
    closed, graded = ExamClosing.sitting_id == ExamSitting.id, ExamGrade.sitting_id == ExamSitting.id
    if before is not None:
        closed, graded = closed & (ExamClosing.closed_at < before), graded & (ExamGrade.graded_at < before)
    rows = (
        select(ExamSitting.enrollment_id, ExamSitting.id, ExamClosing.closed_at, ExamGrade)
        .outerjoin(ExamClosing, closed)
        .outerjoin(ExamGrade, graded)
        .where(ExamSitting.enrollment_id.in_([each.id for each in enrollments]))
        .order_by(ExamSitting.enrollment_id, ExamSitting.number, ExamGrade.number)
    )
    if before is not None:
        rows = rows.where(ExamSitting.opened_at < before)
    found: dict[uuid.UUID, dict[uuid.UUID, tuple[datetime | None, ExamGrade | None]]] = {
        each.id: {} for each in enrollments
    }
    for enrollment_id, sitting_id, closed_at, grade in session.execute(rows):
        known_at = closed_at if before is None or grade is not None else None
        found[enrollment_id][sitting_id] = (known_at, grade)  # the last grade overwrites the ones before it
    return {enrollment_id: _facts(list(sittings.values())) for enrollment_id, sittings in found.items()}


def _facts(sittings: list[tuple[datetime | None, ExamGrade | None]]) -> ExamFacts:
    grades = [grade for _, grade in sittings if grade is not None]
    closed = [closed_at for closed_at, _ in sittings if closed_at is not None]
    return ExamFacts(
        best_percent=max((grade.score_percent for grade in grades), default=None),
        passed=any(grade.passed for grade in grades),
        tries=len(sittings),
        last_closed_at=max(closed, default=None),
        open_sitting=len(closed) < len(sittings),
    )
