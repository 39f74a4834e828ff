"""The learner's exam: door, paper with and without script, hand-in, result; no key, and nothing for strangers."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms import clock
from lms.models.enrollments import Cohort
from lms.parts import Parts
from lms.services.scopes import Actor
from tests.support.browser import csrf_token, post, session_for
from tests.support.cast import Cast, Stage
from tests.support.exams import Hall, Sitter, fields_for, stage

MIDNIGHT = datetime(2099, 12, 31, 16, tzinfo=UTC)  # in China: the last day of the class is over
KEYS = ("手干净，饭才干净。", "关于", "37.3", "发烧", "correct", "feedback")


@pytest.fixture
def hall(parts: Parts, cast: Cast) -> Hall:
    with parts.database.transaction() as session:
        return stage(session, cast)


@pytest.fixture
def sitter(parts: Parts, cast: Cast, hall: Hall) -> Sitter:
    return Sitter(parts, cast.lifang, hall.enrollment)


def door(hall: Hall) -> str:
    return f"/learn/courses/{hall.enrollment}/exam"


def opened(client: FlaskClient, hall: Hall) -> str:
    """Opens the exam from its door; the address of the paper."""
    answer = post(client, f"{door(hall)}/sittings", at=door(hall))
    assert answer.status_code == 303
    return str(answer.location)


def send(client: FlaskClient, at: str, sitting: str, **body: Any) -> TestResponse:
    told = {"place": 0, "key": "key-of-a-phone", "fields": {}} | body
    url = f"/api/v1/exams/{sitting}/answers"
    return client.post(url, json=told, headers={"X-CSRFToken": csrf_token(client, at)})


def test_the_way_from_the_outline_to_the_door(lifang: FlaskClient, hall: Hall) -> None:
    assert door(hall) in lifang.get(f"/learn/courses/{hall.enrollment}").text
    page = lifang.get(door(hall)).text
    for words in ("一共 7 题，30 分钟，60 分及格", "最多考 3 次，还有 3 次", "开始考试"):
        assert words in page


def test_a_class_without_the_policy_shows_no_exam(lifang: FlaskClient, parts: Parts, hall: Hall, cast: Cast) -> None:
    with parts.database.transaction() as session:
        session.get_one(Cohort, hall.cohort).policy_code = "base-2023"
    assert "理论考试" not in lifang.get(f"/learn/courses/{hall.enrollment}").text
    assert lifang.get(door(hall)).status_code == 404


def test_an_exam_without_script_from_door_to_result(lifang: FlaskClient, hall: Hall, sitter: Sitter) -> None:
    paper = opened(lifang, hall)
    sitting = uuid.UUID(paper.rpartition("/")[2])
    fields = {}
    for place, (item, slot) in enumerate(sitter.paper(sitting)):
        fields |= {f"p{place}-{name}": values for name, values in fields_for(item, slot).items() if place}
    saved = post(lifang, f"{paper}/answers", at=paper, **fields)
    assert saved.location == paper
    told = lifang.get(f"{paper}/closing").text
    assert "还有 1 题没有答完" in told
    assert "第 1 题" in told
    answer = post(lifang, f"{paper}/answers", at=paper, closing="1", **fields)
    assert answer.location == f"{paper}/closing"
    closed = post(lifang, f"{paper}/closings", at=f"{paper}/closing")
    assert closed.location == f"{paper}/result"
    result = lifang.get(f"{paper}/result").text
    assert "85 分，通过了" in result
    assert "能向老人问好" in result
    assert lifang.get(paper).location == f"{paper}/result"
    assert "您已经通过了" in lifang.get(door(hall)).text


def test_the_page_shows_what_was_saved(lifang: FlaskClient, hall: Hall, sitter: Sitter) -> None:
    paper = opened(lifang, hall)
    sitting = uuid.UUID(paper.rpartition("/")[2])
    sitter.answer(sitting)
    page = lifang.get(paper).text
    assert page.count("data-answered") == 7
    assert 'value="37.3"' in page
    assert "7 题都答了。" in lifang.get(f"{paper}/closing").text


def test_no_key_reaches_the_phone_before_the_closing(lifang: FlaskClient, hall: Hall, sitter: Sitter) -> None:
    paper = opened(lifang, hall)
    sitting = paper.rpartition("/")[2]
    pages = [lifang.get(url).text for url in (door(hall), paper, f"{paper}/closing")]
    pages += [
        send(lifang, paper, sitting, key=f"key-of-{n}", place=n, fields=fields_for(item, slot)).text
        for n, (item, slot) in enumerate(sitter.paper(uuid.UUID(sitting)))
    ]
    pages += [send(lifang, paper, sitting, key="wrong-answer", fields={"picked": ["1"]}).text]
    for secret in KEYS:
        assert not any(secret in page for page in pages), secret


def test_right_and_wrong_answers_are_told_the_same(lifang: FlaskClient, hall: Hall, sitter: Sitter) -> None:
    paper = opened(lifang, hall)
    sitting = paper.rpartition("/")[2]
    told = set()
    for n, (item, slot) in enumerate(sitter.paper(uuid.UUID(sitting))):
        for right in (True, False):
            fields = fields_for(item, slot, right=right)
            answer = send(lifang, paper, sitting, key=f"key-{n}-{right}", place=n, fields=fields)
            assert answer.status_code == 201
            told.add((answer.json["is_answered"], *sorted(answer.json)))
    assert told == {(True, "is_answered", "left_ms", "number")}


def test_an_answer_is_saved_once_and_refused_after_the_closing(lifang: FlaskClient, hall: Hall) -> None:
    paper = opened(lifang, hall)
    sitting = paper.rpartition("/")[2]
    first = send(lifang, paper, sitting, fields={"picked": ["0"]})
    assert first.status_code == 201
    assert send(lifang, paper, sitting, fields={"picked": ["0"]}).json["number"] == first.json["number"]
    assert send(lifang, paper, sitting, key="key-of-other", place=99).json["code"] == "exam_place_unknown"
    for strange in ("short", "key\x00of\x00a\x00phone", "key of\ta phone", "一个手机的钥匙"):
        assert send(lifang, paper, sitting, key=strange).status_code == 422
    token = {"X-CSRFToken": csrf_token(lifang, paper)}
    for _ in range(2):
        assert lifang.post(f"/api/v1/exams/{sitting}/closings", headers=token).status_code == 201
    refused = send(lifang, f"{paper}/result", sitting, key="key-of-later")
    assert (refused.status_code, refused.json["code"]) == (409, "exam_closed")


def test_strangers_find_nothing(client: FlaskClient, parts: Parts, cast: Cast, hall: Hall, sitter: Sitter) -> None:
    sitting = str(sitter.open())
    for stranger in (cast.chenmo, cast.sunyue, cast.zhaoqin):
        session_for(client, parts, stranger)
        base = f"/learn/exams/{sitting}"
        for url in (door(hall), base, f"{base}/closing", f"{base}/result", f"{base}/pictures/0"):
            assert client.get(url).status_code == 404, url
        for url in (f"{door(hall)}/sittings", f"{base}/answers", f"{base}/closings"):
            assert post(client, url, at="/learn/time").status_code == 404, url
        assert send(client, "/learn/time", sitting).status_code == 404
        token = {"X-CSRFToken": csrf_token(client, "/learn/time")}
        assert client.post(f"/api/v1/exams/{sitting}/closings", headers=token).status_code == 404


def test_what_cannot_be_opened_says_why(lifang: FlaskClient, hall: Hall, sitter: Sitter) -> None:
    sitter.sit(right=0)
    page = lifang.get(door(hall)).text
    assert "还要等 24 小时" in page
    assert "开始考试" not in page
    refused = post(lifang, f"{door(hall)}/sittings", at=door(hall))
    assert refused.status_code == 422


def at(moment: datetime, client: FlaskClient, parts: Parts, who: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Goes to that moment, and signs in there."""
    monkeypatch.setattr(clock, "now", lambda: moment)
    session_for(client, parts, who)


