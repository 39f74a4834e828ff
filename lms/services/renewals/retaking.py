"""A course is taken again: learners whose window is open join a class in a version that is no older; what they
completed before stays as it is."""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain.errors import NotFound, Refused
from lms.domain.filings import OPEN, UNFILED
from lms.domain.renewals import check_retaking
from lms.models.courses import CourseVersion
from lms.models.enrollments import Cohort, Enrollment
from lms.models.renewals import Validity
from lms.services import enrollments, scopes
from lms.services.renewals.fixing import days_of, phase_of
from lms.services.scopes import Actor


def list_classes(session: Session, actor: Actor, course_id: uuid.UUID, *, now: datetime) -> list[tuple[uuid.UUID, str]]:
    """The classes of the actor's institutions in this course whose roster is open: id and name, the newest first."""
    rows = (
        scopes.cohorts_of(actor)
        .join(CourseVersion, CourseVersion.id == Cohort.course_version_id)
        .where(CourseVersion.course_id == course_id, Cohort.closes_on >= clock.civil_day(now))
        .where(Cohort.filing.in_((UNFILED, *(each.value for each in OPEN))))
        .order_by(Cohort.opens_on.desc(), Cohort.id.desc())
        .with_only_columns(Cohort.id, Cohort.name)
    )
    return [(row.id, row.name) for row in session.execute(rows)]


def retake(
    session: Session, actor: Actor, cohort_id: uuid.UUID, completed: Collection[uuid.UUID], *, now: datetime
) -> int:
    """Enters whoever completed these enrollments of the actor's institutions into one of its classes; tells how many
    joined (who is in it already stays). All of them or nobody.

    NotFound for a stranger's class or learner; Refused: renewal_nobody, renewal_other_course, renewal_not_open,
    renewal_older_version, and those of `enrollments.get_open_cohort`; Conflict: changed_meanwhile.
    """
    if not completed:
        raise Refused("renewal_nobody")
    cohort = enrollments.get_open_cohort(session, actor, cohort_id, now=now)
    people = _may_retake(session, actor, cohort, set(completed), now)
    return len(set(enrollments.rejoin_all(session, actor, cohort, people, now=now).values()))


def _may_retake(
    session: Session, actor: Actor, cohort: Cohort, completed: set[uuid.UUID], now: datetime
) -> set[uuid.UUID]:
    version = session.get_one(CourseVersion, cohort.course_version_id)
    mine = scopes.learners_of(actor).where(Enrollment.id.in_(completed)).with_only_columns(Enrollment.id)
    query = (
        select(Validity, CourseVersion.number)
        .select_from(Validity)
        .join(Enrollment, Enrollment.id == Validity.enrollment_id)
        .join(CourseVersion, CourseVersion.id == Enrollment.course_version_id)
        .where(Validity.enrollment_id.in_(mine))
    )
    found = session.execute(query).all()
    if len(found) < len(completed):
        raise NotFound
    for each, number in found:
        if each.course_id != version.course_id:
            raise Refused("renewal_other_course")
        where = phase_of(each, clock.civil_day(now))
        check_retaking(where, number, version.number, days_of(each))
    return {each.person_id for each, _ in found}
