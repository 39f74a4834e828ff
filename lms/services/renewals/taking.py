"""Whether what was completed is being taken again now, under whichever person the learner is on record."""

import uuid
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain.renewals import renews
from lms.models.courses import CourseVersion
from lms.models.enrollments import Cohort, Enrollment
from lms.models.renewals import Validity
from lms.services import humans
from lms.services.renewals.shapes import Taking


def find(
    session: Session, completed: Collection[uuid.UUID], today: date, *, among: Select[Enrollment] | None = None
) -> dict[uuid.UUID, Taking]:
    """By completion: the class, joined after it, not over and not completed, in which the same human takes the course
    again in a version that renews it; `among`: only classes of these enrollments are looked at.
    """
    held = session.execute(_held(completed)).all() if completed else []
    living = humans.circles(session, {each.person_id for each in held})
    begun = session.execute(_begun(living, {each.course_id for each in held}, today, among)).all() if held else []
    return {
        each.enrollment_id: Taking(row.id, row.person_id, row.name, row.opens_on, row.closes_on)
        for each in held
        for row in begun
        if (living[row.person_id], row.course_id) == (living[each.person_id], each.course_id)
        and clock.civil_day(row.created_at) >= each.issued_on
        and renews(each.number, row.number)
    }


def _held(completed: Collection[uuid.UUID]) -> Select[uuid.UUID, uuid.UUID, uuid.UUID, date, int]:
    return (
        select(Validity.enrollment_id, Validity.person_id, Validity.course_id, Validity.issued_on, CourseVersion.number)
        .select_from(Validity)
        .join(Enrollment, Enrollment.id == Validity.enrollment_id)
        .join(CourseVersion, CourseVersion.id == Enrollment.course_version_id)
        .where(Validity.enrollment_id.in_(completed))
    )


def _begun(
    people: Iterable[uuid.UUID], courses: Collection[uuid.UUID], today: date, among: Select[Enrollment] | None
) -> Select[Any]:
    query = (
        select(Enrollment.id, Enrollment.person_id, Enrollment.created_at, CourseVersion.course_id)
        .add_columns(CourseVersion.number, Cohort.name, Cohort.opens_on, Cohort.closes_on)
        .select_from(Enrollment)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .join(CourseVersion, CourseVersion.id == Enrollment.course_version_id)
        .outerjoin(Validity, Validity.enrollment_id == Enrollment.id)
        .where(Enrollment.person_id.in_(people), CourseVersion.course_id.in_(courses), Cohort.closes_on >= today)
        .where(Validity.enrollment_id.is_(None))
        .order_by(Enrollment.created_at)
    )
    return query if among is None else query.where(Enrollment.id.in_(among.with_only_columns(Enrollment.id)))
