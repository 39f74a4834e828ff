"""A claim at the institution's browser: tried, made, filed by another, withdrawn; a stranger finds nothing."""

import csv
import io
from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock
from lms.domain.eligibility.findings import Outcome
from lms.domain.roles import Role
from lms.models.audit import AuditEvent
from lms.parts import Parts
from lms.services import claims
from lms.services.claims import notice_seam, payees
from tests.support.browser import post, session_for
from tests.support.cast import NOON, Cast
from tests.support.claims import NUMBERS, Claims, claims_desk

DESK = "/institution/subsidies/claims/"


@pytest.fixture(autouse=True)
def in_winter() -> Iterator[None]:
    """The views read the clock themselves, and a claim's steps go forward in time."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def desk(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Claims:
    return claims_desk(parts, cast, monkeypatch)


def test_made_by_one_and_filed_by_another(client: FlaskClient, desk: Claims) -> None:
    no = desk.enroll(desk.cast.cohort, "学员甲", NUMBERS[0])
    desk.told = {no: {"outcome": Outcome.UNMET}}
    session_for(client, desk.parts, desk.maker)
    assert "可以申请的班期" in client.get(DESK).text
    tried = f"{DESK}new?cohort={desk.cast.cohort}"
    assert "1,000.00" in client.get(tried).text
    answer = post(client, DESK, at=tried, cohort=str(desk.cast.cohort), kind="training")
    page = answer.headers["Location"]
    text = client.get(page).text
    assert all(each in text for each in ("李芳", "学员甲", "学时不够", "请另一位工作人员"))
    assert post(client, f"{page}/submissions", at=page, version="1", committed="yes").status_code == 403
    session_for(client, desk.parts, desk.cast.zhoumin)
    assert post(client, f"{page}/submissions", at=page, version="1").status_code == 422
    assert post(client, f"{page}/submissions", at=page, version="1", committed="yes").status_code == 303
    assert "等初审" in client.get(page).text
    for paper, word in (("application", "真实性承诺"), ("people", "证书编号")):
        sheet = client.get(f"{page}/{paper}.csv").get_data(as_text=True)
        assert all(each in sheet for each in (word, "1,000.00", "养老护理员"))
    assert post(client, f"{page}/withdrawals", at=page, version="2", words="材料要重新整理").status_code == 303
    assert "机构已撤回" in client.get(page).text


def test_one_left_out_with_a_reason_and_assembled_anew(client: FlaskClient, desk: Claims) -> None:
    desk.enroll(desk.cast.cohort, "学员甲", NUMBERS[0])
    made = desk.make()
    first, _second = (line for line, _place in desk.lines(made))
    session_for(client, desk.parts, desk.maker)
    page = f"{DESK}{made}"
    told = {"version": "1", "line": str(first.id)}
    assert post(client, f"{page}/omissions", at=page, **told, words="").status_code == 422
    assert post(client, f"{page}/omissions", at=page, **told, words="本人不愿意申请").status_code == 303
    assert post(client, f"{page}/assemblies", at=page, version="2").status_code == 303
    assert "本人不愿意申请" in client.get(page).text
    assert len(desk.lines(made)) == 1
    back = f"{page}/readmissions"
    assert post(client, back, at=page, version="3").status_code == 404
    (line, _place) = desk.lines(made)[0]
    assert post(client, back, at=page, version="3", enrollment=str(line.enrollment_id)).status_code == 404
    assert post(client, back, at=page, version="3", enrollment=str(first.enrollment_id)).status_code == 303
    assert len(desk.lines(made)) == 2
    desk.now = clock.now()
    desk.act(claims.file, desk.cast.zhoumin, made, committed=True)
    assert post(client, back, at=page, version="5", enrollment=str(first.enrollment_id)).status_code == 422


def test_a_rival_is_told_without_a_name(client: FlaskClient, desk: Claims) -> None:
    assert desk.cast.lifang.person_id
    with desk.parts.database.transaction() as session:
        desk.seat(session, desk.cast.foreign_cohort, desk.cast.lifang.person_id)
    desk.make()
    theirs = desk.make(desk.cast.foreign_cohort, desk.other_maker)
    session_for(client, desk.parts, desk.other_maker)
    text = client.get(f"{DESK}{theirs}").text
    assert "已有申请" in text
    assert "康宁" not in text
    found = desk.view(theirs, desk.other_maker)
    assert [each.reasons for each in found.omissions if each.cause == "taken"] == [("E70",)]


def test_strangers_find_nothing(client: FlaskClient, desk: Claims) -> None:
    made = desk.make()
    session_for(client, desk.parts, desk.other_maker)
    assert client.get(f"{DESK}{made}").status_code == 404
    assert client.get(f"{DESK}new?cohort={desk.cast.cohort}").status_code == 404
    assert post(client, f"{DESK}{made}/withdrawals", at=DESK, version="1", words="不是我们的").status_code == 404


def test_the_office_reviews_line_by_line(client: FlaskClient, desk: Claims) -> None:
    made = desk.filed()
    page = f"/inspect/subsidies/claims/{made}"
    session_for(client, desk.parts, desk.places.linlan)
    assert "职业培训补贴" in client.get("/inspect/subsidies/claims/").text
    assert "看学习记录和证据" in client.get(page).text
    assert post(client, f"{page}/samples", at=page, version="2", wanted="0").status_code == 422
    assert post(client, f"{page}/samples", at=page, version="2", wanted="1").status_code == 303
    (draw,) = desk.view(made, desk.places.linlan, Role.OFFICER).draws
    ((line, _place),) = desk.lines(made)
    call = {"version": "3", "sample": str(draw.id), "line": str(line.id), "result": "confirmed"}
    assert post(client, f"{page}/calls", at=page, **call).status_code == 303
    told = {"version": "4", "line": str(line.id), "act": "refuse_line", "words": "学时记录对不上"}
    assert post(client, f"{page}/decisions", at=page, **told).status_code == 422
    assert post(client, f"{page}/decisions", at=page, **told, reason="E30").status_code == 303
    again = {"version": "5", "line": str(line.id), "act": "admit_line", "words": "核对过了没有问题"}
    assert post(client, f"{page}/decisions", at=page, **again).status_code == 303
    assert post(client, f"{page}/first-reviews", at=page, version="6").status_code == 303
    assert post(client, f"{page}/second-reviews", at=page, version="7").status_code == 403
    session_for(client, desk.parts, desk.places.gaoyuan)
    assert post(client, f"{page}/second-reviews", at=page, version="7").status_code == 303
    assert "公示中" in client.get(page).text
    assert post(client, f"{page}/debts", at=page, version="8").status_code == 422


def test_the_office_returns_and_refuses(client: FlaskClient, desk: Claims) -> None:
    made = desk.filed()
    page = f"/inspect/subsidies/claims/{made}"
    session_for(client, desk.parts, desk.places.linlan)
    assert post(client, f"{page}/returns", at=page, version="2", words="证书编号请再核对").status_code == 303
    desk.now = clock.now()
    desk.act(claims.refresh, desk.cast.zhoumin, made)
    desk.act(claims.file, desk.maker, made, committed=True)
    desk.act(claims.pass_first, desk.places.gaoyuan, made)
    told = {"version": "6", "reason": "E90", "words": "正在调查这家机构"}
    assert post(client, f"{page}/refusals", at=page, **told).status_code == 303
    assert desk.state(made) == "refused"
    session_for(client, desk.parts, desk.places.weiguang)
    assert client.get(page).status_code == 404


def test_who_stands_over_both_sees_both(client: FlaskClient, desk: Claims) -> None:
    assert desk.cast.lifang.person_id
    with desk.parts.database.transaction() as session:
        desk.seat(session, desk.cast.foreign_cohort, desk.cast.lifang.person_id)
    desk.filed()
    theirs = desk.make(desk.cast.foreign_cohort, desk.other_maker)
    desk.act(claims.file, desk.cast.sunyue, theirs, committed=True)
    session_for(client, desk.parts, desk.places.linlan)
    text = client.get("/inspect/subsidies/claims/").text
    assert all(each in text for each in ("先申请", "康宁", "安和"))
    session_for(client, desk.parts, desk.places.weiguang)
    west = client.get("/inspect/subsidies/claims/").text
    assert "不在您管辖范围内的机构" in west
    assert "康宁" not in west


NUMBER, MASKED = "219999198501010026", "219999********0026"
PEOPLE = [
    *("序号", "姓名", "证件号", "性别", "电话", "人员类别", "职业（工种）", "等级", "课时", "起止日期", "证书编号"),
    *("发证日期", "标准（元）", "金额（元）", "收款人/社保卡", "本年度第几次", "累计第几次", "审核结论", "原因代码"),
]


def sheet(client: FlaskClient, address: str) -> list[dict[str, str]]:
    text = client.get(address).get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def exports_of(desk: Claims) -> list[AuditEvent]:
    with desk.parts.database.transaction(write=False) as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.action == "report.export")))


@pytest.fixture
def banked(desk: Claims) -> Claims:
    """The institution has an account in force, by two of its staff."""
    with desk.parts.database.transaction() as session:
        typed = payees.Entered("康宁养老服务中心", "测试银行营业部", "6222000000000019")
        made = payees.enter(session, desk.parts.keyring, desk.maker, desk.cast.kangning, typed, now=desk.now)
        payees.decide(session, desk.cast.zhoumin, made, payees.Act.CONFIRM, "", now=desk.now)
    return desk


def test_the_forms_hold_the_official_columns_with_hidden_numbers(client: FlaskClient, banked: Claims) -> None:
    made = banked.filed()
    for actor, base in ((banked.maker, DESK), (banked.places.linlan, "/inspect/subsidies/claims/")):
        session_for(client, banked.parts, actor)
        (person,) = sheet(client, f"{base}{made}/people.csv")
        assert list(person) == PEOPLE
        told = [person[each] for each in ("姓名", "证件号", "性别", "本年度第几次", "累计第几次", "收款人/社保卡")]
        assert told == ["李芳", MASKED, "女", "1", "1", "康宁养老服务中心 尾号 0019"]
        assert person["人员类别"] == ""
        (asked,) = sheet(client, f"{base}{made}/application.csv")
        assert (asked["开户名"], asked["开户行"], asked["账号"]) == ("康宁养老服务中心", "测试银行营业部", "尾号 0019")
        assert (asked["申请人数"], asked["金额（元）"], asked["经办人"]) == ("1", "1,000.00", "周敏")
        assert asked["负责人签章"] == ""
        for paper in ("application", "people"):
            assert client.get(f"{base}{made}/{paper}.pdf").data.startswith(b"%PDF-")
            assert client.get(f"{base}{made}/{paper}.xlsx").data.startswith(b"PK")
    assert all(each.detail["masked"] for each in exports_of(banked))


def test_whole_numbers_need_a_purpose_and_leave_a_row(client: FlaskClient, banked: Claims) -> None:
    made = banked.filed()
    for actor, base in ((banked.maker, DESK), (banked.places.linlan, "/inspect/subsidies/claims/")):
        session_for(client, banked.parts, actor)
        page = f"{base}{made}/people/full"
        assert "完整的号码" in client.get(page).text
        assert post(client, page, at=page, file_format="csv").status_code == 422
        assert post(client, page, at=page, file_format="csv", purpose=NUMBER).status_code == 422
        sent = post(client, page, at=page, file_format="csv", purpose="送区人社局审核")
        (person,) = csv.DictReader(io.StringIO(sent.get_data().decode("utf-8-sig"), newline=""))
        assert (person["证件号"], person["收款人/社保卡"]) == (NUMBER, "康宁养老服务中心 6222000000000019")
        told = [(each.detail["masked"], each.detail["purpose"]) for each in exports_of(banked)]
        assert told[-1] == (False, "送区人社局审核")
    session_for(client, banked.parts, banked.other_maker)
    assert client.get(f"{DESK}{made}/people/full").status_code == 404
    session_for(client, banked.parts, banked.places.weiguang)
    assert client.get(f"/inspect/subsidies/claims/{made}/people.csv").status_code == 404


def test_what_is_due_stands_first_at_the_office(
    client: FlaskClient, desk: Claims, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, due = desk.noticed(), "公示期满，可以转为应付"
    session_for(client, desk.parts, desk.places.gaoyuan)
    page = f"/inspect/subsidies/claims/{made}"
    assert due not in client.get("/inspect/subsidies/claims/").text
    assert due not in client.get(page).text
    monkeypatch.setattr(notice_seam, "notice_is_over", lambda *_args: True)
    assert due in client.get("/inspect/subsidies/claims/").text
    assert due in client.get(page).text
    assert post(client, f"{page}/debts", at=page, version="4").status_code == 303
    assert desk.state(made) == "owed"
    assert due not in client.get("/inspect/subsidies/claims/").text
