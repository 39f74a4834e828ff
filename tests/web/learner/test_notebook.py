"""错题本 in the browser: where it is offered, one question a screen, the answer at once, and what a stranger finds."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from lms import clock
from lms.models.quizzes import QuizReview
from lms.models.study import LessonProgress
from lms.parts import Parts
from tests.support.browser import post, session_for
from tests.support.cast import LESSON_MS, NOON, Cast

HOME = "/learn/"


def quiz(cast: Cast) -> str:
    return f"/learn/courses/{cast.enrollment}/quizzes/{cast.lessons['quiz-hello']}"


def book(cast: Cast) -> str:
    return f"/learn/courses/{cast.enrollment}/notebook"


def miss(client: FlaskClient, cast: Cast, **other: object) -> str:
    """Hands the quiz in with one wrong answer of three, or with what is given; returns the result page."""
    picked = {"q-q1": "1", "q-q2": ["0", "1"], "q-q3": "0", **other}
    handed_in = post(client, f"{quiz(cast)}/attempts", at=quiz(cast), **picked)
    return client.get(handed_in.headers["Location"]).text


def fields(page: str) -> dict[str, str]:
    """The hidden fields of the question that a page asks."""
    return dict(re.findall(r'<input type="hidden" name="(lesson|question|key|of|done)" value="([^"]*)">', page))


def answer(client: FlaskClient, cast: Cast, asked: dict[str, str], *options: str) -> TestResponse:
    return post(client, f"{book(cast)}/reviews", at=HOME, **asked, option=list(options))


def kept(parts: Parts) -> int:
    with parts.database.transaction(write=False) as session:
        return session.scalar(select(func.count()).select_from(QuizReview)) or 0


def test_the_notebook_is_empty_at_first_and_says_what_it_is_for(lifang: FlaskClient, cast: Cast) -> None:
    assert "/learn/notebook" in lifang.get(HOME).text
    for place in ("/learn/notebook", book(cast)):
        assert "还没有错题" in lifang.get(place).text
    assert "今天没有要复习的错题" in lifang.get(f"{book(cast)}/question").text


def test_a_miss_is_told_on_the_result_at_home_and_in_the_course(lifang: FlaskClient, cast: Cast) -> None:
    result = miss(lifang, cast)
    assert "答对 2 题，答错 1 题" in result
    assert "去看讲这道题的小节" in result
    assert f"{book(cast)}/question?of=1" in result
    home = lifang.get(HOME).text
    assert "今天有 1 道错题等您复习，一共约 1 分钟。" in home
    assert f"{book(cast)}/question?of=1" in home
    assert "今天等您复习：1 道" in lifang.get(f"/learn/courses/{cast.enrollment}").text
    assert "今天等您复习：1 道" in lifang.get("/learn/notebook").text
    shown = lifang.get(book(cast)).text
    assert "见到老人，先做什么？" in shown
    assert "走到他面前" not in shown


def test_a_question_tells_no_answer_and_the_answer_is_told_at_once(lifang: FlaskClient, cast: Cast) -> None:
    miss(lifang, cast)
    page = lifang.get(f"{book(cast)}/question").text
    assert "第 1 题，共 1 题" in page
    assert "见到老人，先做什么？" in page
    assert "先让他看见您" not in page
    answered = answer(lifang, cast, fields(page), "2")
    assert answered.status_code == 303
    told = lifang.get(answered.headers["Location"]).text
    assert "没答对，没关系" in told
    assert "对，先让他看见您。" in told
    assert "声音太大他会紧张。" in told
    assert "这样会吓到他。" not in told
    assert "去看讲这道题的小节" in told
    assert "今天会再问您一次" in told


def test_a_round_ends_kindly_and_leads_on(lifang: FlaskClient, cast: Cast) -> None:
    miss(lifang, cast, **{"q-q3": "1"})
    for right, number in (("0", 1), ("0", 2)):
        page = lifang.get(f"{book(cast)}/question?of=2&done={number - 1}").text
        assert f"第 {number} 题，共 2 题" in page
        told = lifang.get(answer(lifang, cast, fields(page), right).headers["Location"]).text
        assert "答对了" in told
    after = re.search(r'href="([^"]+/notebook/question\?[^"]+)"', told)
    assert after
    end = lifang.get(after[1].replace("&amp;", "&")).text
    assert "今天的错题复习完了" in end
    assert "今天复习了 2 道，答对 2 道。" in end
    assert "接着学：" in end
    assert "今天没有要复习的错题，下一次是" in lifang.get(HOME).text


def test_a_round_that_leaves_some_says_so_and_offers_more(lifang: FlaskClient, cast: Cast) -> None:
    miss(lifang, cast, **{"q-q3": "1"})
    answer(lifang, cast, fields(lifang.get(f"{book(cast)}/question?of=1").text), "0")
    end = lifang.get(f"{book(cast)}/question?of=1&done=1").text
    assert "这一组复习完了" in end
    assert "还有 1 道在等，不着急，有空再来。" in end


def test_the_next_day_it_is_due_again(
    lifang: FlaskClient, parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    miss(lifang, cast)
    answer(lifang, cast, fields(lifang.get(f"{book(cast)}/question").text), "0")
    assert "今天没有要复习的错题" in lifang.get("/learn/notebook").text
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    session_for(lifang, parts, cast.lifang)
    assert "今天等您复习：1 道" in lifang.get("/learn/notebook").text


def test_a_page_left_open_elsewhere_leads_on(lifang: FlaskClient, parts: Parts, cast: Cast) -> None:
    miss(lifang, cast)
    asked = fields(lifang.get(f"{book(cast)}/question").text)
    answer(lifang, cast, asked, "0")
    stale = answer(lifang, cast, {**asked, "key": "another"}, "1")
    assert stale.status_code == 303
    assert stale.headers["Location"].startswith(f"{book(cast)}/question")
    assert kept(parts) == 1


def test_nothing_picked_asks_again(lifang: FlaskClient, parts: Parts, cast: Cast) -> None:
    miss(lifang, cast)
    again = answer(lifang, cast, fields(lifang.get(f"{book(cast)}/question").text))
    assert again.status_code == 422
    assert "还没有选" in again.text
    assert kept(parts) == 0
    asked = fields(again.text)
    answer(lifang, cast, asked, "0")
    assert answer(lifang, cast, asked).headers["Location"].startswith(f"{book(cast)}/question")


def test_a_forged_answer_is_refused(lifang: FlaskClient, parts: Parts, cast: Cast) -> None:
    miss(lifang, cast)
    asked = {**fields(lifang.get(f"{book(cast)}/question").text), "option": "0"}
    for forged, status in (({"option": "x"}, 422), ({"question": "q3"}, 404), ({"lesson": "x"}, 400)):
        assert post(lifang, f"{book(cast)}/reviews", at=HOME, **asked | forged).status_code == status
    assert kept(parts) == 0


def test_a_round_is_never_longer_than_what_is_due(lifang: FlaskClient, cast: Cast) -> None:
    miss(lifang, cast)
    for said, words in (
        ("of=0&done=0", "第 1 题，共 1 题"),
        ("of=999&done=-1", "第 1 题，共 1 题"),
        ("of=x&done=y", "第 1 题，共 1 题"),
        ("of=5&done=2", "第 3 题，共 3 题"),
        ("done=99", "这一组复习完了"),
    ):
        assert words in lifang.get(f"{book(cast)}/question?{said}").text


@pytest.mark.parametrize("slug", ["say-hello", "read-hello"])
def test_a_finished_lesson_offers_a_short_review(lifang: FlaskClient, parts: Parts, cast: Cast, slug: str) -> None:
    lesson = f"/learn/courses/{cast.enrollment}/lessons/{cast.lessons[slug]}"
    offer = "先复习 3 道错题（约 2 分钟）"
    assert offer not in lifang.get(lesson).text
    miss(lifang, cast, **{"q-q2": "2", "q-q3": "1"})
    before = lifang.get(lesson).text.count(offer)
    with parts.database.transaction() as session:
        session.add(
            LessonProgress(
                enrollment_id=cast.enrollment,
                lesson_id=cast.lessons[slug],
                covered=[[0, LESSON_MS]],
                credited_ms=LESSON_MS,
                position_ms=LESSON_MS,
                updated_at=NOON,
            )
        )
    assert lifang.get(lesson).text.count(offer) == before + 1


def test_a_lesson_that_gets_done_while_it_is_open_offers_it_too(lifang: FlaskClient, cast: Cast) -> None:
    miss(lifang, cast)
    page = lifang.get(f"/learn/courses/{cast.enrollment}/lessons/{cast.lessons['read-hello']}").text
    when_done = re.search(r'<template data-when="done">.*?</template>', page, re.DOTALL)
    assert when_done
    assert f"{book(cast)}/question?of=1" in when_done[0]
    assert page.count("先复习 1 道错题") == 1


def test_a_stranger_finds_nothing(lifang: FlaskClient, parts: Parts, cast: Cast) -> None:
    miss(lifang, cast)
    asked = fields(lifang.get(f"{book(cast)}/question").text)
    made = answer(lifang, cast, asked, "0").headers["Location"]
    for stranger in (cast.chenmo, cast.sunyue, cast.zhaoqin):
        other = lifang.application.test_client()
        session_for(other, parts, stranger)
        for place in (book(cast), f"{book(cast)}/question", made):
            assert other.get(place).status_code == 404
        assert answer(other, cast, {**asked, "key": "strange"}, "0").status_code == 404
        assert "见到老人" not in other.get("/learn/notebook").text
    assert kept(parts) == 1
