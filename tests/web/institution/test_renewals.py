"""复训 at the browser: who is to take a course again, the class she joins, the rules; strangers find nothing."""

import uuid
from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lms.models.courses import Course
from lms.models.enrollments import Enrollment
from lms.parts import Parts
from tests.support.browser import csrf_token, post, session_for
from tests.support.cast import Cast
from tests.support.renewals import DUE, ISSUED, OPENS, SOURCE, Years, noon_of

DESK = "/institution/renewals/"
RULE = {"lasts": "yes", "months": "24", "open_days": "90", "due_days": "30", "source": SOURCE}


@pytest.fixture
def years(parts: Parts, cast: Cast) -> Years:
    made = Years(parts, cast)
    made.rule()
    made.complete()
    return made


@pytest.fixture
def due() -> Iterator[None]:
    with time_machine.travel(noon_of(DUE)):
        yield


@pytest.fixture
def desk(client: FlaskClient, parts: Parts, cast: Cast, due: None) -> FlaskClient:
    session_for(client, parts, cast.zhoumin)
    return client


def test_the_list_names_her_and_leads_to_her_history(desk: FlaskClient, years: Years) -> None:
    told = desk.get(DESK).text
    assert "李芳" in told
    assert "快到期，请尽快复训" in told
    assert f"{DESK}{years.cast.enrollment}" in told
    assert "李芳" not in desk.get(DESK, query_string={"phase": "expired"}).text
    history = desk.get(f"{DESK}{years.cast.enrollment}").text
    assert SOURCE in history
    assert "还没有提醒过。" in history


def test_she_is_entered_into_a_class_of_the_new_version(desk: FlaskClient, years: Years, parts: Parts) -> None:
    cohort = years.open_class(years.version(), opens=ISSUED)
    form = {"course": str(years.course), "cohort": str(cohort), "enrollment": [str(years.cast.enrollment)]}
    listed = f"{DESK}?course={years.course}"
    assert "复训班" in desk.get(listed).text
    answer = post(desk, f"{DESK}enrollments", at=listed, **form)
    assert (answer.status_code, answer.location) == (303, f"/institution/cohorts/{cohort}")
    assert "正在复训：复训班" in desk.get(DESK).text
    with parts.database.transaction(write=False) as session:
        assert session.scalars(select(Enrollment.person_id).where(Enrollment.cohort_id == cohort)).one()


def test_a_refusal_keeps_the_page_and_says_why(desk: FlaskClient, years: Years) -> None:
    cohort = years.open_class(years.version())
    form = {"course": str(years.course), "cohort": str(cohort)}
    answer = post(desk, f"{DESK}enrollments", at=f"{DESK}?course={years.course}", **form)
    assert answer.status_code == 422
    assert "请至少选一位学员。" in answer.text


def test_strangers_find_nothing(client: FlaskClient, parts: Parts, years: Years, cast: Cast, due: None) -> None:
    ours, theirs = years.open_class(years.version()), years.open_class(at=cast.anhe, name="安和复训班")
    session_for(client, parts, cast.sunyue)
    assert "李芳" not in client.get(DESK, query_string={"course": years.course}).text
    for address in (f"{DESK}{cast.enrollment}", f"{DESK}rules/{years.course}", f"{DESK}{uuid.uuid4()}"):
        assert client.get(address).status_code == 404
    for cohort in (ours, theirs):
        form = {"cohort": str(cohort), "enrollment": [str(cast.enrollment)]}
        token = csrf_token(client, DESK)
        assert client.post(f"{DESK}enrollments", data={"csrf_token": token, **form}).status_code == 404
    session_for(client, parts, cast.chenmo)
    assert client.get(DESK).status_code == 403
    assert client.get("/platform/renewals/rules/").status_code == 403


def test_an_institution_rules_its_own_courses(desk: FlaskClient, years: Years, parts: Parts) -> None:
    address = f"{DESK}rules/{years.course}"
    assert "由平台规定" in desk.get(f"{DESK}rules/").text
    assert desk.get(address).status_code == 404
    with parts.database.transaction() as session:
        session.execute(update(Course).where(Course.id == years.course).values(organisation_id=years.cast.kangning))
    wrong = post(desk, address, **RULE | {"months": "", "effective_from": DUE.isoformat()})
    assert wrong.status_code == 422
    assert "有效期请填 1 到 120 个月。" in wrong.text
    late = post(desk, address, **RULE | {"effective_from": OPENS.isoformat()})
    assert "请填今天或以后的日子" in late.text
    assert post(desk, address, **RULE | {"source": "", "effective_from": DUE.isoformat()}).status_code == 303
    told = desk.get(f"{DESK}rules/").text
    assert "未确认" in told
    assert "有效 24 个月；到期前 90 天起可以复训，到期前 30 天起催促。" in told


def test_the_platform_rules_the_courses_that_ship_with_it(
    client: FlaskClient, parts: Parts, years: Years, due: None
) -> None:
    session_for(client, parts, years.cast.admin)
    address = f"/platform/renewals/rules/{years.course}"
    answer = post(client, address, lasts="no", effective_from=DUE.isoformat())
    assert (answer.status_code, answer.location) == (303, "/platform/renewals/rules/")
    assert "没有有效期，不用复训。" in client.get("/platform/renewals/rules/").text
    assert SOURCE in client.get(address).text
    assert client.get(f"/platform/renewals/rules/{uuid.uuid4()}").status_code == 404
