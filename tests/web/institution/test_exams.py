"""Rulings and traces at the institution's desk; and what a stranger finds."""

import pytest
from flask.testing import FlaskClient

from lms.models.exams import ExamSitting
from lms.parts import Parts
from tests.support.browser import post, session_for
from tests.support.cast import Cast
from tests.support.exams import QUESTIONS, Hall, Sitter, stage
from tests.support.study import WoundClock

HERE = "/institution/exams"


@pytest.fixture
def sitter(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Sitter:
    WoundClock(monkeypatch)
    with parts.database.transaction() as session:
        hall: Hall = stage(session, cast)
    return Sitter(parts, cast.lifang, hall.enrollment)


def test_a_faulty_question_is_ruled_on(zhoumin: FlaskClient, sitter: Sitter) -> None:
    assert "还没有考过试" in zhoumin.get(HERE).text
    sitting = sitter.sit(right=QUESTIONS - 1)
    _, slot = sitter.paper(sitting)[-1]
    url = f"{HERE}/questions/{slot.question}/1"
    assert url in zhoumin.get(HERE).text
    for fields in ({"ruling": "leave_out", "reason": " "}, {"ruling": "x", "reason": "错"}):
        assert post(zhoumin, f"{url}/rulings", at=url, **fields).status_code == 422
    assert zhoumin.get(f"{HERE}/questions/{slot.question}/{10**20}").status_code == 404
    done = post(zhoumin, f"{url}/rulings", at=url, ruling="leave_out", reason="两个选项都对")
    assert done.status_code == 303
    page = zhoumin.get(HERE).text
    assert "1 份成绩改判" in page
    assert "不计分" in page
    result = sitter.result(sitting)
    assert result is not None
    assert (result.score_percent, result.regraded) == (100, True)


def test_a_leaked_paper_is_traced(zhoumin: FlaskClient, sitter: Sitter, parts: Parts) -> None:
    sitting = sitter.open()
    with parts.database.transaction(write=False) as session:
        mark = session.get_one(ExamSitting, sitting).watermark
    url = f"{HERE}/traces"
    assert "李芳" in post(zhoumin, url, text=mark).text
    assert "李芳" in post(zhoumin, url, text="\n".join(item.stem for item, _ in sitter.paper(sitting))).text
    assert "没有对得上的试卷" in post(zhoumin, url, text="ABCD-EFGH").text
    assert post(zhoumin, url, text="没有\n这样\n的题目").status_code == 422


def test_strangers_find_nothing(client: FlaskClient, parts: Parts, cast: Cast, sitter: Sitter) -> None:
    sitting = sitter.sit(right=0)
    url = f"{HERE}/questions/{sitter.paper(sitting)[0][1].question}/1"
    with parts.database.transaction(write=False) as session:
        mark = session.get_one(ExamSitting, sitting).watermark
    session_for(client, parts, cast.sunyue)
    assert "还没有考过试" in client.get(HERE).text
    assert client.get(url).status_code == 404
    assert post(client, f"{url}/rulings", at=HERE + "/traces", ruling="leave_out", reason="错").status_code == 404
    assert "李芳" not in post(client, f"{HERE}/traces", text=mark).text
    for other in (cast.chenmo, cast.zhaoqin):
        session_for(client, parts, other)
        assert client.get(HERE).status_code == 403
