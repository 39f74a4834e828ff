"""The states of a claim and of its lines, and who may take which step: one table, told once.

Source: domain.md 1.4 (补贴申请 → 初审/复审 → 公示 → 拨付; each transition has actor, time, note) and N7 (a truthfulness
commitment). Who makes does not file, who files does not review, and two further humans review (decision 0162).
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lms.domain.errors import Conflict, Forbidden
from lms.domain.roles import Role
from lms.domain.subsidies import PastState


class ClaimState(StrEnum):
    """Where a claim stands. FIRST: the first review is done, the second is awaited. Payment is told by line."""

    DRAFT = "draft"
    FILED = "filed"
    RETURNED = "returned"
    FIRST = "first"
    NOTICE = "notice"
    OWED = "owed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class LineState(StrEnum):
    """Where one line stands. ASKED: with the claim; REPLACED: assembled anew in the same claim."""

    ASKED = "asked"
    LEFT_OUT = "left_out"
    REPLACED = "replaced"
    RETURNED = "returned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"
    OWED = "owed"
    PAID = "paid"
    CLAWED_BACK = "clawed_back"


class Act(StrEnum):
    """What somebody does to a claim, or to one line of it (`*_LINE`)."""

    MAKE = "make"
    REFRESH = "refresh"
    LEAVE_OUT = "leave_out"
    FILE = "file"
    RETURN = "return"
    RETURN_LINE = "return_line"
    REFUSE_LINE = "refuse_line"
    ADMIT_LINE = "admit_line"
    SAMPLE = "sample"
    CALL = "call"
    PASS_FIRST = "pass_first"  # noqa: S105
    PASS_SECOND = "pass_second"  # noqa: S105
    REFUSE = "refuse"
    OWE = "owe"
    STRIKE = "strike"
    WITHDRAW = "withdraw"
    PAY_LINE = "pay_line"
    OWE_AGAIN = "owe_again"
    CLAW_BACK = "claw_back"


MAKING, REVIEWING, PAYING = Role.INSTITUTION, Role.OFFICER, Role.OFFICER


@dataclass(frozen=True)
class Rule:
    """One row of the table: in which states an act may be done, where it leads, by whom; None: the state stays."""

    role: Role
    before: frozenset[ClaimState]
    after: ClaimState | None = None


def _rule(role: Role, before: Collection[ClaimState], after: ClaimState | None = None) -> Rule:
    return Rule(role, frozenset(before), after)


OPEN = (ClaimState.DRAFT, ClaimState.RETURNED)
UNDER_REVIEW = (ClaimState.FILED, ClaimState.FIRST)
RULES: Mapping[Act, Rule] = {
    Act.REFRESH: _rule(MAKING, OPEN),
    Act.LEAVE_OUT: _rule(MAKING, OPEN),
    Act.FILE: _rule(MAKING, OPEN, ClaimState.FILED),
    Act.WITHDRAW: _rule(MAKING, (*OPEN, ClaimState.FILED), ClaimState.WITHDRAWN),
    Act.RETURN: _rule(REVIEWING, UNDER_REVIEW, ClaimState.RETURNED),
    Act.RETURN_LINE: _rule(REVIEWING, UNDER_REVIEW),
    Act.REFUSE_LINE: _rule(REVIEWING, UNDER_REVIEW),
    Act.ADMIT_LINE: _rule(REVIEWING, UNDER_REVIEW),
    Act.SAMPLE: _rule(REVIEWING, UNDER_REVIEW),
    Act.CALL: _rule(REVIEWING, UNDER_REVIEW),
    Act.PASS_FIRST: _rule(REVIEWING, (ClaimState.FILED,), ClaimState.FIRST),
    Act.PASS_SECOND: _rule(REVIEWING, (ClaimState.FIRST,), ClaimState.NOTICE),
    Act.REFUSE: _rule(REVIEWING, (ClaimState.FIRST,), ClaimState.REFUSED),
    Act.OWE: _rule(REVIEWING, (ClaimState.NOTICE,), ClaimState.OWED),
    Act.STRIKE: _rule(REVIEWING, (ClaimState.NOTICE, ClaimState.OWED)),
    Act.PAY_LINE: _rule(PAYING, (ClaimState.OWED,)),
    Act.OWE_AGAIN: _rule(PAYING, (ClaimState.OWED,)),
    Act.CLAW_BACK: _rule(PAYING, (ClaimState.OWED,)),
}
LINES: Mapping[Act, tuple[frozenset[LineState], LineState]] = {
    Act.REFRESH: (frozenset({LineState.ASKED, LineState.RETURNED, LineState.REFUSED}), LineState.REPLACED),
    Act.LEAVE_OUT: (frozenset({LineState.ASKED, LineState.RETURNED, LineState.REFUSED}), LineState.LEFT_OUT),
    Act.WITHDRAW: (frozenset({LineState.ASKED, LineState.RETURNED, LineState.REFUSED}), LineState.WITHDRAWN),
    Act.RETURN_LINE: (frozenset({LineState.ASKED, LineState.REFUSED}), LineState.RETURNED),
    Act.REFUSE_LINE: (frozenset({LineState.ASKED, LineState.RETURNED}), LineState.REFUSED),
    Act.ADMIT_LINE: (frozenset({LineState.RETURNED, LineState.REFUSED}), LineState.ASKED),
    Act.PASS_SECOND: (frozenset({LineState.ASKED}), LineState.APPROVED),
    Act.REFUSE: (frozenset({LineState.ASKED, LineState.RETURNED}), LineState.REFUSED),
    Act.OWE: (frozenset({LineState.APPROVED}), LineState.OWED),
    Act.STRIKE: (frozenset({LineState.APPROVED, LineState.OWED}), LineState.REFUSED),
    Act.PAY_LINE: (frozenset({LineState.OWED}), LineState.PAID),
    Act.OWE_AGAIN: (frozenset({LineState.PAID}), LineState.OWED),
    Act.CLAW_BACK: (frozenset({LineState.PAID}), LineState.CLAWED_BACK),
}
"""What an act does to a line, and from which states of the line it may."""

COUNTED = frozenset({LineState.ASKED, LineState.APPROVED, LineState.OWED, LineState.PAID})
"""Lines whose amounts make up the claim."""
DECIDED = frozenset({LineState.RETURNED, LineState.REFUSED})
"""Lines that a review took out; they hold their atom until the second review is over (decision 0163)."""
ENDED = frozenset({LineState.LEFT_OUT, LineState.REPLACED, LineState.WITHDRAWN, LineState.CLAWED_BACK})
"""Lines that hold no atom any more, whatever the state of their claim."""
PAST: Mapping[LineState, PastState] = {
    LineState.ASKED: PastState.PENDING,
    LineState.RETURNED: PastState.PENDING,
    LineState.REFUSED: PastState.REFUSED,
    LineState.APPROVED: PastState.APPROVED,
    LineState.OWED: PastState.APPROVED,
    LineState.PAID: PastState.PAID,
    LineState.CLAWED_BACK: PastState.CLAWED_BACK,
}
"""How eligibility counts a line. What was left out, replaced or withdrawn was never asked for."""
TOLD: Mapping[PastState, Act] = {
    PastState.PAID: Act.PAY_LINE,
    PastState.APPROVED: Act.OWE_AGAIN,
    PastState.CLAWED_BACK: Act.CLAW_BACK,
}
"""What funds tell of a line."""
IS_OVER = frozenset({ClaimState.REFUSED, ClaimState.WITHDRAWN})


def check_role(act: Act, role: Role) -> None:
    """Forbidden: role_needed, for a step that is the other side's."""
    needed = RULES[act].role if act is not Act.MAKE else MAKING
    if role is not needed:
        raise Forbidden("role_needed", role=needed.value)


