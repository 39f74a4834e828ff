"""A claim at the authority's desk: what is in doubt, with its values and where it is settled."""

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from lms.domain.claims.payees import Act
from lms.domain.claims.states import Act as ClaimAct
from lms.domain.eligibility.findings import Finding, Outcome
from lms.domain.subsidies import Doubt, ReasonCode
from lms.parts import Parts
from lms.services import claims, eligibility
from lms.services.claims import payees
from lms.services.claims.payees import Entered
from lms.web import doubt_words
from tests.support.browser import post, session_for
from tests.support.cast import Cast
from tests.support.claims import Claims, claims_desk

DESK = "/inspect/subsidies/claims/"
ID = "0190a6c8-0000-7000-8000-000000000001"
LISTED = {"kind": "student", "source": "市教育局", "as_of": "2026-11-01", "match": ID}
PATTERN = {"pattern": "account_shared", "flag": ID, "cohort": ID}
SANCTION = {"rung": "rectify", "number": "康整〔2026〕3号", "until": None}
WHY = {"reason": "E30", "words": "学时还差一点，请更正"}
DOUBTS = (
    (Doubt("outside_listed", ReasonCode.GROUP_EXCLUDED, LISTED), "“全日制在校学生”名单上（市教育局，2026年11月1日）"),
    (Doubt("outside_confirmed", ReasonCode.GROUP_EXCLUDED, LISTED), "核对过，属实"),
    (Doubt("pattern_open", ReasonCode.UNDER_INVESTIGATION, PATTERN), "多人的补贴进同一个账户，还没有人核实"),
    (Doubt("pattern_founded", ReasonCode.UNDER_INVESTIGATION, PATTERN), "多人的补贴进同一个账户，核实过，属实"),
    (Doubt("sanction_in_force", ReasonCode.UNDER_INVESTIGATION, SANCTION), "整改函 康整〔2026〕3号，截止：解除为止"),
)


@pytest.fixture
def desk(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Claims:
    return claims_desk(parts, cast, monkeypatch)


def doubted(desk: Claims, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eligibility tells of everybody all doubts there are."""
    found = tuple(
        Finding("investigation", Outcome.UNSURE, each.code, each.reason, "", dict(each.values)) for each, _ in DOUBTS
    )

    def told(*where: Any, **more: Any) -> Any:
        rows = desk.of_cohort(*where, **more)
        return [replace(each, assessment=replace(each.assessment, funding=found)) for each in rows]

    monkeypatch.setattr(eligibility, "of_cohort", told)


def test_the_office_reads_doubts_with_their_values_and_the_institution_their_kind(
    client: FlaskClient, desk: Claims, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubted(desk, monkeypatch)
    made = desk.filed()
    session_for(client, desk.parts, desk.places.linlan)
    text = client.get(f"{DESK}{made}").text
    for _doubt, words in DOUBTS:
        assert words in text
    assert f"/inspect/outside/matches/{ID}" in text
    assert f"/inspect/checks/{ID}" in text
    session_for(client, desk.parts, desk.cast.zhoumin)
    at = f"/institution/subsidies/claims/{made}"
    theirs = client.get(at).text
    assert "要人工看" in theirs
    assert not any(words in theirs for _doubt, words in DOUBTS)
    assert "市教育局" not in theirs
    assert "和外部名单比对" in theirs
    assert "属于不补贴的人员" not in theirs
    assert post(client, f"{at}/withdrawals", at=at, version="2", words="材料要重新整理").status_code == 303
    over = client.get(at).text
    assert "审核前标出来给人看的" in over
    assert "要人工看" not in over


def test_a_criterion_in_doubt_is_told_in_words(client: FlaskClient, desk: Claims) -> None:
    desk.told = {desk.cast.enrollment: {"outcome": Outcome.UNSURE}}
    made = desk.filed()
    session_for(client, desk.parts, desk.places.linlan)
    assert "一共 30 学时，要求 40 学时，还不够。" in client.get(f"{DESK}{made}").text
    session_for(client, desk.parts, desk.cast.zhoumin)
    theirs = client.get(f"/institution/subsidies/claims/{made}").text
    assert "一共 30 学时，要求 40 学时，还不够。" in theirs
    assert "学时不够" not in theirs


def test_an_account_in_another_name_is_told(client: FlaskClient, desk: Claims) -> None:
    made = desk.filed()
    with desk.parts.database.transaction() as session:
        who = (session, desk.parts.keyring, desk.cast.zhoumin, desk.cast.kangning)
        one = payees.enter(*who, Entered("李四", "云川银行", "6222000011112222"), now=desk.now)
        payees.decide(session, desk.maker, one, Act.CONFIRM, "", now=desk.now)
    session_for(client, desk.parts, desk.places.linlan)
    assert "收款账户（尾号 2222）的开户名和收款人的名字不一样。" in client.get(f"{DESK}{made}").text
    session_for(client, desk.parts, desk.cast.zhoumin)
    assert "收款账户对不上" in client.get(f"/institution/subsidies/claims/{made}").text


def test_a_code_of_another_time_is_told_by_its_reason() -> None:
    told = doubt_words.told({"code": "gone", "reason": "E90", "values": {}})
    assert told == doubt_words.Doubted("正在调查")


def test_strangers_find_no_claim(client: FlaskClient, desk: Claims) -> None:
    made = desk.filed()
    session_for(client, desk.parts, desk.places.weiguang)
    assert client.get(f"{DESK}{made}").status_code == 404


def test_what_was_typed_stays_in_its_form_alone(client: FlaskClient, desk: Claims) -> None:
    made = desk.filed()
    line, _place = desk.lines(made)[0]
    session_for(client, desk.parts, desk.places.linlan)
    at = f"{DESK}{made}"
    assert "<details open>" not in client.get(at).text
    told = {"version": "2", "line": str(line.id), "act": "refuse_line", "words": "名单和签到对不上"}
    page = post(client, f"{at}/decisions", at=at, **told)
    assert page.status_code == 422
    assert page.text.count("<details open>") == 1
    assert page.text.count('value="名单和签到对不上"') == 1
    assert '<option value="refuse_line" selected>' in page.text
    page = post(client, f"{at}/returns", at=at, version="2", words="找 19900000001")
    assert page.status_code == 422
    assert page.text.count("<details open>") == 1
    assert page.text.count('value="找 19900000001"') == 1


def test_nothing_is_chosen_of_a_call_or_a_refusal_before_she_chooses(client: FlaskClient, desk: Claims) -> None:
    made = desk.filed()
    line, _place = desk.lines(made)[0]
    desk.act(claims.draw, desk.places.linlan, made, wanted=1, seed="ab" * 16)
    session_for(client, desk.parts, desk.places.linlan)
    page = client.get(f"{DESK}{made}").text
    for name in ("result", "reason"):
        begin = page.index(f'name="{name}"')
        options = page[begin : page.index("</select>", begin)]
        assert "请选择" in options.partition("</option>")[0]
        assert "selected" not in options
    desk.act(claims.decide_line, desk.places.linlan, made, line_id=line.id, act=ClaimAct.RETURN_LINE, **WHY)
    page = client.get(f"{DESK}{made}").text
    begin = page.index('value="admit_line"')
    assert 'name="reason"' not in page[begin : page.index("</form>", begin)]
