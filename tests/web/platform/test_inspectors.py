"""Inspectors at the platform's desk: let in until a day, taken back at once."""

from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.app import App
from lms.models.accounts import Membership
from lms.parts import Parts
from tests.support.browser import post, session_for, sign_in
from tests.support.cast import NOON, Cast

PLACE = "/platform/inspectors/"
ZHENG = {"name": "郑查", "phone": "138 0000 0009", "organisation_id": "all", "last_day": "2026-12-31"}


@pytest.fixture(autouse=True)
def in_winter() -> Iterator[None]:
    """The views read the clock themselves."""
    with time_machine.travel(NOON):
        yield


@pytest.fixture
def admin(client: FlaskClient, parts: Parts, cast: Cast) -> FlaskClient:
    """The platform's administrator at her browser."""
    session_for(client, parts, cast.admin)
    return client


def grant_of(parts: Parts, cast: Cast) -> str:
    with parts.database.transaction(write=False) as session:
        mine = select(Membership.id).where(Membership.account_id == cast.wujian.account_id)
        return str(session.scalars(mine).one())


def test_one_is_let_in(admin: FlaskClient, cast: Cast) -> None:
    answer = post(admin, PLACE, **ZHENG)
    assert (answer.status_code, answer.location) == (303, PLACE)
    page = admin.get(PLACE).text
    for words in ("郑查", "138****0009", "全部机构", "2026年12月31日", "可以查看", "吴检", "康宁养老服务中心"):
        assert words in page
    assert "郑查" not in admin.get(f"/platform/institutions/{cast.kangning}").text
    post(admin, PLACE, **{**ZHENG, "organisation_id": str(cast.anhe)})
    assert admin.get(PLACE).text.count("138****0009") == 2


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": ""}, "请填写姓名"),
        ({"phone": "1"}, "手机号是 11 位数字"),
        ({"phone": "19900000004"}, "不能检查自己的机构"),
        ({"organisation_id": ""}, "请选择可以看哪个机构"),
        ({"organisation_id": "x"}, "请选择可以看哪个机构"),
        ({"last_day": ""}, "请选择最后一天"),
        ({"last_day": "x"}, "请选择最后一天"),
        ({"last_day": "2026-11-22"}, "不能早于今天"),
        ({"last_day": "2027-02-22"}, "最长 90 天"),
    ],
)
def test_what_is_refused_stands_at_its_field(admin: FlaskClient, changes: dict[str, str], told: str) -> None:
    answer = post(admin, PLACE, **{**ZHENG, **changes})
    assert answer.status_code == 422
    assert told in answer.text
    assert "138****0009" not in admin.get(PLACE).text


def test_one_is_taken_back_and_out_at_once(admin: FlaskClient, app: App, parts: Parts, cast: Cast) -> None:
    hers = app.test_client()
    sign_in(hers, cast, "wujian")
    assert hers.get("/inspect/").status_code == 200
    url = f"{PLACE}{grant_of(parts, cast)}/revocation"
    assert post(admin, url, at=PLACE).status_code == 303
    assert "已结束" in admin.get(PLACE).text
    assert hers.get("/inspect/").status_code == 302
    sign_in(hers, cast, "wujian")
    assert hers.get("/inspect/").status_code == 403
    assert post(admin, f"{PLACE}{cast.kangning}/revocation", at=PLACE).status_code == 404


@pytest.mark.parametrize("who", [None, "lifang", "wanglei", "zhoumin", "wujian"])
def test_it_is_closed_to_everybody_else(client: FlaskClient, parts: Parts, cast: Cast, who: str | None) -> None:
    if who:
        session_for(client, parts, getattr(cast, who))
    expected, at = (403, "/accounts/me") if who else (302, "/accounts/login")
    assert client.get(PLACE).status_code == expected
    assert post(client, PLACE, at=at, **ZHENG).status_code == expected
    assert post(client, f"{PLACE}{grant_of(parts, cast)}/revocation", at=at).status_code == expected


def test_an_inspector_is_not_suspended_as_staff_of_the_institution(admin: FlaskClient, cast: Cast) -> None:
    page = f"/platform/institutions/{cast.kangning}"
    assert "吴检" not in admin.get(page).text
    assert post(admin, f"{page}/staff/{cast.wujian.account_id}/suspension", at=page).status_code == 404
