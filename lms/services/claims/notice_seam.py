"""What claims ask of the public notice (公示) and of payees; filled by the services that keep them."""

import uuid
from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from lms.domain.subsidies import Payee


def notice_is_over(session: Session, claim_id: uuid.UUID, today: date) -> bool:  # noqa: ARG001
    """Whether the claim was shown in public for its whole term, and no objection is open."""
    return False


def payees_of(session: Session, line_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Payee]:  # noqa: ARG001
    """By line: who gets its money; a line without a payee cannot be paid yet."""
    return {}
