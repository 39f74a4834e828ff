"""What claims owe and what became of it: asked and told by funds."""

import uuid
from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from lms.domain.subsidies import PastState, Payable


def list_payables(session: Session, organisation_ids: Collection[uuid.UUID]) -> list[Payable]:  # noqa: ARG001
    """Lines of claims of these institutions that are finally approved, whose notice is over without an open objection,
    and that no payment has taken up."""
    return []


def tell(session: Session, line_id: uuid.UUID, state: PastState, on: date) -> None:
    """Tells the claim what became of one of its lines: PAID, APPROVED again after a return, CLAWED_BACK."""
