"""A draft of a new version: written by some, asked for by one, published by another human who wrote none of it."""

import uuid
from collections.abc import Collection, Mapping
from enum import StrEnum

from lms.domain.errors import Conflict, Forbidden, Refused

LONGEST_TEXT = 60_000
"""Signs of a file; the shipped ones have some five thousand."""


class DraftState(StrEnum):
    """How far a draft has come; the last two are for good."""

    OPEN = "open"
    ASKED = "asked"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class DraftAct(StrEnum):
    """What somebody does to a draft."""

    MAKE = "make"
    CHANGE = "change"
    ASK = "ask"
    RETURN = "return"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


STEPS: Mapping[tuple[DraftState, DraftAct], DraftState] = {
    (DraftState.OPEN, DraftAct.CHANGE): DraftState.OPEN,
    (DraftState.OPEN, DraftAct.ASK): DraftState.ASKED,
    (DraftState.OPEN, DraftAct.WITHDRAW): DraftState.WITHDRAWN,
    (DraftState.ASKED, DraftAct.RETURN): DraftState.OPEN,
    (DraftState.ASKED, DraftAct.PUBLISH): DraftState.PUBLISHED,
    (DraftState.ASKED, DraftAct.WITHDRAW): DraftState.WITHDRAWN,
}
WRITING = (DraftAct.MAKE, DraftAct.CHANGE, DraftAct.ASK)
"""Acts that make somebody one of its writers."""


def step(state: str, act: DraftAct) -> DraftState:
    """The state an act leads to; Conflict: subsidy_draft_step where it cannot follow on this state."""
    for (before, each), after in STEPS.items():
        if before == state and each is act:
            return after
    raise Conflict("subsidy_draft_step")


def check_second(writers: Collection[uuid.UUID], publisher: uuid.UUID) -> None:
    """Forbidden: subsidy_second_person, for any human who wrote a part of it or asked for it."""
    if publisher in writers:
        raise Forbidden("subsidy_second_person")


def check_edition(read: int, stands: int) -> None:
    """Conflict: subsidy_draft_changed, where somebody changed the text since it was read."""
    if read != stands:
        raise Conflict("subsidy_draft_changed")


def check_text(text: str) -> str:
    """A text fit to be kept, its line ends made plain; Refused: subsidy_text_long."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").rstrip() + "\n"
    if len(plain) > LONGEST_TEXT:
        raise Refused("subsidy_text_long", longest=LONGEST_TEXT)
    return plain
