"""终身学习档案: what frozen records add up to, over all institutions and years. Only records that hold are counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

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


def hour_hundredths(facts: Mapping[str, Any]) -> int:
    """Class hours a record certifies, in hundredths; with those in person where its format tells them."""
    return int(facts.get("hours_hundredths", {}).get("total", facts["class_hour_hundredths"]))


def by_class_ms(facts: Mapping[str, Any]) -> dict[str, int]:
    """Credited time by class of evidence, only those with any; an older format told all of it as online."""
    return {name: int(ms) for name, ms in facts.get("by_class_ms", facts["credited_ms"]).items() if ms}


def credited_ms(facts: Mapping[str, Any]) -> int:
    """Credited time of all evidence classes together."""
    return sum(by_class_ms(facts).values())


def transcript(entries: Iterable[Entry]) -> Transcript:
    """Puts records in the order of their days and adds up what is counted; the same in whatever order they come."""
    ordered = tuple(sorted(entries, key=lambda each: (each.issued_on, each.code)))
    counted = [each for each in ordered if each.is_counted]
    years = tuple(_year(year, counted) for year in sorted({each.issued_on.year for each in counted}))
    return Transcript(ordered, years, tuple(dict.fromkeys(each.institution for each in counted)))


def _year(year: int, counted: Iterable[Entry]) -> Year:
    mine = [each for each in counted if each.issued_on.year == year]
    return Year(year, len(mine), sum(each.hour_hundredths for each in mine))


PUBLIC = (
    *("name_masked", "course", "course_en", "course_version", "institution", "cohort"),
    *("minutes_per_class_hour", "quiz_score", "policy", "issued_at"),
)


def told_to_anybody(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Of the frozen facts what whoever holds the code is told: sums and results, not lesson by lesson, nor tries,
    points and absences, nor what her document is."""
    told = {name: facts[name] for name in PUBLIC if name in facts}
    told |= {"by_class_ms": dict(by_class_ms(facts)), "hour_hundredths": hour_hundredths(facts)}
    if exam := facts.get("exam"):
        told["exam"] = {"percent": exam["percent"]}
    if skills := facts.get("skills"):
        passed = sum(each["outcome"] == "passed" for each in skills)
        told["skills"] = {"examined": len(skills), "passed": passed}
    if held := (facts.get("attendance") or {}).get("held"):
        told["attendance"] = {"held": held, "attended": facts["attendance"]["attended"]}
    return told
