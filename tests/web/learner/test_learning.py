"""The learner's pages: her own course, quiz, record; and what a stranger finds."""

import pytest
from flask.testing import FlaskClient

from lms.models.courses import Lesson
from lms.models.study import LessonProgress
from lms.parts import Parts
from tests.support.browser import post, session_for
from tests.support.cast import LESSON_MS, NOON, Cast
from tests.support.study import Phone, WoundClock

RIGHT = {"q-q1": "0", "q-q2": ["0", "1"], "q-q3": "0"}


@pytest.fixture
def chenmo(client: FlaskClient, parts: Parts, cast: Cast) -> FlaskClient:
    session_for(client, parts, cast.chenmo)
    return client


def course(cast: Cast) -> str:
    return f"/learn/courses/{cast.enrollment}"


def lesson(cast: Cast, slug: str) -> str:
    return f"{course(cast)}/lessons/{cast.lessons[slug]}"


def quiz(cast: Cast) -> str:
    return f"{course(cast)}/quizzes/{cast.lessons['quiz-hello']}"


def study_all(parts: Parts, cast: Cast, credited_ms: int = LESSON_MS) -> None:
    """Stands for study that other tests show minute by minute."""
    with parts.database.transaction() as session:
        for slug in ("say-hello", "read-hello"):
            session.add(
                LessonProgress(
                    enrollment_id=cast.enrollment,
                    lesson_id=cast.lessons[slug],
                    covered=[[0, credited_ms]],
                    credited_ms=credited_ms,
                    position_ms=credited_ms,
                    updated_at=NOON,
                )
            )


def test_home_offers_the_next_lesson(lifang: FlaskClient, cast: Cast) -> None:
    page = lifang.get("/learn/").text
    assert "接着学" in page
    assert lesson(cast, "say-hello") in page


