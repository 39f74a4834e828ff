"""Signing in by a code sent to the phone, over HTTP."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.models.accounts import Account, LoginCode
from lms.parts import Parts
from lms.services import accounts
from tests.support.browser import post
from tests.support.cast import Cast
from tests.web.accounts.conftest import Messages

ASK, ENTER, RESEND = "/accounts/login/code", "/accounts/login/code/entry", "/accounts/login/code/resends"
UNKNOWN = "19912345678"


def other(code: str) -> str:
    """A code that is certainly wrong."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_learner_comes_in_by_code(client: FlaskClient, cast: Cast, messages: Messages) -> None:
    phone = cast.phones["lifang"]
    asked = post(client, f"{ASK}?next=/learn/time", phone=phone)
    assert (asked.status_code, asked.location) == (303, f"{ENTER}?next=/learn/time")
    page = client.get(asked.location).text
    assert "199****0001" in page
    assert phone not in page
    for attribute in ('autocomplete="one-time-code"', 'inputmode="numeric"'):
        assert attribute in page
    entered = post(client, asked.location, code=messages.newest(phone))
    assert (entered.status_code, entered.location) == (303, "/learn/time")
    assert "李芳" in client.get("/accounts/me").text


def test_a_new_phone_signs_up_by_coming_in(client: FlaskClient, messages: Messages) -> None:
    post(client, ASK, phone=UNKNOWN)
    entered = post(client, ENTER, code=messages.newest(UNKNOWN))
    assert (entered.status_code, entered.location) == (303, "/learn/")
    page = client.get("/accounts/me").text
    assert "还没有登记" in page
    assert "199****5678" in page
    assert client.get("/learn/").status_code == 200


@pytest.mark.parametrize("typed", ["{} ", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}", "wide"])
def test_a_code_is_read_as_people_type_it(client: FlaskClient, messages: Messages, typed: str) -> None:
    post(client, ASK, phone=UNKNOWN)
    code = messages.newest(UNKNOWN)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert post(client, ENTER, code=wide if typed == "wide" else typed.format(code)).status_code == 303


def neutral(text: str) -> str:
    """A page without the phone it masks and its token."""
    return "\n".join(line for line in text.splitlines() if "****" not in line and "csrf" not in line)


def test_known_and_unknown_phones_are_answered_alike(app: object, cast: Cast, messages: Messages) -> None:
    """From the request to the wrong code nothing tells whether there is an account."""
    seen = set()
    for phone in (cast.phones["lifang"], UNKNOWN):
        client: FlaskClient = app.test_client()
        asked = post(client, ASK, phone=phone)
        page = client.get(ENTER)
        wrong = post(client, ENTER, code=other(messages.newest(phone)))
        again = post(client, RESEND, at=ENTER)
        seen.add(
            (asked.status_code, asked.location, asked.text, neutral(page.text),
             wrong.status_code, neutral(wrong.text), again.status_code, neutral(again.text))
        )  # fmt: skip
    assert len(seen) == 1


def test_wrong_tries_stay_counted_though_the_request_was_refused(
    client: FlaskClient, cast: Cast, parts: Parts, messages: Messages
) -> None:
    phone = cast.phones["lifang"]
    post(client, ASK, phone=phone)
    code = messages.newest(phone)
    for expected in range(1, 6):
        response = post(client, ENTER, code=other(code))
        assert response.status_code == 422
        with parts.database.transaction(write=False) as session:
            assert session.scalars(select(LoginCode.tries)).one() == expected
    refused = post(client, ENTER, code=code)
    assert refused.status_code == 422
    assert "已经失效" in refused.text
    assert client.get("/accounts/me").status_code == 302


def test_a_code_is_good_only_where_it_was_asked_for(
    client: FlaskClient, stranger: FlaskClient, cast: Cast, messages: Messages
) -> None:
    """Somebody else's browser gains nothing from a code read over a shoulder."""
    phone = cast.phones["lifang"]
    post(client, ASK, phone=phone)
    post(stranger, ASK, phone=UNKNOWN)
    assert post(stranger, ENTER, code=messages.newest(phone)).status_code == 422
    assert stranger.get("/accounts/me").status_code == 302


def test_entering_without_asking_leads_to_asking(client: FlaskClient) -> None:
    for response in (client.get(ENTER), post(client, ENTER, at=ASK, code="123456")):
        assert (response.status_code, response.location) == (303, ASK)


def test_a_code_works_once(client: FlaskClient, cast: Cast, messages: Messages) -> None:
    phone = cast.phones["lifang"]
    post(client, ASK, phone=phone)
    code = messages.newest(phone)
    with client.session_transaction() as cookie:
        request_id = cookie["code_request"]
    assert post(client, ENTER, code=code).status_code == 303
    post(client, "/accounts/logout", at="/accounts/me")
    with client.session_transaction() as cookie:
        assert "code_request" not in cookie
        cookie["code_request"] = request_id
    assert post(client, ENTER, at=ASK, code=code).location == ASK


def test_asking_too_often_is_told_with_the_time_to_wait(client: FlaskClient, parts: Parts) -> None:
    post(client, ASK, phone=UNKNOWN)
    for response in (post(client, ASK, phone=UNKNOWN), post(client, RESEND, at=ENTER)):
        assert response.status_code == 429
        assert 0 < int(response.headers["Retry-After"]) <= 60
        assert "请过 1 分钟再试" in response.text
    with parts.database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(LoginCode)) == 1


