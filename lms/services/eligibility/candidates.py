"""Learners of a class as claims need them: facts gathered for all of them, judged one by one by the pinned policy."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.eligibility import papers
from lms.domain.eligibility.assessing import assess
from lms.domain.eligibility.facts import Facts
from lms.domain.eligibility.findings import Candidate
from lms.domain.eligibility.learning import hundredths
from lms.domain.subsidies import SubsidyKind, SubsidyPolicy
from lms.models.enrollments import Enrollment
from lms.services import subsidies
from lms.services.eligibility.gathering import gather


def of_cohort(
    session: Session,
    cohort_id: uuid.UUID,
    kind: SubsidyKind,
    *,
    today: date,
    enrollments: Sequence[uuid.UUID] | None = None,
) -> list[Candidate]:
    """Every learner of a class (or these), in the order of the roster, as her claim would be judged today.

    Nobody where the class pins no subsidy policy. The caller has reached the class through a scope.
    """
    policy = subsidies.policies_of(session, [cohort_id]).get(cohort_id)
    if policy is None:
        return []
    return of_cohort_under(session, cohort_id, kind, policy, today=today, enrollments=enrollments)


def of_cohort_under(
    session: Session,
    cohort_id: uuid.UUID,
    kind: SubsidyKind,
    policy: SubsidyPolicy,
    *,
    today: date,
    enrollments: Sequence[uuid.UUID] | None = None,
) -> list[Candidate]:
    """The same as if the class pinned this policy: for whoever weighs a version before it is in force."""
    return of_cohort_by_kind(session, cohort_id, [kind], policy, today=today, enrollments=enrollments)[kind]


def of_cohort_by_kind(
    session: Session,
    cohort_id: uuid.UUID,
    kinds: Iterable[SubsidyKind],
    policy: SubsidyPolicy,
    *,
    today: date,
    enrollments: Sequence[uuid.UUID] | None = None,
) -> dict[SubsidyKind, list[Candidate]]:
    """The same for several kinds of subsidy, whose facts are read once."""
    rows = select(Enrollment).where(Enrollment.cohort_id == cohort_id).order_by(Enrollment.id)
    if enrollments is not None:
        rows = rows.where(Enrollment.id.in_(enrollments))
    found = session.scalars(rows).all()
    facts = gather(session, found, today=today, in_order=bool(policy.terms.online_before_offline.value))
    enrolled_as = {each.id: each.person_id for each in found}
    return {kind: [candidate(each, enrolled_as[each.enrollment_id], policy, kind) for each in facts] for kind in kinds}


def candidate(facts: Facts, enrolled_as: uuid.UUID, policy: SubsidyPolicy, kind: SubsidyKind) -> Candidate:
    """One learner, judged."""
    found = assess(facts, policy, kind)
    paper = papers.accepted(facts, policy, found.atom) if kind is not SubsidyKind.LIVING else None
    return Candidate(
        enrollment_id=facts.enrollment_id,
        person_id=facts.person_id,
        enrolled_as=enrolled_as,
        assessment=found,
        class_hour_hundredths=sum(hundredths(facts, policy)),
        certificate_number=paper.number if paper else None,
        certificate_on=paper.issued_on if paper else None,
        certificate_id=paper.id if paper else None,
        certificate_kind=paper.kind if paper else "",
    )


def of_enrollment(session: Session, enrollment_id: uuid.UUID, *, today: date) -> dict[SubsidyKind, Candidate]:
    """One learner of one class for all kinds of subsidy; empty where the class pins no policy.

    The caller has reached her through a scope.
    """
    enrollment = session.get_one(Enrollment, enrollment_id)
    policy = subsidies.policies_of(session, [enrollment.cohort_id]).get(enrollment.cohort_id)
    if policy is None:
        return {}
    told = of_cohort_by_kind(
        session, enrollment.cohort_id, SubsidyKind, policy, today=today, enrollments=[enrollment_id]
    )
    return {kind: found[0] for kind, found in told.items()}
