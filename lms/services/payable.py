"""What claims owe and what became of it: asked and told by funds."""

import uuid
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.clock import begin_of_day
from lms.domain.claims.states import TOLD, ClaimState, LineState, line_after
from lms.domain.errors import NotFound
from lms.domain.subsidies import Fund, PastState, Payable
from lms.models.claims import Claim, ClaimLine, ClaimPlace
from lms.services.claims import notice_seam, places, rivals
from lms.services.claims.assembling import to_atom


def list_payables(session: Session, organisation_ids: Collection[uuid.UUID]) -> list[Payable]:
    """Lines of claims of these institutions that are owed: finally approved, with their notice over, oldest first.

    A line without a payee is not told, nor one whose human is asked for in an older line as well (found to be one
    person after both were approved). Those that a payment has taken up are for funds to leave out.
    """
    rows = select(ClaimLine, Claim).join(ClaimPlace, ClaimPlace.line_id == ClaimLine.id)
    rows = rows.join(Claim, Claim.id == ClaimLine.claim_id)
    owed = rows.where(
        Claim.organisation_id.in_(organisation_ids),
        Claim.state == ClaimState.OWED.value,
        ClaimPlace.state == LineState.OWED.value,
    )
    found = session.execute(owed.order_by(ClaimLine.id)).all()
    older = rivals.of_lines(session, [line for line, _claim in found])
    payees = notice_seam.payees_of(session, [line.id for line, _claim in found])
    return [
        Payable(
            line_id=line.id,
            claim_id=claim.id,
            cohort_id=claim.cohort_id,
            organisation_id=claim.organisation_id,
            atom=to_atom(line),
            fund=Fund(claim.fund),
            payee=payees[line.id],
            amount_fen=line.amount_fen,
        )
        for line, claim in found
        if line.id in payees and line.id not in older
    ]


def tell(session: Session, line_id: uuid.UUID, state: PastState, on: date, *, now: datetime | None = None) -> None:
    """Tells the claim what became of one of its lines: PAID, APPROVED again after a return, CLAWED_BACK.

    Telling the same again changes nothing. `now`: the moment, where it is known; otherwise the day begins it. NotFound;
    Conflict: claim_line_step.
    """
    query = select(Claim).join(ClaimLine, ClaimLine.claim_id == Claim.id).where(ClaimLine.id == line_id)
    claim = session.scalar(query.with_for_update(of=Claim).execution_options(populate_existing=True))
    if claim is None:
        raise NotFound
    place = session.get_one(ClaimPlace, line_id, populate_existing=True)
    act, before = TOLD[state], LineState(place.state)
    if before is _GOALS[state]:
        return
    last = places.last_step(session, claim.id)
    at = max(now or begin_of_day(on), last.at if last else begin_of_day(on))
    places.move(place, line_after(before, act), ClaimState(claim.state), at)
    facts = {"line": str(line_id), "on": on.isoformat()}
    places.record(session, None, claim, act, facts=facts, now=at)


_GOALS = {
    PastState.PAID: LineState.PAID,
    PastState.APPROVED: LineState.OWED,
    PastState.CLAWED_BACK: LineState.CLAWED_BACK,
}
