"""The short way of plain heartbeats: who passes it, who is sent the long way, and that both end alike."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from lms import clock
from lms.app import App
from lms.group_commit import Busy
from lms.models.accounts import Account, LoginSession
from lms.parts import Parts
from lms.services import accounts
from lms.web.api import heartbeats, turnstile
from tests.support.browser import csrf_token, session_for
from tests.support.cast import Cast
from tests.support.study import WoundClock

SESSIONS, HEARTBEATS = "/api/v1/study/sessions", "/api/v1/study/heartbeats"


class Phone:
    """A client with an open study session; `headers` go with each heartbeat."""

    def __init__(self, client: FlaskClient, cast: Cast, headers: dict[str, str]) -> None:
        self.client, self.headers = client, headers
        place = {"enrollment": str(cast.enrollment), "lesson": str(cast.lessons["say-hello"])}
        opened = client.post(SESSIONS, json=place, headers=headers)
        assert opened.status_code == 201, opened.text
        self.body: dict[str, Any] = {"session": opened.json["session"], "seq": 1, "nonce": opened.json["nonce"]}

    def beat(self, headers: dict[str, str] | None = None, **changes: Any) -> TestResponse:
        body = {**self.body, "a": 0, "b": 1000, **changes}
        return self.client.post(HEARTBEATS, json=body, headers=self.headers if headers is None else headers)


@pytest.fixture
def longer(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that were asked of Flask."""
    asked: list[str] = []
    dispatch = App.dispatch_request
    monkeypatch.setattr(App, "dispatch_request", lambda app: asked.append("asked") or dispatch(app))
    return asked


@pytest.fixture
def bearer(client: FlaskClient, cast: Cast, parts: Parts) -> dict[str, str]:
    token = session_for(client, parts, cast.lifang)
    client.delete_cookie("kangxue")
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def by_token(client: FlaskClient, cast: Cast, bearer: dict[str, str], wound: WoundClock) -> Phone:
    phone = Phone(client, cast, bearer)
    wound.forward(20_000)
    return phone


@pytest.fixture
def by_cookie(client: FlaskClient, cast: Cast, parts: Parts, wound: WoundClock) -> Phone:
    session_for(client, parts, cast.lifang)
    phone = Phone(client, cast, {"X-CSRFToken": csrf_token(client, "/learn/")})
    wound.forward(20_000)
    return phone


@pytest.fixture(params=["by_token", "by_cookie"])
def phone(request: pytest.FixtureRequest, cast: Cast) -> Phone:
    found: Phone = request.getfixturevalue(request.param)
    return found


def test_a_plain_heartbeat_passes_without_flask(phone: Phone, longer: list[str]) -> None:
    longer.clear()
    answer = phone.beat()
    assert (answer.status_code, answer.json["credited_total_ms"], longer) == (201, 1000, [])
    assert phone.beat().data == answer.data


def test_both_ways_give_the_same_answer(by_token: Phone, longer: list[str]) -> None:
    short = by_token.beat()
    longer.clear()
    by_token.client.set_cookie("other", "one")  # two kinds of credentials, perhaps: that is not plain
    long = by_token.beat()
    assert longer == ["asked"]
    assert long.data == short.data
    assert sorted(long.headers) == sorted(short.headers)


def code(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


def change(parts: Parts, table: type[Any], **values: object) -> None:
    with parts.database.transaction() as session:
        session.execute(update(table).values(**values))


def test_a_login_that_ended_is_refused_within_the_group(phone: Phone, parts: Parts) -> None:
    change(parts, LoginSession, ended_at=clock.now())
    assert code(phone.beat()) == (401, "sign_in_needed")


def test_a_login_that_expired_is_refused_within_the_group(phone: Phone, parts: Parts) -> None:
    change(parts, LoginSession, expires_at=clock.now() - timedelta(seconds=1))
    assert code(phone.beat()) == (401, "sign_in_needed")


def test_a_disabled_account_is_refused_within_the_group(phone: Phone, parts: Parts) -> None:
    change(parts, Account, disabled_at=clock.now())
    assert code(phone.beat()) == (401, "sign_in_needed")


def test_an_invented_token_is_refused(by_token: Phone) -> None:
    assert code(by_token.beat({"Authorization": "Bearer abc"})) == (401, "sign_in_needed")
    assert code(by_token.beat({})) == (401, "sign_in_needed")
    assert code(by_token.beat({"Authorization": "Bearer abc"}, a="x")) == (401, "sign_in_needed")


def test_a_stranger_finds_nothing(by_token: Phone, cast: Cast, parts: Parts) -> None:
    with parts.database.transaction() as session:
        token = accounts.open_session(session, cast.chenmo.account_id, method=accounts.PASSWORD, now=clock.now())
    assert code(by_token.beat({"Authorization": f"Bearer {token}"})) == (404, "not_found")


@pytest.mark.parametrize("sent", [{}, {"X-CSRFToken": "made up"}, {"X-CSRFToken": ""}])
def test_a_cookie_without_its_csrf_token_is_refused(by_cookie: Phone, sent: dict[str, str]) -> None:
    assert code(by_cookie.beat(sent)) == (400, "csrf_failed")
    assert by_cookie.beat().status_code == 201


def test_the_csrf_token_of_another_login_is_refused(by_cookie: Phone, app: App, cast: Cast, parts: Parts) -> None:
    other = app.test_client()
    session_for(other, parts, cast.chenmo)
    assert code(by_cookie.beat({"X-CSRFToken": csrf_token(other, "/learn/")})) == (400, "csrf_failed")


def test_an_idle_staff_cookie_is_ended(by_cookie: Phone, client: FlaskClient) -> None:
    with client.session_transaction() as cookie:
        cookie["staff"], cookie["seen_at"] = True, 0
    assert code(by_cookie.beat()) == (401, "sign_in_needed")


def test_a_strange_host_is_refused(by_token: Phone) -> None:
    assert by_token.beat({**by_token.headers, "Host": "evil.example"}).status_code == 400


def test_a_wordy_body_goes_the_long_way(by_token: Phone) -> None:
    body = {**by_token.body, "a": 0, "b": 1000}
    padded = " " * 5000 + json.dumps(body)
    assert by_token.client.post(HEARTBEATS, data=padded, headers=by_token.headers).status_code == 201


def test_a_refusal_is_worded_in_the_readers_language(by_token: Phone) -> None:
    english = by_token.beat({**by_token.headers, "Accept-Language": "en"}, seq=9)
    chinese = by_token.beat({**by_token.headers, "Accept-Language": "zh"}, seq=9)
    assert code(english) == code(chinese) == (409, "seq_gap")
    assert english.json["message"].isascii()
    assert not chinese.json["message"].isascii()


def test_who_is_refused_too_often_is_sent_to_the_limiter(
    by_token: Phone, monkeypatch: pytest.MonkeyPatch, longer: list[str]
) -> None:
    monkeypatch.setattr(turnstile, "REFUSALS_A_MINUTE", 2)
    for _ in range(2):
        by_token.beat(nonce="wrong")
    longer.clear()
    assert by_token.beat().status_code == 201  # nothing else changes for her
    assert longer == ["asked"]


def test_a_busy_server_says_when_to_come_back(by_token: Phone, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_beat: object) -> None:
        raise Busy

    monkeypatch.setattr(heartbeats.group(app), "submit", busy)
    answer = by_token.beat()
    assert (code(answer), answer.headers["Retry-After"]) == ((503, "busy"), "5")
