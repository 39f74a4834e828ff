"""我的技能等级: she enters a certificate, sees what became of it, takes it back, and downloads the whole."""

import pytest
from flask.testing import FlaskClient

from lms.parts import Parts
from tests.support.browser import post, session_for
from tests.support.cast import Cast
from tests.support.skills import FORM, PAPER, Desk

PAGE, NEW = "/learn/skills/", "/learn/skills/certificates/new"


def test_a_certificate_is_entered_shown_and_taken_back(lifang: FlaskClient) -> None:
    assert "还没有算数的等级" in lifang.get(PAGE).text
    answer = post(lifang, NEW, **FORM)
    assert answer.status_code == 303, answer.text
    text = lifang.get(answer.location).text
    assert "初级工（五级）" in text
    assert "还没有核实" in text
    assert PAPER.number not in text
    assert "等核对" in lifang.get(PAGE).text
    assert post(lifang, f"{answer.location}/withdrawal", at=answer.location).status_code == 303
    assert "已撤回" in lifang.get(PAGE).text


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("kind", "special_skill", "证书种类和等级对不上"),
        ("kind", "palace", "请选择证书种类"),
        ("level", "9", "请选择等级"),
        ("level", "", "证书种类和等级对不上"),
        ("number", "1", "证书编号是 4 到 60 个字"),
        ("issuer_code", "91210100MA0AAAAAAX", "最后一位对不上"),
        ("issued_on", "2099-01-01", "发证日期不能在今天以后"),
        ("issued_on", "", "请选择日期"),
        ("valid_until", "2026-02-01", "有效期不能早于发证日期"),
    ],
)
def test_what_is_refused_stands_at_its_field(lifang: FlaskClient, field: str, value: str, told: str) -> None:
    answer = post(lifang, NEW, **{**FORM, field: value})
    assert answer.status_code == 422
    assert told in answer.text


def test_a_contract_of_apprenticeship_has_its_level_by_itself(lifang: FlaskClient) -> None:
    answer = post(lifang, NEW, **{**FORM, "kind": "apprenticeship", "level": ""})
    assert "学徒工" in lifang.get(answer.location).text


def test_she_downloads_the_whole(lifang: FlaskClient, parts: Parts, cast: Cast) -> None:
    Desk(parts, cast).enter()
    answer = lifang.get("/learn/skills/export")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="skills.json"'
    assert answer.json is not None
    assert (answer.json["format"], len(answer.json["certificates"])) == ("kangxue-skills/1", 1)


def test_it_is_nobody_elses(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    one = Desk(parts, cast).enter()
    session_for(client, parts, cast.chenmo)
    at = f"/learn/skills/certificates/{one}"
    assert client.get(at).status_code == 404
    assert post(client, f"{at}/withdrawal", at=PAGE).status_code == 404
