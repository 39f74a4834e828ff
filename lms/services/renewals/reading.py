"""Completions with their days: a learner's own by course, a desk's as a list of who is to take a course again."""

import uuid
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain.errors import NotFound
from lms.domain.renewals import RETAKEN, Phase, days_left
from lms.domain.roles import Role
from lms.models.courses import CourseVersion
from lms.models.enrollments import Cohort, Enrollment
from lms.models.organisations import Organisation
from lms.models.people import Person
from lms.models.renewals import RenewalReminder, Validity, ValidityRule
from lms.services import humans, scopes
from lms.services.renewals.fixing import days_of, phase_of
from lms.services.renewals.shapes import Asked, Completion, CourseStanding, Holding, Row, Taking, Telling
from lms.services.renewals.taking import find as find_taking
from lms.services.scopes import Actor

PAGE_SIZE = 50
COUNTED = (Phase.VALID, *RETAKEN)


def list_own(session: Session, actor: Actor, *, now: datetime) -> list[CourseStanding]:
    """Every course the learner has completed under any person she is found to be, what is most pressing first."""
    today = clock.civil_day(now)
    mine = scopes.bodies_enrollments_of(actor)
    rows = _rows(session, _completions(mine).order_by(Validity.issued_on.desc(), Validity.enrollment_id.desc()), today)
    taking = find_taking(session, [each.completion.enrollment_id for each in rows], today, among=mine)
    by_course: dict[uuid.UUID, list[Completion]] = {}
    for each in rows:
        by_course.setdefault(each.completion.course_id, []).append(each.completion)
    found = [_standing(each, taking) for each in by_course.values()]
    return sorted(found, key=lambda each: (not each.presses, -each.current.issued_on.toordinal()))


def _standing(completions: list[Completion], taking: dict[uuid.UUID, Taking]) -> CourseStanding:
    """What counts is what nothing renewed and nobody took back; of several, what holds longest."""
    over = (Phase.RENEWED, Phase.ENDED)
    standing = [each for each in completions if each.phase not in over] or completions[:1]
    current = max(standing, key=lambda each: (each.days.valid_until if each.days else date.max, each.issued_on))
    past = tuple(each for each in completions if each is not current)
    return CourseStanding(current, past, taking.get(current.enrollment_id))


def holdings(session: Session, enrollment_ids: Collection[uuid.UUID], *, now: datetime) -> dict[uuid.UUID, Holding]:
    """How the completion of each of these enrollments stands today, for records the caller may see.

    One query; one without days has no last day.
    """
    today = clock.civil_day(now)
    rows = session.scalars(select(Validity).where(Validity.enrollment_id.in_(enrollment_ids)))
    return dict.fromkeys(enrollment_ids, Holding(None, Phase.LASTING)) | {
        each.enrollment_id: Holding(days_of(each), phase_of(each, today), days_left(days_of(each), today))
        for each in rows
    }


def most_pressing(session: Session, actor: Actor, *, now: datetime) -> CourseStanding | None:
    """The course she should be told of first when she opens the app; None when there is nothing to do."""
    return next((each for each in list_own(session, actor, now=now) if each.presses), None)


def list_rows(session: Session, actor: Actor, role: Role, asked: Asked, page: int, *, now: datetime) -> list[Row]:
    """The completions of a desk's learners, the earliest last day first, `PAGE_SIZE` to a page."""
    today = clock.civil_day(now)
    mine = scopes.learners_of(actor, role)
    query = _narrowed(_completions(mine), asked, today)
    ordered = query.order_by(Validity.valid_until, Validity.issued_on, Validity.enrollment_id)
    rows = _rows(session, ordered.offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE), today)
    taking = find_taking(session, [each.completion.enrollment_id for each in rows], today, among=mine)
    return [Row(each.name, each.completion, taking.get(each.completion.enrollment_id)) for each in rows]


def count(
    session: Session, actor: Actor, role: Role, course_id: uuid.UUID | None = None, *, now: datetime
) -> dict[Phase, int]:
    """How many completions of a desk's learners are in each phase that has a last day."""
    today = clock.civil_day(now)
    ids = scopes.learners_of(actor, role).with_only_columns(Enrollment.id)
    counted = [func.count().filter(within(each, today)) for each in COUNTED]
    query = select(*counted).where(Validity.enrollment_id.in_(ids))
    if course_id is not None:
        query = query.where(Validity.course_id == course_id)
    return dict(zip(COUNTED, session.execute(query).one(), strict=True))


