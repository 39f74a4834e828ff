"""The ageing report (及时发放): how long claims stay in each stage, by institution, as of any day."""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain.claims import ageing
from lms.domain.claims.ageing import Aged, Step, Terms
from lms.domain.claims.states import Act, ClaimState, LineState
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.domain.subsidies import Term
from lms.models.claims import Claim, ClaimPlace, ClaimStep
from lms.models.organisations import Organisation
from lms.models.publicity import PublicNotice
from lms.services import rollup_then, scopes, subsidies
from lms.services.scopes import Actor

TO_PAY = (LineState.OWED.value, LineState.PAID.value, LineState.CLAWED_BACK.value)


@dataclass(frozen=True)
class AgeRow:
    """One row of the report."""

    organisation: str
    aged: Aged


def report(session: Session, actor: Actor, organisation_id: uuid.UUID | None, *, day: date) -> list[AgeRow]:
    """By institution in an officer's reach, or under one organisation of it, by stage, as it stood when `day` ended.

    NotFound for an organisation outside of her reach.
    """
    scopes.require(actor, Role.OFFICER)
    reach = scopes.places_of(actor, Role.OFFICER)
    if organisation_id is not None:
        mine = select(Organisation.id).where(Organisation.id == organisation_id, Organisation.id.in_(reach))
        if session.scalar(mine) is None:
            raise NotFound
        reach = select(scopes.organisations_under([organisation_id]).c.id)
    claims = session.execute(
        select(Claim.id, Claim.organisation_id, Claim.cohort_id).where(Claim.organisation_id.in_(reach))
    ).all()
    steps = _steps(session, [row.id for row in claims], day)
    terms = _terms(session, {row.id: row.cohort_id for row in claims}, day)
    found = [
        (row.organisation_id, stay) for row in claims for stay in ageing.stays(steps.get(row.id, []), terms[row.id])
    ]
    names = rollup_then.names(session, {place for place, _ in found}, clock.end_of_day(day))
    rows = [AgeRow(names[aged.place], aged) for aged in ageing.tally(found, day)]
    return sorted(rows, key=lambda row: (row.organisation, str(row.aged.place)))


def _steps(session: Session, claim_ids: list[uuid.UUID], day: date) -> dict[uuid.UUID, list[Step]]:
    query = select(ClaimStep).where(ClaimStep.claim_id.in_(claim_ids), ClaimStep.at < clock.end_of_day(day))
    found: dict[uuid.UUID, list[Step]] = {}
    for row in session.scalars(query.order_by(ClaimStep.claim_id, ClaimStep.number)):
        found.setdefault(row.claim_id, []).append(Step(Act(row.act), ClaimState(row.state), clock.civil_day(row.at)))
    return found


def _terms(session: Session, cohorts: dict[uuid.UUID, uuid.UUID], day: date) -> dict[uuid.UUID, Terms]:
    """By claim: what bears on its stages."""
    policies = subsidies.policies_of(session, set(cohorts.values()))
    count = select(ClaimPlace.claim_id, func.count()).where(ClaimPlace.claim_id.in_(cohorts))
    lines = dict(session.execute(count.where(ClaimPlace.state.in_(TO_PAY)).group_by(ClaimPlace.claim_id)).all())
    shown = select(PublicNotice.claim_id, func.max(PublicNotice.last_on)).where(PublicNotice.claim_id.in_(cohorts))
    shown = shown.where(PublicNotice.opened_at < clock.end_of_day(day)).group_by(PublicNotice.claim_id)
    until = dict(session.execute(shown).all())
    found = {}
    for claim_id, cohort_id in cohorts.items():
        policy = policies.get(cohort_id)
        review = policy.terms.review_working_days if policy else Term[int]()
        payment = policy.terms.payment_working_days if policy else Term[int]()
        found[claim_id] = Terms(review, payment, until.get(claim_id), lines.get(claim_id, 0))
    return found
