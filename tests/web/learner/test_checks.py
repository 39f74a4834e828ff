"""补答: her own missed checks, what is refused, and what a stranger finds."""

import re
import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.models.presence import PresenceCheck
from lms.models.study import LessonProgress
from lms.parts import Parts
from tests.support.browser import post, session_for
from tests.support.cast import Cast
from tests.support.study import SOON, Phone, WoundClock

HERE = "/learn/time/checks"


@pytest.fixture
def missed(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> WoundClock:
    """李芳 studied for 65 seconds and answered the question wrong."""
    clock = WoundClock(monkeypatch)
    phone = Phone(parts, cast.lifang, cast.enrollment, cast.lessons["say-hello"], check=SOON)
    phone.open()
    for start in range(0, 80_000, 20_000):
        clock.forward(20_000)
        answer = phone.beat(start, start + 20_000)
    assert answer["challenge"]
    phone.reply(answer["challenge"], 1 - phone.right(answer["challenge"]))
    clock.forward(1_000)
    return clock


@pytest.fixture
def lifang(client: FlaskClient, parts: Parts, cast: Cast, missed: WoundClock) -> FlaskClient:
    session_for(client, parts, cast.lifang)
    return client


@pytest.fixture
def chenmo(client: FlaskClient, parts: Parts, cast: Cast, missed: WoundClock) -> FlaskClient:
    session_for(client, parts, cast.chenmo)
    return client


def newest(parts: Parts) -> PresenceCheck:
    with parts.database.transaction(write=False) as session:
        return session.scalars(select(PresenceCheck).order_by(PresenceCheck.issued_ms.desc()).limit(1)).one()


def confirmed_ms(parts: Parts, cast: Cast) -> int:
    with parts.database.transaction(write=False) as session:
        return session.get_one(LessonProgress, (cast.enrollment, cast.lessons["say-hello"])).confirmed_ms


def ask(client: FlaskClient, enrollment: uuid.UUID) -> str:
    page = post(client, HERE, enrollment=str(enrollment))
    assert page.status_code == 200
    return page.text


def answer(client: FlaskClient, check: PresenceCheck, enrollment: uuid.UUID, **said: str) -> str:
    reply = post(client, f"{HERE}/{check.id}/answers", at=HERE, enrollment=str(enrollment), **said)
    assert reply.status_code == 303, reply.status_code
    return client.get(reply.location).text


def test_what_waits_is_listed_until_it_is_made_up_for(lifang: FlaskClient, parts: Parts, cast: Cast) -> None:
    listed = lifang.get(HERE).text
    assert "没有确认，请在" in listed
    assert "现在补答" in listed
    sheet = ask(lifang, cast.enrollment)
    assert len(re.findall('name="option"', sheet)) == len(newest(parts).question["options"])
    page = answer(lifang, newest(parts), cast.enrollment, option=str(newest(parts).right_option))
    assert "这段时间已确认" in page
    assert "都确认了" in page
    assert confirmed_ms(parts, cast) == 80_000


def test_a_wrong_answer_takes_nothing_and_the_next_try_waits(
    lifang: FlaskClient, parts: Parts, cast: Cast, missed: WoundClock
) -> None:
    ask(lifang, cast.enrollment)
    page = answer(lifang, newest(parts), cast.enrollment, option=str(1 - newest(parts).right_option))
    assert "没答对。没关系" in page
    assert confirmed_ms(parts, cast) == 0
    assert post(lifang, HERE, enrollment=str(cast.enrollment)).status_code == 429
    missed.forward(61_000)
    assert "我在忙" in ask(lifang, cast.enrollment)


def test_called_away_is_an_answer(lifang: FlaskClient, parts: Parts, cast: Cast) -> None:
    ask(lifang, cast.enrollment)
    assert "什么都没有丢" in answer(lifang, newest(parts), cast.enrollment, busy="1")


def test_nothing_picked_asks_again(lifang: FlaskClient, parts: Parts, cast: Cast) -> None:
    ask(lifang, cast.enrollment)
    asked = newest(parts)
    again = post(lifang, f"{HERE}/{asked.id}/answers", at=HERE, enrollment=str(cast.enrollment))
    assert again.status_code == 422
    assert "还没有选" in again.text
    assert newest(parts).id == asked.id


def test_an_option_that_is_not_there_is_refused(lifang: FlaskClient, parts: Parts, cast: Cast) -> None:
    ask(lifang, cast.enrollment)
    reply = post(lifang, f"{HERE}/{newest(parts).id}/answers", at=HERE, enrollment=str(cast.enrollment), option="7")
    assert reply.status_code == 422
    assert post(lifang, HERE, enrollment="nonsense").status_code == 400


def test_a_stranger_finds_nothing(chenmo: FlaskClient, parts: Parts, cast: Cast) -> None:
    assert "都确认了" in chenmo.get(HERE).text
    assert post(chenmo, HERE, enrollment=str(cast.enrollment)).status_code == 404
    theirs = newest(parts)
    reply = post(chenmo, f"{HERE}/{theirs.id}/answers", at=HERE, enrollment=str(cast.enrollment), option="0")
    assert reply.status_code == 404


def test_the_sheet_is_in_english_too(lifang: FlaskClient, cast: Cast) -> None:
    post(lifang, "/language", at=HERE, language="en", next=HERE)
    assert "Answer now" in lifang.get(HERE).text
    assert "you just" in ask(lifang, cast.enrollment)