def test_home_without_a_course_says_what_to_do(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    session_for(client, parts, cast.zhoumin)
    assert "还没有课程" in client.get("/learn/").text


def test_the_outline_shows_what_is_missing(lifang: FlaskClient, parts: Parts, cast: Cast) -> None:
    study_all(parts, cast, credited_ms=60_000)
    page = lifang.get(course(cast)).text
    assert "“怎么问好”还差 54 秒" in page
    assert "“小测验：问好”还没有作答" in page


def test_my_time_shows_credited_and_missing(
    lifang: FlaskClient, parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    wound = WoundClock(monkeypatch)
    for slug in ("say-hello", "read-hello"):
        phone = Phone(parts, cast.lifang, cast.enrollment, cast.lessons[slug])
        phone.open()
        for at in (0, 20_000, 40_000):
            wound.forward(20_000)
            phone.beat(at, at + 20_000)
    page = lifang.get("/learn/time").text
    assert "2 分钟" in page
    assert "0.04" in page


def test_a_reading_lesson_has_its_text_and_its_clock(lifang: FlaskClient, cast: Cast) -> None:
    page = lifang.get(lesson(cast, "read-hello")).text
    assert "进门之前" in page
    assert f'data-duration-ms="{LESSON_MS}"' in page


def test_a_video_in_the_making_says_so_and_shows_its_text(lifang: FlaskClient, parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        session.get_one(Lesson, cast.lessons["say-hello"]).duration_ms = None
    page = lifang.get(lesson(cast, "say-hello")).text
    assert "视频正在制作" in page
    assert "走到面前" in page


def test_a_quiz_shows_no_answers_before_it_is_handed_in(lifang: FlaskClient, cast: Cast) -> None:
    page = lifang.get(quiz(cast)).text
    assert "见到老人，先做什么？" in page
    assert "先让他看见您" not in page
    assert lifang.get(lesson(cast, "quiz-hello")).headers["Location"] == quiz(cast)


def test_a_quiz_is_graded_with_feedback_for_each_answer(lifang: FlaskClient, cast: Cast) -> None:
    handed_in = post(lifang, f"{quiz(cast)}/attempts", at=quiz(cast), **{**RIGHT, "q-q1": "1"})
    assert handed_in.status_code == 303
    page = lifang.get(handed_in.headers["Location"]).text
    assert "66 分" in page
    assert "这样会吓到他。" in page


def test_a_quiz_with_gaps_comes_back_with_what_was_picked(lifang: FlaskClient, cast: Cast) -> None:
    answer = post(lifang, f"{quiz(cast)}/attempts", at=quiz(cast), **{"q-q1": "0"})
    assert answer.status_code == 422
    assert "第 2 题还没有选" in answer.text
    assert "第 3 题还没有选" in answer.text
    assert "checked" in answer.text
    assert "还没有作答" in lifang.get(course(cast)).text


def test_home_goes_on_with_an_unfinished_course(lifang: FlaskClient, parts: Parts, cast: Cast) -> None:
    study_all(parts, cast)
    page = lifang.get("/learn/").text
    assert quiz(cast) in page
    assert "接着学" in page


@pytest.mark.parametrize("answers", [{"q-q9": "0"}, {"q-q1": "7"}, {"q-q1": "x"}, {"q-q1": ["0", "1"]}])
def test_a_forged_answer_is_refused_and_kept_nowhere(lifang: FlaskClient, cast: Cast, answers: dict[str, str]) -> None:
    assert post(lifang, f"{quiz(cast)}/attempts", at=quiz(cast), **{**RIGHT, **answers}).status_code == 422
    assert "还没有作答" in lifang.get(course(cast)).text


def test_all_done_makes_one_record_that_anybody_can_verify(lifang: FlaskClient, parts: Parts, cast: Cast) -> None:
    study_all(parts, cast)
    for _ in range(2):
        handed_in = post(lifang, f"{quiz(cast)}/attempts", at=quiz(cast), **RIGHT)
    assert "结业记录已经生成" in lifang.get(handed_in.headers["Location"]).text
    page = lifang.get("/learn/records/").text
    assert page.count("查验码") == 1
    code = page.split('href="/v/')[1].split('"')[0]
    stranger = lifang.application.test_client()
    public = stranger.get(f"/v/{code}").text
    assert "李*" in public
    assert "李芳" not in public
    assert "记录真实" in public
    assert stranger.get(f"/v/{code.lower().replace('-', '')}").status_code == 200


def test_quiz_first_and_study_later_completes_just_as_well(lifang: FlaskClient, parts: Parts, cast: Cast) -> None:
    post(lifang, f"{quiz(cast)}/attempts", at=quiz(cast), **RIGHT)
    assert "还没有结业记录" in lifang.get("/learn/records/").text


@pytest.mark.parametrize("code", ["AAAAA-AAAAA-AAAAA-AAAAA", "x", "..%2f..", "证书"])
def test_an_unknown_code_is_not_found_in_plain_words(client: FlaskClient, cast: Cast, code: str) -> None:
    answer = client.get(f"/v/{code}")
    assert answer.status_code == 404
    assert "没有这份记录" in answer.text or "没有找到" in answer.text


@pytest.mark.parametrize("place", ["", "/lessons/{say-hello}", "/lessons/{read-hello}", "/quizzes/{quiz-hello}"])
def test_a_stranger_finds_nothing(chenmo: FlaskClient, cast: Cast, place: str) -> None:
    path = place.format(**{slug: str(id_) for slug, id_ in cast.lessons.items()})
    assert chenmo.get(course(cast) + path).status_code == 404
    own = f"/learn/courses/{cast.foreign_enrollment}"
    assert chenmo.get(own + path).status_code in (200, 302)


def test_a_stranger_cannot_hand_in_or_read_anothers_attempt(lifang: FlaskClient, parts: Parts, cast: Cast) -> None:
    handed_in = post(lifang, f"{quiz(cast)}/attempts", at=quiz(cast), **RIGHT).headers["Location"]
    stranger = lifang.application.test_client()
    session_for(stranger, parts, cast.chenmo)
    assert stranger.get(handed_in).status_code == 404
    assert post(stranger, f"{quiz(cast)}/attempts", at="/learn/", **RIGHT).status_code == 404


def test_pages_of_a_person_are_not_kept_by_caches(lifang: FlaskClient, cast: Cast) -> None:
    headers = lifang.get("/learn/").headers
    assert headers["Cache-Control"] == "no-store"
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
