"""A completion's days are fixed when it is issued, and end an earlier one's."""

import uuid
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain.renewals import Phase, Span, Terms, next_telling, phase, renews, span
from lms.models.courses import CourseVersion
from lms.models.enrollments import Enrollment
from lms.models.renewals import RenewalReminder, Validity, ValidityRule
from lms.services import humans


def fix(session: Session, enrollment: Enrollment, *, issued_at: datetime) -> Validity:
    """Writes until when the completion of this enrollment holds, by the rule of its course on the day it was issued;
    what was completed of the course before is renewed by it. To do it twice is to do it once, and gives nothing back to
    a record that was taken back."""
    found = session.get(Validity, enrollment.id)
    if found is not None:
        return found
    version = enrollment.cohort.course_version
    day = clock.civil_day(issued_at)
    rule = _in_force(session, version, day)
    days = span(Terms(rule.months, rule.open_days, rule.due_days), day) if rule else None
    made = Validity(
        enrollment_id=enrollment.id,
        person_id=enrollment.person_id,
        course_id=version.course_id,
        rule_id=rule.id if rule else None,
        issued_on=day,
        next_on=next_telling(days, None),
        **_columns(days),
    )
    session.add(made)
    session.flush()
    _renew(session, made)
    return made


def end(session: Session, enrollment_id: uuid.UUID, *, now: datetime) -> None:
    """The record of this enrollment was taken back: it holds no more, and what it had renewed counts again."""
    row = session.get(Validity, enrollment_id)
    if row is None or row.ended_at is not None:
        return
    row.ended_at, row.next_on = now, None
    for each in session.scalars(select(Validity).where(Validity.renewed_by == enrollment_id)).all():
        each.renewed_by = None
        _wait(session, each)
    session.flush()


def resume(session: Session, enrollment_id: uuid.UUID) -> None:
    """The record of this enrollment, taken back before, was issued anew: it holds for the days it had at first."""
    row = session.get(Validity, enrollment_id)
    if row is None or row.ended_at is None:
        return
    row.ended_at = None
    _wait(session, row)
    _renew(session, row)


def rejoin(session: Session, living_id: uuid.UUID) -> None:
    """Two persons were found to be one human: what she completed later under one renews what she held under another."""
    hers = select(Validity).where(
        Validity.person_id.in_(humans.bodies(session, living_id)), Validity.ended_at.is_(None)
    )
    for each in session.scalars(hers.order_by(Validity.issued_on, Validity.enrollment_id)).all():
        _renew(session, each)


def _wait(session: Session, row: Validity) -> None:
    """From which day there is something to tell of it that was not told yet."""
    told = select(RenewalReminder.phase).where(RenewalReminder.enrollment_id == row.enrollment_id)
    last = session.scalar(told.order_by(RenewalReminder.told_at.desc()).limit(1))
    over = row.ended_at is not None or row.renewed_by is not None
    row.next_on = None if over else next_telling(days_of(row), Phase(last) if last else None)


def _columns(days: Span | None) -> dict[str, date | None]:
    names = ("opens_on", "due_on", "valid_until")
    return {name: getattr(days, name) if days else None for name in names}


def _in_force(session: Session, version: CourseVersion, day: date) -> ValidityRule | None:
    rules = select(ValidityRule).where(ValidityRule.course_id == version.course_id, ValidityRule.effective_from <= day)
    newest = (ValidityRule.effective_from.desc(), ValidityRule.set_at.desc(), ValidityRule.id.desc())
    return session.scalar(rules.order_by(*newest).limit(1))


def _renew(session: Session, by: Validity) -> None:
    """Under whichever person she completed it before."""
    number = session.get_one(Enrollment, by.enrollment_id).cohort.course_version.number
    older = (
        select(Validity, CourseVersion.number)
        .select_from(Validity)
        .join(Enrollment, Enrollment.id == Validity.enrollment_id)
        .join(CourseVersion, CourseVersion.id == Enrollment.course_version_id)
        .where(
            Validity.person_id.in_(humans.bodies(session, by.person_id)),
            Validity.course_id == by.course_id,
            Validity.enrollment_id != by.enrollment_id,
            Validity.renewed_by.is_(None),
            Validity.issued_on <= by.issued_on,
        )
    )
    for each, of_number in session.execute(older).all():
        if renews(of_number, number):
            each.renewed_by, each.next_on = by.enrollment_id, None
    session.flush()


def phase_of(row: Validity, today: date) -> Phase:
    """Where a completion stands today."""
    return phase(days_of(row), today, renewed=row.renewed_by is not None, ended=row.ended_at is not None)


def days_of(row: Validity) -> Span | None:
    """The days of a completion as the rules know them."""
    if row.opens_on is None or row.due_on is None or row.valid_until is None:
        return None
    return Span(row.issued_on, row.opens_on, row.due_on, row.valid_until)
