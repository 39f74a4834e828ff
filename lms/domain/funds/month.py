"""The 定期对账表 of a book's month, in the columns of domain.md 6.1, as it is frozen and signed. Sums are whole fen."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from lms.domain.errors import Refused
from lms.domain.evidence import canonical
from lms.domain.funds.reconciliation import Difference, LedgerKind, LedgerRow, Match, Outcome
from lms.domain.labels import check_label

LONGEST_WORDS = 300
FORMAT = 1
ColumnSum = tuple[str, int]


@dataclass(frozen=True)
class Sums:
    """The ledger's month and the bank's. `batches_fen`: 批次应付合计, what two humans agreed to pay in it.

    `bank_closing_fen`: the last balance the statements of the month tell, None where they tell none.
    """

    opening_fen: int
    appropriated_fen: int
    batches_fen: int
    paid_fen: int
    returned_fen: int
    clawed_fen: int
    closing_fen: int
    bank_in_fen: int
    bank_out_fen: int
    bank_closing_fen: int | None

    @property
    def moved_fen(self) -> int:
        """What the ledger's month moved."""
        return self.appropriated_fen - self.paid_fen + self.returned_fen + self.clawed_fen

    @property
    def difference_fen(self) -> int:
        """差异: how much more the bank moved in the month than the ledger."""
        return self.bank_in_fen - self.bank_out_fen - self.moved_fen


def sums_of(
    opening_fen: int, rows: Iterable[LedgerRow], batches_fen: int, bank_fen: Sequence[int], bank_closing_fen: int | None
) -> Sums:
    """The sums of a month; `rows` are the ledger's of this month, `bank_fen` what the bank moved, signed."""
    moved: Counter[LedgerKind] = Counter()
    for row in rows:
        moved[row.kind] += row.amount_fen
    closing = opening_fen + sum(moved.values())
    return Sums(
        opening_fen,
        moved[LedgerKind.APPROPRIATION],
        batches_fen,
        -moved[LedgerKind.PAYMENT],
        moved[LedgerKind.RETURN],
        moved[LedgerKind.CLAWBACK],
        closing,
        sum(fen for fen in bank_fen if fen > 0),
        -sum(fen for fen in bank_fen if fen < 0),
        bank_closing_fen,
    )


def check_words(text: str) -> str:
    """What somebody says about a difference. Refused: difference_words (empty, too long, somebody's number in it)."""
    return check_label(text, LONGEST_WORDS, "difference_words")


def check_explained(differences: Iterable[Difference], words: Mapping[str, str]) -> None:
    """Each difference has words of a human. Refused: difference_unexplained (`count`)."""
    count = sum(not words.get(each.key) for each in differences)
    if count:
        raise Refused("difference_unexplained", count=count)


def check_over(month_after: date, today: date) -> None:
    """A month is signed when it is over. Refused: reconciliation_early."""
    if today < month_after:
        raise Refused("reconciliation_early")


def content(facts: Mapping[str, Any], sums: Sums, outcome: Outcome, words: Mapping[str, str]) -> str:
    """The table as canonical JSON. `facts`: book, organisation, fund, month and the digests of the statements."""
    told = {
        "format": FORMAT,
        **facts,
        "sums": vars(sums) | {"difference_fen": sums.difference_fen},
        "matched": _matched(outcome.matches),
        "differences": [_difference(each, words.get(each.key, "")) for each in outcome.differences],
    }
    return canonical(told)


def digest(text: str) -> str:
    """SHA-256 of the frozen table."""
    return sha256(text.encode()).hexdigest()


def _matched(matches: Iterable[Match]) -> dict[str, int]:
    return dict(Counter(each.by.value for each in matches))


def _difference(each: Difference, words: str) -> dict[str, Any]:
    row = each.bank or each.ledger
    return {
        "key": each.key,
        "kind": each.kind.value,
        "on": row.on.isoformat() if row is not None else "",
        "bank_fen": each.bank_fen,
        "ledger_fen": each.ledger_fen,
        "numbers": sorted({number for side in (each.bank, each.ledger) if side for number in side.numbers}),
        "words": words,
    }
