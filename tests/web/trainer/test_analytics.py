"""How a course is studied, as its trainer reads it: charts with their numbers, files, and nothing of too few."""

import csv
import io
import uuid

import pytest
from flask.testing import FlaskClient

from lms.domain.analytics import FEWEST
from lms.models.courses import Course, CourseVersion
from lms.models.enrollments import Cohort
from lms.parts import Parts
from tests.support.browser import session_for
from tests.support.cast import Cast
from tests.support.classroom import Classroom

VIDEO, QUIZ = "say-hello", "quiz-hello"
RIGHT = {"q1": [0], "q2": [0, 1], "q3": [0]}
LURED = {"q1": [2], "q2": [0, 1], "q3": [0]}


@pytest.fixture
def wanglei(client: FlaskClient, parts: Parts, cast: Cast) -> FlaskClient:
    session_for(client, parts, cast.wanglei)
    return client


def study(parts: Parts, cast: Cast, persons: int = 8, cohort: uuid.UUID | None = None) -> None:
    """All watch 35 s, all but two 60 s, one of those all of it; two go back, two miss a check; half are misled."""
    with parts.database.transaction() as session:
        room = Classroom(session, cast, cohort)
        everybody = room.learners(persons)
        for number, who in enumerate(everybody):
            room.anew(who, VIDEO)
            room.play(who, VIDEO, 0, 35)
            if number < 2:
                room.play(who, VIDEO, 10, 20, verdict="already_credited", credited=0)
                room.check(who, VIDEO, "missed")
            else:
                room.play(who, VIDEO, 35, 60)
            if number == 2:
                room.play(who, VIDEO, 60, 120)
            room.attempt(who, QUIZ, LURED if number % 2 else RIGHT, 66 if number % 2 else 100)
        room.settle(everybody)


def pages(cast: Cast) -> dict[str, str]:
    base = f"/trainer/versions/{cast.version}/analytics"
    return {
        "course": base,
        "video": f"{base}/lessons/{VIDEO}",
        "quiz": f"{base}/lessons/{QUIZ}",
        "course csv": f"{base}/numbers.csv",
        "video csv": f"{base}/lessons/{VIDEO}/numbers.csv",
        "quiz csv": f"{base}/lessons/{QUIZ}/numbers.csv",
    }


def rows(client: FlaskClient, url: str) -> list[list[str]]:
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_the_version_and_the_lesson_lead_there(wanglei: FlaskClient, cast: Cast) -> None:
    version = f"/trainer/versions/{cast.version}"
    assert f'href="{pages(cast)["course"]}"' in wanglei.get(version).text
    assert f'href="{pages(cast)["video"]}"' in wanglei.get(f"{version}/lessons/{VIDEO}").text


def test_a_course_in_numbers(wanglei: FlaskClient, parts: Parts, cast: Cast) -> None:
    study(parts, cast)
    page = wanglei.get(pages(cast)["course"]).text
    for words in ("您机构里有 9 位学员", "学了 1 分钟，计划 3 分钟", "学完 1 人，学过 8 人"):
        assert words in page
    for cell in ("1 / 8 人", "2 / 2 人", "8 / 8 人"):
        assert f"<span>{cell}</span>" in page
    titles, video, reading, quiz = rows(wanglei, pages(cast)["course csv"])
    assert len(titles) == len(video) == 14
    assert video == ["怎么问好", "视频", "3", "2.0", "8", "1", "1.0", "1.0", "2", "2", "", "", "", ""]
    assert reading[4:] == [""] * 10
    assert quiz[10:] == ["8", "8", "8", "8"]


def test_a_lesson_in_numbers(wanglei: FlaskClient, parts: Parts, cast: Cast) -> None:
    study(parts, cast)
    page = wanglei.get(pages(cast)["video"]).text
    assert "最多的地方：0:50–1:00：5 人；0:10–0:20：2 人。" in page
    assert page.count('<svg class="chart-strip"') == 4
    assert page.count("0:10–0:20：2 人") == 6, "in words and in the description, of three charts"
    assert "斜线的地方：学到那里的不到 5 人，不显示。" in page
    assert "不到 5 人</span></td>" in page
    told = rows(wanglei, pages(cast)["video csv"])
    assert told[2] == ["10", "20", "8", "8", "2", "2", "2", "2"]
    assert told[6] == ["50", "60", "6", "6", "0", "5", "0", "0"]
    assert told[7] == ["60", "70", "", "", "", "", "", ""], "one learner alone"
    assert len(told) == 13


