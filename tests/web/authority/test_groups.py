"""An officer verifies evidence of groups of learners below her; another district's finds nothing."""

from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient

from lms.parts import Parts
from tests.support.browser import errors_at, post, session_for
from tests.support.cast import NOON, Cast
from tests.support.subsidised import NOTE, Funded

AT = "/authority/subsidies/groups/"


@pytest.fixture(autouse=True)
def in_winter() -> Iterator[None]:
    """The views read the clock themselves."""
    with time_machine.travel(NOON):
        yield


def test_an_officer_verifies(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    funded = Funded(parts, cast)
    places, one = funded.officials(), funded.enter()
    session_for(client, parts, places.gaoyuan)
    listed = client.get(AT).text
    assert "李*" in listed
    assert "李芳" not in listed
    at = f"{AT}{one}"
    refused = post(client, f"{at}/words", at=at, word="verified", note="短")
    assert refused.status_code == 422
    assert errors_at(refused.text) == {"note"}
    assert post(client, f"{at}/words", at=at, word="seen", note=NOTE).status_code == 403
    assert post(client, f"{at}/words", at=at, word="verified", note=NOTE).status_code == 303
    assert "已核实" in client.get(at).text


def test_another_district_finds_nothing(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    funded = Funded(parts, cast)
    places, one = funded.officials(), funded.enter()
    session_for(client, parts, places.weiguang)
    assert "还没有证明" in client.get(AT).text
    assert client.get(f"{AT}{one}").status_code == 404
    assert post(client, f"{AT}{one}/words", at=AT, word="verified", note=NOTE).status_code == 404


def test_taking_an_entry_back_is_a_second_step(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    at = f"/institution/groups/{Funded(parts, cast).enter()}"
    session_for(client, parts, cast.zhoumin)
    page = client.get(at).text
    fold = page[page.index("<details") : page.index("</details>")]
    assert "不能恢复" in fold
    assert f'action="{at}/withdrawal"' in fold
    assert post(client, f"{at}/withdrawal", at=at).status_code == 303
    assert "/withdrawal" not in client.get(at).text
