"""What a tool is told it can study."""

import pytest
from flask.testing import FlaskClient

from lms.parts import Parts
from tests.support.browser import session_for
from tests.support.cast import LESSON_MS, Cast
from tests.support.study import Phone, WoundClock

COURSES = "/api/v1/study/courses"


def test_a_learner_sees_her_lessons_and_where_they_stand(
    client: FlaskClient, cast: Cast, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    wound = WoundClock(monkeypatch)
    phone = Phone(parts, cast.lifang, cast.enrollment, cast.lessons["read-hello"])
    phone.open()
    wound.forward(20_000)
    phone.beat(0, 20_000)
    session_for(client, parts, cast.lifang)
    answer = client.get(COURSES)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    (course,) = answer.json["courses"]
    assert course["enrollment"] == str(cast.enrollment)
    lessons = {lesson["lesson"]: lesson for lesson in course["lessons"]}
    assert list(lessons) == [str(cast.lessons[slug]) for slug in ("say-hello", "read-hello", "quiz-hello")]
    studied = lessons[str(cast.lessons["read-hello"])]
    assert (studied["kind"], studied["duration_ms"]) == ("reading", LESSON_MS)
    assert (studied["credited_ms"], studied["confirmed_ms"], studied["position_ms"]) == (20_000, 0, 20_000)
    assert lessons[str(cast.lessons["say-hello"])]["credited_ms"] == 0


def test_nobody_is_told_without_signing_in(client: FlaskClient, cast: Cast) -> None:
    answer = client.get(COURSES)
    assert (answer.status_code, answer.json["code"]) == (401, "sign_in_needed")


def test_a_stranger_sees_her_own_courses_only(client: FlaskClient, cast: Cast, parts: Parts) -> None:
    session_for(client, parts, cast.chenmo)
    assert [course["enrollment"] for course in client.get(COURSES).json["courses"]] == [str(cast.foreign_enrollment)]


def test_staff_who_learn_nothing_have_an_empty_list(client: FlaskClient, cast: Cast, parts: Parts) -> None:
    session_for(client, parts, cast.zhoumin)
    assert client.get(COURSES).json == {"courses": []}
