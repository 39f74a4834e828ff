"""Service accounts: names, scopes, rates."""

import pytest

from lms.domain import exchange
from lms.domain.errors import Forbidden, Refused
from lms.domain.exchange import CONSEQUENCES, READING, ChangeKind, Scope
from lms.domain.roles import Role


def test_a_name_is_trimmed() -> None:
    assert exchange.check_name("  培训  系统 ") == "培训 系统"


@pytest.mark.parametrize(
    ("name", "code"),
    [("", "service_name_length"), ("x" * 81, "service_name_length"), ("a\u200bb", "service_name_strange_sign")],
)
def test_a_name_that_cannot_be(name: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        exchange.check_name(name)


def test_scopes_come_in_one_order_and_unknown_ones_fall_away() -> None:
    found = exchange.check_scopes(Role.INSTITUTION, ["write:enrollments", "read:cohorts", "read:everything"])
    assert found == (Scope.COHORTS, Scope.WRITE_ENROLLMENTS)


@pytest.mark.parametrize(
    ("role", "asked", "code"),
    [
        (Role.INSTITUTION, [], "service_scopes_missing"),
        (Role.INSTITUTION, ["read:everything"], "service_scopes_missing"),
        (Role.INSPECTOR, ["write:enrollments", "read:cohorts"], "service_scope_not_for_role"),
        (Role.LEARNER, ["read:cohorts"], "service_scope_not_for_role"),
    ],
)
def test_scopes_that_cannot_be(role: Role, asked: list[str], code: str) -> None:
    with pytest.raises(Refused, match=code):
        exchange.check_scopes(role, asked)


def test_an_authority_only_reads() -> None:
    assert exchange.ROLES[Role.INSPECTOR] == READING == frozenset(Scope) - {Scope.WRITE_ENROLLMENTS}


@pytest.mark.parametrize(("rate", "is_right"), [(9, False), (10, True), (1200, True), (1201, False)])
def test_a_rate_has_bounds(rate: int, is_right: bool) -> None:
    if is_right:
        assert exchange.check_rate(rate) == rate
    else:
        with pytest.raises(Refused, match="service_rate_range"):
            exchange.check_rate(rate)


def test_a_person_needs_no_scope_and_a_token_its_own() -> None:
    exchange.require(None, Scope.SCORES)
    exchange.require(frozenset({"read:scores"}), Scope.SCORES)
    with pytest.raises(Forbidden) as refused:
        exchange.require(frozenset({"read:scores"}), Scope.COHORTS)
    assert refused.value.values == {"scope": "read:cohorts"}


@pytest.mark.parametrize("token", ["kxs_abc", "kxs_"])
def test_service_tokens_are_known_by_how_they_begin(token: str) -> None:
    assert exchange.is_service_token(token)
    assert not exchange.is_service_token(f"x{token}")


def test_what_changes_a_verdict_is_told_as_a_verdict_too() -> None:
    telling = {mark for mark, kinds in CONSEQUENCES.items() if ChangeKind.COMPLETION in kinds}
    assert telling == set(CONSEQUENCES) - {"person"}
