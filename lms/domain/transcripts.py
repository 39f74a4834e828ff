"""终身学习档案: what frozen records add up to, over all institutions and years. Only records that hold are counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lms.domain.frozen import hour_hundredths
from lms.domain.records import ENDED, RecordState


@dataclass(frozen=True)
class Entry:
    """One record as the transcript tells it, each value as it was frozen.

    `hour_hundredths`: class hours (学时) in hundredths, by the policy of that class.
    """

    code: str
    state: RecordState
    issued_on: date
    course: str
    course_en: str
    institution: str
    cohort: str
    hour_hundredths: int
    quiz_score: int | None

    @property
    def is_counted(self) -> bool:
        """Whether the sums hold it: what was studied stays true when its time is over."""
        return self.state not in ENDED


@dataclass(frozen=True)
class Year:
    """The sums of one civil year."""

    year: int
    records: int
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


def entry(code: str, state: RecordState, issued_on: date, facts: Mapping[str, Any]) -> Entry:
    """A record as it stands in the transcript; what its format does not tell is empty."""
    return Entry(
        code=code,
        state=state,
        issued_on=issued_on,
        course=str(facts["course"]),
        course_en=str(facts.get("course_en") or facts["course"]),
        institution=str(facts["institution"]),
        cohort=str(facts["cohort"]),
        hour_hundredths=hour_hundredths(facts),
        quiz_score=facts.get("quiz_score"),
    )


def transcript(entries: Iterable[Entry]) -> Transcript:
    """Puts records in the order of their days and adds up what is counted; the same in whatever order they come."""
    ordered = tuple(sorted(entries, key=lambda each: (each.issued_on, each.code)))
    counted = [each for each in ordered if each.is_counted]
    years = tuple(_year(year, counted) for year in sorted({each.issued_on.year for each in counted}))
    return Transcript(ordered, years, tuple(dict.fromkeys(each.institution for each in counted)))


def _year(year: int, counted: Iterable[Entry]) -> Year:
    mine = [each for each in counted if each.issued_on.year == year]
    return Year(year, len(mine), sum(each.hour_hundredths for each in mine))
