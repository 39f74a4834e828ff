"""Cases: what people may do about a suspicion, in which order, and who (study-time.md, Suspicion pauses).

A decision changes no number. Where it says that a correction is needed, the correction is a matter of its own.
"""

import uuid
from datetime import datetime, timedelta
from enum import StrEnum

from lms.domain.errors import Conflict, Forbidden, Refused

APPEAL_DAYS = 15  # our own choice; a week is short for somebody who works nights


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    DECIDED = "decided"
    APPEALED = "appealed"
    CLOSED = "closed"


class StepKind(StrEnum):
    """What happened in a case."""

    OPENED = "opened"
    FLAGGED = "flagged"
    WORDS = "words"
    DECISION = "decision"
    APPEAL = "appeal"
    APPEAL_DECISION = "appeal_decision"


class CaseVerdict(StrEnum):
    """What a person who looked into it says."""

    UNFOUNDED = "unfounded"
    NOTED = "noted"
    NEEDS_CORRECTION = "needs_correction"


def check_judge(
    learner: uuid.UUID, person_id: uuid.UUID | None, account_id: uuid.UUID, first: uuid.UUID | None
) -> None:
    """Refuses a decision by the learner herself, and one on an appeal by whoever decided `first`."""
    if person_id == learner:
        raise Forbidden("case_own")
    if first is not None and account_id == first:
        raise Forbidden("case_second_person")


def speak(state: CaseState) -> None:
    """Refuses the learner's words where nobody reads them before deciding any more."""
    if state not in (CaseState.OPEN, CaseState.APPEALED):
        raise Conflict("case_decided")


def decide(state: CaseState) -> CaseState:
    """The state after a decision."""
    if state is not CaseState.OPEN:
        raise Conflict("case_decided")
    return CaseState.DECIDED


def appeal(state: CaseState, decided_at: datetime | None, now: datetime) -> CaseState:
    """The state after the learner has appealed against a decision; Refused when it is too late."""
    if state is not CaseState.DECIDED or decided_at is None:
        raise Conflict("case_no_appeal")
    if now > appeal_until(decided_at):
        raise Refused("case_appeal_late", days=APPEAL_DAYS)
    return CaseState.APPEALED


def appeal_until(decided_at: datetime) -> datetime:
    """Until when a decision can be appealed against."""
    return decided_at + timedelta(days=APPEAL_DAYS)


def decide_appeal(state: CaseState) -> CaseState:
    """The state after a second person has decided the appeal: the last word here."""
    if state is not CaseState.APPEALED:
        raise Conflict("case_no_appeal")
    return CaseState.CLOSED
