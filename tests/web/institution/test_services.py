"""Service accounts and webhooks at the institution's and the platform's desk: secrets are shown once."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.models.exchange import ServiceAccount, ServiceToken, WebhookDelivery, WebhookSubscription
from lms.parts import Parts
from tests.support.browser import post, session_for
from tests.support.cast import NOON, Cast
from tests.support.services import token_for

SERVICES, WEBHOOKS = "/institution/services/", "/institution/webhooks/"
HOOK = "https://hooks.example.cn/kangxue"


@pytest.fixture(autouse=True)
def in_winter() -> Iterator[None]:
    """The views read the clock themselves."""
    with time_machine.travel(NOON):
        yield


@pytest.fixture
def zhoumin(client: FlaskClient, parts: Parts, cast: Cast) -> FlaskClient:
    """康宁's staff at her browser."""
    session_for(client, parts, cast.zhoumin)
    return client


def newest(parts: Parts, table: type) -> str:
    with parts.database.transaction(write=False) as session:
        return str(session.scalars(select(table.id).order_by(table.id.desc()).limit(1)).one())


def test_a_token_is_shown_once_used_and_ended(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    made = post(zhoumin, SERVICES, name="人事系统", place=str(cast.kangning), per_minute="60")
    assert made.status_code == 303
    page = made.location
    shown = post(zhoumin, page, scopes=["read:cohorts", "read:scores"], days="90")
    (token,) = re.findall(r"<code>(kxs_[\w-]+)</code>", shown.text)
    again = zhoumin.get(page).text
    assert token not in again
    assert all(words in again for words in (token[-4:], "read:scores", "没有用过", "2027年2月21日"))
    assert (
        zhoumin.application.test_client()
        .get("/api/v1/cohorts", headers={"Authorization": f"Bearer {token}"})
        .status_code
        == 200
    )
    assert "没有用过" not in zhoumin.get(page).text
    ended = post(zhoumin, f"{page}/tokens/{newest(parts, ServiceToken)}/end", at=page)
    assert ended.status_code == 303
    assert "已停用" in zhoumin.get(page).text
    assert post(zhoumin, f"{page}/end", at=page).status_code == 303
    assert "发一个新令牌" not in zhoumin.get(page).text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": ""}, "请填写名称"),
        ({"place": "x"}, "请选择给谁用"),
        ({"place": "authority"}, "请选择给谁用"),
        ({"per_minute": "9"}, "每分钟次数请填"),
        ({"per_minute": "x"}, "请填一个整数"),
    ],
)
def test_what_is_wrong_with_an_account_stands_at_its_field(
    zhoumin: FlaskClient, cast: Cast, fields: dict[str, str], told: str
) -> None:
    usual = {"name": "人事系统", "place": str(cast.kangning), "per_minute": "60"}
    answer = post(zhoumin, SERVICES, **{**usual, **fields})
    assert answer.status_code == 422
    assert told in answer.text


@pytest.mark.parametrize(
    "fields", [{"days": "90"}, {"scopes": ["read:all"], "days": "90"}, {"scopes": ["read:scores"], "days": "9"}]
)
def test_a_token_needs_scopes_and_an_end(
    zhoumin: FlaskClient, parts: Parts, cast: Cast, fields: dict[str, str]
) -> None:
    token_for(parts, cast, cast.zhoumin)
    answer = post(zhoumin, f"{SERVICES}{newest(parts, ServiceAccount)}", **fields)
    assert answer.status_code == 422
    assert "kxs_" not in answer.text