def test_a_quiz_in_numbers(wanglei: FlaskClient, parts: Parts, cast: Cast) -> None:
    study(parts, cast)
    page = wanglei.get(pages(cast)["quiz"]).text
    for words in (
        "先看这几题",
        'href="#q1"',
        "选“大声喊”的人，不比答对的人少",
        "50%（4 / 8 人）",
        "作答的人不到 20 位",
    ):
        assert words in page
    assert 'href="#q2"' not in page
    told = rows(wanglei, pages(cast)["quiz csv"])
    assert told[1] == ["见到老人，先做什么？", "8", "4", "0", "", "走到他面前", "是", "4"]
    assert told[3][5:] == ["大声喊", "否", "4"]


def test_a_question_that_goes_against_the_able_says_so(wanglei: FlaskClient, parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        room = Classroom(session, cast)
        for number, who in enumerate(room.learners(20)):
            poor = {"q1": [0], "q2": [2], "q3": [1]}
            room.attempt(who, QUIZ, LURED if number % 2 else poor, 50)
    page = wanglei.get(pages(cast)["quiz"]).text
    assert "别的题答得好的人，反而在这题上错" in page
    assert "-1.00" in page
    assert "没有一题" not in page


def test_a_sound_quiz_says_so(wanglei: FlaskClient, parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        room = Classroom(session, cast)
        for who in room.learners(20):
            room.attempt(who, QUIZ, RIGHT, 100)
    page = wanglei.get(pages(cast)["quiz"]).text
    assert "没有一题看起来把人带偏了" in page
    assert "别的题大家答得一样" in page


@pytest.mark.parametrize("persons", [0, FEWEST - 2])
def test_too_few_are_told_so_and_nothing_else(wanglei: FlaskClient, parts: Parts, cast: Cast, persons: int) -> None:
    study(parts, cast, persons)
    for name in ("course", "video", "quiz"):
        page = wanglei.get(pages(cast)[name]).text
        assert "人数还不够，先不显示" in page
        assert '<svg class="chart' not in page
    for name in ("course csv", "video csv", "quiz csv"):
        assert len(rows(wanglei, pages(cast)[name])) == 1, "titles and nothing else"


def test_learners_of_others_do_not_fill_up_a_class(wanglei: FlaskClient, parts: Parts, cast: Cast) -> None:
    study(parts, cast, 2)
    study(parts, cast, 20, cast.foreign_cohort)
    assert "人数还不够，先不显示" in wanglei.get(pages(cast)["course"]).text
    assert "人数还不够，先不显示" in wanglei.get(pages(cast)["video"]).text
    session_for(wanglei, parts, cast.zhaoqin)
    assert "您机构里有 21 位学员" in wanglei.get(pages(cast)["course"]).text


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_pages_come_in_both_languages(wanglei: FlaskClient, parts: Parts, cast: Cast, language: str) -> None:
    study(parts, cast)
    with wanglei.session_transaction() as cookie:
        cookie["language"] = language
    for url in pages(cast).values():
        assert wanglei.get(url).status_code == 200
    page = wanglei.get(pages(cast)["video"]).text
    assert ("Where they stop" in page) is (language == "en")
    assert wanglei.get(f"{pages(cast)['course']}/lessons/read-hello").status_code == 200


def test_a_version_of_strangers_is_not_found(wanglei: FlaskClient, parts: Parts, cast: Cast) -> None:
    study(parts, cast)
    with parts.database.transaction() as session:
        version = session.get_one(CourseVersion, cast.version)
        session.get_one(Course, version.course_id).organisation_id = cast.anhe
        session.get_one(Cohort, cast.cohort).organisation_id = cast.anhe
    for url in pages(cast).values():
        assert wanglei.get(url).status_code == 404
    assert pages(cast)["course"] not in wanglei.get(f"/trainer/versions/{cast.version}").text
    assert pages(cast)["video"] not in wanglei.get(f"/trainer/versions/{cast.version}/lessons/{VIDEO}").text


def test_what_does_not_exist_is_not_found(wanglei: FlaskClient, cast: Cast) -> None:
    base = pages(cast)["course"]
    for url in (f"{base}/lessons/nothing", f"{base}/lessons/nothing/numbers.csv"):
        assert wanglei.get(url).status_code == 404
    for url in pages(cast).values():
        assert wanglei.get(url.replace(str(cast.version), str(uuid.uuid4()))).status_code == 404


@pytest.mark.parametrize("who", ["lifang", "zhoumin", "wujian", "admin"])
def test_who_is_no_trainer_stays_outside(client: FlaskClient, parts: Parts, cast: Cast, who: str) -> None:
    session_for(client, parts, getattr(cast, who))
    for url in pages(cast).values():
        assert client.get(url).status_code == 403
