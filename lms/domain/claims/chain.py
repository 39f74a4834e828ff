"""The chain of a claim's steps: each bound to the one before, so that none can be changed, taken out or put between."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from lms.domain.claims.states import Act, ClaimState
from lms.domain.errors import Refused
from lms.domain.evidence import canonical, leaf_of


@dataclass(frozen=True)
class Step:
    """One link. `number` counts from 1; `facts` what the act was about (lines, digests, sums, seeds), `link` its hash.

    `account_id` None: nobody in person, as when a bank's answer is taken over; `human` is who acted (humans.self_of).
    """

    number: int
    act: Act
    state: ClaimState
    account_id: uuid.UUID | None
    human: uuid.UUID | None
    at: datetime
    note: str
    facts: Mapping[str, Any]
    link: str = ""


def next_step(claim_id: uuid.UUID, last: Step | None, step: Step) -> Step:
    """The step with its number and link. Refused: claim_backdated."""
    if last is not None and step.at < last.at:
        raise Refused("claim_backdated")
    number = last.number + 1 if last else 1
    numbered = replace(step, number=number)
    link = leaf_of(told(claim_id, last.link if last else "", numbered))
    return replace(numbered, link=link)


def told(claim_id: uuid.UUID, previous: str, step: Step) -> str:
    """The words of a step that its link is the SHA-256 of; `previous`: the link of the one before, "" of the first."""
    return canonical(
        {
            "claim": str(claim_id),
            "number": step.number,
            "act": step.act.value,
            "state": step.state.value,
            "account": str(step.account_id) if step.account_id else None,
            "human": str(step.human) if step.human else None,
            "at": step.at.astimezone(UTC).isoformat(),
            "note": step.note,
            "facts": dict(step.facts),
            "previous": previous,
        }
    )


def is_whole(claim_id: uuid.UUID, steps: Sequence[Step]) -> bool:
    """Whether a chain begins with the making and every step is bound to the one before."""
    if not steps or steps[0].act is not Act.MAKE:
        return False
    last: Step | None = None
    for step in steps:
        try:
            again = next_step(claim_id, last, step)
        except Refused:
            return False
        if again != step:
            return False
        last = step
    return True
