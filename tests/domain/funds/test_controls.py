import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.funds.controls import (
    Holder,
    Limits,
    Paid,
    Sharing,
    Step,
    Subject,
    Thing,
    Use,
    bursts,
    many_persons,
    pairs_at_work,
    same_human,
    shared,
)

NOON = datetime(2026, 6, 22, 4, tzinfo=UTC)


def one(number):
    return uuid.UUID(int=number)


def step(name, human, seconds=0, subject=1, kind=Subject.CLAIM):
    return Step(kind, one(subject), name, one(human), one(human + 100), NOON + timedelta(seconds=seconds))


def test_two_steps_of_one_claim_by_one_human_are_told():
    found = same_human([step("made", 1), step("first_review", 2, 5), step("second_review", 1, 9)])
    assert [(each.first.name, each.second.name) for each in found] == [("made", "second_review")]


@pytest.mark.parametrize(
    "steps",
    [
        [step("made", 1), step("checked", 2)],
        [step("made", 1), step("made", 1, 9)],
        [step("made", 1), step("checked", 1, 9, subject=2)],
        [step("made", 1), step("checked", 1, 9, kind=Subject.BATCH)],
    ],
)
def test_what_needs_no_second_human_is_not_told(steps):
    assert same_human(steps) == []


def test_three_steps_by_one_human_are_three_pairs():
    assert len(same_human([step("a", 1), step("b", 1, 1), step("c", 1, 2)])) == 3


LIMITS = Limits(acts=3, minutes=1)


@pytest.mark.parametrize(
    ("seconds", "runs"),
    [
        ([0, 10, 20], [3]),
        ([0, 30, 60], [3]),
        ([0, 30, 61], []),
        ([0, 10], []),
        ([0, 10, 20, 30, 1000, 1010, 1020], [4, 3]),
        ([0, 50, 60, 110, 120], [5]),
    ],
)
def test_acts_close_together(seconds, runs):
    steps = [step("approved", 1, at, subject=at) for at in seconds]
    assert [len(each.acts) for each in bursts(steps, LIMITS)] == runs


def test_acts_of_two_humans_are_no_burst():
    assert bursts([step("approved", at % 2, at) for at in range(4)], LIMITS) == []


def test_a_burst_says_how_long_it_took():
    [found] = bursts([step("approved", 1, at) for at in (0, 10, 20)], LIMITS)
    assert found.seconds == 20


def use(holder, human, place=1, key="k", thing=Thing.ACCOUNT):
    return Use(thing, key, "尾号 0001", holder, one(human), one(place))


@pytest.mark.parametrize(
    ("uses", "why"),
    [
        ([use(Holder.STAFF, 1), use(Holder.PAYEE, 2)], Sharing.STAFF_AND_PAYEE),
        ([use(Holder.STAFF, 1), use(Holder.PAYEE, 1)], None),
        ([use(Holder.STAFF, 1), use(Holder.STAFF, 2)], None),
        ([use(Holder.PAYEE, 1, 1), use(Holder.PAYEE, 2, 2)], Sharing.ACROSS_INSTITUTIONS),
        ([use(Holder.PAYEE, 1, 1), use(Holder.PAYEE, 1, 2)], None),
        ([use(Holder.PAYEE, 1, 1), use(Holder.PAYEE, 2, 1)], None),
        ([use(Holder.STAFF, 1), use(Holder.PAYEE, 2, key="other")], None),
        ([use(Holder.STAFF, 1), use(Holder.PAYEE, 2, thing=Thing.PHONE)], None),
    ],
)
def test_what_is_shared_by_whom(uses, why):
    assert [each.why for each in shared(uses)] == ([] if why is None else [why])


def test_two_who_took_steps_of_one_thing_share_a_device():
    steps = [step("made", 1, 0), step("checked", 2, 5), step("checked", 3, 6, subject=9)]
    at_work = pairs_at_work(steps)
    assert at_work == {frozenset({one(1), one(2)})}
    told = [use(Holder.STAFF, each, thing=Thing.DEVICE) for each in (1, 2)]
    assert [each.why for each in shared(told, at_work)] == [Sharing.TWO_STEPS]
    assert shared([use(Holder.STAFF, each, thing=Thing.DEVICE) for each in (1, 3)], at_work) == []


def test_what_staff_share_stands_first():
    across = [use(Holder.PAYEE, 1, 1, "a"), use(Holder.PAYEE, 2, 2, "a")]
    found = shared([*across, use(Holder.STAFF, 3, key="b"), use(Holder.PAYEE, 4, key="b")])
    assert [each.key for each in found] == ["b", "a"]


def paid(at, human, account="a"):
    return Paid(one(at), account, "0001", one(human), 100)


def test_one_account_for_many_persons():
    [found] = many_persons([paid(1, 1), paid(2, 2), paid(3, 2), paid(4, 3, "b")], Limits(persons=2))
    assert (found.persons, found.fen, len(found.payments)) == (2, 300, 3)


def test_fewer_persons_than_the_limit_are_not_told():
    assert many_persons([paid(1, 1), paid(2, 2)], Limits(persons=3)) == []


def test_limits_stay_within_what_makes_sense():
    assert Limits(0, -5, 1).within_bounds() == Limits(2, 1, 2)
    assert Limits(10**9, 10**9, 10**9).within_bounds() == Limits(1000, 1440, 1000)


@given(st.lists(st.integers(0, 300), max_size=30), st.integers(2, 5))
def test_bursts_hold_every_dense_window_once(seconds, acts):
    steps = [step("approved", 1, at, subject=place) for place, at in enumerate(seconds)]
    found = bursts(steps, Limits(acts=acts, minutes=1))
    inside = [each for run in found for each in run.acts]
    assert len(set(inside)) == len(inside)
    ordered = sorted(seconds)
    dense = {
        at
        for start in range(len(ordered) - acts + 1)
        if ordered[start + acts - 1] - ordered[start] <= 60
        for at in ordered[start : start + acts]
    }
    assert {int((each.at - NOON).total_seconds()) for each in inside} == dense