def test_no_key_is_in_any_byte_until_the_minute_the_class_has_closed(
    lifang: FlaskClient, parts: Parts, cast: Cast, hall: Hall, sitter: Sitter, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting = sitter.sit(right=3)
    base = f"/learn/exams/{sitting}"
    with monkeypatch.context() as earlier:
        at(MIDNIGHT - timedelta(minutes=1), lifang, parts, cast.lifang, earlier)
        pages = [lifang.get(url, follow_redirects=True).text for url in (base, f"{base}/closing", f"{base}/result")]
        pages += [lifang.get(door(hall)).text, lifang.get(f"/learn/courses/{hall.enrollment}").text]
        pages += [send(lifang, "/learn/time", str(sitting), fields={"picked": ["0"]}).text]
        token = {"X-CSRFToken": csrf_token(lifang, "/learn/time")}
        pages += [lifang.post(f"/api/v1/exams/{sitting}/closings", headers=token).text]
        pages += [lifang.get("/learn/notebook").text]
    for secret in (*KEYS, "told-0"):
        assert not any(secret in page for page in pages), secret
    assert "2100年1月1日 起，可以看每一题" in pages[2]
    assert "2100年1月1日 起，可以看自己每一题的答案和讲解" in pages[3]
    at(MIDNIGHT, lifang, parts, cast.lifang, monkeypatch)
    page = lifang.get(f"{base}/result").text
    for words in (
        "手干净，饭才干净。",
        "关于洗手",
        "（正确答案",
        "37.3 或 37.3度",
        "发热 配 量体温",
        "正确的次序（前后两步接得对",
        "满分的题",
    ):
        assert words in page, words
    assert page.count('data-read-aloud="#told-') == 7
    assert "js/read-aloud.js" in page
    assert "喂饭前先做什么" not in lifang.get("/learn/notebook").text  # a bank's question is no page of the notebook


def test_a_class_whose_questions_are_never_told_says_so(
    lifang: FlaskClient, parts: Parts, cast: Cast, hall: Hall, sitter: Sitter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with parts.database.transaction() as session:
        session.get_one(Cohort, hall.cohort).policy_code = "blended-untold-2023"
    sitting = sitter.sit(right=3)
    at(MIDNIGHT, lifang, parts, cast.lifang, monkeypatch)
    page = lifang.get(f"/learn/exams/{sitting}/result").text
    assert "为了对后面考试的人公平，不说每一题对错。" in page
    assert not any(secret in page for secret in KEYS)
    assert "起，可以看自己每一题" not in lifang.get(door(hall)).text


def test_while_a_classmate_sits_she_is_asked_to_wait(
    lifang: FlaskClient, parts: Parts, cast: Cast, hall: Hall, sitter: Sitter, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting = sitter.sit(right=3)
    with parts.database.transaction() as session:
        assert cast.chenmo.person_id is not None
        other = Stage(session).enroll(hall.cohort, cast.chenmo.person_id)
    running = Sitter(parts, cast.chenmo, other, seed="f" * 16)
    second = running.open()
    at(MIDNIGHT, lifang, parts, cast.lifang, monkeypatch)
    waiting = lifang.get(f"/learn/exams/{sitting}/result").text
    assert "班里还有人在考试" in waiting
    assert not any(secret in waiting for secret in KEYS)
    running.hand_in(second)
    assert "关于洗手" in lifang.get(f"/learn/exams/{sitting}/result").text


def test_strangers_find_nothing_after_the_closing_either(
    client: FlaskClient, parts: Parts, cast: Cast, sitter: Sitter, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting = sitter.sit()
    for stranger in (cast.chenmo, cast.sunyue, cast.zhaoqin):
        at(MIDNIGHT, client, parts, stranger, monkeypatch)
        for url in (f"/learn/exams/{sitting}/result", f"/learn/exams/{sitting}/pictures/0"):
            assert client.get(url).status_code == 404, url
