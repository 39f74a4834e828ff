"""The eight levels of skilled workers (新八级工): an ordered history, each step resting on evidence.

Source: the eight levels and their order, domain.md 3 (H, 养老护理员 2025 and 重庆 2024). Whether a level may be
skipped differs by standard and is not confirmed: a step that skips is told as one, and stands.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """The level as an ordered code; the label 五级 … 一级 is kept apart (`GRADES`), since it runs the other way."""

    APPRENTICE = 0
    JUNIOR = 1
    INTERMEDIATE = 2
    SENIOR = 3
    TECHNICIAN = 4
    SENIOR_TECHNICIAN = 5
    SPECIAL_TECHNICIAN = 6
    CHIEF_TECHNICIAN = 7


NAMES: Mapping[Level, str] = {
    Level.APPRENTICE: "学徒工",
    Level.JUNIOR: "初级工",
    Level.INTERMEDIATE: "中级工",
    Level.SENIOR: "高级工",
    Level.TECHNICIAN: "技师",
    Level.SENIOR_TECHNICIAN: "高级技师",
    Level.SPECIAL_TECHNICIAN: "特级技师",
    Level.CHIEF_TECHNICIAN: "首席技师",
}
GRADES: Mapping[Level, str] = {
    Level.JUNIOR: "五级",
    Level.INTERMEDIATE: "四级",
    Level.SENIOR: "三级",
    Level.TECHNICIAN: "二级",
    Level.SENIOR_TECHNICIAN: "一级",
}
"""Only five of the eight carry a label in numbers."""
OCCUPATIONS = (
    *("养老护理员", "家政服务员", "育婴员", "保育师", "健康管理师", "芳香保健师", "保健按摩师", "保健调理师"),
    *("营养配餐员", "健康照护师", "社群健康助理员", "老年人能力评估师"),
)
"""Names offered when somebody types one: nine occupations and three new ones of 辽宁 2021 (domain.md 8.1). Others may
be typed."""
BY_NAME: Mapping[str, Level] = {word: level for words in (NAMES, GRADES) for level, word in words.items()}


class Move(StrEnum):
    """What a step is beside those before it in the same occupation."""

    FIRST = "first"
    UP = "up"
    AGAIN = "again"
    LOWER = "lower"


@dataclass(frozen=True)
class Grant:
    """A level given on a day by evidence that counts, the certificate `source`; `until`: its last day, if any."""

    source: uuid.UUID
    occupation: str
    level: Level
    on: date
    until: date | None = None


@dataclass(frozen=True)
class Step:
    """One grant in its place in the history; `skipped`: the levels passed over, lowest first."""

    grant: Grant
    move: Move
    skipped: tuple[Level, ...] = ()


def level_named(name: str) -> Level | None:
    """The level of a Chinese name or label; None for any other word."""
    return BY_NAME.get(name.strip())


def history(grants: Iterable[Grant]) -> dict[str, list[Step]]:
    """By occupation, all grants in the order of their days; of one day the lower first. Nothing is ever left out."""
    steps: dict[str, list[Step]] = {}
    for grant in sorted(grants, key=lambda each: (each.on, each.level)):
        before = steps.setdefault(grant.occupation, [])
        before.append(_step(grant, [step.grant.level for step in before]))
    return steps


def _step(grant: Grant, before: list[Level]) -> Step:
    if not before:
        return Step(grant, Move.FIRST)
    highest = max(before)
    if grant.level > highest:
        return Step(grant, Move.UP, tuple(Level(code) for code in range(highest + 1, grant.level)))
    return Step(grant, Move.AGAIN if grant.level == highest else Move.LOWER)


def current(steps: Iterable[Step], day: date) -> Grant | None:
    """The highest level that holds on a day, of equal ones the latest; None before the first."""
    holding = [step.grant for step in steps if step.grant.on <= day and (step.grant.until or day) >= day]
    return max(holding, key=lambda grant: (grant.level, grant.on), default=None)
