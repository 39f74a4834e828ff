"""Changes of who a learner is on record as: what may be changed, who may decide, and when it is refused.

A mistyped name or number is put right, another document is added; it takes a reason and two people. A number may
already be another person's: then both are one human, and no institution is told so (decision 0071). Hence all that
is about numbers is decided by the platform's staff, whether or not the number is known, and looks the same.
"""

import uuid
from collections.abc import Iterable
from enum import StrEnum

from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.roles import Role
from lms.domain.spans import Span, measure, union


class ChangeKind(StrEnum):
    """What is proposed: another name, another number in the place of a wrong one, one more document."""

    NAME = "name"
    NUMBER = "number"
    DOCUMENT = "document"


class ChangeDecision(StrEnum):
    """What the second person said."""

    APPROVED = "approved"
    REJECTED = "rejected"


DESKS = {
    ChangeKind.NAME: (Role.INSTITUTION, Role.PLATFORM),
    ChangeKind.NUMBER: (Role.PLATFORM,),
    ChangeKind.DOCUMENT: (Role.PLATFORM,),
}


def check_proposer(learner: uuid.UUID, person_id: uuid.UUID | None) -> None:
    """Refuses a change of one's own record by one's own hand."""
    if person_id == learner:
        raise Forbidden("identity_own")


def check_decider(
    kind: ChangeKind, desk: Role, learner: uuid.UUID, proposer: uuid.UUID, person_id: uuid.UUID | None, by: uuid.UUID
) -> None:
    """Refuses a decision at the wrong desk, by the one who proposed it, or by the learner herself.

    Forbidden: identity_for_platform, identity_own, identity_second_person.
    """
    if desk not in DESKS[kind]:
        raise Forbidden("identity_for_platform")
    check_proposer(learner, person_id)
    if by == proposer:
        raise Forbidden("identity_second_person")


def check_changed(before: str, after: str) -> None:
    """Refuses a change that changes nothing: identity_unchanged."""
    if before == after:
        raise Refused("identity_unchanged")


def check_living(living: uuid.UUID | None, one: uuid.UUID, other: uuid.UUID) -> uuid.UUID:
    """Which of two persons lives on: somebody must have chosen one of them. Conflict: identity_choose_living."""
    if living not in (one, other):
        raise Conflict("identity_choose_living")
    return one if living == one else other


def overlap_ms(one: Iterable[Span], other: Iterable[Span]) -> int:
    """For how long both have used the same wall time, in ms."""
    mine, theirs = union(one), union(other)
    return measure(mine) + measure(theirs) - measure([*mine, *theirs])
