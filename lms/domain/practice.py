"""Practical skills: what is known of one enrollment at one skill."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SkillFacts:
    """One practice lesson for one enrollment.

    `kind`: exam (judged by examiners) or workplace (signed by a mentor). `outcome`: passed, failed, waiting (a sheet
    is missing), disputed (the examiners disagree), none (nobody has judged her yet). `points`: of the last sitting.
    """

    lesson_id: str
    title: str
    kind: str
    tries: int = 0
    outcome: str = "none"
    points: int | None = None
