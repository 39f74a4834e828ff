"""What claims ask of the public notice (公示) and of payees; filled by the services that keep them."""

import uuid
from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.subsidies import Doubt, Payee, SubsidyKind
from lms.models.claims import Claim, ClaimLine
from lms.services import humans
from lms.services.claims import payees, publicity


def notice_is_over(session: Session, claim_id: uuid.UUID, today: date) -> bool:
    """Whether the claim was shown in public for its whole term, and no objection is open."""
    return publicity.is_over(session, claim_id, today)


def payees_of(session: Session, line_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Payee]:
    """By line: who gets its money; a line without a payee cannot be paid yet."""
    owners = _owners(session, line_ids)
    found = payees.payees_of(session, set(owners.values()))
    return {line: found[owner] for line, owner in owners.items() if owner in found}


def payee_doubts(session: Session, line_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Doubt]]:
    """By line: that the account it goes to is not in its owner's name (E61)."""
    owners = _owners(session, line_ids)
    found = payees.doubts(session, set(owners.values()))
    return {line: found[owner] for line, owner in owners.items() if owner in found}


def _owners(session: Session, line_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """By line: a living allowance goes to the learner herself, everything else to the institution (decision 0170)."""
    query = select(ClaimLine.id, ClaimLine.kind, ClaimLine.person_id, Claim.organisation_id)
    rows = session.execute(query.join(Claim, Claim.id == ClaimLine.claim_id).where(ClaimLine.id.in_(line_ids))).all()
    living = humans.living_all(session, {row.person_id for row in rows})
    return {
        row.id: living[row.person_id] if row.kind == SubsidyKind.LIVING.value else row.organisation_id for row in rows
    }
