"""For the how-manieth time: approved and paid lines of the kind before this one, in the year and in all."""

import uuid
from datetime import date

import pytest

from lms.domain.claims.ordinals import Ordinal, ordinal
from lms.domain.levels import Level
from lms.domain.subsidies import Atom, Fund, PastClaim, PastState, SubsidyKind

HERE, ELSEWHERE = uuid.UUID(int=7), uuid.UUID(int=1)
TRAINING, LIVING = SubsidyKind.TRAINING, SubsidyKind.LIVING
PAID, APPROVED, PENDING, REFUSED = PastState.PAID, PastState.APPROVED, PastState.PENDING, PastState.REFUSED


def past(year: int, state: PastState, kind: SubsidyKind = TRAINING, enrollment: uuid.UUID = ELSEWHERE) -> PastClaim:
    atom = Atom(uuid.UUID(int=2), kind, "养老护理员", Level.JUNIOR)
    told = {"organisation_id": uuid.UUID(int=3), "enrollment_id": enrollment}
    return PastClaim(atom=atom, fund=Fund.EMPLOYMENT, state=state, on=date(year, 5, 1), **told)


OWN = past(2026, PENDING, enrollment=HERE)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ([], Ordinal(1, 1)),
        ([past(2025, PAID)], Ordinal(1, 2)),
        ([past(2025, PAID), past(2026, APPROVED)], Ordinal(2, 3)),
        ([past(2026, PENDING), past(2026, REFUSED), past(2026, PastState.CLAWED_BACK)], Ordinal(1, 1)),
        ([past(2026, PAID, LIVING)], Ordinal(1, 1)),
    ],
)
def test_what_was_approved_or_paid_before_counts(before: list[PastClaim], expected: Ordinal) -> None:
    assert ordinal([*before, OWN, past(2026, PAID)], HERE, TRAINING) == expected


def test_a_line_that_stands_no_more_is_no_time() -> None:
    assert ordinal([past(2026, PAID)], HERE, TRAINING) is None
    assert ordinal([past(2026, REFUSED, enrollment=HERE)], HERE, TRAINING) is None
    assert ordinal([past(2026, REFUSED, enrollment=HERE), OWN], HERE, TRAINING) == Ordinal(1, 1)
