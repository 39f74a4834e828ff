"""What anybody sees: front page, languages, health, security headers."""

import pytest
from flask.testing import FlaskClient

from lms.parts import Parts
from tests.support.browser import csrf_token, post, session_for
from tests.support.cast import Cast


def test_the_front_page_is_chinese_first(client: FlaskClient) -> None:
    assert '<html lang="zh-Hans">' in client.get("/").text


@pytest.mark.parametrize(
    ("asked", "lang"), [("en-US,en", "en"), ("zh-CN,zh", "zh-Hans"), ("fr", "zh-Hans"), ("", "zh-Hans")]
)
def test_the_browsers_language_is_heard(client: FlaskClient, asked: str, lang: str) -> None:
    assert f'<html lang="{lang}">' in client.get("/", headers={"Accept-Language": asked}).text


def test_a_chosen_language_stays(client: FlaskClient) -> None:
    answer = post(client, "/language", at="/", language="en", next="/v/")
    assert answer.status_code == 302
    assert '<html lang="en">' in client.get("/v/").text


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:1", ""])
def test_a_change_of_language_never_leads_elsewhere(client: FlaskClient, target: str) -> None:
    answer = post(client, "/language", at="/", language="en", next=target)
    assert answer.headers["Location"] == "/"


def test_somebody_signed_in_is_taken_to_her_work(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    session_for(client, parts, cast.zhoumin)
    assert client.get("/").headers["Location"] == "/institution/"


def test_health(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json["status"]) == (200, "ok")
    assert set(ready.json["parts"]) == {"database", "migrations", "storage", "queue"}


def test_metrics_are_for_this_machine_only(client: FlaskClient) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 404


def test_a_post_without_the_token_is_refused(client: FlaskClient) -> None:
    answer = client.post("/language", data={"language": "en"})
    assert answer.status_code == 400
    assert "刷新" in answer.text


def test_errors_are_pages_in_plain_words(client: FlaskClient) -> None:
    answer = client.get("/no-such-page")
    assert answer.status_code == 404
    assert "没有找到这个页面" in answer.text
    assert csrf_token(client, "/")


def test_a_typed_code_leads_to_its_page(client: FlaskClient) -> None:
    answer = post(client, "/v/", code="k7m2q x4r9t b6w3p j8n5c")
    assert (answer.status_code, answer.location) == (303, "/v/K7M2Q-X4R9T-B6W3P-J8N5C")


@pytest.mark.parametrize("typed", ["110101199003070011", "19977665544", "李芳"])
def test_what_is_no_code_gets_into_no_address(client: FlaskClient, typed: str) -> None:
    """Some type a name or a number: told at once, and no log of addresses ever has it."""
    answer = post(client, "/v/", code=typed)
    assert (answer.status_code, answer.location) == (422, None)
    assert "没有这份记录" in answer.text
    assert typed not in client.get(f"/v/{typed}").text.replace(f'value="/v/{typed}"', "")
