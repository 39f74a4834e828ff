"""Completion records: what is frozen of a verdict, how it is hashed, and which state may follow which.

A record is the canonical JSON (RFC 8785) of facts that were true when the verdict fell; its hash is the SHA-256 of
those bytes. What becomes of it later is a chain of states beside it, each bound to the one before: no byte of a record
changes.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import pairwise

from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.evidence import CANONICAL, canonical, leaf_of
from lms.domain.policies import Policy
from lms.domain.words import check_words

FORMAT = 2


class RecordClass(StrEnum):
    """What a record certifies; each class has its own rule of retention (domain/retention)."""

    COMPLETION = "completion"


class RecordState(StrEnum):
    """VALID: as issued. SUPERSEDED: another record took its place. REVOKED: taken back. EXPIRED: its time is over."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    EXPIRED = "expired"


class StateReason(StrEnum):
    """Why a record has its state: the only words about it that strangers read."""

    ISSUED = "issued"
    MISTAKE = "mistake"
    IDENTITY = "identity"
    FRAUD = "fraud"
    ANNULLED = "annulled"
    CORRECTED = "corrected"
    LAPSED = "lapsed"


class ProposalKind(StrEnum):
    """What one person proposes and another decides: to take a record back, or to issue it anew from today's facts."""

    REVOKE = "revoke"
    REISSUE = "reissue"


class Decision(StrEnum):
    """What the second person said."""

    APPROVED = "approved"
    REJECTED = "rejected"


ENDED = (RecordState.SUPERSEDED, RecordState.REVOKED)
"""States in which a record no longer counts; an expired one still tells of a training that was completed."""
FOLLOWS: Mapping[RecordState, frozenset[RecordState]] = {
    RecordState.VALID: frozenset({RecordState.SUPERSEDED, RecordState.REVOKED, RecordState.EXPIRED}),
    RecordState.EXPIRED: frozenset({RecordState.SUPERSEDED, RecordState.REVOKED}),
    RecordState.SUPERSEDED: frozenset({RecordState.REVOKED}),
    RecordState.REVOKED: frozenset(),
}
"""Nothing follows a revocation: a record that was taken back by mistake is issued anew, under another code."""
REASONS: Mapping[RecordState, frozenset[StateReason]] = {
    RecordState.VALID: frozenset({StateReason.ISSUED}),
    RecordState.SUPERSEDED: frozenset({StateReason.CORRECTED}),
    RecordState.REVOKED: frozenset(
        {StateReason.MISTAKE, StateReason.IDENTITY, StateReason.FRAUD, StateReason.ANNULLED}
    ),
    RecordState.EXPIRED: frozenset({StateReason.LAPSED}),
}
REVOKING = tuple(each for each in StateReason if each in REASONS[RecordState.REVOKED])
"""The reasons to choose from when a record is taken back."""
GOALS: Mapping[ProposalKind, RecordState] = {
    ProposalKind.REVOKE: RecordState.REVOKED,
    ProposalKind.REISSUE: RecordState.SUPERSEDED,
}
"""What becomes of a record when a proposal is approved; one that was taken back stays so."""


@dataclass(frozen=True)
class Step:
    """One link of a record's chain. `number` counts from 1, the issue; `link` is the SHA-256 that binds it."""

    number: int
    state: RecordState
    reason: StateReason
    at: datetime
    link: str


def hash_of(body: str) -> str:
    """SHA-256 over the bytes of a record, in hexadecimal."""
    return leaf_of(body)


def write(facts: Mapping[str, object]) -> str:
    """The bytes of a record: canonical JSON. ValueError for a fraction, which two programs may write differently."""
    if _has_fraction(facts):
        raise ValueError("a record holds no fractions")
    return canonical(facts)


