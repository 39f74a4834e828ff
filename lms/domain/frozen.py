"""What the frozen facts of a record say, whichever format they have (docs/records.md)."""

from collections.abc import Mapping
from typing import Any

PUBLIC = (
    *("name_masked", "course", "course_en", "course_version", "institution", "cohort"),
    *("minutes_per_class_hour", "quiz_score", "policy", "issued_at"),
)


def title(facts: Mapping[str, Any], *, english: bool) -> str:
    """The title of the course as it was frozen; Chinese where there is no English one."""
    return str((english and facts.get("course_en")) or facts["course"])


def hour_hundredths(facts: Mapping[str, Any]) -> int:
    """Class hours (学时) a record certifies, in hundredths: those in person too where its format tells them.

    Formats before the second tell those of lessons alone; 0 where none are told.
    """
    told = facts.get("hours_hundredths") or {}
    return int(told.get("total", facts.get("class_hour_hundredths")) or 0)


def by_class_ms(facts: Mapping[str, Any]) -> dict[str, int]:
    """Credited time by class of evidence, only those with any; an older format told all of it as online."""
    return {name: int(ms) for name, ms in facts.get("by_class_ms", facts["credited_ms"]).items() if ms}


def credited_ms(facts: Mapping[str, Any]) -> int:
    """Credited time of all evidence classes together."""
    return sum(by_class_ms(facts).values())


def told_to_anybody(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Of the frozen facts what whoever holds the code is told: sums and results, not lesson by lesson, nor tries,
    points and absences, nor what her document is."""
    told = {name: facts[name] for name in PUBLIC if name in facts}
    told |= {"by_class_ms": by_class_ms(facts), "hour_hundredths": hour_hundredths(facts)}
    if exam := facts.get("exam"):
        told["exam"] = {"percent": exam["percent"]}
    if skills := facts.get("skills"):
        passed = sum(each["outcome"] == "passed" for each in skills)
        told["skills"] = {"examined": len(skills), "passed": passed}
    if held := (facts.get("attendance") or {}).get("held"):
        told["attendance"] = {"held": held, "attended": facts["attendance"]["attended"]}
    return told
