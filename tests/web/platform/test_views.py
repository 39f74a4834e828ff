"""The platform's desk, over HTTP."""

import uuid
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.models.accounts import Account
from lms.models.audit import AuditEvent
from lms.models.jobs import Job
from lms.models.organisations import Organisation
from lms.parts import Parts
from lms.services import jobs
from lms.web.platform.job_words import JOBS
from lms.worker import HANDLERS
from tests.support.browser import post, session_for, sign_in
from tests.support.cast import Cast

NEW = "/platform/institutions/new"
NOBODY = uuid.UUID(int=7)


@pytest.fixture
def admin(client: FlaskClient, parts: Parts, cast: Cast) -> FlaskClient:
    """The platform's administrator at her browser."""
    session_for(client, parts, cast.admin)
    return client


def paths(cast: Cast) -> list[str]:
    institution = f"/platform/institutions/{cast.kangning}"
    return ["/platform/", NEW, institution, "/platform/jobs", "/platform/events"]


def actions(cast: Cast) -> list[str]:
    staff = f"/platform/institutions/{cast.kangning}/staff/{cast.zhoumin.account_id}"
    return [
        NEW,
        f"/platform/institutions/{cast.kangning}",
        f"{staff}/suspension",
        f"{staff}/readmission",
        f"/platform/jobs/{NOBODY}/retries",
    ]


def acts(parts: Parts) -> list[str]:
    with parts.database.transaction(write=False) as session:
        rows = session.scalars(select(AuditEvent.action).order_by(AuditEvent.action))
        return [action for action in rows if action != "account.sign_in"]


@pytest.mark.parametrize("who", [None, "lifang", "wanglei", "zhoumin"])
def test_it_is_closed_to_everybody_else(client: FlaskClient, parts: Parts, cast: Cast, who: str | None) -> None:
    if who:
        session_for(client, parts, getattr(cast, who))
    expected = 403 if who else 302
    assert [client.get(path).status_code for path in paths(cast)] == [expected] * 5
    at = "/accounts/me" if who else "/accounts/login"
    fields = {"name": "新机构", "staff_name": "钱进", "phone": "19912345678", "role": "trainer"}
    for path in actions(cast):
        assert post(client, path, at=at, **fields).status_code == expected
    with parts.database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Organisation)) == 2
        assert session.scalar(select(func.count()).select_from(Account)) == 9
        assert session.get_one(Account, cast.zhoumin.account_id).disabled_at is None


def test_institutions_are_listed_and_open(admin: FlaskClient, cast: Cast) -> None:
    page = admin.get("/platform/").text
    assert "安和护理院" in page
    assert f'href="/platform/institutions/{cast.kangning}"' in page
    shown = admin.get(f"/platform/institutions/{cast.kangning}").text
    for words in ("康宁养老服务中心", "周敏", "王磊", "199****0004", "机构管理员", "讲师", "可以登录"):
        assert words in shown
    assert cast.phones["zhoumin"] not in shown


def test_an_institution_nobody_knows_is_not_found(admin: FlaskClient) -> None:
    assert admin.get(f"/platform/institutions/{NOBODY}").status_code == 404
    assert admin.get("/platform/institutions/x").status_code == 404


def test_a_new_institution_is_made_with_its_first_staff(admin: FlaskClient, parts: Parts) -> None:
    response = post(admin, NEW, name="松龄照护院", staff_name="钱进", phone="199 1234 5678")
    assert response.status_code == 303
    page = admin.get(response.location).text
    for words in ("机构已建立", "松龄照护院", "钱进", "199****5678"):
        assert words in page
    assert acts(parts) == ["account.create", "organisation.create", "staff.add"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "请填写机构名称"),
        ({"name": "安和护理院"}, "已经有名叫“安和护理院”的机构了"),
        ({"name": "长" * 201}, "最多 200 个字"),
        ({"staff_name": " "}, "请填写姓名"),
        ({"phone": "123"}, "手机号是 11 位数字"),
    ],
)
def test_a_refused_institution_leaves_nothing(
    admin: FlaskClient, parts: Parts, fields: dict[str, str], sentence: str
) -> None:
    good = {"name": "松龄照护院", "staff_name": "钱进", "phone": "19912345678"}
    response = post(admin, NEW, **{**good, **fields})
    assert (response.status_code, sentence in response.text) == (422, True)
    assert acts(parts) == []
    with parts.database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Organisation)) == 2


