"""For the how-manieth time somebody is subsidised (本年度第几次, 累计第几次; domain.md 6.1)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from lms.domain.subsidies import PastClaim, PastState, SubsidyKind

COUNTED = frozenset({PastState.APPROVED, PastState.PAID})
"""What counts as a time before: approved or paid (domain.md 4); a line that waits is none yet."""
STANDING = COUNTED | {PastState.PENDING}


@dataclass(frozen=True)
class Ordinal:
    """1 for the first time; `of_year`: in the civil year in which this line was asked for."""

    of_year: int
    of_life: int


def ordinal(past: Sequence[PastClaim], enrollment_id: uuid.UUID, kind: SubsidyKind) -> Ordinal | None:
    """Which time the line of this enrollment is; None where it stands no more, so that it is no time at all.

    `past`: all lines of one living person, oldest first.
    """
    mine = [each for each in past if each.atom.kind is kind]
    own = [at for at, each in enumerate(mine) if each.enrollment_id == enrollment_id and each.state in STANDING]
    if not own:
        return None
    line, before = mine[own[-1]], [each for each in mine[: own[-1]] if each.state in COUNTED]
    return Ordinal(1 + sum(each.on.year == line.on.year for each in before), 1 + len(before))
