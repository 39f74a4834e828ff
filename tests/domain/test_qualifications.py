"""Certificates from elsewhere: what they may say, who may speak about them, and when a level rests on one."""

import uuid
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from lms.domain import qualifications
from lms.domain.assessors import Act, Done, Filing, Registered, Scope
from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.levels import Level
from lms.domain.qualifications import WAYS, WORDS, Hands, Kind, State, Told, Way
from lms.domain.roles import Role

DAY = date(2026, 3, 1)
CODE = "91350100M000100Y43"
TOLD = Told(Kind.SKILL_LEVEL, "养老护理员", Level.JUNIOR, "松龄评价中心", CODE, DAY)
SCOPE = (Scope("养老护理员", Level.JUNIOR, Level.SENIOR),)
WORDS_SAID = list(product((Role.INSTITUTION, Role.PLATFORM), State, State, Way))
LISTED = Registered(CODE, DAY, None, SCOPE, (Done(Act.LIST, Filing.LISTED, DAY),))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"level": None}, "qualification_level"),
        ({"level": Level.APPRENTICE}, "qualification_level"),
        ({"kind": Kind.VOCATIONAL, "level": Level.CHIEF_TECHNICIAN}, "qualification_level"),
        ({"kind": Kind.TRAINING}, "qualification_level"),
        ({"kind": Kind.APPRENTICESHIP}, "qualification_level"),
        ({"issued_on": DAY + timedelta(days=1)}, "qualification_day"),
        ({"valid_until": DAY - timedelta(days=1)}, "qualification_validity"),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, Any], code: str) -> None:
    qualifications.check_told(TOLD, DAY)
    with pytest.raises(Refused, match=code):
        qualifications.check_told(replace(TOLD, **changes), DAY)


def test_numbers_are_compared_without_blanks_and_case() -> None:
    assert qualifications.check_number(" s0000 21-abc ") == "S000021-ABC"
    for wrong in ("123", "<script>", "1" * 61):
        with pytest.raises(Refused, match="qualification_number"):
            qualifications.check_number(wrong)


@pytest.mark.parametrize(("desk", "state", "word", "way"), WORDS_SAID)
def test_only_the_words_of_the_table_are_said(desk: Role, state: State, word: State, way: Way) -> None:
    allowed = state in WORDS.get((desk, word), ()) and way in WAYS.get(word, ())
    if allowed:
        qualifications.check_word(desk, state, word, way)
        assert word in qualifications.words_of(desk, state)
    else:
        with pytest.raises(Refused, match="qualification_"):
            qualifications.check_word(desk, state, word, way)


def test_an_institution_never_decides() -> None:
    with pytest.raises(Forbidden, match="qualification_desk"):
        qualifications.check_word(Role.INSTITUTION, State.SEEN, State.VERIFIED, Way.REGISTER)


def test_nobody_verifies_what_went_through_her_hands() -> None:
    entered, saw, other, holder = (uuid.uuid4() for _ in range(4))
    hands = Hands(entered, frozenset({saw}), frozenset({holder}))
    hands.check(other, None, State.VERIFIED)
    hands.check(saw, None, State.REFUTED)
    for who, word in ((entered, State.SEEN), (entered, State.VERIFIED), (saw, State.VERIFIED)):
        with pytest.raises(Forbidden, match="qualification_second_person"):
            hands.check(who, None, word)
    with pytest.raises(Forbidden, match="qualification_own"):
        hands.check(other, holder, State.SEEN)


@pytest.mark.parametrize("state", State)
def test_it_is_taken_back_only_before_anybody_decides(state: State) -> None:
    if state in (State.ENTERED, State.SEEN):
        qualifications.check_withdrawal(state)
    else:
        with pytest.raises(Conflict, match="qualification_step"):
            qualifications.check_withdrawal(state)


@pytest.mark.parametrize(
    ("changes", "state", "filings", "unmet", "unsure"),
    [
        ({}, State.VERIFIED, [LISTED], [], []),
        ({}, State.ENTERED, [LISTED], ["qualification_not_verified"], []),
        ({}, State.SEEN, [LISTED], ["qualification_not_verified"], []),
        ({}, State.WITHDRAWN, [LISTED], ["qualification_not_verified"], []),
        ({}, State.REFUTED, [LISTED], ["qualification_refuted"], []),
        ({}, State.REVOKED, [LISTED], ["qualification_revoked"], []),
        ({"issuer_code": ""}, State.VERIFIED, [LISTED], [], ["assessor_code_missing"]),
        ({}, State.VERIFIED, [], [], ["assessor_unknown"]),
        ({}, State.VERIFIED, [replace(LISTED, code="x")], [], ["assessor_unknown"]),
        ({"level": Level.CHIEF_TECHNICIAN}, State.VERIFIED, [LISTED], [], ["assessor_out_of_scope"]),
        ({"issued_on": DAY - timedelta(days=1)}, State.VERIFIED, [LISTED], [], ["assessor_out_of_scope"]),
        ({}, State.VERIFIED, [replace(LISTED, acts=())], [], ["assessor_out_of_scope"]),
        ({"kind": Kind.VOCATIONAL}, State.VERIFIED, [], [], []),
        ({"kind": Kind.APPRENTICESHIP, "level": Level.APPRENTICE}, State.VERIFIED, [], [], []),
        ({"kind": Kind.TRAINING, "level": None}, State.VERIFIED, [LISTED], ["qualification_no_level"], []),
    ],
)
def test_a_level_rests_on_a_verified_certificate_within_scope(
    changes: dict[str, Any], state: State, filings: list[Registered], unmet: list[str], unsure: list[str]
) -> None:
    verdict = qualifications.assess(replace(TOLD, **changes), state, filings)
    assert [reason.code for reason in verdict.unmet] == unmet
    assert [reason.code for reason in verdict.unsure] == unsure
    assert verdict.is_yes is (not unmet and not unsure)
