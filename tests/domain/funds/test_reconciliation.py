import random
import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.funds.reconciliation import (
    BankRow,
    Difference,
    DifferenceKind,
    LedgerKind,
    LedgerRow,
    MatchedBy,
    Month,
    match,
)

JUNE = Month(date(2026, 6, 1))


def bank(at, day, fen, numbers=(), tail=""):
    return BankRow(uuid.UUID(int=at), date(2026, *day), fen, tuple(numbers), tail)


def entry(at, day, fen, numbers=(), tail="", kind=LedgerKind.PAYMENT):
    return LedgerRow(uuid.UUID(int=1000 + at), date(2026, *day), fen, kind, tuple(numbers), tail)


@pytest.mark.parametrize(
    ("row", "other", "by"),
    [
        (bank(1, (6, 22), -5, ["R1"], "0001"), entry(1, (6, 22), -5, ["R1"], "0001"), MatchedBy.RECEIPT),
        (bank(1, (6, 22), -5, ["X", "R1"]), entry(1, (6, 20), -5, ["R1"], "0001"), MatchedBy.RECEIPT),
        (bank(1, (6, 22), -5, [], "0001"), entry(1, (6, 22), -5, [], "0001"), MatchedBy.DAY),
        (bank(1, (6, 22), 5), entry(1, (6, 22), 5, [], "0001"), MatchedBy.DAY),
        (bank(1, (6, 22), -5, [], "0001"), entry(1, (6, 20), -5, [], "0001"), MatchedBy.NEAR),
    ],
)
def test_a_pair_and_what_it_rests_on(row, other, by):
    found = match([row], [other], JUNE)
    assert [(each.bank, each.ledger, each.by) for each in found.matches] == [(row, (other,), by)]
    assert found.differences == ()


@pytest.mark.parametrize(
    ("row", "other"),
    [
        (bank(1, (6, 22), -5, [], "0001"), entry(1, (6, 22), -5, [], "0002")),
        (bank(1, (6, 22), -5, [], "0001"), entry(1, (6, 22), 5, [], "0001")),
        (bank(1, (6, 22), -5, [], "0001"), entry(1, (6, 22), -6, [], "0001")),
        (bank(1, (6, 22), -5), entry(1, (6, 21), -5, [], "0001")),
        (bank(1, (6, 25), -5, [], "0001"), entry(1, (6, 1), -5, [], "0001")),
    ],
)
def test_what_is_no_pair_stands_on_both_sides(row, other):
    found = match([row], [other], JUNE)
    assert found.matches == ()
    assert [each.kind for each in found.differences] == [DifferenceKind.BANK_ONLY, DifferenceKind.LEDGER_ONLY]


def test_one_receipt_with_two_amounts_is_one_difference():
    row, other = bank(1, (6, 22), -6, ["R1"], "0001"), entry(1, (6, 22), -5, ["R1"], "0001")
    [found] = match([row], [other], JUNE).differences
    assert (found.kind, found.fen) == (DifferenceKind.AMOUNT, -1)


def test_a_receipt_with_another_amount_is_not_paired_by_its_day():
    row, other = bank(1, (6, 22), -6, ["R1"], "0001"), entry(1, (6, 22), -5, ["R1"], "0001")
    twin = entry(2, (6, 22), -6, [], "0001")
    found = match([row], [other, twin], JUNE)
    assert [each.kind for each in found.differences] == [DifferenceKind.AMOUNT, DifferenceKind.LEDGER_ONLY]


def test_one_row_of_the_bank_pays_all_under_its_receipt():
    rows = [entry(at, (6, 22), -5, ["R1"], f"000{at}") for at in range(3)]
    [found] = match([bank(1, (6, 22), -15, ["R1"])], rows, JUNE).matches
    assert (found.by, len(found.ledger)) == (MatchedBy.BULK, 3)


def test_the_other_side_lies_in_the_next_month():
    row, other = bank(1, (7, 1), -5, ["R1"]), entry(1, (6, 30), -5, ["R1"])
    [june] = match([row], [other], JUNE).differences
    [july] = match([row], [other], Month(date(2026, 7, 1))).differences
    assert (june.kind, june.bank_fen, june.ledger_fen) == (DifferenceKind.PERIOD, 0, -5)
    assert (july.kind, july.bank_fen, july.ledger_fen) == (DifferenceKind.PERIOD, -5, 0)


