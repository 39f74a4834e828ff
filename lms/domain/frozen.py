"""What the frozen facts of a record say, whichever format they have (docs/records.md)."""

from collections.abc import Mapping
from typing import Any


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
