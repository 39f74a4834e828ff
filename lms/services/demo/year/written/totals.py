"""What a written year comes to: the same for the same seed."""

import uuid
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lms.models.claims import Claim, ClaimLine, ClaimPlace
from lms.models.funds import FundAppropriation, FundBatch, FundClose, FundEntry, FundPosting
from lms.models.subsidies import SubsidyPin, SubsidyVersion


@dataclass(frozen=True)
class Totals:
    """Counts and sums in fen by what they are called: `lines` by state, `postings` by kind, `pins` by version."""

    lines: dict[str, tuple[int, int]]
    postings: dict[str, tuple[int, int]]
    pins: dict[str, int]
    repinned: int
    claims: int
    batches: int
    appropriations: int
    closed_months: int


def totals(session: Session) -> Totals:
    """Of everything that is in the database."""
    by_state = select(ClaimPlace.state, func.count(), func.sum(ClaimLine.amount_fen))
    by_state = by_state.join(ClaimLine, ClaimLine.id == ClaimPlace.line_id).group_by(ClaimPlace.state)
    by_kind = select(FundPosting.kind, func.count(FundPosting.id.distinct()), func.sum(FundEntry.amount_fen))
    by_kind = by_kind.join(FundEntry, FundEntry.posting_id == FundPosting.id).group_by(FundPosting.kind)
    return Totals(
        lines={state: (count, int(fen)) for state, count, fen in session.execute(by_state.order_by(ClaimPlace.state))},
        postings={kind: (count, int(fen)) for kind, count, fen in session.execute(by_kind.order_by(FundPosting.kind))},
        pins=_pins(session),
        repinned=_count(session, select(SubsidyPin.cohort_id).where(SubsidyPin.number > 1)),
        claims=_count(session, select(Claim.id)),
        batches=_count(session, select(FundBatch.id)),
        appropriations=_count(session, select(FundAppropriation.id)),
        closed_months=_count(session, select(FundClose.id)),
    )


def _pins(session: Session) -> dict[str, int]:
    last = select(SubsidyPin.cohort_id, func.max(SubsidyPin.number).label("number")).group_by(SubsidyPin.cohort_id)
    newest = last.subquery()
    same = (SubsidyPin.cohort_id == newest.c.cohort_id) & (SubsidyPin.number == newest.c.number)
    query = select(SubsidyVersion.code, func.count()).join(SubsidyPin, SubsidyPin.version_id == SubsidyVersion.id)
    rows = session.execute(query.join(newest, same).group_by(SubsidyVersion.code).order_by(SubsidyVersion.code))
    return dict(rows.all())


def _count(session: Session, query: Select[uuid.UUID]) -> int:
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0
