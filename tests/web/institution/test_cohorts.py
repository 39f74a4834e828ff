"""The institution's cohorts at the browser: her own open, a stranger's not found, a learner's refused."""

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.models.enrollments import Cohort, Enrollment
from lms.models.people import Person
from lms.models.study import LessonProgress
from lms.parts import Parts
from tests.support.browser import post, session_for
from tests.support.cast import NOON, Cast

WANGHONG = {
    "name": "王红",
    "document_type": "resident_id",
    "number": "509999199006150033",
    "phone": "13800000001",
}
COHORT = {"name": "2026年冬季二班", "family": "base", "opens_on": "2026-12-01", "closes_on": "2027-01-31"}


def count(parts: Parts, table: type[Cohort] | type[Enrollment] | type[Person]) -> int:
    with parts.database.transaction(write=False) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def cohort_url(cohort_id: uuid.UUID) -> str:
    return f"/institution/cohorts/{cohort_id}"


def learner_urls(cast: Cast) -> tuple[str, str]:
    cohort = cohort_url(cast.cohort)
    return f"{cohort}/learners/new", f"{cohort}/learners/{cast.enrollment}/removal"


def study(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        session.add(
            LessonProgress(
                enrollment_id=cast.enrollment,
                lesson_id=cast.lessons["say-hello"],
                covered=[[0, 65_000]],
                credited_ms=65_000,
                updated_at=NOON,
            )
        )


def test_the_list_holds_ones_own_cohorts(zhoumin: FlaskClient) -> None:
    page = zhoumin.get("/institution/")
    assert page.status_code == 200
    assert "2026年冬季一班" in page.text
    assert "2026年11月1日" in page.text
    assert "安和夜校" not in page.text


def test_an_institution_without_cohorts_is_told_what_to_do(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        for table in (Enrollment, Cohort):
            for row in session.scalars(select(table)):
                session.delete(row)
            session.flush()
    session_for(client, parts, cast.sunyue)
    assert "还没有班期" in client.get("/institution/").text


def test_a_cohort_is_opened(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    asked = {"organisation_id": str(cast.kangning), "course_version_id": str(cast.version), **COHORT}
    answer = post(zhoumin, "/institution/cohorts/new", **asked)
    assert answer.status_code == 303
    shown = zhoumin.get(answer.location)
    assert "2026年冬季二班" in shown.text
    assert "班里还没有学员" in shown.text
    assert "2026年12月1日" in shown.text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"closes_on": "2026-11-30"}, "结课日期不能早于开班日期"),
        ({"name": "2026年冬季一班"}, "请换一个名称"),
        ({"name": ""}, "请填写班期名称"),
        ({"opens_on": "2020-01-01"}, "还没有生效的培训政策"),
        ({"opens_on": "soon"}, "请选择开班日期"),
        ({"closes_on": ""}, "请选择结课日期"),
    ],
)
def test_a_wrong_cohort_comes_back_with_the_reason_at_its_field(
    zhoumin: FlaskClient, parts: Parts, cast: Cast, changes: dict[str, str], told: str
) -> None:
    asked = {"organisation_id": str(cast.kangning), "course_version_id": str(cast.version), **COHORT}
    answer = post(zhoumin, "/institution/cohorts/new", **asked | changes)
    assert answer.status_code == 422
    assert told in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert count(parts, Cohort) == 2


