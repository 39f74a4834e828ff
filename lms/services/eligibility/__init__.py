"""Eligibility of learners and classes: gathers facts, asks the pure rules."""

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from lms.domain.eligibility.findings import Candidate
from lms.domain.subsidies import SubsidyKind, SubsidyPolicy


def of_cohort(
    session: Session,  # noqa: ARG001
    cohort_id: uuid.UUID,  # noqa: ARG001
    kind: SubsidyKind,  # noqa: ARG001
    *,
    today: date,  # noqa: ARG001
    enrollments: Sequence[uuid.UUID] | None = None,  # noqa: ARG001
) -> list[Candidate]:
    """Every learner of a class (or these), in the order of the roster, as her claim would be judged today."""
    return []


def of_cohort_under(
    session: Session,  # noqa: ARG001
    cohort_id: uuid.UUID,  # noqa: ARG001
    kind: SubsidyKind,  # noqa: ARG001
    policy: SubsidyPolicy,  # noqa: ARG001
    *,
    today: date,  # noqa: ARG001
    enrollments: Sequence[uuid.UUID] | None = None,  # noqa: ARG001
) -> list[Candidate]:
    """The same as if the class pinned this policy."""
    return []
