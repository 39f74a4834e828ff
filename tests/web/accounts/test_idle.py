"""Staff who walk away are signed out; learners and whoever keeps working are not."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from lms import clock
from lms.parts import Parts
from lms.services import accounts
from tests.support.browser import session_for, sign_in
from tests.support.cast import Cast

ME = "/accounts/me"


def later(minutes: float) -> time_machine.travel:
    return time_machine.travel(datetime.now(UTC) + timedelta(minutes=minutes))


@pytest.mark.parametrize("who", ["zhoumin", "wanglei", "admin"])
def test_half_an_hour_without_a_request_ends_a_staff_login(client: FlaskClient, cast: Cast, who: str) -> None:
    sign_in(client, cast, who)
    with later(29):
        assert client.get(ME).status_code == 200
    with later(29 + 31):
        assert client.get(ME).status_code == 302


def test_the_end_is_on_the_server_too(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    """A copy of the cookie from earlier does not bring the login back."""
    token = session_for(client, parts, cast.zhoumin)
    with client.session_transaction() as cookie:
        cookie["language"] = "en"
    with later(31):
        client.get(ME)
        with client.session_transaction() as cookie:
            assert dict(cookie) == {"language": "en"}
        with parts.database.transaction(write=False) as session:
            assert accounts.find_actor(session, token, clock.now()) is None


def test_a_cookie_without_its_moment_is_idle(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    session_for(client, parts, cast.zhoumin)
    with client.session_transaction() as cookie:
        del cookie["seen_at"]
    assert client.get(ME).status_code == 302


def test_whoever_keeps_working_stays(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    session_for(client, parts, cast.zhoumin)
    for minutes in range(20, 300, 20):
        with later(minutes):
            assert client.get(ME).status_code == 200


def test_what_a_playing_lesson_sends_by_itself_does_not_count(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    session_for(client, parts, cast.wanglei)
    for minutes in (10, 20, 28):
        with later(minutes):
            client.post("/api/v1/study/heartbeats", json={})
    with later(31):
        assert client.get(ME).status_code == 302


def test_after_twelve_hours_of_work_staff_sign_in_again(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    session_for(client, parts, cast.zhoumin)
    for minutes in range(25, 12 * 60, 25):
        with later(minutes):
            assert client.get(ME).status_code == 200
    with later(12 * 60 + 1):
        assert client.get(ME).status_code == 302


def test_learners_stay_for_thirty_days(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast, "lifang")
    with later(29 * 24 * 60):
        assert client.get(ME).status_code == 200
    with later(30 * 24 * 60 + 1):
        assert client.get(ME).status_code == 302


def test_a_busy_minute_sets_the_cookie_once(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    session_for(client, parts, cast.zhoumin)
    client.get(ME)
    assert "Set-Cookie" not in client.get(ME).headers
    with later(2):
        assert "Set-Cookie" in client.get(ME).headers
