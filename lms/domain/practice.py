"""Practical skills: what is known of one enrollment at one skill."""

from dataclasses import dataclass
from enum import StrEnum


class SittingKind(StrEnum):
    """An examination by examiners (考核), or a task at work that a mentor signs (工学一体化)."""

    EXAM = "exam"
    WORKPLACE = "workplace"


class Outcome(StrEnum):
    """What became of a sitting, or of a skill over all its sittings; `none`: never sat."""

    NONE = "none"
    WAITING = "waiting"
    DISPUTED = "disputed"
    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SkillFacts:
    """One practical skill of one enrollment: `tries` sittings were opened, `points` are those of the deciding one."""

    lesson_id: str
    title: str
    kind: SittingKind
    tries: int
    outcome: Outcome
    points: int | None
