"""Cohorts (班期): opened by an institution in one course version, under the policy of their opening day."""

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain.courses import LessonKind
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.filings import UNFILED
from lms.domain.identity import has_strange_sign
from lms.domain.policies import Policy, policy_named, policy_on
from lms.domain.roles import Role
from lms.models.base import new_id
from lms.models.courses import CourseVersion
from lms.models.enrollments import Cohort, Enrollment
from lms.models.organisations import Organisation
from lms.services import audit, courses, pasts, scopes
from lms.services.scopes import Actor

LONGEST_NAME = 120


@dataclass(frozen=True)
class CohortView:
    """A cohort as pages show it; `learners` counts the people in it; `filing`: the state of its filing, "" for none."""

    id: uuid.UUID
    organisation_id: uuid.UUID
    organisation: str
    name: str
    course_id: uuid.UUID
    course: str
    course_en: str
    version_number: int
    opens_on: date
    closes_on: date
    policy_code: str
    learners: int
    filing: str = UNFILED
    filing_number: str | None = None


def create(
    session: Session,
    actor: Actor,
    *,
    organisation_id: uuid.UUID,
    course_version_id: uuid.UUID,
    name: str,
    opens_on: date,
    closes_on: date,
    family: str = "base",
    filing: str = UNFILED,
    now: datetime,
) -> CohortView:
    """Opens a cohort and pins the policy of that family in force on `opens_on`. Whether it is filed with the authority
    is decided here for good: `services.filings.start` opens those that are.

    NotFound for a stranger's institution or an unknown version; Refused: cohort_name_length,
    cohort_name_strange_sign, cohort_closes_before_opening, cohort_already_over, policy_not_in_force,
    course_without_exam, course_without_practice, organisation_closed;
    Conflict: cohort_name_taken.
    """
    _check_known(session, actor, organisation_id, course_version_id)
    _check_days(opens_on, closes_on, clock.civil_day(now))
    policy = _policy(session, course_version_id, policy_on(opens_on, family=family))
    made = Cohort(
        id=new_id(),
        organisation_id=organisation_id,
        course_version_id=course_version_id,
        name=_free_name(session, organisation_id, name),
        opens_on=opens_on,
        closes_on=closes_on,
        policy_code=policy.code,
        filing=filing,
        created_at=now,
    )
    session.add(made)
    session.flush()  # it is read back below
    detail = {"course_version": str(course_version_id), "policy": made.policy_code}
    who = {"account_id": actor.account_id, "organisation_id": organisation_id}
    audit.record(session, "cohort.create", made.id, now=now, detail=detail, **who)
    return get(session, actor, made.id)


def amend(
    session: Session, actor: Actor, cohort: Cohort, *, name: str, opens_on: date, closes_on: date, now: datetime
) -> None:
    """Gives a cohort that nobody could study in yet another name and other days, and pins their policy anew.

    The caller found it in a scope and knows that its filing is open. The refusals of `create`.
    """
    today = clock.civil_day(now)
    _check_days(opens_on, closes_on, today)
    family = policy_named(cohort.policy_code).family
    policy = _policy(session, cohort.course_version_id, policy_on(opens_on, family=family))
    pasts.keep_cohort(session, cohort, now=now)
    if name != cohort.name:
        cohort.name = _free_name(session, cohort.organisation_id, name, but=cohort.id)
    cohort.opens_on, cohort.closes_on, cohort.policy_code = opens_on, closes_on, policy.code
    session.flush()
    who = {"account_id": actor.account_id, "organisation_id": cohort.organisation_id}
    audit.record(session, "cohort.amend", cohort.id, now=now, detail={"policy": policy.code}, **who)


def _check_known(session: Session, actor: Actor, organisation_id: uuid.UUID, version_id: uuid.UUID) -> None:
    mine = scopes.organisations_of(actor).where(Organisation.id == organisation_id)
    version = scopes.versions_of(actor, Role.INSTITUTION).where(CourseVersion.id == version_id)
    place = session.scalar(mine)
    if place is None or session.scalar(version) is None:
        raise NotFound
    if place.closed_at:
        raise Refused("organisation_closed")


