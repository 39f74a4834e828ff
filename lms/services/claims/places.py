"""Where a claim is found, who may act on it, and how a step is written down."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.claims import chain, states
from lms.domain.claims.chain import Step
from lms.domain.claims.states import Act, ClaimState, Hands, LineState
from lms.domain.errors import Conflict, NotFound
from lms.domain.roles import Role
from lms.models.base import new_id
from lms.models.claims import Claim, ClaimLine, ClaimPlace, ClaimStep
from lms.services import audit, humans, scopes
from lms.services.claims import apart
from lms.services.scopes import Actor


def find(session: Session, actor: Actor, claim_id: uuid.UUID, role: Role) -> Claim:
    """A claim that the actor may see in this role; NotFound for any other."""
    found = session.scalar(scopes.claims_of(actor, role).where(Claim.id == claim_id))
    if found is None:
        raise NotFound
    return found


def hold(session: Session, actor: Actor, claim_id: uuid.UUID, act: Act, role: Role, version: int) -> Claim:
    """The claim, locked, for an act that may follow now and may be hers; `version`: of the page she acts from.

    Forbidden: role_needed, claim_second_person, claim_works_there, claim_own. Conflict: claim_step, claim_changed.
    """
    states.check_role(act, role)
    mine = scopes.claims_of(actor, role).where(Claim.id == claim_id)
    claim = session.scalar(mine.with_for_update(of=Claim).execution_options(populate_existing=True))
    if claim is None:
        raise NotFound
    if claim.version != version:
        raise Conflict("claim_changed")
    states.after(ClaimState(claim.state), act)
    human = humans.self_of(session, actor.account_id, actor.person_id)
    states.check_hands(act, hands_of(session, claim), human)
    if role is Role.OFFICER:
        check_apart(session, actor, claim)
    return claim


def hands_of(session: Session, claim: Claim) -> Hands:
    """Whose hands the claim went through in this round, as the humans they are known to be today."""
    accounts = (claim.made_by, claim.filed_by, claim.first_by, claim.second_by)
    found = humans.selves(session, [each for each in accounts if each])
    return Hands(*(found[each] if each else None for each in accounts))


def check_apart(session: Session, actor: Actor, claim: Claim) -> None:
    """Nobody reviews what the institution she works for asks, nor money for herself.

    Forbidden: claim_works_there, claim_own.
    """
    apart.check_places(session, actor, [claim.organisation_id])
    people = session.scalars(select(ClaimLine.person_id).where(ClaimLine.claim_id == claim.id))
    apart.check_people(session, actor, set(people))


def record(
    session: Session,
    actor: Actor | None,
    claim: Claim,
    act: Act,
    *,
    note: str = "",
    facts: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """Appends a step to the chain, moves the claim to its state, and writes the audit row."""
    before = ClaimState(claim.state) if claim.version else ClaimState.DRAFT
    after = before if act is Act.MAKE else states.after(before, act)
    if act is Act.PASS_SECOND and (facts or {}).get("approved") == 0:
        after = ClaimState.REFUSED
    account = actor.account_id if actor else None
    human = humans.self_of(session, actor.account_id, actor.person_id) if actor else None
    asked = Step(0, act, after, account, human, now, note, dict(facts or {}))
    step = chain.next_step(claim.id, last_step(session, claim.id), asked)
    told = {name: getattr(step, name) for name in ("number", "account_id", "human", "at", "note", "link")}
    facts_kept = dict(step.facts)
    session.add(ClaimStep(id=new_id(), claim_id=claim.id, act=act.value, state=after.value, facts=facts_kept, **told))
    claim.state, claim.version = after.value, step.number
    session.flush()
    who = {"account_id": account, "organisation_id": claim.organisation_id}
    detail = {"state": after.value, "link": step.link}
    audit.record(session, f"claim.{act.value}", claim.id, now=now, detail=detail, **who)


def last_step(session: Session, claim_id: uuid.UUID) -> Step | None:
    """The end of the chain."""
    rows = select(ClaimStep).where(ClaimStep.claim_id == claim_id).order_by(ClaimStep.number.desc())
    row = session.scalar(rows.limit(1))
    return to_step(row) if row else None


def read_chain(session: Session, claim_id: uuid.UUID) -> tuple[Step, ...]:
    """All steps, oldest first."""
    rows = select(ClaimStep).where(ClaimStep.claim_id == claim_id).order_by(ClaimStep.number)
    return tuple(to_step(each) for each in session.scalars(rows))


def to_step(row: ClaimStep) -> Step:
    """A row as the rules know it."""
    act, state = Act(row.act), ClaimState(row.state)
    return Step(row.number, act, state, row.account_id, row.human, row.at, row.note, row.facts, row.link)


def lines_of(
    session: Session, claim: Claim, line_ids: Collection[uuid.UUID] | None = None
) -> list[tuple[ClaimLine, ClaimPlace]]:
    """The lines of the present round with their places, in order. NotFound for an id that is none of them."""
    query = select(ClaimLine, ClaimPlace).join(ClaimPlace, ClaimPlace.line_id == ClaimLine.id)
    query = query.where(ClaimLine.claim_id == claim.id, ClaimLine.round == claim.round)
    if line_ids is not None:
        query = query.where(ClaimLine.id.in_(line_ids))
    rows = session.execute(query.order_by(ClaimLine.number).execution_options(populate_existing=True))
    found = [(line, place) for line, place in rows]
    if line_ids is not None and len(found) != len(set(line_ids)):
        raise NotFound
    return found


def move(place: ClaimPlace, after: LineState, claim_state: ClaimState, now: datetime) -> None:
    """Puts a line in its state, and lets go of what it asks for when its time has come."""
    place.state, place.since = after.value, now
    let_go(place, claim_state)


def let_go(place: ClaimPlace, claim_state: ClaimState) -> None:
    """Lets go of what a line asks for, unless it holds it in this state of its claim."""
    if not states.holds_atom(claim_state, LineState(place.state)):
        place.atom_key = place.enrollment_key = None
