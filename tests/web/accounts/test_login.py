"""Signing in by password, over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.models.accounts import Account, LoginGuard, LoginSession
from lms.parts import Parts
from lms.services import accounts
from lms.services.accounts.passwords import HASHER
from lms.web.accounts import devices
from tests.support.browser import post, session_for, sign_in
from tests.support.cast import PASSWORD, Cast

LOGIN = "/accounts/login"
UNKNOWN = "19912345678"


def attempt(client: FlaskClient, phone: str, password: str) -> tuple[int, str]:
    response = post(client, LOGIN, phone=phone, password=password)
    return response.status_code, response.text


@pytest.mark.parametrize(
    ("who", "home"),
    [("lifang", "/learn/"), ("wanglei", "/trainer/"), ("zhoumin", "/institution/"), ("admin", "/platform/")],
)
def test_everybody_comes_home(client: FlaskClient, cast: Cast, who: str, home: str) -> None:
    response = post(client, LOGIN, phone=cast.phones[who], password=PASSWORD)
    assert (response.status_code, response.location) == (303, home)
    assert client.get("/accounts/me").status_code == 200


def test_who_is_in_already_goes_home(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast, "lifang")
    response = client.get(LOGIN)
    assert (response.status_code, response.location) == (303, "/learn/")
    assert client.get(f"{LOGIN}?next=/learn/time").location == "/learn/time"


def test_the_page_asks_for_the_phone_first_and_leads_to_the_code(client: FlaskClient) -> None:
    page = client.get(f"{LOGIN}?next=/learn/time").text
    assert page.index('name="phone"') < page.index('name="password"')
    assert 'href="/accounts/login/code?next=/learn/time"' in page
    for attribute in ('autocomplete="username"', 'autocomplete="current-password"', 'inputmode="numeric"'):
        assert attribute in page


@pytest.mark.parametrize(
    ("phone", "password", "sentence"),
    [
        ("123", PASSWORD, "手机号是 11 位数字"),
        ("", PASSWORD, "手机号是 11 位数字"),
        ("19900000001", "", "请填写这一项"),
        ("19900000001", "x" * 129, "密码最多 128 个字"),
        ("19900000001", "wrong-password", "手机号或密码不对"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    client: FlaskClient, cast: Cast, phone: str, password: str, sentence: str
) -> None:
    status, text = attempt(client, phone, password)
    assert (status, sentence in text) == (422, True)
    assert 'aria-invalid="true"' in text
    assert PASSWORD not in text
    assert client.get("/accounts/me").status_code == 302


def masked(client: FlaskClient, phone: str) -> tuple[int, str]:
    """The answer without the number typed and the token, which differ in any case."""
    status, text = attempt(client, phone, "wrong-password")
    with client.session_transaction() as cookie:
        cookie.pop("csrf_token", None)
    return status, "\n".join(line for line in text.splitlines() if phone not in line and "csrf" not in line)


def test_known_and_unknown_phones_are_answered_alike(app: object, cast: Cast, parts: Parts) -> None:
    with parts.database.transaction() as session:
        accounts.disable(session, cast.wanglei.account_id, now=datetime.now(UTC))
    answers = {masked(app.test_client(), phone) for phone in (cast.phones["lifang"], cast.phones["wanglei"], UNKNOWN)}
    assert len(answers) == 1


def test_without_token_nothing_happens(client: FlaskClient, cast: Cast, parts: Parts) -> None:
    response = client.post(LOGIN, data={"phone": cast.phones["lifang"], "password": PASSWORD})
    assert response.status_code == 400
    with parts.database.transaction(write=False) as session:
        assert session.scalars(select(LoginSession)).all() == []


@pytest.mark.parametrize("phone", ["19900000001", UNKNOWN])
def test_failures_stay_counted_though_the_request_was_refused(
    client: FlaskClient, cast: Cast, parts: Parts, phone: str
) -> None:
    """The count outlives the refusal: it is committed, and the sixth try meets the cool-down."""
    for expected in range(1, 5):
        assert attempt(client, phone, "wrong-password")[0] == 422
        with parts.database.transaction(write=False) as session:
            assert session.scalars(select(LoginGuard.failures)).one() == expected
    assert attempt(client, phone, "wrong-password")[0] == 422
    response = post(client, LOGIN, phone=phone, password=PASSWORD)
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 900
    assert "短信验证码" in response.text
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=15)):
        assert attempt(client, phone, PASSWORD)[0] == (303 if phone == cast.phones["lifang"] else 422)


def test_signing_in_upgrades_an_old_hash(client: FlaskClient, cast: Cast, parts: Parts) -> None:
    sign_in(client, cast, "lifang")
    with parts.database.transaction(write=False) as session:
        found = session.get_one(Account, cast.lifang.account_id).password_hash
    assert found is not None
    assert not HASHER.check_needs_rehash(found)


def test_a_planted_cookie_is_worth_nothing_after_signing_in(client: FlaskClient, cast: Cast, parts: Parts) -> None:
    """Session fixation: whoever set the cookie before does not share the login after."""
    planted = session_for(client, parts, cast.chenmo)
    with client.session_transaction() as cookie:
        cookie["planted"] = "evil"
        cookie["language"] = "en"
        del cookie["_user_id"]
    sign_in(client, cast, "lifang")
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != planted
        assert "planted" not in cookie
        assert cookie["language"] == "en"


def test_the_csrf_secret_is_new_after_signing_in(client: FlaskClient, cast: Cast) -> None:
    client.get(LOGIN)
    with client.session_transaction() as cookie:
        before = cookie["csrf_token"]
    sign_in(client, cast, "lifang")
    client.get("/accounts/me")
    with client.session_transaction() as cookie:
        assert cookie["csrf_token"] != before


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "\\\\evil.example", "https:evil.example", "https://evil.example/", "/\\evil.example",
     "/\t/evil.example", "javascript:alert(1)", "evil", ""],
)  # fmt: skip
def test_signing_in_leads_nowhere_else(client: FlaskClient, cast: Cast, target: str) -> None:
    response = client.post(
        LOGIN,
        query_string={"next": target},
        data={"phone": cast.phones["lifang"], "password": PASSWORD, "csrf_token": _token(client)},
    )
    assert (response.status_code, response.location) == (303, "/learn/")


def test_signing_in_leads_back_to_where_one_was_going(client: FlaskClient, cast: Cast) -> None:
    asked = client.get("/learn/time?week=2")
    assert asked.location == "/accounts/login?next=/learn/time?week%3D2"
    response = post(client, asked.location, phone=cast.phones["lifang"], password=PASSWORD)
    assert response.location == "/learn/time?week=2"


def test_signing_out_ends_the_login_on_the_server(client: FlaskClient, cast: Cast, stranger: FlaskClient) -> None:
    sign_in(client, cast, "lifang")
    with client.session_transaction() as cookie:
        old = dict(cookie)
    response = post(client, "/accounts/logout", at="/accounts/me")
    assert (response.status_code, response.location) == (303, "/accounts/login")
    with stranger.session_transaction() as cookie:
        cookie.update(old)
    assert stranger.get("/accounts/me").status_code == 302


def test_signing_out_without_being_in_changes_nothing(client: FlaskClient) -> None:
    assert post(client, "/accounts/logout", at=LOGIN).status_code == 303


def test_the_cookie_of_a_learner_lasts_and_that_of_staff_does_not(app: object, cast: Cast) -> None:
    found = {}
    for who in ("lifang", "zhoumin"):
        response = post(app.test_client(), LOGIN, phone=cast.phones[who], password=PASSWORD)
        found[who] = next(value for value in response.headers.getlist("Set-Cookie") if "kangxue=" in value)
        assert "HttpOnly" in found[who]
        assert "SameSite=Lax" in found[who]
    assert "Expires=" in found["lifang"]
    assert "Expires=" not in found["zhoumin"]


@pytest.mark.parametrize(("is_secure", "name"), [(False, "device="), (True, "__Host-device=")])
def test_the_mark_of_a_browser_is_for_no_script_no_other_site_and_no_failed_try(
    app: Flask, is_secure: bool, name: str
) -> None:
    app.config["SESSION_COOKIE_SECURE"] = is_secure
    found = {}
    for status in (303, 422):
        with app.test_request_context("/accounts/login", method="POST"):
            assert len(devices.mark()) == 64
            answer = app.process_response(Response(status=status))
        found[status] = [each for each in answer.headers.getlist("Set-Cookie") if each.startswith(name)]
    assert found[422] == []
    (mark,) = found[303]
    told = {each.strip() for each in mark.split(";")[1:]}
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=31536000"} <= told
    assert ("Secure" in told) == is_secure
    assert "Domain" not in mark


def test_a_form_with_broken_bytes_is_no_crash(client: FlaskClient) -> None:
    status, _ = attempt(client, "\ud7ff\x00１９９", "\x00")
    assert status == 422


def _token(client: FlaskClient) -> str:
    from tests.support.browser import csrf_token

    return csrf_token(client, LOGIN)