def test_what_was_booked_after_the_close_counts_for_the_next_month():
    late = replace(entry(1, (6, 30), -5, ["R1"]), period_on=date(2026, 7, 1))
    [found] = match([bank(1, (6, 30), -5, ["R1"])], [late], JUNE).differences
    assert (found.kind, found.bank_fen, found.ledger_fen) == (DifferenceKind.PERIOD, -5, 0)


def test_a_bulk_over_the_edge_counts_the_bank_once():
    rows = [entry(1, (6, 30), -5, ["R1"]), entry(2, (7, 1), -5, ["R1"])]
    found = match([bank(1, (6, 30), -10, ["R1"])], rows, JUNE)
    assert sum(each.bank_fen for each in found.differences) == -10
    assert sum(each.ledger_fen for each in found.differences) == -5


def test_a_receipt_with_two_amounts_outside_the_month_is_not_its_matter():
    assert match([bank(1, (7, 2), -6, ["R1"])], [entry(1, (7, 2), -5, ["R1"])], JUNE).differences == ()


def test_the_nearest_day_wins():
    near, far = entry(1, (6, 21), -5, [], "0001"), entry(2, (6, 15), -5, [], "0001")
    found = match([bank(1, (6, 22), -5, [], "0001")], [far, near], JUNE)
    assert [each.ledger for each in found.matches] == [(near,)]


def test_words_are_found_again_by_the_rows_they_are_about():
    assert Difference(DifferenceKind.BANK_ONLY, bank(1, (6, 1), 5)).key == f"bank_only/{uuid.UUID(int=1)}"


@pytest.mark.parametrize(("first", "after"), [((2026, 6, 1), (2026, 7, 1)), ((2026, 12, 1), (2027, 1, 1))])
def test_a_month_ends_where_the_next_begins(first, after):
    assert Month(date(*first)).after == date(*after)


days = st.integers(-12, 41).map(lambda step: date(2026, 6, 1) + timedelta(days=step))
numbers = st.lists(st.sampled_from(["R1", "R2", "R3"]), max_size=2, unique=True).map(tuple)
tails = st.sampled_from(["", "0001", "0002"])
fen = st.sampled_from([-15, -10, -5, 5, 10])
bank_rows = st.lists(st.tuples(days, fen, numbers, tails), max_size=9).map(
    lambda rows: [BankRow(uuid.UUID(int=at + 1), *row) for at, row in enumerate(rows)]
)
ledger_rows = st.lists(st.tuples(days, fen, numbers, tails), max_size=9).map(
    lambda rows: [
        LedgerRow(uuid.UUID(int=at + 1001), on, amount, LedgerKind.PAYMENT, told, tail)
        for at, (on, amount, told, tail) in enumerate(rows)
    ]
)


@given(bank_rows, ledger_rows, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(mine, theirs, dice):
    found = match(mine, theirs, JUNE)
    dice.shuffle(mine)
    dice.shuffle(theirs)
    assert match(mine, theirs, JUNE) == found


@given(bank_rows, ledger_rows)
def test_each_row_stands_in_one_place_and_both_sides_agree_to_the_fen(mine, theirs):
    found = match(mine, theirs, JUNE)
    in_pairs = [each.bank.id for each in found.matches]
    told = {each.bank.id for each in found.differences if each.bank is not None and each.bank.on in JUNE}
    assert len(set(in_pairs)) == len(in_pairs)
    assert not told & set(in_pairs)
    assert told | set(in_pairs) == {each.id for each in mine if each.on in JUNE}
    paid = [row.id for each in found.matches for row in each.ledger]
    owed = [each.ledger.id for each in found.differences if each.ledger is not None and each.ledger.on in JUNE]
    assert sorted(paid + owed) == sorted(each.id for each in theirs if each.on in JUNE)
    here = sum(each.amount_fen for each in mine if each.on in JUNE)
    there = sum(each.amount_fen for each in theirs if each.on in JUNE)
    assert here - there == sum(each.fen for each in found.differences)


def test_ten_thousand_rows_take_a_moment():
    dice = random.Random(7)
    mine = [bank(at + 1, (6, 1 + at % 30), -100 * (at % 50 + 1), [f"R{at}"], f"{at % 9999:04}") for at in range(10_000)]
    theirs = [
        LedgerRow(uuid.UUID(int=50_000 + at), row.on, row.amount_fen, LedgerKind.PAYMENT, row.numbers, row.tail)
        for at, row in enumerate(mine)
    ]
    dice.shuffle(theirs)
    assert len(match(mine, theirs, JUNE).matches) == 10_000
