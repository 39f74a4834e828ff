"""What was claimed for persons before: read by eligibility, written by claims."""

import uuid
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.clock import civil_day
from lms.db import in_parts
from lms.domain.claims.states import PAST, ClaimState, LineState
from lms.domain.levels import Level
from lms.domain.subsidies import Atom, Fund, PastClaim, SubsidyKind
from lms.models.claims import Claim, ClaimLine, ClaimPlace
from lms.services import humans


def past_claims(session: Session, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[PastClaim]]:
    """Every earlier line of these living persons, under any of their persons and at any institution, oldest first.

    A draft counts as well: what somebody is about to ask for reserves its place. Lines that were left out, assembled
    anew or withdrawn were never asked for.
    """
    living = humans.circles(session, person_ids)
    found: dict[uuid.UUID, list[PastClaim]] = {}
    for bodies in in_parts(sorted(living)):
        _read(session, bodies, living, found)
    return {person: sorted(past, key=lambda each: each.on) for person, past in found.items()}


def _read(
    session: Session,
    bodies: Collection[uuid.UUID],
    living: dict[uuid.UUID, uuid.UUID],
    found: dict[uuid.UUID, list[PastClaim]],
) -> None:
    rows = select(ClaimLine, ClaimPlace.state, Claim).join(ClaimPlace, ClaimPlace.line_id == ClaimLine.id)
    rows = rows.join(Claim, Claim.id == ClaimLine.claim_id).where(ClaimLine.person_id.in_(bodies))
    counted = rows.where(ClaimPlace.state.in_([each.value for each in PAST]), Claim.state != ClaimState.WITHDRAWN.value)
    for line, state, claim in session.execute(counted.order_by(ClaimLine.id)):
        person = living[line.person_id]
        found.setdefault(person, []).append(_past(line, LineState(state), claim, person))


def _past(line: ClaimLine, state: LineState, claim: Claim, person: uuid.UUID) -> PastClaim:
    level = None if line.level is None else Level(line.level)
    return PastClaim(
        atom=Atom(person, SubsidyKind(line.kind), line.occupation, level),
        fund=Fund(claim.fund),
        state=PAST[state],
        on=civil_day(claim.filed_at or line.made_at),
        organisation_id=claim.organisation_id,
        enrollment_id=line.enrollment_id,
    )
