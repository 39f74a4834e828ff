"""Identity at the browser: 周敏 proposes, asks and reveals; others decide; strangers find nothing."""

import uuid

import pytest
from flask.testing import FlaskClient

from lms.parts import Parts
from tests.support.browser import csrf_token, post, session_for
from tests.support.cast import Cast
from tests.support.identity import CHENMO, FREE, LIFANG, NOTE, REASON, Office

DESK = "/institution/identity/"


@pytest.fixture
def admin(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> FlaskClient:
    """The platform's staff at a browser of their own."""
    made = zhoumin.application.test_client()
    session_for(made, parts, cast.admin)
    return made


def page(cast: Cast) -> str:
    return f"/institution/learners/{cast.enrollment}/identity"


def propose(client: FlaskClient, cast: Cast, query: str, **fields: str) -> str:
    """Sends the form; the address of the change, or the page that says what is wrong."""
    answer = post(client, f"{page(cast)}/changes?{query}", reason=REASON, **fields)
    assert answer.status_code in (303, 422)
    return str(answer.location) if answer.status_code == 303 else answer.text


def decide(client: FlaskClient, url: str, **fields: object) -> int:
    wanted = {"decision": "approved", "note": NOTE, "sure": "1", **fields}
    return post(client, f"{url}/decision", at=url, **wanted).status_code


def test_everything_is_masked_until_a_reason_is_given(zhoumin: FlaskClient, cast: Cast) -> None:
    assert page(cast) in zhoumin.get(f"/institution/learners/{cast.enrollment}").text
    shown = zhoumin.get(page(cast)).text
    assert "219999********0026" in shown
    assert "格式通过" in shown
    assert "行政区划" in shown
    assert LIFANG not in shown
    form = f"{page(cast)}/reveals"
    assert LIFANG not in zhoumin.get(form).text
    assert "10 到 500" in post(zhoumin, form, field="number", purpose="claim", reason="看").text
    assert LIFANG not in post(zhoumin, form, field="number", purpose="", reason=REASON).text
    seen = post(zhoumin, form, field="number", purpose="claim", reason=REASON)
    assert LIFANG in seen.text
    assert "no-store" in seen.headers["Cache-Control"]
    assert "19900000001" in post(zhoumin, form, field="phone", purpose="contact", reason=REASON).text
    assert LIFANG not in zhoumin.get(form).text
    assert "已看过 2 次" in zhoumin.get(page(cast)).text
    told = zhoumin.get(f"{DESK}reveals").text
    assert REASON in told
    assert LIFANG not in told


def test_the_learner_and_the_inspector_read_who_saw_it(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    post(zhoumin, f"{page(cast)}/reveals", field="number", purpose="claim", reason=REASON)
    other = zhoumin.application.test_client()
    session_for(other, parts, cast.wujian)
    assert REASON in other.get(f"/inspect/institutions/{cast.kangning}/reveals").text
    session_for(other, parts, cast.lifang)
    mine = other.get("/learn/identity").text
    for words in (REASON, "周敏", "康宁养老服务中心", "申报补贴", "219999********0026"):
        assert words in mine
    session_for(other, parts, cast.chenmo)
    assert REASON not in other.get("/learn/identity").text
    session_for(other, parts, cast.wanglei)
    assert "还没有登记" in other.get("/learn/identity").text


def test_a_name_from_the_form_to_the_second_persons_yes(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    assert "没有要核对的" in zhoumin.get(DESK).text
    assert "和现在登记的一样" in propose(zhoumin, cast, "kind=name", after="李芳")
    assert "请填写姓名" in propose(zhoumin, cast, "kind=name", after=" ")
    url = propose(zhoumin, cast, "kind=name", after="李方")
    assert "请让另一位工作人员来" in zhoumin.get(url).text
    colleague = Office(parts, cast).colleague()
    other = zhoumin.application.test_client()
    session_for(other, parts, colleague)
    assert decide(other, url, note="短") == 422
    assert decide(other, url, sure="") == 422
    assert decide(other, url) == 303
    assert "李方的身份信息" in zhoumin.get(page(cast)).text
    assert "用过的姓名" in zhoumin.get(page(cast)).text
    assert "李芳 → 李方" in zhoumin.get(DESK).text


def test_a_number_is_decided_at_the_platform(zhoumin: FlaskClient, admin: FlaskClient, cast: Cast) -> None:
    right = f"kind=number&document={cast.lifang.person_id}"
    assert "有一位写错了" in propose(zhoumin, cast, right, document_type="resident_id", after="509999199006150034")
    url = propose(zhoumin, cast, right, document_type="resident_id", after=FREE)
    assert "由平台的工作人员核对" in zhoumin.get(url).text
    desk = url.replace("/institution/", "/platform/")
    assert "李芳" in admin.get("/platform/identity/").text
    shown = admin.get(desk).text
    assert "219999********0026" in shown
    assert "509999********0033" in shown
    assert "另一份记录" not in shown
    assert decide(admin, desk) == 303
    assert "509999********0033" in zhoumin.get(page(cast)).text


def test_numbers_that_look_alike_when_masked_are_told_apart(zhoumin: FlaskClient, cast: Cast) -> None:
    right = f"kind=number&document={cast.lifang.person_id}"
    url = propose(zhoumin, cast, right, document_type="resident_id", after="219999198501280026")
    for address in (url, DESK, page(cast)):
        assert "不同的几位被遮住了" in zhoumin.get(address).text, address
    assert "不同的几位" not in zhoumin.get(propose(zhoumin, cast, right, document_type="resident_id", after=FREE)).text


def test_a_number_of_another_person_joins_two(
    zhoumin: FlaskClient, admin: FlaskClient, parts: Parts, cast: Cast
) -> None:
    url = propose(zhoumin, cast, "kind=document", document_type="resident_id", after=CHENMO)
    assert "陈默" not in zhoumin.get(url).text
    desk = url.replace("/institution/", "/platform/")
    shown = admin.get(desk).text
    assert "陈默" in shown
    assert "安和护理院" in shown
    token = csrf_token(admin, desk)
    unchosen = {"csrf_token": token, "decision": "approved", "note": NOTE, "sure": "1"}
    answer = admin.post(f"{desk}/decision", data=unchosen)
    assert (answer.status_code, "请选以后用哪一份登记" in answer.text) == (422, True)
    assert decide(admin, desk, living="nonsense") == 422
    assert decide(admin, desk, living=str(cast.lifang.person_id)) == 303
    told = zhoumin.get(url).text + zhoumin.get(page(cast)).text
    assert "219999********0018" in told
    assert "陈默" not in told
    assert "安和" not in told
    her = zhoumin.application.test_client()
    for who in (cast.lifang, cast.chenmo):
        session_for(her, parts, who)
        assert "您登记过不止一份" in her.get("/learn/identity").text


def test_other_documents_in_the_form(zhoumin: FlaskClient, cast: Cast) -> None:
    wrong = propose(zhoumin, cast, "kind=document", document_type="hk_macao_permit", after="A12345678")
    assert "H 或 M 加 8 位数字" in wrong
    assert DESK in propose(zhoumin, cast, "kind=document", document_type="passport", after="KOR/M12345678")


def test_a_check_is_asked_for_and_its_state_told(zhoumin: FlaskClient, cast: Cast) -> None:
    document = f"{page(cast)}/documents/{cast.lifang.person_id}"
    assert post(zhoumin, f"{document}/checks", at=page(cast)).status_code == 303
    assert "正在核验" in zhoumin.get(page(cast)).text
    assert post(zhoumin, f"{document}/checks", at=page(cast)).status_code == 409


def test_dates_of_a_document(zhoumin: FlaskClient, cast: Cast) -> None:
    document = f"{page(cast)}/documents/{cast.lifang.person_id}"
    days = {"valid_from": "2006-01-01", "valid_until": "2026-01-01"}
    assert post(zhoumin, f"{document}/validity", at=page(cast), **days).status_code == 303
    assert "已过有效期" in zhoumin.get(page(cast)).text
    assert (
        post(zhoumin, f"{document}/validity", at=page(cast), valid_from="2026-01-01", valid_until="x").status_code
        == 422
    )
    turned = {"valid_from": "2026-01-01", "valid_until": "2006-01-01"}
    assert post(zhoumin, f"{document}/validity", at=page(cast), **turned).status_code == 422
    assert post(zhoumin, f"{document}/prints", at=page(cast)).status_code == 303


def test_strangers_find_nothing(zhoumin: FlaskClient, admin: FlaskClient, parts: Parts, cast: Cast) -> None:
    url = propose(zhoumin, cast, "kind=name", after="李方")
    stranger = zhoumin.application.test_client()
    session_for(stranger, parts, cast.sunyue)
    document = f"{page(cast)}/documents/{cast.lifang.person_id}"
    gets = [page(cast), f"{page(cast)}/reveals", f"{page(cast)}/changes?kind=name", url]
    for address in gets:
        assert stranger.get(address).status_code == 404, address
    assert zhoumin.get(f"{page(cast)}/changes?document={cast.chenmo.person_id}").status_code == 404
    assert zhoumin.get(f"{page(cast)}/changes?document=x").status_code == 404
    token = {"csrf_token": csrf_token(stranger, "/institution/")}
    reveal = {"field": "number", "purpose": "claim", "reason": REASON}
    wanted = {"decision": "approved", "note": NOTE, "sure": "1"}
    posts = [
        (f"{page(cast)}/reveals", reveal),
        (f"{page(cast)}/changes?kind=name", {"after": "李坊", "reason": REASON}),
        (f"{url}/decision", wanted),
        (f"{document}/checks", {}),
        (f"{document}/prints", {}),
        (f"{document}/validity", {}),
    ]
    for address, fields in posts:
        answer = stranger.post(address, data={**token, **fields})
        assert (answer.status_code, LIFANG in answer.text) == (404, False), address
    mine = {"csrf_token": csrf_token(zhoumin, "/institution/")}
    foreign = f"{page(cast)}/documents/{cast.chenmo.person_id}"
    for kind in ("checks", "prints", "validity"):
        assert zhoumin.post(f"{foreign}/{kind}", data=mine).status_code == 404
    assert "李芳" not in stranger.get(DESK).text
    assert "李芳" not in stranger.get(f"{DESK}reveals").text
    for address in ("/platform/identity/", url.replace("/institution/", "/platform/")):
        assert zhoumin.get(address).status_code == 403
    assert admin.get(f"/platform/identity/{uuid.uuid4()}").status_code == 404
    session_for(stranger, parts, cast.wujian)
    assert stranger.get(f"/inspect/institutions/{cast.anhe}/reveals").status_code == 404
    assert stranger.get(page(cast)).status_code == 403
