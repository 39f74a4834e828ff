"""Assessors (评价机构) as the register of the authority knows them: a filing, its scope, and the state it is in.

Source: 企业、技工院校自主评价和社会培训评价组织备案 (domain.md 8.1, 8.2). The platform copies the authority's register:
one person enters a filing, another compares it. How long filings hold is not confirmed nationally, so the days are
entered as the register has them.
"""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.labels import folded
from lms.domain.levels import Level

CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
LONGEST_NAME, LONGEST_NUMBER = 120, 60
MOST_SCOPES = 200


class Filing(StrEnum):
    """How a filing in the register stands."""

    ENTERED = "entered"
    LISTED = "listed"
    REJECTED = "rejected"
    SUSPENDED = "suspended"
    ENDED = "ended"


class Act(StrEnum):
    """What may be done with a filing."""

    LIST = "list"
    REJECT = "reject"
    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"


STEPS: Mapping[tuple[Filing, Act], Filing] = {
    (Filing.ENTERED, Act.LIST): Filing.LISTED,
    (Filing.ENTERED, Act.REJECT): Filing.REJECTED,
    (Filing.LISTED, Act.SUSPEND): Filing.SUSPENDED,
    (Filing.SUSPENDED, Act.RESUME): Filing.LISTED,
    (Filing.LISTED, Act.END): Filing.ENDED,
    (Filing.SUSPENDED, Act.END): Filing.ENDED,
}
SECOND = frozenset({Act.LIST, Act.REJECT})


@dataclass(frozen=True)
class Scope:
    """The levels of one occupation that an assessor may certify, both ends included."""

    occupation: str
    lowest: Level
    highest: Level


@dataclass(frozen=True)
class Done:
    """An act with the day from which it holds, which may lie before the day it was entered."""

    act: Act
    state: Filing
    on: date


@dataclass(frozen=True)
class Registered:
    """One filing: whose, from and until when, for what, and what was done with it, in order."""

    code: str
    from_on: date
    until_on: date | None
    scopes: tuple[Scope, ...]
    acts: tuple[Done, ...] = ()

    def state_on(self, day: date) -> Filing:
        """How it stood on a day, as is known now. What was compared holds from its own first day on."""
        state = Filing.ENTERED
        for each in self.acts:
            if each.act in SECOND or each.on <= day:
                state = each.state
        return state

    def covers(self, occupation: str, level: Level, day: date) -> bool:
        """Whether it stood in the register on that day and its scope holds this level."""
        in_time = self.from_on <= day and (self.until_on is None or day <= self.until_on)
        wanted = folded(occupation)
        in_scope = any(
            folded(each.occupation) == wanted and each.lowest <= level <= each.highest for each in self.scopes
        )
        return in_time and in_scope and self.state_on(day) is Filing.LISTED


def step(state: Filing, act: Act) -> Filing:
    """The state an act leads to; Conflict: assessor_step."""
    try:
        return STEPS[state, act]
    except KeyError:
        raise Conflict("assessor_step") from None


def check_second(act: Act, entered_by: uuid.UUID, account_id: uuid.UUID) -> None:
    """Whoever entered a filing does not compare it; Forbidden: assessor_second_person."""
    if act in SECOND and entered_by == account_id:
        raise Forbidden("assessor_second_person")


def check_on(acts: Iterable[Done], on: date, today: date) -> None:
    """An act holds from no later than today and no earlier than the one before; Refused: assessor_day."""
    last = max((each.on for each in acts), default=date.min)
    if not last <= on <= today:
        raise Refused("assessor_day")


def check_code(text: str) -> str:
    """A 统一社会信用代码 (GB 32100-2015: 18 signs, the last a check over the others modulo 31).

    Refused: credit_code_shape, credit_code_check.
    """
    code = re.sub(r"\s", "", text).upper()
    if len(code) != 18 or any(sign not in CODE_SIGNS for sign in code):
        raise Refused("credit_code_shape")
    total = sum(CODE_SIGNS.index(sign) * weight for sign, weight in zip(code, CODE_WEIGHTS, strict=False))
    if CODE_SIGNS[-total % 31] != code[-1]:
        raise Refused("credit_code_check")
    return code


def check_term(from_on: date, until_on: date | None) -> None:
    """Refused: assessor_term when a filing ends before it begins."""
    if until_on is not None and until_on < from_on:
        raise Refused("assessor_term")
