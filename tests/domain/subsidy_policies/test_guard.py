"""No precondition on region, hukou, age or social insurance, however it is spelled."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.subsidy_policies import guard
from lms.domain.subsidy_policies.faults import Faults

TRICKY = [
    ("户籍", "hukou"),
    ("户口", "hukou"),
    ("户 口", "hukou"),
    ("户-籍", "hukou"),
    ("户\u200b籍", "hukou"),
    ("戶籍", "hukou"),
    ("籍贯", "hukou"),
    ("本省户口簿", "hukou"),
    ("hukou_local", "hukou"),
    ("HuKou", "hukou"),
    ("household_registration", "hukou"),
    ("hu_kou", "hukou"),
    ("max_age", "age"),
    ("maxAge", "age"),
    ("MAX-AGE", "age"),
    ("ｍａｘ＿ａｇｅ", "age"),
    ("age_max", "age"),
    ("minage", "age"),
    ("年龄上限", "age"),
    ("年齡", "age"),
    ("60周岁以下", "age"),
    ("六十岁以下", "age"),
    ("年满16", "age"),
    ("born_after", "age"),
    ("birth_year", "age"),
    ("参保", "social_insurance"),
    ("參保人員", "social_insurance"),
    ("连续缴费6个月", "social_insurance"),
    ("社 保", "social_insurance"),
    ("social_insurance", "social_insurance"),
    ("socialInsurance", "social_insurance"),
    ("social security", "social_insurance"),
    ("insured", "social_insurance"),
    ("she_bao", "social_insurance"),
    ("养老保险参加人", "social_insurance"),
    ("地域", "region"),
    ("本地常住人口", "region"),
    ("residence", "region"),
    ("local_resident", "region"),
    ("就业地在大连", "region"),
    ("外地来辽人员", "region"),
    ("居住证", "region"),
]
HARMLESS = [
    *("percentage", "usage", "language", "storage", "message", "monitored", "graduate", "rural_worker", "pensioner"),
    *("老年人能力评估师", "老人陪护", "农村转移就业劳动者", "城镇登记失业人员", "付到社会保障卡", "失业保险基金"),
]


@pytest.mark.parametrize(("word", "kind"), TRICKY)
def test_a_precondition_is_known_however_it_is_spelled(word: str, kind: str) -> None:
    assert kind in guard.kinds_of(word)


@pytest.mark.parametrize("word", HARMLESS)
def test_what_only_looks_like_one_is_none(word: str) -> None:
    assert guard.kinds_of(word) == []


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("不得以地域、户籍、年龄、社保设前提", []),
        ("不限户籍，限60岁以下", ["age"]),
        ("面向本省户籍人员。不限年龄", ["region", "hukou"]),
        ("取消年龄限制；不看社保", []),
    ],
)
def test_a_sentence_may_deny_what_a_word_may_not_ask(sentence: str, kinds: list[str]) -> None:
    assert guard.kinds_of(sentence, is_sentence=True) == kinds


def faults_in(raw: Any, forbidden: frozenset[str] = frozenset(guard.ALL)) -> list[tuple[Any, ...]]:
    faults = Faults()
    guard.check(raw, forbidden, "某条", {"terms", "allowed_groups", "value", "note", "clause"}, faults)
    return [each.place for each in faults.found]


def test_it_looks_into_every_corner() -> None:
    assert faults_in({"max_age": "60"}) == [("max_age",)]
    assert faults_in({"terms": {"户籍": None}}) == [("terms", "户籍")]
    assert (
        faults_in({"terms": {"allowed_groups": {"value": ["unemployed", "本市户口"]}}})
        == [("terms", "allowed_groups", "value", 1)] * 2
    )  # of this city, and by hukou
    assert faults_in({"terms": {"allowed_groups": {"value": [], "参保": "是"}}}) == [
        ("terms", "allowed_groups", "参保")
    ]
    assert faults_in({"terms": {"allowed_groups": {"note": "只收60岁以下的"}}}) == [("terms", "allowed_groups", "note")]


def test_only_what_is_forbidden_is_refused() -> None:
    assert guard.forbidden_in("LN", ()) == frozenset(guard.ALL)
    assert guard.forbidden_in("CQ", ()) == frozenset()
    assert guard.forbidden_in("CQ", ("hukou",)) == frozenset({"hukou"})
    assert faults_in({"max_age": "60"}, frozenset({"hukou"})) == []


@given(
    st.sampled_from(TRICKY), st.sampled_from(["", "_", "-", " ", "\u3000", "·"]), st.sampled_from(["", "要求", "限"])
)
def test_signs_around_a_word_hide_nothing(case: tuple[str, str], sign: str, more: str) -> None:
    word, kind = case
    assert kind in guard.kinds_of(f"{more}{sign}{word}{sign}{more}")
