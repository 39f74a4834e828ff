"""Facts of many enrollments at once, in a fixed number of queries however many there are.

Whatever an earlier program or another desk keeps is read from where it stands; nothing is typed for a claim.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain import blended as rules
from lms.domain import completion
from lms.domain.blended import TrainingFacts
from lms.domain.eligibility.facts import (
    LEVELS,
    CertificateFact,
    ClassFacts,
    Exam,
    Facts,
    GroupFact,
    IdentityState,
    StudyFacts,
)
from lms.domain.policies import Policy, policy_named
from lms.domain.subsidies import Doubt, PastClaim
from lms.models.enrollments import Cohort, Enrollment
from lms.models.filings import Filing
from lms.services import blended, claimed, humans, outside, sanctioned
from lms.services.eligibility import papers, persons, study
from lms.services.eligibility.study import Traces

Bodies = Mapping[uuid.UUID, uuid.UUID]
"""By person: the living one. Every body of the humans asked about is in it."""


@dataclass(frozen=True)
class _Asked:
    """What was read for all, by the keys that one learner's facts are picked by."""

    today: date
    living: Bodies
    classes: Mapping[uuid.UUID, ClassFacts]
    trainings: Mapping[uuid.UUID, TrainingFacts]
    policies: Mapping[uuid.UUID, Policy]
    traces: Mapping[uuid.UUID, Traces]
    identities: Mapping[uuid.UUID, tuple[IdentityState, uuid.UUID | None]]
    groups: Mapping[uuid.UUID, Sequence[GroupFact]]
    certificates: Mapping[uuid.UUID, Sequence[CertificateFact]]
    past: Mapping[uuid.UUID, Sequence[PastClaim]]
    of_persons: Mapping[uuid.UUID, Sequence[Doubt]]
    of_places: Mapping[uuid.UUID, Sequence[Doubt]]
    cases: Mapping[uuid.UUID, Sequence[uuid.UUID]]


def gather(session: Session, enrollments: Sequence[Enrollment], *, today: date, in_order: bool) -> list[Facts]:
    """The facts of each of these enrollments, in their order, as they stand at the end of `today`.

    The caller has reached them through a scope. `in_order`: whether the policy asks for theory before practice, which
    is the one fact that costs a look at every stretch of study.
    """
    if not enrollments:
        return []
    cohort_ids = {each.cohort_id for each in enrollments}
    cohorts = {each.id: each for each in session.scalars(select(Cohort).where(Cohort.id.in_(cohort_ids)))}
    policies = {each.id: policy_named(cohorts[each.cohort_id].policy_code) for each in enrollments}
    living = humans.circles(session, {each.person_id for each in enrollments})
    firsts = set(living.values())
    places = {each.organisation_id for each in cohorts.values()}
    now: datetime = clock.end_of_day(today)
    asked = _Asked(
        today=today,
        living=living,
        classes=_classes(session, list(cohorts.values())),
        trainings=blended.facts(session, enrollments, policies, now=now),
        policies=policies,
        traces=study.traces(session, enrollments, now=now, in_order=in_order),
        identities=persons.identities(session, living),
        groups=persons.groups(session, living),
        certificates=papers.certificates(session, living, today),
        past=claimed.past_claims(session, firsts),
        of_persons=outside.doubts(session, firsts, today),
        of_places=sanctioned.doubts(session, places, today),
        cases=persons.open_cases(session, living),
    )
    twins = _twins(session, cohort_ids, living)
    return [_facts(each, asked, is_twin=each.id in twins) for each in enrollments]


def _facts(enrollment: Enrollment, asked: _Asked, *, is_twin: bool) -> Facts:
    her, training = asked.living[enrollment.person_id], asked.classes[enrollment.cohort_id]
    state, document = asked.identities.get(her, (IdentityState.MISSING, None))
    return Facts(
        enrollment_id=enrollment.id,
        person_id=her,
        today=asked.today,
        training=training,
        study=_study(enrollment, asked),
        identity=state,
        document_id=document,
        groups=tuple(asked.groups.get(her, ())),
        certificates=tuple(asked.certificates.get(her, ())),
        past=tuple(asked.past.get(her, ())),
        doubts=(*asked.of_persons.get(her, ()), *asked.of_places.get(training.organisation_id, ())),
        cases=tuple(asked.cases.get(her, ())),
        is_twin=is_twin,
    )


def _study(enrollment: Enrollment, asked: _Asked) -> StudyFacts:
    facts, policy = asked.trainings[enrollment.id], asked.policies[enrollment.id]
    verdict = rules.assess(facts, policy)
    traces, credited = asked.traces[enrollment.id], completion.credited_total_ms(facts.lessons)
    taught = min(facts.taught_ms, credited)
    return StudyFacts(
        online_ms=credited - taught,
        in_person_ms=facts.attendance.attended_ms + taught,
        minutes_per_class_hour=policy.minutes_per_class_hour,
        unmet=tuple(reason.code for reason in verdict.unmet),
        unsure=tuple(reason.code for reason in verdict.unsure),
        record=traces.record,
        record_id=traces.record_id,
        held=facts.attendance.held,
        attended=facts.attendance.attended,
        offline_days=traces.offline_days,
        exam=Exam(rules.conclude(facts, policy.blended).value) if policy.blended else Exam.NOT_ASKED,
        missed_stretches=traces.missed_stretches,
        theory_until=traces.theory_until,
        practice_from=traces.practice_from,
    )


def _classes(session: Session, cohorts: Sequence[Cohort]) -> dict[uuid.UUID, ClassFacts]:
    mine = select(Filing).where(Filing.cohort_id.in_([each.id for each in cohorts]))
    filings = {each.cohort_id: each for each in session.scalars(mine)}
    return {each.id: _class(each, filings.get(each.id)) for each in cohorts}


def _class(cohort: Cohort, filing: Filing | None) -> ClassFacts:
    return ClassFacts(
        cohort_id=cohort.id,
        organisation_id=cohort.organisation_id,
        opens_on=cohort.opens_on,
        closes_on=cohort.closes_on,
        occupation=filing.occupation if filing else "",
        level=LEVELS.get(filing.level) if filing else None,
        filing=cohort.filing,
        resources_named=bool(filing and (filing.resources.strip() or filing.materials.strip())),
    )


def _twins(session: Session, cohort_ids: set[uuid.UUID], living: Bodies) -> set[uuid.UUID]:
    """Enrollments of a human who stands in the same class under an earlier enrollment."""
    several = {person for person, first in living.items() if person != first} | set(living.values())
    if len(living) == len(set(living.values())):
        return set()
    rows = select(Enrollment.cohort_id, Enrollment.person_id, Enrollment.id).where(
        Enrollment.cohort_id.in_(cohort_ids), Enrollment.person_id.in_(several)
    )
    found: dict[tuple[uuid.UUID, uuid.UUID], list[uuid.UUID]] = defaultdict(list)
    for cohort_id, person_id, enrollment_id in session.execute(rows.order_by(Enrollment.id)):
        found[cohort_id, living[person_id]].append(enrollment_id)
    return {later for each in found.values() for later in each[1:]}
