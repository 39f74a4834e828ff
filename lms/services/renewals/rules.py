"""How long completions of a course hold: set by whoever answers for the course, from a day on, never backwards."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain.errors import NotFound, Refused
from lms.domain.renewals import check_source, check_terms
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.base import new_id
from lms.models.courses import Course, CourseVersion
from lms.models.renewals import ValidityRule
from lms.services import audit, scopes
from lms.services.scopes import Actor


@dataclass(frozen=True)
class Figures:
    """What a form asks for: `months` None is “without a last day”; days are counted back from the last day."""

    months: int | None
    open_days: int
    due_days: int
    source: str
    effective_from: date


@dataclass(frozen=True)
class RuleView:
    """A rule as pages show it. Without a source it is unconfirmed."""

    months: int | None
    open_days: int
    due_days: int
    source: str
    effective_from: date
    set_by: str
    set_at: datetime


@dataclass(frozen=True)
class CourseRules:
    """A course with its rules, the newest first; `may_set`: whether this desk answers for it."""

    course_id: uuid.UUID
    course: str
    course_en: str
    may_set: bool
    rules: tuple[RuleView, ...]
    today: date

    @property
    def current(self) -> RuleView | None:
        """The rule in force today."""
        return next((rule for rule in self.rules if rule.effective_from <= self.today), None)

    @property
    def coming(self) -> tuple[RuleView, ...]:
        """Rules whose day has not come."""
        return tuple(rule for rule in self.rules if rule.effective_from > self.today)


def list_courses(session: Session, actor: Actor, desk: Role, *, now: datetime) -> list[CourseRules]:
    """The courses that a desk works with, each with its rules: those it answers for first, then those of others."""
    mine = set(session.scalars(scopes.ruled_courses_of(actor, desk).with_only_columns(Course.id)))
    known = mine
    if desk is not Role.PLATFORM:
        known = mine | set(session.scalars(scopes.versions_of(actor, desk).with_only_columns(CourseVersion.course_id)))
    found = _views(session, known, mine, clock.civil_day(now))
    return sorted(found, key=lambda each: (not each.may_set, each.course))


def get_course(session: Session, actor: Actor, desk: Role, course_id: uuid.UUID, *, now: datetime) -> CourseRules:
    """One course the desk answers for. NotFound."""
    mine = scopes.ruled_courses_of(actor, desk).where(Course.id == course_id)
    if session.scalar(mine.with_only_columns(Course.id)) is None:
        raise NotFound
    [found] = _views(session, {course_id}, {course_id}, clock.civil_day(now))
    return found


def set_rule(
    session: Session, actor: Actor, desk: Role, course_id: uuid.UUID, asked: Figures, *, now: datetime
) -> uuid.UUID:
    """Sets how long completions hold that are issued from `effective_from` on; what was issued before keeps its days.

    NotFound; Refused: renewal_months, renewal_days, renewal_window_long, renewal_source_length, renewal_backdated.
    """
    mine = scopes.ruled_courses_of(actor, desk).where(Course.id == course_id)
    course = session.scalar(mine)
    if course is None:
        raise NotFound
    terms, source = check_terms(asked.months, asked.open_days, asked.due_days), check_source(asked.source)
    if asked.effective_from < clock.civil_day(now):
        raise Refused("renewal_backdated")
    made = ValidityRule(
        id=new_id(),
        course_id=course.id,
        months=terms.months,
        open_days=terms.open_days,
        due_days=terms.due_days,
        source=source,
        effective_from=asked.effective_from,
        set_by=actor.account_id,
        set_at=now,
    )
    session.add(made)
    session.flush()
    figures = {"months": terms.months, "open_days": terms.open_days, "due_days": terms.due_days}
    detail = {"rule": str(made.id), "from": asked.effective_from.isoformat(), "confirmed": bool(source), **figures}
    who = {"account_id": actor.account_id, "organisation_id": course.organisation_id}
    audit.record(session, "renewal.rule", course.id, now=now, detail=detail, **who)
    return made.id


def _views(session: Session, ids: set[uuid.UUID], mine: set[uuid.UUID], today: date) -> list[CourseRules]:
    numbers = select(func.max(CourseVersion.number)).where(CourseVersion.course_id == Course.id)
    newest = numbers.correlate(Course).scalar_subquery()
    titles = (
        select(Course.id, CourseVersion.title, CourseVersion.title_en)
        .select_from(Course)
        .join(
            CourseVersion,
            (CourseVersion.course_id == Course.id)
            & (CourseVersion.number == newest.correlate(Course).scalar_subquery()),
        )
        .where(Course.id.in_(ids))
    )
    rules = _rules(session, ids)
    return [
        CourseRules(key, title, title_en, key in mine, tuple(rules.get(key, ())), today)
        for key, title, title_en in session.execute(titles)
    ]


def _rules(session: Session, ids: set[uuid.UUID]) -> dict[uuid.UUID, Sequence[RuleView]]:
    rows = (
        select(ValidityRule, Account.name)
        .select_from(ValidityRule)
        .join(Account, Account.id == ValidityRule.set_by)
        .where(ValidityRule.course_id.in_(ids))
        .order_by(ValidityRule.effective_from.desc(), ValidityRule.set_at.desc(), ValidityRule.id.desc())
    )
    found: dict[uuid.UUID, list[RuleView]] = {}
    for rule, name in session.execute(rows):
        figures = (rule.months, rule.open_days, rule.due_days, rule.source, rule.effective_from)
        found.setdefault(rule.course_id, []).append(RuleView(*figures, name, rule.set_at))
    return dict(found)