def test_after_a_minute_another_code_comes_and_only_it_works(client: FlaskClient, messages: Messages) -> None:
    post(client, ASK, phone=UNKNOWN)
    first = messages.newest(UNKNOWN)
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=61)):
        response = post(client, f"{RESEND}?next=/learn/time", at=ENTER)
        assert (response.status_code, response.location) == (303, f"{ENTER}?next=/learn/time")
        second = messages.newest(UNKNOWN)
        if first != second:
            assert post(client, ENTER, code=first).status_code == 422
        assert post(client, ENTER, code=second).status_code == 303


def test_another_code_without_a_first_is_refused(client: FlaskClient) -> None:
    response = post(client, RESEND, at=ASK)
    assert response.status_code == 422
    assert "已经失效" in response.text


@pytest.mark.parametrize(
    ("page", "field", "typed", "sentence"),
    [
        (ASK, "phone", "123", "手机号是 11 位数字"),
        (ENTER, "code", "12345", "6 位数字"),
        (ENTER, "code", "12345a", "6 位数字"),
        (ENTER, "code", "1234567", "6 位数字"),
        (ENTER, "code", "١٢٣٤٥٦", "6 位数字"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    client: FlaskClient, parts: Parts, page: str, field: str, typed: str, sentence: str
) -> None:
    if page == ENTER:
        post(client, ASK, phone=UNKNOWN)
    response = post(client, page, **{field: typed})
    assert (response.status_code, sentence in response.text) == (422, True)
    with parts.database.transaction(write=False) as session:
        assert session.scalar(select(func.coalesce(func.sum(LoginCode.tries), 0))) == 0


def test_a_disabled_account_is_told_where_to_turn(
    client: FlaskClient, cast: Cast, parts: Parts, messages: Messages
) -> None:
    with parts.database.transaction() as session:
        accounts.disable(session, cast.lifang.account_id, now=datetime.now(UTC))
    post(client, ASK, phone=cast.phones["lifang"])
    response = post(client, ENTER, code=messages.newest(cast.phones["lifang"]))
    assert response.status_code == 422
    assert "这个账号已停用" in response.text
    assert client.get("/accounts/me").status_code == 302


def test_addresses_name_no_phone(client: FlaskClient, cast: Cast) -> None:
    asked = post(client, ASK, phone=cast.phones["lifang"])
    page = client.get(asked.location).text
    for address in [asked.location, *re.findall(r'(?:href|action)="([^"]+)"', page)]:
        assert "199" not in address


def test_signing_up_costs_one_account(client: FlaskClient, parts: Parts, messages: Messages) -> None:
    for _ in range(2):
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=_ + 1)):
            post(client, ASK, phone=UNKNOWN)
            post(client, ENTER, code=messages.newest(UNKNOWN))
            post(client, "/accounts/logout", at="/accounts/me")
    with parts.database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 1


def test_in_a_demo_the_page_says_where_the_code_is(client: FlaskClient) -> None:
    post(client, ASK, phone=UNKNOWN)
    assert "这是演示" in client.get(ENTER).text