def _has_fraction(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(_has_fraction(each) for each in value.values())
    if isinstance(value, list | tuple):
        return any(_has_fraction(each) for each in value)
    return isinstance(value, float)


def holder_hash(name: str, document_type: str, pid: str, salt: str) -> str:
    """Binds a record to its holder without telling who she is.

    `pid`: the keyed index of her document; `salt`: random, kept beside the record and destroyed with her name, after
    which the hash says nothing about anybody.
    """
    return leaf_of(canonical({"name": name, "document_type": document_type, "pid": pid, "salt": salt}))


def policy_hash(policy: Policy) -> str:
    """SHA-256 over the figures of a policy, so that a record names not only its code but what it said."""
    return leaf_of(CANONICAL.encode(json.loads(json.dumps(asdict(policy), default=str))))


def first_step(facts_hash: str, at: datetime) -> Step:
    """A record is issued: where its chain begins."""
    return _step(facts_hash, 1, RecordState.VALID, StateReason.ISSUED, at)


def next_step(facts_hash: str, last: Step, state: RecordState, reason: StateReason, at: datetime) -> Step:
    """What follows the last step. Conflict: record_state_closed, for a state that cannot follow.

    Refused: record_reason, for one that is no reason for this state; record_backdated.
    """
    if state not in FOLLOWS[last.state]:
        raise Conflict("record_state_closed", state=last.state.value)
    if reason not in REASONS[state]:
        raise Refused("record_reason")
    if at < last.at:
        raise Refused("record_backdated")
    return _step(facts_hash, last.number + 1, state, reason, at, last.link)


def _step(
    facts_hash: str, number: int, state: RecordState, reason: StateReason, at: datetime, previous: str = ""
) -> Step:
    told: dict[str, object] = {"record": facts_hash, "number": number, "state": state.value, "reason": reason.value}
    link = leaf_of(canonical({**told, "at": at.astimezone(UTC).isoformat(), "previous": previous}))
    return Step(number, state, reason, at, link)


def is_whole(facts_hash: str, steps: Sequence[Step]) -> bool:
    """Whether a chain begins with the issue, and each step may follow and is bound to the one before."""
    if not steps or steps[0] != first_step(facts_hash, steps[0].at):
        return False
    for last, step in pairwise(steps):
        try:
            told = next_step(facts_hash, last, step.state, step.reason, step.at)
        except Refused:
            return False
        if told != step:
            return False
    return True


def state_on(state: RecordState, last_day: date | None, today: date) -> RecordState:
    """The state of a record on a day: its time is over with its last day, whether or not its chain says so yet."""
    is_over = last_day is not None and last_day < today
    return RecordState.EXPIRED if state is RecordState.VALID and is_over else state


def proposable(state: RecordState) -> tuple[ProposalKind, ...]:
    """What may be proposed of a record in this state; one that was taken back may be issued anew."""
    may = [kind for kind, goal in GOALS.items() if goal in FOLLOWS[state]]
    return (*may, ProposalKind.REISSUE) if state is RecordState.REVOKED else tuple(may)


def check_proposal(
    kind: ProposalKind, state: RecordState, reason: str, words: str, *, own: bool
) -> tuple[StateReason, str]:
    """The reason and the words of a proposal, as they are kept.

    Forbidden: record_own. Conflict: record_state_closed. Refused: record_reason, words_*.
    """
    check_not_own(own=own)
    if kind not in proposable(state):
        raise Conflict("record_state_closed", state=state.value)
    if kind is ProposalKind.REISSUE:
        reason = StateReason.CORRECTED
    if reason not in REASONS[GOALS[kind]]:
        raise Refused("record_reason")
    return StateReason(reason), check_words(words)


def check_not_own(*, own: bool) -> None:
    """Forbidden: record_own, for a word on one's own record."""
    if own:
        raise Forbidden("record_own")


def check_decider(*, own: bool, proposer: uuid.UUID, account_id: uuid.UUID) -> None:
    """It takes two people. Forbidden: record_own, record_second_person."""
    check_not_own(own=own)
    if proposer == account_id:
        raise Forbidden("record_second_person")
