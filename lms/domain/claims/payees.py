"""Whose account gets the money: what an account number looks like, two people at an institution, whose name it is in.

Columns 开户名, 开户行, 账号 of the application form (domain.md 6.1). Persons are paid to their social security
card where there is one (财社〔2023〕181号 art 23). No national length of account numbers was found.
"""

import re
import unicodedata
import uuid
from collections.abc import Mapping
from enum import StrEnum

from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.identity import matching_name
from lms.domain.labels import folded

SHORTEST, LONGEST = 8, 32
TAIL = 4
LONGEST_BANK = 120
SEPARATORS = re.compile(r"[\s\-‐‑–—]")


class Card(StrEnum):
    """What kind of account it is: at a bank, or the financial account of a social security card."""

    BANK = "bank"
    SOCIAL_CARD = "social_card"


class State(StrEnum):
    """How an account stands; money goes to one that is in force and to no other."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    TURNED_DOWN = "turned_down"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What may be done with one. REPLACE follows by itself when another account comes into force."""

    CONFIRM = "confirm"
    TURN_DOWN = "turn_down"
    REPLACE = "replace"
    WITHDRAW = "withdraw"


STEPS: Mapping[tuple[State, Act], State] = {
    (State.PROPOSED, Act.CONFIRM): State.IN_FORCE,
    (State.PROPOSED, Act.TURN_DOWN): State.TURNED_DOWN,
    (State.PROPOSED, Act.WITHDRAW): State.WITHDRAWN,
    (State.IN_FORCE, Act.REPLACE): State.REPLACED,
    (State.IN_FORCE, Act.WITHDRAW): State.WITHDRAWN,
}
SECOND = frozenset({Act.CONFIRM, Act.TURN_DOWN})


def step(state: State, act: Act) -> State:
    """The state an act leads to; Conflict: payee_step."""
    try:
        return STEPS[state, act]
    except KeyError:
        raise Conflict("payee_step") from None


def check_second(act: Act, entered_by: uuid.UUID, me: uuid.UUID) -> None:
    """Whoever entered an institution's account does not confirm it (selves); Forbidden: payee_second_person."""
    if act in SECOND and entered_by == me:
        raise Forbidden("payee_second_person")


def check_account(text: str) -> str:
    """An account number in plain digits; blanks, dashes and full-width digits are accepted. Refused: payee_account."""
    number = SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    if not (number.isascii() and number.isdigit() and SHORTEST <= len(number) <= LONGEST):
        raise Refused("payee_account", shortest=SHORTEST, longest=LONGEST)
    return number


def tail(number: str) -> str:
    """What pages show of an account."""
    return number[-TAIL:]


def is_same_holder(holder: str, owner: str) -> bool:
    """Whether an account is in its owner's own name, as far as comparing signs can tell."""
    return folded(matching_name(holder)) == folded(matching_name(owner))