def _check_days(opens_on: date, closes_on: date, today: date) -> None:
    if closes_on < opens_on:
        raise Refused("cohort_closes_before_opening")
    if closes_on < today:
        raise Refused("cohort_already_over")


def _policy(session: Session, version_id: uuid.UUID, policy: Policy) -> Policy:
    """The policy, if the course holds what it asks to be examined: nobody could ever finish it otherwise."""
    text, rules = courses.text_of(session.get_one(CourseVersion, version_id)), policy.blended
    if rules and rules.exam and text.exam is None:
        raise Refused("course_without_exam")
    if rules and rules.practice and not any(lesson.kind is LessonKind.PRACTICE for lesson in text.lessons):
        raise Refused("course_without_practice")
    return policy


def _free_name(session: Session, organisation_id: uuid.UUID, text: str, but: uuid.UUID | None = None) -> str:
    name = " ".join(text.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Refused("cohort_name_length", longest=LONGEST_NAME)
    if has_strange_sign(name):
        raise Refused("cohort_name_strange_sign")
    taken = select(Cohort.id).where(Cohort.organisation_id == organisation_id, Cohort.name == name)
    if session.scalar(taken) not in (None, but):
        raise Conflict("cohort_name_taken", name=name)
    return name


def list_own(
    session: Session,
    actor: Actor,
    *,
    role: Role = Role.INSTITUTION,
    organisation_id: uuid.UUID | None = None,
    before: datetime | None = None,
) -> list[CohortView]:
    """The cohorts of the actor's institutions, or of those an inspector may look into; the latest opening first.

    With `organisation_id` those of this one only, without what is below it. `before`: those that there were, by their
    names, days and policies then; the rest of a view is of now.
    """
    mine = _views(actor, role)
    wanted = mine if organisation_id is None else mine.where(Cohort.organisation_id == organisation_id)
    if before is not None:
        wanted = wanted.where(Cohort.created_at < before)
    rows = session.execute(wanted).all()
    then = pasts.cohorts(session, [row[0] for row in rows], before)
    views = [_as_of(_view(row), then[row[0].id]) for row in rows]
    return sorted(views, key=lambda each: (each.opens_on, each.id), reverse=True)


def _as_of(view: CohortView, cohort: Cohort) -> CohortView:
    return replace(
        view,
        name=cohort.name,
        opens_on=cohort.opens_on,
        closes_on=cohort.closes_on,
        policy_code=cohort.policy_code,
    )


def get(
    session: Session,
    actor: Actor,
    cohort_id: uuid.UUID,
    *,
    role: Role = Role.INSTITUTION,
    before: datetime | None = None,
) -> CohortView:
    """One cohort of the actor's institutions, by its name, days and policy `before` a moment; NotFound for anybody
    else's."""
    row = session.execute(_views(actor, role).where(Cohort.id == cohort_id)).one_or_none()
    if row is None:
        raise NotFound
    return _as_of(_view(row), pasts.cohorts(session, [row[0]], before)[cohort_id])


def _views(actor: Actor, role: Role) -> Select[Any]:
    learners = select(func.count()).where(Enrollment.cohort_id == Cohort.id).scalar_subquery()
    version = CourseVersion
    return (
        scopes.cohorts_of(actor, role)
        .join(version, version.id == Cohort.course_version_id)
        .join(Organisation, Organisation.id == Cohort.organisation_id)
        .add_columns(Organisation.name, version.course_id, version.title, version.title_en, version.number, learners)
    )


def _view(row: Any) -> CohortView:
    cohort, organisation, course_id, course, course_en, number, learners = row
    return CohortView(
        id=cohort.id,
        organisation_id=cohort.organisation_id,
        organisation=organisation,
        name=cohort.name,
        course_id=course_id,
        course=course,
        course_en=course_en,
        version_number=number,
        opens_on=cohort.opens_on,
        closes_on=cohort.closes_on,
        policy_code=cohort.policy_code,
        learners=learners,
        filing=cohort.filing,
        filing_number=cohort.filing_number,
    )
