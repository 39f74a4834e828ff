"""The own account, over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock
from lms.models.accounts import LoginGuard
from lms.parts import Parts
from lms.services import accounts
from tests.support.browser import post, session_for, sign_in
from tests.support.cast import PASSWORD, Cast
from tests.web.accounts.conftest import Messages

ME, CHANGE, LEAVE = "/accounts/me", "/accounts/password", "/accounts/me/departures"
NEW = "a new good one"


@pytest.mark.parametrize("path", [ME, CHANGE])
def test_a_stranger_is_sent_to_sign_in(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.location) == (302, f"/accounts/login?next={path}")


def test_a_stranger_ends_nobodys_logins(client: FlaskClient, cast: Cast, parts: Parts) -> None:
    with parts.database.transaction() as session:
        token = accounts.open_session(session, cast.lifang.account_id, method=accounts.PASSWORD, now=clock.now())
    assert post(client, LEAVE, at="/accounts/login").location.startswith("/accounts/login")
    with parts.database.transaction(write=False) as session:
        assert accounts.find_actor(session, token, clock.now()) is not None


def test_the_page_shows_name_masked_phone_and_this_device(client: FlaskClient, cast: Cast) -> None:
    client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Linux; Android 12) MicroMessenger/8.0"
    sign_in(client, cast, "lifang")
    response = client.get(ME)
    for shown in ("李芳", "199****0001", "修改密码", "安卓手机（微信）", "就是这一台", "我的学时"):
        assert shown in response.text
    assert cast.phones["lifang"] not in response.text
    assert "退出其他设备" not in response.text
    assert response.headers["Cache-Control"] == "no-store"


def test_staff_have_the_way_back_to_their_desk(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    session_for(client, parts, cast.zhoumin)
    page = client.get(ME).text
    assert 'href="/institution/"' in page
    assert "我的学时" not in page


def test_other_devices_are_signed_out_from_here(
    client: FlaskClient, stranger: FlaskClient, parts: Parts, cast: Cast
) -> None:
    sign_in(client, cast, "lifang")
    sign_in(stranger, cast, "lifang")
    assert "退出其他设备" in client.get(ME).text
    response = post(client, LEAVE, at=ME)
    assert (response.status_code, response.location) == (303, ME)
    assert stranger.get(ME).status_code == 302
    assert client.get(ME).status_code == 200


def test_a_new_password_works_here_and_ends_the_others(client: FlaskClient, stranger: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast, "lifang")
    sign_in(stranger, cast, "lifang")
    response = post(client, CHANGE, current=PASSWORD, new=NEW)
    assert (response.status_code, response.location) == (303, ME)
    assert "新密码已保存" in client.get(ME).text
    assert stranger.get(ME).status_code == 302
    again = post(stranger, "/accounts/login", phone=cast.phones["lifang"], password=NEW)
    assert again.status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "sentence"),
    [
        ("wrong-password", NEW, "现在的密码不对"),
        ("", NEW, "现在的密码不对"),
        ("x" * 129, NEW, "密码最多 128 个字"),
        (PASSWORD, "", "请填写这一项"),
        (PASSWORD, "short", "至少 8 个字"),
        (PASSWORD, "x" * 129, "密码最多 128 个字"),
        (PASSWORD, "12345678", "太容易被猜到"),
        (PASSWORD, "19900000001", "太容易被猜到"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    client: FlaskClient, cast: Cast, current: str, new: str, sentence: str
) -> None:
    sign_in(client, cast, "lifang")
    response = post(client, CHANGE, current=current, new=new)
    assert (response.status_code, sentence in response.text) == (422, True)
    assert (new or "nothing") not in response.text.replace("至少 8 个字", "")
    post(client, "/accounts/logout", at=ME)
    sign_in(client, cast, "lifang")


def test_guesses_at_the_present_password_stay_counted(client: FlaskClient, cast: Cast, parts: Parts) -> None:
    sign_in(client, cast, "lifang")
    for expected in (1, 2, 3, 4, 0):
        assert post(client, CHANGE, current="wrong-password", new=NEW).status_code == 422
        with parts.database.transaction(write=False) as session:
            assert session.scalars(select(LoginGuard.failures)).one() == expected
    response = post(client, CHANGE, current=PASSWORD, new=NEW)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0


def test_whoever_forgot_it_sets_a_new_one_after_a_code(client: FlaskClient, cast: Cast, messages: Messages) -> None:
    phone = cast.phones["lifang"]
    post(client, "/accounts/login/code", phone=phone)
    post(client, "/accounts/login/code/entry", code=messages.newest(phone))
    assert 'name="current"' not in client.get(CHANGE).text
    assert post(client, CHANGE, new=NEW).status_code == 303
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16)):
        assert 'name="current"' in client.get(CHANGE).text


def test_the_language_is_kept(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast, "lifang")
    post(client, "/language", at=ME, language="en")
    with client.session_transaction() as cookie:
        assert cookie["language"] == "en"
