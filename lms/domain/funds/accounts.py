"""The accounts of a book and what each kind of posting moves between them: balanced by construction.

Columns of the 发放台账: domain.md 6.1, 6.2. A returned payment is a reversing row, so 应付 and 实付 agree once
it is paid again; a clawback takes both back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lms.domain.errors import Refused


class Account(StrEnum):
    """Where money of a book is. SOURCE and PAID lie outside the book; the others add up to what its bank holds."""

    SOURCE = "source"  # 拨入来源: below zero by all that came in
    AVAILABLE = "available"  # 可用
    OWED = "owed"  # 应付: in a batch that two humans agreed to
    TRANSIT = "transit"  # 在途: the bank has the file and did not answer yet
    PAID = "paid"  # 已付
    RETURNED = "returned"  # 退回待重付
    CLAWED_BACK = "clawed_back"  # 追回: what becomes of it is the funder's word


OUTSIDE = frozenset({Account.SOURCE, Account.PAID})


class PostingKind(StrEnum):
    """What a posting tells."""

    APPROPRIATION = "appropriation"  # 拨入
    BATCH = "batch"  # 应付: a batch was checked
    DROPPED = "dropped"  # a checked batch was given up: reverses BATCH
    SENT = "sent"  # 在途: the bank has the file
    PAID = "paid"  # 已付
    RETURNED = "returned"  # 退票: reverses PAID or REPAID
    REPAID = "repaid"  # 重付
    CLAWBACK = "clawback"  # 追回


ROWS = (PostingKind.PAID, PostingKind.RETURNED, PostingKind.REPAID, PostingKind.CLAWBACK)
"""Those that are rows of the 发放台账 and have a 流水号."""


@dataclass(frozen=True)
class Move:
    """So much from one account into another."""

    from_account: Account
    to_account: Account
    amount_fen: int


@dataclass(frozen=True)
class Entry:
    """One signed entry on one account, as a bookkeeper writes it."""

    account: Account
    amount_fen: int


_WAYS: Mapping[PostingKind, tuple[Account, Account]] = {
    PostingKind.APPROPRIATION: (Account.SOURCE, Account.AVAILABLE),
    PostingKind.SENT: (Account.OWED, Account.TRANSIT),
    PostingKind.PAID: (Account.TRANSIT, Account.PAID),
    PostingKind.REPAID: (Account.TRANSIT, Account.PAID),
    PostingKind.RETURNED: (Account.PAID, Account.RETURNED),
    PostingKind.CLAWBACK: (Account.PAID, Account.CLAWED_BACK),
}


def moves(kind: PostingKind, amount_fen: int) -> tuple[Move, ...]:
    """What a posting of this kind moves; BATCH and DROPPED have two sources (`batch_moves`)."""
    return checked([Move(*_WAYS[kind], amount_fen)])


def batch_moves(first_fen: int, again_fen: int) -> tuple[Move, ...]:
    """What a checked batch moves: first payments out of what is available, payments again out of what came back."""
    both = ((Account.AVAILABLE, first_fen), (Account.RETURNED, again_fen))
    return checked([Move(source, Account.OWED, fen) for source, fen in both if fen])


def reversed_moves(done: Iterable[Move]) -> tuple[Move, ...]:
    """What takes a posting back: the same moves the other way round."""
    return tuple(Move(each.to_account, each.from_account, each.amount_fen) for each in done)


def checked(asked: Iterable[Move]) -> tuple[Move, ...]:
    """The moves, if they are any. Refused: posting_empty, posting_amount, posting_one_account."""
    found = tuple(asked)
    if not found:
        raise Refused("posting_empty")
    if any(each.amount_fen <= 0 for each in found):
        raise Refused("posting_amount")
    if any(each.from_account is each.to_account for each in found):
        raise Refused("posting_one_account")
    return found


def entries(done: Iterable[Move]) -> tuple[Entry, ...]:
    """The signed entries of a posting; they add up to nothing."""
    found: list[Entry] = []
    for each in done:
        found += [Entry(each.from_account, -each.amount_fen), Entry(each.to_account, each.amount_fen)]
    return tuple(found)


def balances(done: Iterable[Move]) -> dict[Account, int]:
    """What lies on each account after these moves, in fen."""
    found = dict.fromkeys(Account, 0)
    for each in entries(done):
        found[each.account] += each.amount_fen
    return found


def held(found: Mapping[Account, int]) -> int:
    """What the bank holds for the book: all that lies within it (期末余额)."""
    return sum(fen for account, fen in found.items() if account not in OUTSIDE)


def check_covered(found: Mapping[Account, int], asked: Iterable[Move]) -> None:
    """No account within the book may fall below zero. Refused: funds_short (`account`, `missing_fen`)."""
    after = dict(found)
    for each in entries(asked):
        after[each.account] += each.amount_fen
    for account, fen in after.items():
        if fen < 0 and account is not Account.SOURCE and fen < found[account]:
            raise Refused("funds_short", account=account.value, missing_fen=-fen)


def columns(kind: PostingKind, amount_fen: int) -> tuple[int, int]:
    """(应付, 实付) of a row of the 发放台账 (domain.md 6.2); a clawback takes both back (decision 0176)."""
    return {
        PostingKind.PAID: (amount_fen, amount_fen),
        PostingKind.RETURNED: (0, -amount_fen),
        PostingKind.REPAID: (0, amount_fen),
        PostingKind.CLAWBACK: (-amount_fen, -amount_fen),
    }[kind]
