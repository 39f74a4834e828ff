"""What imported outside lists and fraud patterns say of persons, as far as money is concerned."""

import uuid
from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from lms.domain.subsidies import Doubt


def doubts(session: Session, person_ids: Collection[uuid.UUID], day: date) -> dict[uuid.UUID, list[Doubt]]:  # noqa: ARG001
    """The doubts about these living persons that nobody has settled yet, by person. Results of matching must be
    looked at; they never refuse (domain.md 4)."""
    return {}
