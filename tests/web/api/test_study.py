"""The study API over HTTP: what a tool or a phone sees."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc import jws
from joserfc.jwk import KeySet

from lms.parts import Parts
from tests.support.browser import csrf_token, session_for
from tests.support.cast import LESSON_MS, PASSWORD, Cast
from tests.support.study import WoundClock

SESSIONS, HEARTBEATS = "/api/v1/study/sessions", "/api/v1/study/heartbeats"


@pytest.fixture
def bearer(client: FlaskClient, cast: Cast) -> dict[str, str]:
    """李芳 as a tool signs in: phone and password for a token."""
    answer = client.post("/api/v1/tokens", json={"phone": cast.phones["lifang"], "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json['token']}"}


def place(cast: Cast, lesson: str = "say-hello") -> dict[str, str]:
    return {"enrollment": str(cast.enrollment), "lesson": str(cast.lessons[lesson])}


def opened(client: FlaskClient, cast: Cast, headers: dict[str, str]) -> dict[str, Any]:
    answer = client.post(SESSIONS, json=place(cast), headers=headers)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json
    return told


def test_a_tool_studies_and_checks_its_receipt(
    client: FlaskClient, cast: Cast, bearer: dict[str, str], wound: WoundClock
) -> None:
    told = opened(client, cast, bearer)
    wound.forward(20_000)
    beat = {"session": told["session"], "seq": 1, "nonce": told["nonce"], "a": 0, "b": 20_000}
    answer = client.post(HEARTBEATS, json=beat, headers=bearer)
    assert answer.status_code == 201
    assert answer.json["credited_total_ms"] == 20_000
    keys = KeySet.import_key_set(client.get("/.well-known/jwks.json").json)
    jws.deserialize_compact(answer.json["receipt"], keys, algorithms=["Ed25519"])
    again = client.post(HEARTBEATS, json=beat, headers=bearer)
    assert again.data == answer.data


def test_a_forked_heartbeat_is_a_conflict(
    client: FlaskClient, cast: Cast, bearer: dict[str, str], wound: WoundClock
) -> None:
    told = opened(client, cast, bearer)
    wound.forward(20_000)
    beat = {"session": told["session"], "seq": 1, "nonce": told["nonce"], "a": 0, "b": 20_000}
    client.post(HEARTBEATS, json=beat, headers=bearer)
    answer = client.post(HEARTBEATS, json={**beat, "b": 10_000}, headers=bearer)
    assert (answer.status_code, answer.json["code"]) == (409, "heartbeat_changed")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "session"),
        ({"session": "x", "seq": 1, "nonce": "n", "a": 0, "b": 1}, "session"),
        ({"session": "{id}", "seq": 0, "nonce": "n", "a": 0, "b": 1}, "seq"),
        ({"session": "{id}", "seq": 1, "nonce": "n", "a": -1, "b": 1}, "a"),
        ({"session": "{id}", "seq": 1, "nonce": "n", "a": "0", "b": 1}, "a"),
        ({"session": "{id}", "seq": 1, "nonce": "n", "a": 0, "b": 1, "duration": 99}, "duration"),
        ({"session": "{id}", "seq": 1, "nonce": "n", "a": 0, "b": 2**40}, "b"),
    ],
)
def test_a_malformed_body_is_422_and_names_the_place(
    client: FlaskClient, cast: Cast, bearer: dict[str, str], body: dict[str, Any], where: str
) -> None:
    told = opened(client, cast, bearer)
    body = {name: told["session"] if value == "{id}" else value for name, value in body.items()}
    answer = client.post(HEARTBEATS, json=body, headers=bearer)
    assert (answer.status_code, answer.json["code"], answer.json["where"]) == (422, "bad_json", where)


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff\xfe", b'{"session":' + b"[" * 5000])
def test_what_is_not_json_is_422(client: FlaskClient, cast: Cast, bearer: dict[str, str], data: bytes) -> None:
    answer = client.post(HEARTBEATS, data=data, headers=bearer, content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (422, "bad_json")


def test_nobody_studies_without_signing_in(client: FlaskClient, cast: Cast) -> None:
    answer = client.post(SESSIONS, json=place(cast))
    assert (answer.status_code, answer.json["code"]) == (401, "sign_in_needed")
    assert "WWW-Authenticate" not in answer.headers


def test_a_stranger_finds_nothing(client: FlaskClient, cast: Cast, parts: Parts) -> None:
    token = session_for(client, parts, cast.chenmo)
    client.delete_cookie("kangxue")
    answer = client.post(SESSIONS, json=place(cast), headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_a_cookie_needs_the_csrf_token_too(client: FlaskClient, cast: Cast, parts: Parts) -> None:
    session_for(client, parts, cast.lifang)
    assert client.post(SESSIONS, json=place(cast)).json["code"] == "csrf_failed"
    token = csrf_token(client, "/learn/")
    answer = client.post(SESSIONS, json=place(cast), headers={"X-CSRFToken": token})
    assert answer.status_code == 201
    assert answer.json["duration_ms"] == LESSON_MS


def test_a_wrong_password_gives_no_token(client: FlaskClient, cast: Cast) -> None:
    answer = client.post("/api/v1/tokens", json={"phone": cast.phones["lifang"], "password": "wrong-password"})
    assert answer.status_code in (401, 422)
    assert "token" not in answer.json


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_description_names_each_route_of_the_api(client: FlaskClient) -> None:
    described = client.get("/api/v1/openapi.json").json
    assert described["openapi"].startswith("3.1")
    rules = client.application.url_map.iter_rules()
    routes = {rule.rule for rule in rules if rule.rule.startswith("/api/v1/") and "json" not in rule.rule}
    routes = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route) for route in routes}
    assert set(described["paths"]) == routes
    for path in described["paths"].values():
        for method, operation in path.items():
            assert {"201" if method == "post" else "200", "422", "429"} <= set(operation["responses"])


def test_an_unknown_address_of_the_api_answers_in_json(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nothing")
    assert (answer.status_code, answer.json["code"]) == (404, "http_404")
