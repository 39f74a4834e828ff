"""Certificates from elsewhere: what they are, what is known of each, who may say so, and whether a level rests on one.

A 培训合格证书 is no certificate of a level (domain.md 0.9, H): only what a filed assessor issued within its scope
(职业技能等级证书), a 职业资格证书, or, for the first of the eight levels, a contract of apprenticeship counts.
"""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.domain.assessors import Registered
from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.levels import Level
from lms.domain.roles import Role
from lms.domain.verdicts import Reason, Verdict

NUMBER = re.compile(r"[0-9A-Z\u4e00-\u9fff()（）〔〕\[\]/.\-]{4,60}")


class Kind(StrEnum):
    """The four kinds that funds know (财社〔2023〕181号 art. 5), and the contract of an apprentice."""

    SKILL_LEVEL = "skill_level"
    VOCATIONAL = "vocational"
    SPECIAL_SKILL = "special_skill"
    TRAINING = "training"
    APPRENTICESHIP = "apprenticeship"


class State(StrEnum):
    """What is known of a certificate: the last word holds, all words stay."""

    ENTERED = "entered"
    SEEN = "seen"
    VERIFIED = "verified"
    REFUTED = "refuted"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"


class Way(StrEnum):
    """How somebody came to know."""

    ORIGINAL = "original"
    REGISTER = "register"
    ISSUER = "issuer"


LEVELS: Mapping[Kind, tuple[Level, ...]] = {
    Kind.SKILL_LEVEL: tuple(level for level in Level if level is not Level.APPRENTICE),
    Kind.VOCATIONAL: tuple(level for level in Level if Level.JUNIOR <= level <= Level.SENIOR_TECHNICIAN),
    Kind.APPRENTICESHIP: (Level.APPRENTICE,),
}
"""The levels a kind can carry; the others carry none."""

WORDS: Mapping[tuple[Role, State], frozenset[State]] = {
    (Role.INSTITUTION, State.SEEN): frozenset({State.ENTERED}),
    (Role.PLATFORM, State.VERIFIED): frozenset({State.ENTERED, State.SEEN, State.REFUTED}),
    (Role.PLATFORM, State.REFUTED): frozenset({State.ENTERED, State.SEEN, State.VERIFIED}),
    (Role.PLATFORM, State.REVOKED): frozenset({State.VERIFIED}),
}
"""Which desk may say what, and after which word. Whoever trains her does not decide what she holds."""
WAYS: Mapping[State, frozenset[Way]] = {
    State.SEEN: frozenset({Way.ORIGINAL}),
    **dict.fromkeys((State.VERIFIED, State.REFUTED, State.REVOKED), frozenset({Way.REGISTER, Way.ISSUER})),
}


@dataclass(frozen=True)
class Told:
    """What a certificate says of itself; `issuer_code` is empty where nobody knows it."""

    kind: Kind
    occupation: str
    level: Level | None
    issuer: str
    issuer_code: str
    issued_on: date
    valid_until: date | None = None


def check_number(text: str) -> str:
    """The number as it is compared: without blanks, in capitals. Refused: qualification_number for its length (4–60)
    or strange signs."""
    number = re.sub(r"\s", "", text).upper()
    if NUMBER.fullmatch(number) is None:
        raise Refused("qualification_number")
    return number


def check_told(told: Told, today: date) -> None:
    """Refused: qualification_level where kind and level do not go together, qualification_day for one issued in days
    to come, qualification_validity for one that ends before it begins."""
    if told.level not in LEVELS.get(told.kind, (None,)):
        raise Refused("qualification_level")
    if told.issued_on > today:
        raise Refused("qualification_day")
    if told.valid_until is not None and told.valid_until < told.issued_on:
        raise Refused("qualification_validity")


def words_of(desk: Role, state: State) -> tuple[State, ...]:
    """What a desk may say of a certificate in this state, in the order of the states."""
    return tuple(word for word in State if state in WORDS.get((desk, word), frozenset()))


@dataclass(frozen=True)
class Hands:
    """Through whose hands a certificate has gone: who entered it, who spoke before, whose it is."""

    entered_by: uuid.UUID
    spoke: frozenset[uuid.UUID]
    person_ids: frozenset[uuid.UUID]

    def check(self, account_id: uuid.UUID, person_id: uuid.UUID | None, word: State) -> None:
        """Forbidden: qualification_own, qualification_second_person.

        Nobody verifies what she entered herself or has already looked at at her own desk.
        """
        if person_id is not None and person_id in self.person_ids:
            raise Forbidden("qualification_own")
        if account_id == self.entered_by or (word is State.VERIFIED and account_id in self.spoke):
            raise Forbidden("qualification_second_person")


def check_word(desk: Role, state: State, word: State, way: Way) -> None:
    """Refuses a word this desk may not say, or not after the last one, or not on such grounds.

    Forbidden: qualification_desk; Conflict: qualification_step; Refused: qualification_way.
    """
    if (desk, word) not in WORDS:
        raise Forbidden("qualification_desk")
    if state not in WORDS[desk, word]:
        raise Conflict("qualification_step")
    if way not in WAYS[word]:
        raise Refused("qualification_way")


def check_withdrawal(state: State) -> None:
    """Whoever entered it may take it back until it is decided on; Conflict: qualification_step."""
    if state not in (State.ENTERED, State.SEEN):
        raise Conflict("qualification_step")


def assess(told: Told, state: State, filings: Iterable[Registered]) -> Verdict:
    """Whether a level rests on this certificate, by the register as it stood on the day of issue.

    Unmet: qualification_no_level, qualification_not_verified, qualification_refuted, qualification_revoked. Unsure:
    assessor_code_missing, assessor_unknown, assessor_out_of_scope, until the register or the entry is completed.
    """
    if told.level is None:
        return Verdict(unmet=(Reason("qualification_no_level"),))
    if state is not State.VERIFIED:
        said = state if state in (State.REFUTED, State.REVOKED) else "not_verified"
        return Verdict(unmet=(Reason(f"qualification_{said}"),))
    if told.kind is not Kind.SKILL_LEVEL:
        return Verdict()
    if not told.issuer_code:
        return Verdict(unsure=(Reason("assessor_code_missing"),))
    theirs = [each for each in filings if each.code == told.issuer_code]
    if not theirs:
        return Verdict(unsure=(Reason("assessor_unknown"),))
    if any(each.covers(told.occupation, told.level, told.issued_on) for each in theirs):
        return Verdict()
    return Verdict(unsure=(Reason("assessor_out_of_scope"),))
