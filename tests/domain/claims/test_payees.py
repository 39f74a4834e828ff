"""Accounts to pay to: what a number looks like, which steps there are, who confirms, whose name it is in."""

import uuid

import pytest

from lms.domain.claims import payees
from lms.domain.claims.payees import STEPS, Act, State
from lms.domain.errors import Conflict, Forbidden, Refused


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("6222 0000 1111 2222 333", "6222000011112222333"),
        ("6222-0000-1111-2222", "6222000011112222"),
        ("６２２２００００", "62220000"),
        ("1" * 32, "1" * 32),
    ],
)
def test_a_number_is_read_as_people_type_it(typed: str, number: str) -> None:
    assert payees.check_account(typed) == number


@pytest.mark.parametrize("typed", ["", "1234567", "1" * 33, "62220000x", "6222/0000", "٦٢٢٢٠٠٠٠"])
def test_what_is_no_account_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="payee_account"):
        payees.check_account(typed)


def test_pages_show_the_last_four() -> None:
    assert payees.tail("6222000011112222") == "2222"


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", Act)
def test_only_the_steps_of_the_table_are_taken(state: State, act: Act) -> None:
    if (state, act) in STEPS:
        assert payees.step(state, act) is STEPS[state, act]
    else:
        with pytest.raises(Conflict, match="payee_step"):
            payees.step(state, act)


def test_whoever_entered_it_does_not_confirm_it() -> None:
    me, other = uuid.uuid4(), uuid.uuid4()
    for act in (Act.CONFIRM, Act.TURN_DOWN):
        with pytest.raises(Forbidden, match="payee_second_person"):
            payees.check_second(act, me, me)
        payees.check_second(act, me, other)
    payees.check_second(Act.WITHDRAW, me, me)


@pytest.mark.parametrize(
    ("holder", "owner", "same"),
    [
        ("康宁养老服务中心", "康宁养老服务中心", True),
        ("康宁养老服务中心（有限公司）", "康宁养老服务中心(有限公司)", True),
        ("古丽•测试", "古丽·测试", True),
        ("康宁养老", "康宁养老服务中心", False),
        ("李芳", "李方", False),
    ],
)
def test_whose_name_an_account_is_in(holder: str, owner: str, same: bool) -> None:
    assert payees.is_same_holder(holder, owner) is same
