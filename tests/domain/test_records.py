"""Records are canonical bytes; their states follow each other in a chain that cannot be bent unseen."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.errors import Refused
from lms.domain.policies import POLICIES
from lms.domain.records import (
    FOLLOWS,
    REASONS,
    ProposalKind,
    RecordState,
    StateReason,
    check_decider,
    check_proposal,
    first_step,
    hash_of,
    holder_hash,
    is_whole,
    next_step,
    policy_hash,
    proposable,
    write,
)

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
HASH = "a" * 64
WORDS = "这份记录的班期写错了，要撤销"
VALID, SUPERSEDED, REVOKED, EXPIRED = RecordState
REVOKE, REISSUE = ProposalKind
ME, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
LEAVES = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text()
KEYS = st.text("abcxyz_")
FACTS = st.dictionaries(
    KEYS,
    st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=8),
)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.code


@given(FACTS)
def test_a_record_is_the_bytes_of_rfc_8785(facts: dict[str, object]) -> None:
    assert write(facts).encode() == rfc8785.dumps(facts)  # type: ignore[arg-type]


@pytest.mark.parametrize("facts", [{"a": 0.5}, {"a": [1, {"b": 1.0}]}, {"a": ({"b": float("nan")},)}])
def test_a_record_holds_no_fractions(facts: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="fractions"):
        write(facts)


def test_the_hash_is_of_the_bytes_as_they_stand() -> None:
    assert hash_of('{"a":1}') != hash_of('{"a": 1}')


@pytest.mark.parametrize(("before", "after"), [(before, after) for before in RecordState for after in RecordState])
def test_which_state_may_follow(before: RecordState, after: RecordState) -> None:
    last = replace(first_step(HASH, AT), state=before)
    reason = sorted(REASONS[after])[0]
    if after in FOLLOWS[before]:
        step = next_step(HASH, last, after, reason, AT)
        assert (step.number, step.state, step.reason) == (2, after, reason)
    else:
        assert refused(lambda: next_step(HASH, last, after, reason, AT)) == "record_state_closed"


def test_a_state_needs_a_reason_of_its_own_and_a_later_moment() -> None:
    first = first_step(HASH, AT)
    assert refused(lambda: next_step(HASH, first, REVOKED, StateReason.LAPSED, AT)) == "record_reason"
    before = AT - timedelta(seconds=1)
    assert refused(lambda: next_step(HASH, first, REVOKED, StateReason.FRAUD, before)) == "record_backdated"


@pytest.mark.parametrize("state", RecordState)
def test_nothing_follows_a_revocation(state: RecordState) -> None:
    assert state not in FOLLOWS[REVOKED]


def test_a_chain_that_was_bent_shows() -> None:
    first = first_step(HASH, AT)
    second = next_step(HASH, first, EXPIRED, StateReason.LAPSED, AT)
    third = next_step(HASH, second, REVOKED, StateReason.FRAUD, AT + timedelta(days=1))
    whole = [first, second, third]
    assert is_whole(HASH, whole)
    assert is_whole(HASH, whole[:1])
    assert not is_whole("b" * 64, whole)
    for bent in (
        [],
        whole[1:],
        [first, third],
        [first, replace(second, reason=StateReason.CORRECTED), third],
        [first, replace(second, at=AT + timedelta(seconds=1)), third],
        [first, second, replace(third, reason=StateReason.MISTAKE)],
        [first, third, second],
    ):
        assert not is_whole(HASH, bent)


@pytest.mark.parametrize(
    ("kind", "state", "reason", "own", "told"),
    [
        (REVOKE, VALID, "fraud", False, StateReason.FRAUD),
        (REVOKE, SUPERSEDED, "mistake", False, StateReason.MISTAKE),
        (REVOKE, EXPIRED, "identity", False, StateReason.IDENTITY),
        (REVOKE, REVOKED, "fraud", False, "record_state_closed"),
        (REVOKE, VALID, "renewed", False, "record_reason"),
        (REVOKE, VALID, "", False, "record_reason"),
        (REVOKE, VALID, "fraud", True, "record_own"),
        (REISSUE, VALID, "", False, StateReason.CORRECTED),
        (REISSUE, REVOKED, "", False, StateReason.CORRECTED),
        (REISSUE, SUPERSEDED, "", False, "record_state_closed"),
    ],
)
def test_what_may_be_proposed(kind: ProposalKind, state: RecordState, reason: str, own: bool, told: str) -> None:
    def act() -> object:
        return check_proposal(kind, state, reason, f" {WORDS} ", own=own)

    if isinstance(told, StateReason):
        assert act() == (told, WORDS)
    else:
        assert refused(act) == told


@pytest.mark.parametrize(
    ("state", "kinds"),
    [(VALID, (REVOKE, REISSUE)), (EXPIRED, (REVOKE, REISSUE)), (SUPERSEDED, (REVOKE,)), (REVOKED, (REISSUE,))],
)
def test_what_a_desk_offers(state: RecordState, kinds: tuple[ProposalKind, ...]) -> None:
    assert proposable(state) == kinds


def test_it_takes_two_people_and_neither_is_the_learner() -> None:
    check_decider(own=False, proposer=OTHER, account_id=ME)
    assert refused(lambda: check_decider(own=False, proposer=ME, account_id=ME)) == "record_second_person"
    assert refused(lambda: check_decider(own=True, proposer=OTHER, account_id=ME)) == "record_own"


def test_a_holders_hash_changes_with_everything_in_it() -> None:
    told = ("李芳", "resident_id", "p", "s")
    hashes = {holder_hash(*told)}
    for place in range(4):
        hashes.add(holder_hash(*(f"{each}x" if at == place else each for at, each in enumerate(told))))
    assert len(hashes) == 5


def test_each_policy_has_a_hash_and_each_figure_is_in_it() -> None:
    assert len({policy_hash(policy) for policy in POLICIES}) == len(POLICIES)
    assert policy_hash(POLICIES[0]) != policy_hash(replace(POLICIES[0], lesson_share=94))
