"""The platform verifies certificates, keeps the register of assessors and publishes tables of credits."""

import uuid

import pytest
from flask.testing import FlaskClient

from lms.domain.assessors import Act
from lms.parts import Parts
from tests.support.browser import post, session_for
from tests.support.cast import Cast
from tests.support.skills import FILING, NOTE, PAPER, ROWS, TABLE, Desk

REGISTER, TABLES = "/platform/assessors/", "/platform/credits/"
FILING_FORM = {
    "code": FILING.code, "name": FILING.name, "number": FILING.number, "authority": FILING.authority,
    "from_on": "2026-01-01", "until_on": "", "scopes": FILING.scopes,
}  # fmt: skip
TABLE_FORM = {
    "code": TABLE.code, "scheme": TABLE.scheme, "source": TABLE.source, "from_on": "2026-01-01", "until_on": "",
    "rows": ROWS.replace("{slug}", "small-course"),
}  # fmt: skip


@pytest.fixture
def admin(client: FlaskClient, parts: Parts, cast: Cast) -> FlaskClient:
    session_for(client, parts, cast.admin)
    return client


def test_a_certificate_is_looked_up_and_verified(admin: FlaskClient, parts: Parts, cast: Cast) -> None:
    one = Desk(parts, cast).enter()
    at = f"/platform/certificates/{one}"
    assert "李芳" in admin.get("/platform/certificates/").text
    assert PAPER.number not in admin.get(at).text
    assert post(admin, f"{at}/reveals", reason="短").status_code == 422
    shown = post(admin, f"{at}/reveals", reason="到官方网站上查这份证书的真假")
    assert PAPER.number in shown.text
    assert "到官方网站上查这份证书的真假" in admin.get(at).text
    answer = post(admin, f"{at}/words", at=at, word="verified", way="original", note=NOTE)
    assert answer.status_code == 422
    assert "看原件只能记" in answer.text
    assert post(admin, f"{at}/words", at=at, word="verified", way="register", note=NOTE).status_code == 303
    assert "不在评价机构名录里" in admin.get(at).text


def test_a_filing_is_entered_compared_and_suspended(admin: FlaskClient, parts: Parts, cast: Cast) -> None:
    assert "名录还是空的" in admin.get(REGISTER).text
    answer = post(admin, f"{REGISTER}new", **FILING_FORM)
    assert answer.status_code == 303, answer.text
    page = admin.get(answer.location).text
    assert "录入的人不能自己核对" in page
    at = answer.location
    assert post(admin, f"{at}/acts", at=at, act="list", on="2026-11-01", note=NOTE).status_code == 403
    desk = Desk(parts, cast)
    desk.act(uuid.UUID(at.rpartition("/")[2]), Act.LIST, desk.colleague())
    assert post(admin, f"{at}/acts", at=at, act="suspend", on="2099-01-01", note=NOTE).status_code == 422
    assert "在名录里" in admin.get(REGISTER).text


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("code", "1", "统一社会信用代码是 18 位"),
        ("scopes", "养老护理员", "第 1 行看不懂"),
        ("name", "", "请填写评价机构名称"),
        ("until_on", "2025-01-01", "备案的结束要晚于开始"),
        ("from_on", "", "请选择日期"),
    ],
)
def test_what_is_refused_of_a_filing_stands_at_its_field(admin: FlaskClient, field: str, value: str, told: str) -> None:
    answer = post(admin, f"{REGISTER}new", **{**FILING_FORM, field: value})
    assert (answer.status_code, told in answer.text) == (422, True)


def test_a_table_is_published_once_and_for_all(admin: FlaskClient) -> None:
    assert "没有表就不算学分" in admin.get(TABLES).text
    answer = post(admin, f"{TABLES}new", **TABLE_FORM)
    assert answer.status_code == 303, answer.text
    text = admin.get(answer.location).text
    assert "课程 small-course" in text
    assert "没有确认" in text
    assert "今天有效" in admin.get(TABLES).text
    again = post(admin, f"{TABLES}new", **{**TABLE_FORM, "code": "CQ-2026-2"})
    assert (again.status_code, "上一张表从" in again.text) == (422, True)
    wrong = post(admin, f"{TABLES}new", **{**TABLE_FORM, "rows": "a,b"})
    assert (wrong.status_code, "第 1 行看不懂" in wrong.text) == (422, True)
