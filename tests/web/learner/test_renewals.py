"""有效期 on her phone: nothing while it holds, a card when it is time, all she completed before."""

from datetime import date
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from lms.parts import Parts
from lms.services import renewals, shares
from tests.support.browser import session_for
from tests.support.cast import Cast
from tests.support.certified import certify
from tests.support.renewals import DUE, FIGURES, ISSUED, LAST, OVER, Years, noon_of

OWN = "/learn/renewals/"


@pytest.mark.parametrize(
    ("day", "pressed", "words"),
    [
        (ISSUED, False, "这次结业有效到2028年11月23日。2028年8月25日起可以复训。"),
        (DUE, True, "这次结业有效到2028年11月23日，快到期了。请尽快联系您的机构，安排复训。"),
        (OVER, True, "这次结业有效到2028年11月23日，已经过期。以前的记录都还在。请联系您的机构，安排复训。"),
    ],
)
def test_she_is_told_when_it_is_time(
    client: FlaskClient, parts: Parts, cast: Cast, day: date, pressed: bool, words: str
) -> None:
    years = Years(parts, cast)
    years.rule()
    years.complete()
    with time_machine.travel(noon_of(day)):
        session_for(client, parts, cast.lifang)
        assert words in client.get(OWN).text
        assert ("该复训了" in client.get("/learn/").text) is pressed


def test_while_she_takes_it_again_she_is_led_there(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    years = Years(parts, cast)
    years.rule()
    first, cohort = years.complete(), years.open_class(years.version(), opens=ISSUED)
    with time_machine.travel(noon_of(DUE)):
        with parts.database.transaction() as session:
            renewals.retake(session, cast.zhoumin, cohort, [first], now=noon_of(DUE))
        session_for(client, parts, cast.lifang)
        told = client.get(OWN).text
        assert "您正在复训：复训班" in told
        assert f"/learn/courses/{years.enrollment_in(cohort)}" in told
        years.complete(years.enrollment_in(cohort), at=noon_of(DUE))
        told = client.get(OWN).text
    assert "以前的结业记录（1）" in told
    assert "已复训，以新的为准" in told


def test_a_stranger_sees_only_her_own(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    years = Years(parts, cast)
    years.rule()
    years.complete()
    session_for(client, parts, cast.chenmo)
    assert "还没有结业的课程" in client.get(OWN).text


@pytest.mark.parametrize(("day", "over", "left"), [(LAST, False, "今天是最后一天"), (OVER, True, "已过 1 天")])
def test_who_checks_a_record_sees_until_when_it_holds(
    client: FlaskClient, parts: Parts, cast: Cast, day: date, over: bool, left: str
) -> None:
    years = Years(parts, cast)
    years.rule(FIGURES)
    years.complete()
    code = certify(parts, cast.enrollment)
    with time_machine.travel(noon_of(day)):
        told = client.get(f"/v/{code}").text
        answer = client.get(f"/api/v1/verifications/{code}").json
    assert f"2028年11月23日（{left}）" in told
    assert ("已过有效期" in told) is over
    assert answer["valid_until"] == LAST.isoformat()


@pytest.mark.parametrize(("day", "over", "left"), [(DUE, False, "还有 30 天"), (OVER, True, "已过 1 天")])
def test_every_page_of_a_record_tells_how_many_days_are_left(
    client: FlaskClient, parts: Parts, cast: Cast, day: date, over: bool, left: str
) -> None:
    years = Years(parts, cast)
    years.rule(FIGURES)
    years.complete()
    code, now = certify(parts, cast.enrollment), noon_of(day)
    wish: dict[str, Any] = {"reader": "employer", "days": 7, "codes": [code], "with_name": False}
    with parts.database.transaction() as session:
        token = shares.token_of(parts.keyring, shares.create(session, cast.lifang, parts.keyring, **wish, now=now))
    with time_machine.travel(now):
        session_for(client, parts, cast.lifang)
        pages = [client.get(each).text for each in ("/learn/records/", "/learn/transcript/", f"/s/{token}")]
        data = client.get("/learn/transcript/transcript.json").json
        session_for(client, parts, cast.zhoumin)
        pages.append(client.get("/institution/records/", query_string={"code": code}, follow_redirects=True).text)
    for page in pages:
        assert f"2028年11月23日（{left}）" in page
        assert ("已过有效期" in page) is over
    assert (data["counted"], data["holding"]) == (1, int(not over))
    assert data["records"][0]["valid_until"] == LAST.isoformat()
