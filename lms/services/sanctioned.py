"""Sanctions against institutions, as far as money is concerned."""

import uuid
from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from lms.domain.subsidies import Doubt


def doubts(session: Session, organisation_ids: Collection[uuid.UUID], day: date) -> dict[uuid.UUID, list[Doubt]]:  # noqa: ARG001
    """The doubts that sanctions in force on a day cast on claims of these institutions, by institution."""
    return {}
