"""Postings balance whatever they tell, in whatever order; no account within a book falls below zero."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.errors import Refused
from lms.domain.funds.accounts import (
    ROWS,
    Account,
    Move,
    PostingKind,
    balances,
    batch_moves,
    check_covered,
    checked,
    columns,
    entries,
    held,
    moves,
    reversed_moves,
)

FEN = st.integers(1, 10**12)
SINGLE = sorted(set(PostingKind) - {PostingKind.BATCH, PostingKind.DROPPED})
MOVES = st.builds(Move, st.sampled_from(Account), st.sampled_from(Account), FEN).filter(
    lambda each: each.from_account is not each.to_account
)


@given(st.sampled_from(SINGLE), FEN)
def test_every_kind_is_balanced(kind: PostingKind, fen: int) -> None:
    assert sum(each.amount_fen for each in entries(moves(kind, fen))) == 0


@given(st.lists(MOVES, max_size=20))
def test_any_history_adds_up_to_nothing(done: list[Move]) -> None:
    found = balances(done)
    assert sum(found.values()) == 0
    assert held(found) == -found[Account.SOURCE] - found[Account.PAID]


@given(st.lists(MOVES, min_size=1, max_size=20))
def test_a_reversal_leaves_everything_as_it_was(done: list[Move]) -> None:
    assert balances([*done, *reversed_moves(done)]) == dict.fromkeys(Account, 0)


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_a_batch_takes_from_what_is_available_and_from_what_came_back(first: int, again: int) -> None:
    if not first + again:
        with pytest.raises(Refused, match="posting_empty"):
            batch_moves(first, again)
        return
    found = balances(batch_moves(first, again))
    assert found[Account.OWED] == first + again
    assert (found[Account.AVAILABLE], found[Account.RETURNED]) == (-first, -again)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ([], "posting_empty"),
        ([Move(Account.OWED, Account.PAID, 0)], "posting_amount"),
        ([Move(Account.OWED, Account.PAID, -1)], "posting_amount"),
        ([Move(Account.OWED, Account.OWED, 1)], "posting_one_account"),
    ],
)
def test_what_is_no_posting_is_refused(asked: list[Move], code: str) -> None:
    with pytest.raises(Refused, match=code):
        checked(asked)


def test_money_that_is_not_there_cannot_be_owed() -> None:
    found = balances(moves(PostingKind.APPROPRIATION, 100))
    check_covered(found, batch_moves(100, 0))
    with pytest.raises(Refused) as refused:
        check_covered(found, batch_moves(101, 0))
    assert refused.value.values == {"account": "available", "missing_fen": 1}


@pytest.mark.parametrize(
    ("told", "owed", "paid"),
    [
        ([PostingKind.PAID], 1000, 1000),
        ([PostingKind.PAID, PostingKind.RETURNED], 1000, 0),
        ([PostingKind.PAID, PostingKind.RETURNED, PostingKind.REPAID], 1000, 1000),
        ([PostingKind.PAID, PostingKind.CLAWBACK], 0, 0),
        ([PostingKind.PAID, PostingKind.RETURNED, PostingKind.REPAID, PostingKind.CLAWBACK], 0, 0),
    ],
)
def test_the_columns_agree_once_all_is_settled(told: list[PostingKind], owed: int, paid: int) -> None:
    found = [columns(each, 1000) for each in told]
    assert (sum(each[0] for each in found), sum(each[1] for each in found)) == (owed, paid)
    assert set(told) <= set(ROWS)