def after(state: ClaimState, act: Act) -> ClaimState:
    """The state of the claim after an act. Conflict: claim_step."""
    rule = RULES.get(act)
    if rule is None or state not in rule.before:
        raise Conflict("claim_step")
    return rule.after or state


def line_after(state: LineState, act: Act) -> LineState:
    """The state of a line after an act on it. Conflict: claim_line_step."""
    found = LINES.get(act)
    if found is None or state not in found[0]:
        raise Conflict("claim_line_step")
    return found[1]


def holds_atom(claim: ClaimState, line: LineState) -> bool:
    """Whether nobody else may ask for what this line asks for. A refused line lets go once its refusal is final."""
    if claim in IS_OVER or line in ENDED:
        return False
    return line not in DECIDED or claim in (*OPEN, *UNDER_REVIEW)


@dataclass(frozen=True)
class Hands:
    """Whose hands a claim went through in its present round, as humans (services/humans.self_of); None: nobody yet."""

    made: uuid.UUID | None = None
    filed: uuid.UUID | None = None
    first: uuid.UUID | None = None
    second: uuid.UUID | None = None


def check_hands(act: Act, hands: Hands, human: uuid.UUID) -> None:
    """Whatever takes two people takes two humans. Forbidden: claim_second_person, with what she did before.

    Filing: not who made it. First review, and any word on a line: neither of these. Second review: nor the first.
    """
    if act is Act.FILE:
        _check_not(human, {"make": hands.made})
    elif RULES[act].role is REVIEWING and act not in (Act.PAY_LINE, Act.OWE_AGAIN, Act.CLAW_BACK):
        _check_not(human, {"make": hands.made, "file": hands.filed})
        if act in (Act.PASS_SECOND, Act.REFUSE):
            _check_not(human, {"pass_first": hands.first})


def _check_not(human: uuid.UUID, before: Mapping[str, uuid.UUID | None]) -> None:
    for act, who in before.items():
        if who == human:
            raise Forbidden("claim_second_person", act=act)