def test_the_platform_lets_an_authority_read(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    session_for(client, parts, cast.admin)
    for place, words in (("authority", "检查（只读）"), (f"authority:{cast.anhe}", "安和护理院")):
        made = post(client, "/platform/services/", name="民政平台", place=place, per_minute="60")
        assert made.status_code == 303
        page = client.get(made.location).text
        assert words in page
        assert "write:enrollments" not in page
    wide = post(client, made.location, scopes=["write:enrollments"], days="90")
    assert wide.status_code == 422


def test_a_webhook_from_its_secret_to_its_end(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    made = post(zhoumin, WEBHOOKS, organisation_id=str(cast.kangning), address=HOOK, events=["score.changed"])
    (secret,) = re.findall(r"whsec_[\w+/=]+", made.text)[:1]
    assert secret not in zhoumin.get(WEBHOOKS).text
    page = f"{WEBHOOKS}{newest(parts, WebhookSubscription)}"
    assert HOOK in zhoumin.get(page).text
    assert post(zhoumin, f"{page}/tests", at=page).status_code == 303
    assert "等待发送" in zhoumin.get(page).text
    replay = f"{page}/deliveries/{newest(parts, WebhookDelivery)}/replays"
    assert post(zhoumin, replay, at=page).status_code == 303
    rotated = post(zhoumin, f"{page}/secrets", at=page).text
    assert "24 小时" in rotated
    assert secret not in rotated
    assert post(zhoumin, f"{page}/end", at=page).status_code == 303
    assert "发一条测试消息" not in zhoumin.get(page).text
    assert post(zhoumin, replay, at=page).status_code == 422


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"address": "x"}, "不完整"),
        ({"address": "ftp://hooks.example.cn/"}, "https://"),
        ({"events": []}, "请至少勾选一种消息"),
        ({"events": ["test"]}, "请至少勾选一种消息"),
        ({"organisation_id": "x"}, "请选择机构"),
    ],
)
def test_what_is_wrong_with_a_webhook_stands_at_its_field(
    zhoumin: FlaskClient, cast: Cast, fields: dict[str, str], told: str
) -> None:
    usual = {"organisation_id": str(cast.kangning), "address": HOOK, "events": ["score.changed"]}
    answer = post(zhoumin, WEBHOOKS, **{**usual, **fields})
    assert answer.status_code == 422
    assert told in answer.text
    assert "whsec_" not in answer.text


def test_strangers_find_nothing(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    token_for(parts, cast, cast.zhoumin)
    post(zhoumin, WEBHOOKS, organisation_id=str(cast.kangning), address=HOOK, events=["score.changed"])
    service, hook = newest(parts, ServiceAccount), newest(parts, WebhookSubscription)
    post(zhoumin, f"{WEBHOOKS}{hook}/tests", at=WEBHOOKS)
    token, sent = newest(parts, ServiceToken), newest(parts, WebhookDelivery)
    other = zhoumin.application.test_client()
    session_for(other, parts, cast.sunyue)
    assert [
        each for each in ("康宁的人事系统", HOOK) if each in other.get(SERVICES).text + other.get(WEBHOOKS).text
    ] == []
    for url in (f"{SERVICES}{service}", f"{WEBHOOKS}{hook}"):
        assert other.get(url).status_code == 404
    wanted = {"scopes": ["read:scores"], "days": "90"}
    for url in (
        f"{SERVICES}{service}",
        f"{SERVICES}{service}/end",
        f"{SERVICES}{service}/tokens/{token}/end",
        f"{WEBHOOKS}{hook}/secrets",
        f"{WEBHOOKS}{hook}/tests",
        f"{WEBHOOKS}{hook}/end",
        f"{WEBHOOKS}{hook}/deliveries/{sent}/replays",
    ):
        assert post(other, url, at=SERVICES, **wanted).status_code == 404


@pytest.mark.parametrize("who", ["lifang", "wanglei", "wujian", "admin"])
def test_it_is_closed_to_everybody_else(client: FlaskClient, parts: Parts, cast: Cast, who: str) -> None:
    session_for(client, parts, getattr(cast, who))
    assert client.get(SERVICES).status_code == 403
    assert client.get(WEBHOOKS).status_code == 403
    assert client.get("/platform/services/").status_code == (200 if who == "admin" else 403)


def test_the_reference_page_shows_every_operation_to_anybody(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").json
    page = client.get("/api/")
    assert page.status_code == 200
    for path in document["paths"]:
        assert path in page.text
    assert page.text.count("<details") == sum(len(found) for found in document["paths"].values())
    assert "read:study-time" in page.text
    assert "添加学员" in page.text
