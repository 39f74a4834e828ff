"""What is known of a document beyond the word of whoever typed it (domain.md 5, Real-name check).

A program can prove the form of a number, never who shows it. Only an authority's service can say more, and what it
says is kept with its source, the moment and who asked. No state stops anybody from learning.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """未核验 / 格式通过 / 权威核验通过 / 不一致."""

    UNCHECKED = "unchecked"
    FORMAT = "format"
    CONFIRMED = "confirmed"
    MISMATCH = "mismatch"


class Outcome(StrEnum):
    """What became of a question to the service.

    UNKNOWN: it answered that it cannot say. LATER: it did not answer, or was not asked since it had not answered
    others; somebody may ask again. UNCLEAR: the question left us and no answer came back, so it may be charged for.
    """

    MATCH = "match"
    MISMATCH = "mismatch"
    UNKNOWN = "unknown"
    LATER = "later"
    UNCLEAR = "unclear"


ANSWERED = {Outcome.MATCH: State.CONFIRMED, Outcome.MISMATCH: State.MISMATCH}
MOST_SILENT = 3
REST = timedelta(minutes=10)


def after(state: State, outcome: Outcome) -> State:
    """The state of a document once the service has spoken; silence changes nothing."""
    return ANSWERED.get(outcome, state)


def is_resting(recent: Sequence[tuple[Outcome, datetime]], now: datetime) -> bool:
    """Whether the service is left in peace: its last three questions within ten minutes stayed without an answer.

    `recent`: outcomes and their moments, the newest first.
    """
    last = recent[:MOST_SILENT]
    silent = all(outcome in (Outcome.LATER, Outcome.UNCLEAR) and at > now - REST for outcome, at in last)
    return len(last) == MOST_SILENT and silent
