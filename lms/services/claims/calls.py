"""Lines drawn by lot to be called back (电话回访), and what was said; a draw can be made again from its seed."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain import sampling
from lms.domain.claims.states import Act, LineState
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.roles import Role
from lms.domain.words import check_words
from lms.models.base import new_id
from lms.models.claims import Claim, ClaimCall, ClaimSample
from lms.services.claims import places
from lms.services.scopes import Actor

RESULTS = ("confirmed", "denied", "unreached")


@dataclass(frozen=True)
class Draw:
    """One draw, with the last result by line ("" for nobody called yet)."""

    id: uuid.UUID
    seed: str
    wanted: int
    population: int
    population_hash: str
    drawn_at: datetime
    results: dict[uuid.UUID, tuple[str, str]]


def draw(
    session: Session, actor: Actor, claim_id: uuid.UUID, *, version: int, wanted: int, seed: str, now: datetime
) -> uuid.UUID:
    """Draws among the lines asked for; `seed` is made by the edge. Refused: sample_size, sample_nothing."""
    claim = places.hold(session, actor, claim_id, Act.SAMPLE, Role.OFFICER, version)
    known = [str(line.id) for line, place in places.lines_of(session, claim) if place.state == LineState.ASKED]
    size = sampling.check_wanted(wanted, len(known))
    drawn, whole = sampling.draw(seed, known, size), sampling.population_hash(known)
    made = ClaimSample(
        id=new_id(),
        claim_id=claim.id,
        round=claim.round,
        seed=seed,
        wanted=size,
        population=len(known),
        population_hash=whole,
        lines=drawn,
        drawn_by=actor.account_id,
        drawn_at=now,
    )
    session.add(made)
    session.flush()
    facts = {"sample": str(made.id), "seed": seed, "population": whole, "lines": drawn}
    places.record(session, actor, claim, Act.SAMPLE, facts=facts, now=now)
    return made.id


def note(
    session: Session,
    actor: Actor,
    claim_id: uuid.UUID,
    sample_id: uuid.UUID,
    line_id: uuid.UUID,
    *,
    version: int,
    result: str,
    words: str,
    now: datetime,
) -> None:
    """What came of one call. NotFound. Refused: claim_call_result, claim_reason, words_personal."""
    if result not in RESULTS:
        raise Refused("claim_call_result")
    said = check_words(words, shortest=2, code="claim_reason") if words.strip() or result == "denied" else ""
    claim = places.hold(session, actor, claim_id, Act.CALL, Role.OFFICER, version)
    mine = select(ClaimSample).where(ClaimSample.id == sample_id, ClaimSample.claim_id == claim.id)
    sample = session.scalar(mine)
    if sample is None or str(line_id) not in sample.lines:
        raise NotFound
    who = {"called_by": actor.account_id, "called_at": now}
    session.add(ClaimCall(id=new_id(), sample_id=sample.id, line_id=line_id, result=result, words=said, **who))
    session.flush()
    facts = {"sample": str(sample.id), "line": str(line_id), "result": result}
    places.record(session, actor, claim, Act.CALL, note=said, facts=facts, now=now)


def list_draws(session: Session, claim: Claim) -> list[Draw]:
    """The draws of the present round, oldest first."""
    mine = select(ClaimSample).where(ClaimSample.claim_id == claim.id, ClaimSample.round == claim.round)
    found = session.scalars(mine.order_by(ClaimSample.id)).all()
    rows = select(ClaimCall).where(ClaimCall.sample_id.in_([each.id for each in found])).order_by(ClaimCall.id)
    last = {(each.sample_id, each.line_id): (each.result, each.words) for each in session.scalars(rows)}
    return [_draw(each, last) for each in found]


def _draw(row: ClaimSample, last: dict[tuple[uuid.UUID, uuid.UUID], tuple[str, str]]) -> Draw:
    ids = [uuid.UUID(each) for each in row.lines]
    results = {each: last.get((row.id, each), ("", "")) for each in ids}
    told = (row.seed, row.wanted, row.population, row.population_hash, row.drawn_at)
    return Draw(row.id, *told, results)


def check(session: Session, claim: Claim, asked: Collection[uuid.UUID]) -> None:
    """A review does not end while somebody drawn was not called, or denied and is still asked for.

    Conflict: claim_calls_open, claim_call_denied.
    """
    for each in list_draws(session, claim):
        if any(line in asked and not result for line, (result, _words) in each.results.items()):
            raise Conflict("claim_calls_open")
        if any(line in asked and result == "denied" for line, (result, _words) in each.results.items()):
            raise Conflict("claim_call_denied")
