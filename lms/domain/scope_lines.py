"""The scope of a filing as people write it, a line each: 养老护理员 五级-三级; or 养老护理员 初级工."""

import re

from lms.domain.assessors import MOST_SCOPES, Scope
from lms.domain.errors import Refused
from lms.domain.identity import has_strange_sign
from lms.domain.labels import tells_number
from lms.domain.levels import NAMES, Level, level_named

BETWEEN = re.compile(r"\s*(?:[-–—~～]|至|到)\s*")
LONGEST = 80


def read_scopes(text: str) -> tuple[Scope, ...]:
    """One scope a line, in any order of the two levels. Refused: scope_line (line), scope_none, scope_many."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise Refused("scope_none")
    if len(lines) > MOST_SCOPES:
        raise Refused("scope_many", most=MOST_SCOPES)
    return tuple(_read(number, line) for number, line in lines)


def _read(number: int, line: str) -> Scope:
    occupation, _, told = line.replace("，", " ").replace(",", " ").partition(" ")
    ends = [level_named(word) for word in BETWEEN.split(told.strip())]
    found = [level for level in ends if level is not None]
    if len(found) != len(ends) or not 1 <= len(found) <= 2 or not 0 < len(occupation) <= LONGEST:
        raise Refused("scope_line", line=number)
    if has_strange_sign(occupation) or tells_number(occupation):
        raise Refused("scope_line", line=number)
    if Level.APPRENTICE in found:  # nobody is assessed into an apprenticeship
        raise Refused("scope_line", line=number)
    return Scope(occupation, min(found), max(found))


def write_scope(scope: Scope) -> str:
    """The line again, by the names of the levels."""
    lowest, highest = NAMES[scope.lowest], NAMES[scope.highest]
    return f"{scope.occupation} {lowest}" if scope.lowest == scope.highest else f"{scope.occupation} {lowest}-{highest}"
