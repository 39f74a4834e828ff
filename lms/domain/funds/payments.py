"""States of batches, payments, appropriations and clawbacks, and which step may follow."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from hashlib import sha256

from lms.domain.errors import Conflict
from lms.domain.subsidies import Atom, Fund, Payable, SubsidyKind


class BatchState(StrEnum):
    """Of a batch: made by one, checked by another, with the bank, answered for every payment, or given up."""

    PLANNED = "planned"
    CHECKED = "checked"
    SENT = "sent"
    ANSWERED = "answered"
    DROPPED = "dropped"


class PaymentState(StrEnum):
    """Of a payment. All but RETURNED and DROPPED take up the line of the claim."""

    WAITING = "waiting"
    PAID = "paid"
    RETURNED = "returned"
    DROPPED = "dropped"
    CLAWED_BACK = "clawed_back"


class Decided(StrEnum):
    """Of what one human proposes and another decides; BOOKED and BACK: it is in the ledger."""

    PROPOSED = "proposed"
    DECIDED = "decided"
    REFUSED = "refused"
    BOOKED = "booked"
    BACK = "back"


LIVE = frozenset({PaymentState.WAITING, PaymentState.PAID, PaymentState.CLAWED_BACK})
_STEPS: Mapping[BatchState, frozenset[BatchState]] = {
    BatchState.PLANNED: frozenset({BatchState.CHECKED, BatchState.DROPPED}),
    BatchState.CHECKED: frozenset({BatchState.SENT, BatchState.DROPPED}),
    BatchState.SENT: frozenset({BatchState.ANSWERED}),
    BatchState.ANSWERED: frozenset(),
    BatchState.DROPPED: frozenset(),
}


def check_step(now: BatchState, wanted: BatchState) -> None:
    """A batch at the bank cannot be given up: the bank may have paid. Conflict: batch_state."""
    if wanted not in _STEPS[now]:
        raise Conflict("batch_state", state=now.value)


def check_standing(state: str, wanted: Decided) -> None:
    """Conflict: funds_decided, when somebody was there first."""
    if state != wanted.value:
        raise Conflict("funds_decided", state=state)


def check_other_human(is_same: bool) -> None:
    """Conflict: funds_same_human, for whatever takes two of them (职责分离)."""
    if is_same:
        raise Conflict("funds_same_human")


def check_unfetched(fetches: int) -> None:
    """Conflict: batch_fetched. Whose file was taken may be with the bank: one human does not give it up alone."""
    if fetches:
        raise Conflict("batch_fetched")


def check_not_maker(is_same: bool, checker: str) -> None:
    """Conflict: answer_own_batch. Who chose the payments does not say what the bank did with them (职责分离)."""
    if is_same:
        raise Conflict("answer_own_batch", name=checker)


def atom_key(atom: Atom) -> str:
    """By which the database knows what may be paid once: person, kind, level and a mark of the occupation."""
    level = "-" if atom.level is None else str(atom.level.value)
    return sha256(f"{atom.person_id}|{atom.kind.value}|{atom.occupation.strip()}|{level}".encode()).hexdigest()


def reference(batch_number: str, place: int) -> str:
    """What the bank gets and answers by: BE2026-01-0007."""
    return f"{batch_number}-{place:04d}"


def batch_number(fund: Fund, year: int, nth: int) -> str:
    """The number of the nth batch of a book in a year: BE2026-01. The letter keeps a node's funds apart at the bank."""
    return f"B{LETTERS[fund]}{year}-{nth:02d}"


def total(payables: Iterable[Payable]) -> int:
    """What a batch comes to, in fen."""
    return sum(each.amount_fen for each in payables)


EXPENSES: Mapping[SubsidyKind, str] = {
    SubsidyKind.TRAINING: "职业培训补贴",
    SubsidyKind.LIVING: "生活费（含交通费）补贴",
    SubsidyKind.APPRAISAL: "职业技能评价补贴",
}
"""支出项目 as the 发放台账 prints it (domain.md 6.2)."""
LETTERS: Mapping[Fund, str] = {
    Fund.ACTION: "A",
    Fund.EMPLOYMENT: "E",
    Fund.UNEMPLOYMENT: "U",
    Fund.ENTERPRISE: "C",
    Fund.OTHER: "O",
}
FUNDS: Mapping[Fund, str] = {
    Fund.ACTION: "职业技能提升行动专账资金",
    Fund.EMPLOYMENT: "就业补助资金",
    Fund.UNEMPLOYMENT: "失业保险基金",
    Fund.ENTERPRISE: "企业职工教育经费",
    Fund.OTHER: "其他",
}
"""资金来源 as the 发放台账 prints it (domain.md 6.2)."""
