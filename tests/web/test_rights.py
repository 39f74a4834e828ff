"""Rights over own data at the browser: the first minutes, her page, her file, her statement; the desks that answer."""

import re
import uuid
from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import delete

from lms import worker
from lms.domain.notices import Purpose
from lms.domain.rights import Asked
from lms.models.practice import Consent
from lms.models.rights import Activation, MonthlyStatement
from lms.parts import Parts
from lms.services import jobs, rights
from lms.services.scopes import Actor
from tests.support import edits
from tests.support.browser import post, session_for, sign_in
from tests.support.cast import NOON, Cast

WELCOME, MINE, STATEMENTS = "/learn/welcome/", "/learn/mine/", "/learn/statements/"
DESK, PLATFORM = "/institution/requests/", "/platform/requests/"
WORDS = "名字里的芳写错了，应该是方向的方"


@pytest.fixture(autouse=True)
def in_winter() -> Iterator[None]:
    """The views read the clock themselves."""
    with time_machine.travel(NOON):
        yield


def at(client: FlaskClient, parts: Parts, actor: Actor) -> FlaskClient:
    found = client.application.test_client()
    session_for(found, parts, actor)
    return found


@pytest.fixture
def fresh(parts: Parts, cast: Cast) -> None:
    """As if nobody had ever signed in before."""
    with parts.database.engine.begin() as connection:
        edits.unguarded(connection)
        for table in (Consent, Activation):
            connection.execute(delete(table))


def test_the_first_minutes_on_her_own_phone(client: FlaskClient, parts: Parts, cast: Cast, fresh: None) -> None:
    sign_in(client, cast, "lifang")
    assert client.get("/learn/").location == WELCOME
    page = client.get(WELCOME).text
    assert "告知书：您的信息怎么用" in page
    assert "data-read-aloud" in page
    assert post(client, f"{WELCOME}consents", at=WELCOME, purpose="nothing").status_code == 404
    assert post(client, f"{WELCOME}consents", at=WELCOME, purpose="notice").status_code == 303
    assert "单独问您：证件号码" in client.get(WELCOME).text
    post(client, f"{WELCOME}consents", at=WELCOME, purpose="identity_number", given="0")
    page = client.get(WELCOME).text
    assert ("李芳" in page, "219999********0026" in page) == (True, True)
    assert "219999198501010026" not in page
    zhoumin = at(client, parts, cast.zhoumin)
    assert "未激活" in zhoumin.get(f"/institution/cohorts/{cast.cohort}").text
    post(client, f"{WELCOME}activations", at=WELCOME)
    assert client.get(WELCOME).location == "/learn/"
    assert client.get("/learn/").status_code == 200
    assert "已激活" in zhoumin.get(f"/institution/cohorts/{cast.cohort}").text


def test_a_sign_in_goes_by_the_first_minutes_and_then_on(client: FlaskClient, cast: Cast, fresh: None) -> None:
    path = "/accounts/login?next=/learn/time"
    response = post(client, path, phone=cast.phones["lifang"], password="study-every-day-1")
    assert response.location == f"{WELCOME}?next=/learn/time"


