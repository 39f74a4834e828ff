"""How many persons studied, and how many of them were flagged for what: the price honest people pay."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.domain.flags import SAID_BY_HER
from lms.models.cases import Flag
from lms.models.study import StudySession


@dataclass(frozen=True)
class Counts:
    """`persons`: how many opened a study session; `flagged`: by kind, the ids of the persons flagged for it."""

    persons: int
    flagged: dict[str, list[str]]

    @property
    def anybody(self) -> list[str]:
        """Who was flagged for anything at all."""
        return sorted({person for persons in self.flagged.values() for person in persons})


def count(session: Session) -> Counts:
    """Over everything that is in the database."""
    studied = session.scalar(select(func.count(StudySession.person_id.distinct()))) or 0
    flagged: dict[str, set[str]] = defaultdict(set)
    for kind, person_id in session.execute(select(Flag.kind, Flag.person_id).where(Flag.kind.not_in(SAID_BY_HER))):
        flagged[kind].add(str(person_id))
    return Counts(studied, {kind: sorted(flagged[kind]) for kind in sorted(flagged)})
