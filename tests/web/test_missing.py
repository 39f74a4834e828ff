"""还差什么: learner and institution read the same sentences, each with what to do next; every code has both."""

import ast
import html
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from flask.testing import FlaskClient

from lms.app import App
from lms.domain import blended, completion
from lms.domain.verdicts import Reason, Verdict
from lms.parts import Parts
from lms.web.missing import missing
from lms.web.pages import titled
from lms.web.training_words import ADVICE
from lms.web.wording import SENTENCES, sentence
from tests.support.browser import post, session_for
from tests.support.cast import NOON, Cast
from tests.support.training import Training, stage

ASKED = ("理论考试还没有考", "实操“七步洗手”还没有考核")
NEXT = ("学完以后参加理论考试，最多可以考 3 次。", "照着清单练熟，由考评员当面考核。")


@pytest.fixture(autouse=True)
def in_winter() -> Iterator[None]:
    """The views read the clock themselves."""
    with time_machine.travel(NOON):
        yield


@pytest.fixture
def training(parts: Parts, cast: Cast) -> Training:
    """李芳 has studied everything and was at one of two classes."""
    with parts.database.transaction() as session:
        made = stage(session, cast)
        made.study()
        made.meet(3, came=True)
        made.meet(2, came=False)
    return made


def reason_codes() -> set[str]:
    """Every code that a verdict on a training can give."""
    found = set()
    for module in (blended, completion):
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Reason":
                first = node.args[0]
                options = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
                found |= {str(each.value) for each in options if isinstance(each, ast.Constant)}
    return found


def test_every_reason_has_a_sentence_and_advice() -> None:
    codes = reason_codes()
    assert {"exam_no_tries_left", "skill_after_theory", "lesson_time_missing"} <= codes
    assert sorted(codes - set(SENTENCES)) == []
    assert sorted(codes ^ set(ADVICE)) == []


def test_the_learner_reads_it_on_her_course_and_her_home(
    client: FlaskClient, parts: Parts, cast: Cast, training: Training
) -> None:
    session_for(client, parts, cast.lifang)
    asked = "/learn/welcome/"  # a class with practicals asks about pictures first
    assert client.get("/learn/").location == asked
    post(client, f"{asked}consents", at=asked, purpose="practice_picture", given="0")
    outline = client.get(f"/learn/courses/{training.enrollment}").text
    home = client.get("/learn/").text
    low = "线下课上了 2 次，到了 1 次（50%），至少要到 80%"
    for told in (*ASKED, *NEXT, low, "接下来的课都要到"):
        assert told in outline, told
        assert told in home, told
    assert f'href="/learn/courses/{training.enrollment}/lessons/{training.lessons["wash-hands"]}"' in outline


def test_the_institution_reads_the_same(client: FlaskClient, parts: Parts, cast: Cast, training: Training) -> None:
    session_for(client, parts, cast.zhoumin)
    cohort = client.get(f"/institution/cohorts/{training.cohort}").text
    learner = client.get(f"/institution/learners/{training.enrollment}").text
    report = client.get(f"/institution/reports/completion?cohort={training.cohort}").text
    file = client.get(f"/institution/reports/completion.csv?cohort={training.cohort}").text
    for told in (*ASKED, *NEXT):
        assert told in cohort, told
        assert told in learner, told
        assert told in report, told
    assert ASKED[0] in file


def test_the_inspector_reads_the_same(client: FlaskClient, parts: Parts, cast: Cast, training: Training) -> None:
    session_for(client, parts, cast.wujian)
    told = client.get(f"/inspect/cohorts/{training.cohort}").text
    assert ASKED[0] in told
    assert ASKED[1] in told


def test_titles_stand_in_the_readers_language(
    client: FlaskClient, parts: Parts, cast: Cast, training: Training
) -> None:
    place = f"/learn/courses/{training.enrollment}"
    session_for(client, parts, cast.lifang)
    post(client, "/language", at=place, language="en", next=place)
    page = html.unescape(client.get(place).text)
    assert "“Washing hands”" in page
    assert "“七步洗手”" not in page


def test_a_title_without_english_is_told_in_chinese(app: App) -> None:
    told = {"lesson_id": "x", "title": "洗手", "title_en": ""}
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert "洗手" in sentence("skill_disputed", told)
        assert "Washing" in sentence("skill_disputed", {**told, "title_en": "Washing"})
        assert titled(SimpleNamespace(title="洗<手", title_en="")) == '<span lang="zh-Hans">洗&lt;手</span>'
        assert titled(SimpleNamespace(title="洗手", title_en="Washing")) == "Washing"
    with app.test_request_context():
        assert titled(SimpleNamespace(title="洗手", title_en="Washing")) == "洗手"


def test_what_a_person_has_to_look_at_says_so(app: App) -> None:
    doubt = Verdict(unsure=(Reason("skill_disputed", {"lesson_id": "x", "title": "洗手"}),))
    with app.test_request_context():
        (each,) = missing(doubt)
    assert each.doubt
    assert each.sentence == "实操“洗手”，几位考评员的意见不一样"
    assert each.href is None


def test_hours_are_told_as_people_write_them(app: App) -> None:
    values = {"most": 50, "percent": 67, "missing_hundredths": 986}
    told = Reason("online_share_over", {**values, "online_hundredths": 2000, "in_person_hundredths": 1014})
    with app.test_request_context():
        said = sentence(told.code, told.values)
    assert said == "线上 20 学时，面授 10.14 学时。线上最多占 50%，面授还差 9.86 学时"


def test_a_blended_class_is_opened_and_says_what_it_asks(
    client: FlaskClient, parts: Parts, cast: Cast, training: Training
) -> None:
    session_for(client, parts, cast.zhoumin)
    form = client.get("/institution/cohorts/new").text
    for told in ("线上课程", "线上+线下（理论、实操考核）", "由 2 位没教过这个班的考评员打分", "开班前请核对"):
        assert told in form, told
    days = {"opens_on": "2026-12-01", "closes_on": "2027-01-31", "name": "二班", "family": "blended"}
    place = {"organisation_id": str(cast.kangning), "course_version_id": str(training.version)}
    made = post(client, "/institution/cohorts/new", **days, **place)
    assert made.status_code == 303
    shown = client.get(made.location).text
    refused = post(client, "/institution/cohorts/new", **days, **place | {"course_version_id": str(cast.version)})
    for told in ("线上+线下（理论、实操考核）", "blended-2023", "线上学时最多占 50%，其余到教室上课。"):
        assert told in shown, told
    assert refused.status_code == 422
    assert "这门课没有理论考试" in refused.text


def test_a_class_online_says_what_it_asks(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    session_for(client, parts, cast.zhoumin)
    shown = client.get(f"/institution/cohorts/{cast.cohort}").text
    assert "线上课程" in shown
    assert "没有考试" in shown
    assert "结业考核成绩册" not in shown
