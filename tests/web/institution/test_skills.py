"""An institution enters a learner's certificate, has the original seen by another, and never decides."""

from flask.testing import FlaskClient

from lms.domain.qualifications import State
from lms.parts import Parts
from tests.support.browser import post, session_for
from tests.support.cast import Cast
from tests.support.skills import FORM, NOTE, Desk

DESK = "/institution/certificates/"


def test_a_certificate_is_entered_for_a_learner(zhoumin: FlaskClient, cast: Cast) -> None:
    at = f"/institution/learners/{cast.enrollment}/skills"
    assert "还没有算数的等级" in zhoumin.get(at).text
    answer = post(zhoumin, f"{at}/new", **FORM)
    assert answer.status_code == 303, answer.text
    page = zhoumin.get(answer.location).text
    assert "录入的人" in page
    assert "记下结论" not in page
    assert "李芳" in zhoumin.get(DESK).text
    assert "初级工" in zhoumin.get(at).text
    assert zhoumin.get(f"{at}/export").json["format"] == "kangxue-skills/1"  # type: ignore[index]
    assert post(zhoumin, f"{answer.location}/withdrawal", at=answer.location).status_code == 303


def test_an_original_is_seen(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    one = Desk(parts, cast).enter()
    at = f"{DESK}{one}"
    assert post(zhoumin, f"{at}/words", at=at, word="seen", way="original", note="短").status_code == 422
    assert post(zhoumin, f"{at}/words", at=at, word="verified", way="register", note=NOTE).status_code == 403
    assert post(zhoumin, f"{at}/words", at=at, word="seen", way="original", note=NOTE).status_code == 303
    text = zhoumin.get(at).text
    assert "机构看过原件" in text
    assert NOTE in text
    Desk(parts, cast).say(one, State.VERIFIED)
    assert "已核实" in zhoumin.get(DESK).text


def test_it_is_nobody_elses(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    one = Desk(parts, cast).enter()
    session_for(client, parts, cast.sunyue)
    hers = f"/institution/learners/{cast.enrollment}/skills"
    for address in (f"{DESK}{one}", hers, f"{hers}/export"):
        assert client.get(address).status_code == 404
    for address in (f"{DESK}{one}/words", f"{DESK}{one}/withdrawal", f"{hers}/new"):
        assert post(client, address, at=DESK).status_code == 404
