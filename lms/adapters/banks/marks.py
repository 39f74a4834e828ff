"""Objective and difficulty where a format knows only tags: 知识点:…, 难度:3."""

import re
from collections.abc import Iterable

from lms.adapters.banks.found import UNTOLD
from lms.adapters.banks.words import difficulty_of
from lms.domain.bank import Entry

OBJECTIVE, DIFFICULTY, CASE = "知识点:", "难度:", "案例:"


def of(entry: Entry) -> list[str]:
    """The tags that tell everything that stands beside a question."""
    told = [f"{OBJECTIVE}{entry.objective}"] if entry.objective else []
    return [*told, *([f"{DIFFICULTY}{entry.difficulty}"] if entry.difficulty else []), *entry.tags]


def taken(tags: Iterable[str]) -> tuple[str, int, tuple[str, ...]]:
    """(objective, difficulty or UNTOLD, other tags)."""
    objective, difficulty, rest = "", UNTOLD, []
    for tag in tags:
        told = re.sub("^(知识点|难度|案例)：", r"\1:", tag.strip())
        if told.startswith(OBJECTIVE):
            objective = told.removeprefix(OBJECTIVE).strip()
        elif told.startswith(DIFFICULTY):
            difficulty = difficulty_of(told.removeprefix(DIFFICULTY)) or UNTOLD
        elif not told.startswith(CASE):
            rest.append(told)
    return objective, difficulty, tuple(rest)
