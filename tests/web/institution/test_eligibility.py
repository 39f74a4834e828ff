"""A dry run before a claim, and evidence of groups entered and seen at an institution."""

import re

import pytest
from flask.testing import FlaskClient

from lms.domain.subsidies import Doubt, ReasonCode
from lms.parts import Parts
from lms.web.eligibility_words import CRITERIA, FINDINGS
from tests.support.browser import errors_at, post, session_for
from tests.support.cast import Cast
from tests.support.noticed import Board, colleague
from tests.support.subsidised import NOTE, Funded, Seams

AT = "/institution/subsidies/"
GROUPS = "/institution/groups/"
PAPER = {"group": "unemployed", "paper": "unemployment_register", "number": "SY2026001", "valid_from": "2026-01-01"}


@pytest.fixture
def seams(monkeypatch: pytest.MonkeyPatch) -> Seams:
    made = Seams()
    made.fit(monkeypatch)
    return made


def test_every_finding_is_worded() -> None:
    from pathlib import Path

    import lms.domain.eligibility as rules

    source = "".join(path.read_text() for path in Path(rules.__file__).parent.glob("*.py"))
    called = re.findall(r"\b(?:met|unmet|unsure|silent|tell)\(\s*\"(\w+)\",\s*\"(\w+)\"", source)
    codes = {code for _, code in called} | set(re.findall(r"code = \"(\w+)\"", source))
    assert len(codes) > 60
    assert codes - set(FINDINGS) == set()
    assert {criterion for criterion, _ in called} <= set(CRITERIA)


def test_a_class_is_judged_before_a_claim(zhoumin: FlaskClient, parts: Parts, cast: Cast, seams: Seams) -> None:
    Funded(parts, cast).approve()
    assert "测试政策" in zhoumin.get(AT).text
    text = zhoumin.get(f"{AT}classes/{cast.cohort}").text
    assert "李芳" in text
    assert "现在不能申请" in text
    assert "证书" in text
    assert zhoumin.get(f"{AT}classes/{cast.cohort}?kind=living").status_code == 200
    assert zhoumin.get(f"{AT}classes/{cast.cohort}?kind=gift").status_code == 404


def test_a_learner_has_the_whole_tree(zhoumin: FlaskClient, parts: Parts, cast: Cast, seams: Seams) -> None:
    Funded(parts, cast).approve()
    her = cast.lifang.person_id
    assert her
    seams.persons = {her: [Doubt("outside", ReasonCode.GROUP_EXCLUDED, {"list": "安和养老院"})]}
    text = zhoumin.get(f"{AT}learners/{cast.enrollment}").text
    for words in ("培训补贴", "生活费", "评价（鉴定）补贴", "班期已备案", "财社〔2023〕181号", "和外部名单比对"):
        assert words in text
    assert "安和" not in text
    assert f"/institution/learners/{cast.enrollment}" in text


def test_a_class_without_a_policy_says_so(zhoumin: FlaskClient, cast: Cast) -> None:
    assert "没有补贴政策" in zhoumin.get(AT).text
    for address in (f"classes/{cast.cohort}", f"learners/{cast.enrollment}"):
        assert "这个班没有补贴政策" in zhoumin.get(AT + address).text


def test_evidence_is_entered_and_taken_back(zhoumin: FlaskClient, cast: Cast) -> None:
    at = f"{GROUPS}learners/{cast.enrollment}/new"
    assert post(zhoumin, at, **PAPER | {"paper": "diploma"}).status_code == 422
    answer = post(zhoumin, at, **PAPER)
    assert answer.status_code == 303, answer.text
    page = zhoumin.get(answer.location).text
    assert "城镇登记失业人员" in page
    assert "SY2026001" not in page
    assert "请让另一位工作人员来" in page
    assert "撤回以后不能恢复" in page
    assert "李芳" in zhoumin.get(GROUPS).text
    said = post(zhoumin, f"{answer.location}/words", at=answer.location, word="seen", note=NOTE)
    assert said.status_code == 403
    assert post(zhoumin, f"{answer.location}/withdrawal", at=answer.location).status_code == 303
    assert "已撤回" in zhoumin.get(answer.location).text


def test_a_word_that_is_too_short_is_told_at_its_field(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    at = f"{GROUPS}{Funded(parts, cast).enter()}"
    session_for(client, parts, colleague(Board(parts, cast)))
    refused = post(client, f"{at}/words", at=at, word="seen", note="看过")
    assert refused.status_code == 422
    assert errors_at(refused.text) == {"note"}


def test_it_is_nobody_elses(client: FlaskClient, parts: Parts, cast: Cast, seams: Seams) -> None:
    one = Funded(parts, cast).enter()
    session_for(client, parts, cast.sunyue)
    addresses = (f"{AT}classes/{cast.cohort}", f"{AT}learners/{cast.enrollment}", f"{GROUPS}{one}")
    for address in (*addresses, f"{GROUPS}learners/{cast.enrollment}/new"):
        assert client.get(address).status_code == 404, address
    for address in (f"{GROUPS}{one}/words", f"{GROUPS}{one}/withdrawal"):
        assert post(client, address, at=GROUPS, word="seen", note=NOTE).status_code == 404, address