def test_staff_are_added(admin: FlaskClient, parts: Parts, cast: Cast) -> None:
    path = f"/platform/institutions/{cast.anhe}"
    response = post(admin, path, name="钱进", phone="19912345678", role="trainer")
    assert (response.status_code, response.location) == (303, path)
    page = admin.get(path).text
    assert "已添加" in page
    assert "钱进" in page
    assert acts(parts) == ["account.create", "staff.add"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "请填写姓名"),
        ({"phone": "123"}, "手机号是 11 位数字"),
        ({"phone": "19900000005"}, "已经在这个机构做这项工作"),
        ({"role": "platform"}, "请选择做什么工作。"),
        ({"role": "learner"}, "请选择做什么工作。"),
        ({"role": "queen"}, "请选择做什么工作。"),
    ],
)
def test_refused_staff_are_not_added(
    admin: FlaskClient, parts: Parts, cast: Cast, fields: dict[str, str], sentence: str
) -> None:
    path = f"/platform/institutions/{cast.anhe}"
    response = post(admin, path, **{"name": "钱进", "phone": "19912345678", "role": "institution", **fields})
    assert (response.status_code, sentence in response.text) == (422, True)
    assert acts(parts) == []


def test_a_suspended_account_is_out_at_once_and_may_come_back(
    admin: FlaskClient, app: object, parts: Parts, cast: Cast
) -> None:
    hers: FlaskClient = app.test_client()
    sign_in(hers, cast, "sunyue")
    page = f"/platform/institutions/{cast.anhe}"
    path = f"{page}/staff/{cast.sunyue.account_id}"
    assert post(admin, f"{path}/suspension", at=page).status_code == 303
    assert "已停用" in admin.get(page).text
    assert hers.get("/accounts/me").status_code == 302
    refused = post(hers, "/accounts/login", phone=cast.phones["sunyue"], password="study-every-day-1")
    assert refused.status_code == 422
    assert post(admin, f"{path}/readmission", at=page).status_code == 303
    sign_in(hers, cast, "sunyue")
    found = acts(parts)
    assert (found.count("account.disable"), found.count("account.enable")) == (1, 1)


def test_staff_of_another_institution_are_not_found(admin: FlaskClient, cast: Cast) -> None:
    page = f"/platform/institutions/{cast.anhe}"
    for account_id in (cast.zhoumin.account_id, cast.lifang.account_id, NOBODY):
        for act in ("suspension", "readmission"):
            assert post(admin, f"{page}/staff/{account_id}/{act}", at=page).status_code == 404


@pytest.mark.usefixtures("app")
def test_every_kind_of_job_has_a_word() -> None:
    assert set(JOBS) == set(HANDLERS)


def test_jobs_are_shown_and_failed_ones_tried_again(admin: FlaskClient, parts: Parts) -> None:
    assert "还没有任务" in admin.get("/platform/jobs").text
    with parts.database.transaction() as session:
        failed = jobs.enqueue(session, "send_sms", "one", {"secret": "unshown"}, now=datetime.now(UTC))
        failed.state, failed.problem, failed.attempts = jobs.FAILED, "Unavailable: sms_unavailable", 3
        waiting = jobs.enqueue(session, "something_new", "two", {}, now=datetime.now(UTC))
    page = admin.get("/platform/jobs").text
    for words in ("发短信", "失败", "Unavailable: sms_unavailable", "something_new", "排队", "重试"):
        assert words in page
    assert "unshown" not in page
    response = post(admin, f"/platform/jobs/{failed.id}/retries", at="/platform/jobs")
    assert (response.status_code, response.location) == (303, "/platform/jobs")
    with parts.database.transaction(write=False) as session:
        assert session.get_one(Job, failed.id).state == jobs.QUEUED
    assert acts(parts).count("job.retry") == 1
    for job_id in (waiting.id, NOBODY):
        assert post(admin, f"/platform/jobs/{job_id}/retries", at="/platform/jobs").status_code == 404


def test_acts_are_shown(admin: FlaskClient, parts: Parts) -> None:
    post(admin, NEW, name="松龄照护院", staff_name="钱进", phone="19912345678")
    page = admin.get("/platform/events").text
    for words in ("organisation.create", "管理员", "松龄照护院", "系统"):
        assert words in page
    assert "19912345678" not in page


def test_names_are_text_and_not_markup(admin: FlaskClient) -> None:
    name = "<script>alert(1)</script>{{7*7}}"
    response = post(admin, NEW, name=name, staff_name="<b>钱</b>", phone="19912345678")
    for path in (response.location, "/platform/", "/platform/events"):
        page = admin.get(path).text
        assert "<script>alert" not in page
        assert "<b>钱" not in page
        assert "{{7*7}}" in page or path == "/platform/events"
