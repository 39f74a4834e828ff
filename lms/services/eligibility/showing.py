"""Eligibility as pages show it: the classes of an institution, one class, one learner, and a learner's own."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.eligibility.findings import Candidate
from lms.domain.errors import NotFound
from lms.domain.subsidies import SubsidyKind, SubsidyPolicy
from lms.models.enrollments import Cohort, Enrollment
from lms.models.organisations import Organisation
from lms.models.people import Person
from lms.services import scopes, subsidies
from lms.services.eligibility.candidates import of_cohort_under, of_enrollment
from lms.services.scopes import Actor

MOST = 200


@dataclass(frozen=True)
class ClassRow:
    """A class with the subsidy policy it pins, None for none."""

    id: uuid.UUID
    name: str
    opens_on: date
    closes_on: date
    policy: SubsidyPolicy | None


@dataclass(frozen=True)
class DryRun:
    """A class judged as if claimed for today; names by enrollment."""

    cohort: ClassRow
    kind: SubsidyKind
    candidates: tuple[Candidate, ...]
    names: Mapping[uuid.UUID, str]


@dataclass(frozen=True)
class Standing:
    """One learner in one class, for all kinds of subsidy; empty `kinds` where the class pins no policy."""

    enrollment_id: uuid.UUID
    name: str
    cohort: ClassRow
    organisation: str
    kinds: Mapping[SubsidyKind, Candidate]


def list_classes(session: Session, actor: Actor) -> list[ClassRow]:
    """The classes of the actor's institutions, the newest first; `MOST` at most."""
    mine = scopes.cohorts_of(actor).order_by(Cohort.opens_on.desc(), Cohort.id.desc()).limit(MOST)
    found = session.scalars(mine).all()
    policies = subsidies.policies_of(session, [each.id for each in found])
    return [_class(each, policies.get(each.id)) for each in found]


def _class(row: Cohort, policy: SubsidyPolicy | None) -> ClassRow:
    return ClassRow(row.id, row.name, row.opens_on, row.closes_on, policy)


def dry_run(session: Session, actor: Actor, cohort_id: uuid.UUID, kind: SubsidyKind, *, today: date) -> DryRun:
    """What a claim for this class would say of each learner; NotFound for another's class."""
    cohort = session.scalar(scopes.cohorts_of(actor).where(Cohort.id == cohort_id))
    if cohort is None:
        raise NotFound
    mine = scopes.learners_of(actor).join(Person, Person.id == Enrollment.person_id)
    rows = mine.where(Enrollment.cohort_id == cohort_id).with_only_columns(Enrollment.id, Person.name)
    names = dict(session.execute(rows).all())
    policy = subsidies.policies_of(session, [cohort_id]).get(cohort_id)
    found: list[Candidate] = []
    if policy is not None:
        found = of_cohort_under(session, cohort_id, kind, policy, today=today, enrollments=list(names))
    return DryRun(_class(cohort, policy), kind, tuple(found), names)


def get_standing(session: Session, actor: Actor, enrollment_id: uuid.UUID, *, today: date) -> Standing:
    """One learner of the actor's institutions; NotFound for another's."""
    found = session.scalar(scopes.learners_of(actor).where(Enrollment.id == enrollment_id))
    if found is None:
        raise NotFound
    return _standing(session, found, today)


def list_own(session: Session, actor: Actor, *, today: date) -> list[Standing]:
    """A learner's own, over all her classes and under every person she is on record as, the newest first."""
    if actor.person_id is None:
        return []
    mine = scopes.bodies_enrollments_of(actor).order_by(Enrollment.id.desc()).limit(MOST)
    found = [_standing(session, each, today) for each in session.scalars(mine).all()]
    return [each for each in found if each.kinds]


def _standing(session: Session, enrollment: Enrollment, today: date) -> Standing:
    place = select(Cohort, Organisation.name, Person.name).join(Organisation, Organisation.id == Cohort.organisation_id)
    named = place.join(Enrollment, Enrollment.cohort_id == Cohort.id).join(Person, Person.id == Enrollment.person_id)
    cohort, organisation, name = session.execute(named.where(Enrollment.id == enrollment.id)).one()
    policy = subsidies.policies_of(session, [cohort.id]).get(cohort.id)
    kinds = of_enrollment(session, enrollment.id, today=today) if policy else {}
    return Standing(enrollment.id, name, _class(cohort, policy), organisation, kinds)
