"""Whether the same subsidy of one human is in a payment already, under whichever of her persons (decision 0177)."""

import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.errors import Conflict
from lms.domain.funds.payments import PaymentState, atom_key
from lms.domain.levels import Level
from lms.domain.subsidies import Atom, SubsidyKind
from lms.models.funds import FundPayment
from lms.services import humans

HELD = (PaymentState.WAITING.value, PaymentState.PAID.value)


def keys(session: Session, atoms: Collection[Atom]) -> dict[Atom, str]:
    """By atom: its key for the human that its person is known to be today."""
    living = humans.living_all(session, {each.person_id for each in atoms})
    return {each: atom_key(replace(each, person_id=living[each.person_id])) for each in atoms}


def held(session: Session, person_ids: Collection[uuid.UUID]) -> list[str]:
    """The keys of all that waits or is paid of these humans, one a payment."""
    around = humans.circles(session, person_ids)
    rows = select(FundPayment).where(FundPayment.person_id.in_(list(around)), FundPayment.state.in_(HELD))
    atoms = [_atom(each) for each in session.scalars(rows)]
    return [atom_key(replace(each, person_id=around[each.person_id])) for each in atoms]


def _atom(row: FundPayment) -> Atom:
    level = None if row.level is None else Level(row.level)
    return Atom(row.person_id, SubsidyKind(row.kind), row.occupation, level)


def check_batch(session: Session, batch_id: uuid.UUID) -> None:
    """Conflict: batch_stale, where what a batch pays waits or is paid elsewhere too; its own payments count once."""
    mine = [_atom(each) for each in session.scalars(select(FundPayment).where(FundPayment.batch_id == batch_id))]
    wanted = keys(session, mine)
    found = Counter(held(session, {each.person_id for each in mine}))
    if any(found[key] > 1 for key in wanted.values()):
        raise Conflict("batch_stale")