def test_not_me_is_told_and_does_not_hold_her_up(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    lifang = at(client, parts, cast.lifang)
    assert post(lifang, f"{WELCOME}disputes", what="").status_code == 422
    assert post(lifang, f"{WELCOME}disputes", what="name", words=WORDS).status_code == 303
    zhoumin = at(client, parts, cast.zhoumin)
    page = zhoumin.get("/institution/cases/").text
    assert "学员说登记的信息不对" in page
    [case] = re.findall(r'href="(/institution/cases/[0-9a-f-]{36})"', page)
    assert "姓名不对" in zhoumin.get(case).text
    assert lifang.get("/learn/").status_code == 200


def test_her_page_names_rules_and_takes_a_consent_back(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    lifang = at(client, parts, cast.lifang)
    page = lifang.get(MINE).text
    for told in ("保存多少年没有查到规定", "网络安全法第二十一条", "219999********0026", "使用证件号码"):
        assert told in page
    notice = f"{MINE}notices/{Purpose.IDENTITY.value}"
    assert "收回同意" in lifang.get(notice).text
    assert post(lifang, f"{MINE}consents", at=notice, purpose="identity_number", given="0").status_code == 303
    assert "您没有同意" in lifang.get(notice).text
    assert post(lifang, f"{MINE}consents", at=notice, purpose="notice", given="0").status_code == 404
    assert lifang.get(f"{MINE}notices/nothing").status_code == 404


def test_her_file_is_made_fetched_and_nobody_elses(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    lifang, chenmo = at(client, parts, cast.lifang), at(client, parts, cast.chenmo)
    place = post(lifang, f"{MINE}exports", at=MINE).location
    assert "正在做" in lifang.get(place).text
    assert lifang.get(f"{place}/file").status_code == 404
    with parts.database.transaction(write=False) as session:
        job = jobs.find(session, f"rights-export:{place.rpartition('/')[2]}")
        assert job is not None
    worker.run(parts, job.id)
    assert "data-poll-done" in lifang.get(f"{place}/state").text
    response = lifang.get(f"{place}/file")
    assert (response.status_code, response.data[:2]) == (200, b"PK")
    assert response.headers["Cache-Control"] == "no-store"
    for path in (place, f"{place}/state", f"{place}/file"):
        assert chenmo.get(path).status_code == 404


def test_a_correction_goes_to_her_institution_and_comes_back(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    lifang, zhoumin, sunyue = (at(client, parts, who) for who in (cast.lifang, cast.zhoumin, cast.sunyue))
    ask = f"{MINE}requests/correction"
    assert post(lifang, ask, words="短").status_code == 422
    assert post(lifang, ask, words=WORDS).status_code == 303
    page = zhoumin.get(DESK).text
    assert "更正信息" in page
    [place] = re.findall(rf'href="({DESK}[0-9a-f-]{{36}})"', page)
    assert sunyue.get(place).status_code == 404
    answers = {"done": "1", "note": "核对了证件，已经改过来了"}
    assert post(sunyue, f"{place}/answers", at=DESK, **answers).status_code == 404
    assert post(zhoumin, f"{place}/answers", at=place, done="1", note="短").status_code == 422
    assert post(zhoumin, f"{place}/answers", at=place, **answers).status_code == 303
    assert "已经改过来了" in lifang.get(MINE).text


def test_a_deletion_takes_an_institution_and_the_platform(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    lifang, zhoumin, admin = (at(client, parts, who) for who in (cast.lifang, cast.zhoumin, cast.admin))
    period = {"code": "training_records", "months": "1", "source": "某市培训档案办法第三条", "confidence": "M"}
    for months in ("x", "9" * 5000):
        assert post(admin, f"{PLATFORM}retention", **{**period, "months": months}).status_code == 422
    assert post(admin, f"{PLATFORM}retention", **period).status_code == 303
    ask = f"{MINE}requests/deletion"
    assert "按规定，培训档案还不能删" in lifang.get(ask).text
    assert post(lifang, ask).status_code == 303
    assert "2100年1月31日" in lifang.get(MINE).text
    assert "另有 1 人要求删除信息" in zhoumin.get(f"/institution/cohorts/{cast.cohort}").text
    [request] = re.findall(rf'href="{DESK}([0-9a-f-]{{36}})"', zhoumin.get(DESK).text)
    assert "现在不能删除" in zhoumin.get(DESK + request).text
    assert post(zhoumin, f"{DESK}{request}/proposals", at=DESK).status_code == 422
    with time_machine.travel(date(2100, 3, 1)):
        zhoumin, admin = at(client, parts, cast.zhoumin), at(client, parts, cast.admin)
        assert post(zhoumin, f"{DESK}{request}/proposals", at=DESK + request).status_code == 303
        assert "等平台的工作人员" in zhoumin.get(DESK + request).text
        assert post(admin, f"{PLATFORM}{request}/approvals", at=PLATFORM + request).status_code == 303
        assert "李芳" not in admin.get(PLATFORM).text


def test_she_changes_her_mind_or_closes_her_account(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    lifang, chenmo = at(client, parts, cast.lifang), at(client, parts, cast.chenmo)
    post(lifang, f"{MINE}requests/deletion")
    [back] = re.findall(r'action="(/learn/mine/requests/[^"]+/withdrawal)"', lifang.get(MINE).text)
    assert post(chenmo, back, at="/learn/").status_code == 404
    assert post(lifang, back, at=MINE).status_code == 303
    assert post(lifang, f"{MINE}requests/closing").location == "/accounts/login"
    assert lifang.get(MINE).status_code == 302


def test_a_statement_is_shown_once_and_can_be_disputed(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    statement = stated(parts, cast)
    lifang, chenmo = at(client, parts, cast.lifang), at(client, parts, cast.chenmo)
    assert "看对账单" in lifang.get("/learn/").text
    place = f"{STATEMENTS}{statement}"
    assert "2026年10月" in lifang.get(STATEMENTS).text
    assert "1 分 30 秒" in lifang.get(place).text
    assert "看对账单" not in lifang.get("/learn/").text
    dispute = f"{place}/disputes/{cast.enrollment}"
    assert post(lifang, dispute, words="短").status_code == 422
    assert post(lifang, dispute, words=WORDS).location.startswith("/learn/cases/")
    assert post(lifang, dispute, words=WORDS).status_code == 422
    assert "您说过不对" in lifang.get(place).text
    assert chenmo.get(place).status_code == 404
    assert chenmo.get(dispute).status_code == 404
    assert lifang.get(f"{place}/disputes/{uuid.uuid4()}").status_code == 404


def stated(parts: Parts, cast: Cast) -> uuid.UUID:
    """A statement of October, as the worker writes it."""
    line = {
        "enrollment": str(cast.enrollment),
        "organisation": str(cast.kangning),
        "institution": "康宁养老服务中心",
        "cohort": "2026年冬季一班",
        "course": "问好",
        "course_en": "Hello",
        "days": 1,
        "credited_ms": 90_000,
        "confirmed_ms": 0,
        "hour_hundredths": 3,
        "policy": "base-2023",
    }
    made = uuid.uuid4()
    with parts.database.transaction() as session:
        session.add(
            MonthlyStatement(
                id=made, person_id=cast.lifang.person_id, month=date(2026, 10, 1), rows=[line], made_at=NOON
            )
        )
    return made


def test_an_account_of_nobody_has_no_page_of_its_own_data(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    zhoumin = at(client, parts, cast.zhoumin)
    for path in (MINE, f"{MINE}requests/deletion"):
        assert zhoumin.get(path).status_code == 404
    assert zhoumin.get(WELCOME).location == "/learn/"
    assert "我的信息" not in zhoumin.get("/accounts/me").text


def test_learners_answer_at_no_desk(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    lifang = at(client, parts, cast.lifang)
    with parts.database.transaction() as session:
        request = rights.ask(session, cast.lifang, Asked.CORRECTION, WORDS, now=NOON)
    for path in (DESK, f"{DESK}{request}", PLATFORM, f"{PLATFORM}{request}", f"{PLATFORM}retention"):
        assert lifang.get(path).status_code == 403
    for path in (f"{DESK}{request}/answers", f"{DESK}{request}/proposals", f"{PLATFORM}{request}/approvals"):
        assert post(lifang, path, at=MINE).status_code == 403