def within(wanted: Phase, today: date) -> ColumnElement[bool]:
    """The rows of `validities` that `domain.renewals.phase` puts in this phase; a test holds one to the other."""
    if wanted is Phase.ENDED:
        return Validity.ended_at.is_not(None)
    if wanted is Phase.RENEWED:
        return Validity.renewed_by.is_not(None) & Validity.ended_at.is_(None)
    days = {
        Phase.LASTING: Validity.valid_until.is_(None),
        Phase.VALID: Validity.opens_on > today,
        Phase.OPEN: (Validity.opens_on <= today) & (Validity.due_on > today),
        Phase.DUE: (Validity.due_on <= today) & (Validity.valid_until >= today),
        Phase.EXPIRED: Validity.valid_until < today,
    }
    return Validity.renewed_by.is_(None) & Validity.ended_at.is_(None) & days[wanted]


def _narrowed(query: Select[Any], asked: Asked, today: date) -> Select[Any]:
    phases = (asked.phase,) if asked.phase else RETAKEN
    narrowed = query.where(or_(*(within(each, today) for each in phases)))
    return narrowed.where(Validity.course_id == asked.course_id) if asked.course_id else narrowed


def get_history(session: Session, actor: Actor, role: Role, enrollment_id: uuid.UUID, *, now: datetime) -> list[Row]:
    """A completion of a desk's learner, and behind it what else of the same course she completed at its institutions.

    NotFound for anybody else's.
    """
    today = clock.civil_day(now)
    mine = scopes.learners_of(actor, role)
    query = _completions(mine)
    first = _rows(session, query.where(Validity.enrollment_id == enrollment_id), today)
    if not first:
        raise NotFound
    hers = first[0].completion
    same = (Validity.person_id.in_(humans.bodies(session, hers.person_id)), Validity.course_id == hers.course_id)
    others = query.where(*same, Validity.enrollment_id != enrollment_id).order_by(Validity.issued_on.desc())
    rows = [*first, *_rows(session, others, today)]
    taking = find_taking(session, [hers.enrollment_id], today, among=mine)
    told = _told(session, [each.completion.enrollment_id for each in rows])
    keyed = [(each.completion.enrollment_id, each) for each in rows]
    return [Row(each.name, each.completion, taking.get(key), told.get(key, ())) for key, each in keyed]


def _completions(enrollments: Select[Enrollment]) -> Select[Any]:
    """The completions among these enrollments, with what a page says of them."""
    return (
        select(Validity, CourseVersion.title, CourseVersion.title_en, CourseVersion.number, Organisation.name)
        .add_columns(Cohort.name, Person.name, ValidityRule.source)
        .select_from(Validity)
        .join(Enrollment, Enrollment.id == Validity.enrollment_id)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .join(Organisation, Organisation.id == Cohort.organisation_id)
        .join(CourseVersion, CourseVersion.id == Enrollment.course_version_id)
        .join(Person, Person.id == Enrollment.person_id)
        .outerjoin(ValidityRule, ValidityRule.id == Validity.rule_id)
        .where(Validity.enrollment_id.in_(enrollments.with_only_columns(Enrollment.id)))
    )


def _rows(session: Session, query: Select[Any], today: date) -> list[Row]:
    return [_row(row, today) for row in session.execute(query)]


def _row(row: Any, today: date) -> Row:
    validity, title, title_en, number, institution, cohort, name, source = row
    made = Completion(
        enrollment_id=validity.enrollment_id,
        person_id=validity.person_id,
        course_id=validity.course_id,
        course=title,
        course_en=title_en,
        number=number,
        institution=institution,
        cohort=cohort,
        issued_on=validity.issued_on,
        days=days_of(validity),
        phase=phase_of(validity, today),
        source=source,
    )
    return Row(name, made, None)


def _told(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[Telling, ...]]:
    rows = select(RenewalReminder).where(RenewalReminder.enrollment_id.in_(ids)).order_by(RenewalReminder.told_at)
    found: dict[uuid.UUID, tuple[Telling, ...]] = {}
    for each in session.scalars(rows):
        said = Telling(Phase(each.phase), each.told_at, each.by_sms)
        found[each.enrollment_id] = (*found.get(each.enrollment_id, ()), said)
    return found
