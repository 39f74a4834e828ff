"""终身学习档案: what frozen records add up to, over all institutions and years: what was taken back counts
nothing; what is past its last day was learnt all the same, and is told apart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lms.domain.frozen import hour_hundredths
from lms.domain.records import ENDED, RecordState, state_on


@dataclass(frozen=True)
class Entry:
    """One record as the transcript tells it, each value as it was frozen.

    `hour_hundredths`: class hours (学时) in hundredths, by the policy of that class. `holds`: valid on the day asked.
    """

    code: str
    state: RecordState
    issued_on: date
    course: str
    institution: str
    cohort: str
    hour_hundredths: int
    quiz_score: int | None
    valid_until: date | None
    holds: bool

    @property
    def is_counted(self) -> bool:
        """Whether the sums hold it: what was studied stays true when its time is over."""
        return self.state not in ENDED


@dataclass(frozen=True)
class Year:
    """The sums of one civil year."""

    year: int
    records: int
    holding: int
    hour_hundredths: int


@dataclass(frozen=True)
class Transcript:
    """All records, the oldest first; `years`, `institutions` and the sums only over those that are counted."""

    entries: tuple[Entry, ...]
    years: tuple[Year, ...]
    institutions: tuple[str, ...]

    @property
    def hour_hundredths(self) -> int:
        """Class hours of all counted records, in hundredths."""
        return sum(each.hour_hundredths for each in self.years)

    @property
    def counted(self) -> int:
        """How many records are counted."""
        return sum(each.records for each in self.years)

    @property
    def holding(self) -> int:
        """How many of them hold on the day: neither taken back nor past their last day."""
        return sum(each.holding for each in self.years)


def entry(
    code: str,
    state: RecordState,
    issued_on: date,
    facts: Mapping[str, Any],
    *,
    today: date,
    valid_until: date | None = None,
) -> Entry:
    """A record as it stands in the transcript today; what its format does not tell is empty."""
    return Entry(
        code=code,
        state=state,
        issued_on=issued_on,
        course=str(facts["course"]),
        institution=str(facts["institution"]),
        cohort=str(facts["cohort"]),
        hour_hundredths=hour_hundredths(facts),
        quiz_score=facts.get("quiz_score"),
        valid_until=valid_until,
        holds=state_on(state, valid_until, today) is RecordState.VALID,
    )


def transcript(entries: Iterable[Entry]) -> Transcript:
    """Puts records in the order of their days and adds up what is counted; the same in whatever order they come."""
    ordered = tuple(sorted(entries, key=lambda each: (each.issued_on, each.code)))
    counted = [each for each in ordered if each.is_counted]
    years = tuple(_year(year, counted) for year in sorted({each.issued_on.year for each in counted}))
    return Transcript(ordered, years, tuple(dict.fromkeys(each.institution for each in counted)))


def _year(year: int, counted: Iterable[Entry]) -> Year:
    mine = [each for each in counted if each.issued_on.year == year]
    hours = sum(each.hour_hundredths for each in mine)
    return Year(year, len(mine), sum(each.holds for each in mine), hours)
