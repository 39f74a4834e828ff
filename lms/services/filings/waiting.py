"""What is not finished in a class: counted, so that closing it can say what must be done first."""

import uuid
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain import filings
from lms.domain.cases import CaseState
from lms.domain.filings import Waiting
from lms.domain.verdicts import Reason
from lms.models.attendance import AttendanceDecision, AttendanceList, ClassMeeting
from lms.models.cases import Case
from lms.models.corrections import Correction, CorrectionDecision
from lms.models.enrollments import Cohort, Enrollment
from lms.models.exams import ExamClosing, ExamSitting
from lms.models.filings import RosterChange


def left(session: Session, cohort: Cohort, *, now: datetime) -> tuple[Reason, ...]:
    """What stands against closing a class that was reached through a scope; none where it can be closed."""
    return filings.closing(_waiting(session, cohort), cohort.closes_on, clock.civil_day(now))


def _waiting(session: Session, cohort: Cohort) -> Waiting:
    people = select(Enrollment.person_id).where(Enrollment.cohort_id == cohort.id)
    mine = select(Enrollment.id).where(Enrollment.cohort_id == cohort.id)
    changes = select(RosterChange.id).where(RosterChange.cohort_id == cohort.id, RosterChange.decision == "")
    lists = (
        select(AttendanceList.id)
        .join(ClassMeeting, ClassMeeting.id == AttendanceList.meeting_id)
        .outerjoin(AttendanceDecision, AttendanceDecision.list_id == AttendanceList.id)
        .where(ClassMeeting.cohort_id == cohort.id, AttendanceDecision.list_id.is_(None))
    )
    corrections = (
        select(Correction.id)
        .outerjoin(CorrectionDecision, CorrectionDecision.correction_id == Correction.id)
        .where(Correction.enrollment_id.in_(mine), CorrectionDecision.correction_id.is_(None))
    )
    cases = select(Case.id).where(
        Case.organisation_id == cohort.organisation_id,
        Case.person_id.in_(people),
        Case.state.in_((CaseState.OPEN.value, CaseState.APPEALED.value)),
    )
    exams = (
        select(ExamSitting.id)
        .outerjoin(ExamClosing, ExamClosing.sitting_id == ExamSitting.id)
        .where(ExamSitting.enrollment_id.in_(mine), ExamClosing.sitting_id.is_(None))
    )
    rows = {"changes": changes, "lists": lists, "corrections": corrections, "cases": cases, "exams": exams}
    return Waiting(**{name: _count(session, query) for name, query in rows.items()})


def _count(session: Session, query: Select[uuid.UUID]) -> int:
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0