def test_nobody_opens_a_cohort_for_another_institution(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    asked = {"organisation_id": str(cast.anhe), "course_version_id": str(cast.version), **COHORT}
    assert post(zhoumin, "/institution/cohorts/new", **asked).status_code == 422
    assert count(parts, Cohort) == 2


def test_a_cohort_shows_progress_in_words(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    study(parts, cast)
    page = zhoumin.get(cohort_url(cast.cohort)).text
    assert "1 分 5 秒" in page
    assert "2 分 43 秒" in page  # 95 % of twice two minutes, less what is credited
    assert "还没达到" in page
    assert "还没有作答" in page
    assert "219999********0026" in page
    assert "219999198501010026" not in page
    assert "19900000001" not in page


def test_a_learner_is_enrolled(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    answer = post(zhoumin, learner_urls(cast)[0], **WANGHONG)
    assert (answer.status_code, answer.location) == (303, cohort_url(cast.cohort))
    shown = zhoumin.get(answer.location).text
    assert "王红 已加入班期，用手机号 138****0001 登录。" in shown
    assert "509999********0033" in shown
    assert "王红 已加入班期" not in zhoumin.get(answer.location).text  # said once


def test_all_that_is_wrong_is_told_at_once_each_at_its_field(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    wrong = {"name": "", "document_type": "resident_id", "number": "509999199006150034", "phone": "110"}
    answer = post(zhoumin, learner_urls(cast)[0], **wrong)
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 3
    assert 'value="509999199006150034"' in answer.text
    assert count(parts, Person) == 2


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": "李芳", "number": "219999198501010026", "phone": "19900000001"}, "这位学员已经在这个班里了"),
        ({"phone": "19900000002"}, 'id="f-phone-error"'),
        ({"number": "219999198501010026"}, 'id="f-name-error"'),
        ({"document_type": "passport"}, 'id="f-number-error"'),
        ({"document_type": "licence"}, 'id="f-document_type-error"'),
    ],
)
def test_what_a_rule_refuses_stands_at_its_field_and_leaves_nothing(
    zhoumin: FlaskClient, parts: Parts, cast: Cast, changes: dict[str, str], told: str
) -> None:
    answer = post(zhoumin, learner_urls(cast)[0], **WANGHONG | changes)
    assert answer.status_code == 422
    assert told in answer.text
    assert (count(parts, Person), count(parts, Enrollment)) == (2, 2)


def test_a_learner_is_taken_out_after_a_question(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    url = learner_urls(cast)[1]
    assert "把 李芳 移出" in zhoumin.get(url).text
    answer = post(zhoumin, url)
    assert (answer.status_code, answer.location) == (303, cohort_url(cast.cohort))
    assert count(parts, Enrollment) == 1


def test_a_learner_with_study_stays(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    study(parts, cast)
    url = learner_urls(cast)[1]
    assert "不能移出" in zhoumin.get(url).text
    assert post(zhoumin, url).status_code == 422
    assert count(parts, Enrollment) == 2


def test_a_post_without_token_changes_nothing(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    for url in learner_urls(cast):
        assert zhoumin.post(url, data=WANGHONG).status_code == 400
    assert count(parts, Enrollment) == 2


def pages(cast: Cast) -> list[str]:
    return [cohort_url(cast.cohort), *learner_urls(cast)]


def test_strangers_staff_find_nothing_of_kangning(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    session_for(client, parts, cast.sunyue)
    assert client.get("/institution/").status_code == 200
    for url in pages(cast):
        assert client.get(url).status_code == 404
    for url in learner_urls(cast):
        assert post(client, url, at="/institution/", **WANGHONG).status_code == 404
    crossed = f"{cohort_url(cast.foreign_cohort)}/learners/{cast.enrollment}/removal"
    assert client.get(crossed).status_code == 404
    assert count(parts, Enrollment) == 2


@pytest.mark.parametrize("who", ["lifang", "chenmo", "wanglei"])
def test_who_is_no_institution_is_refused(client: FlaskClient, parts: Parts, cast: Cast, who: str) -> None:
    session_for(client, parts, getattr(cast, who))
    for url in ["/institution/", "/institution/cohorts/new", *pages(cast)]:
        assert client.get(url).status_code == 403


def test_nobody_signed_in_is_sent_to_the_login(client: FlaskClient, cast: Cast) -> None:
    for url in ["/institution/", "/institution/cohorts/new", *pages(cast)]:
        answer = client.get(url)
        assert answer.status_code == 302
        assert answer.location.startswith("/accounts/login?next=/institution/")


@pytest.mark.parametrize("url", ["/institution/cohorts/x", "/institution/cohorts/01a20000-0000-7000-8000-000000000000"])
def test_what_does_not_exist_is_not_found(zhoumin: FlaskClient, url: str) -> None:
    assert zhoumin.get(url).status_code == 404
