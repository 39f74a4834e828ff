"""The review desk: what waits, what changed, the answer; the institution may not answer itself."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.models.filings import PlanItem
from lms.parts import Parts
from lms.services import filings
from tests.support.browser import csrf_token, post, session_for
from tests.support.cast import NOON, Cast
from tests.support.filing import NEW, REASON, Office

OPENS = NOON.date().replace(year=2099)


@pytest.fixture
def office(parts: Parts, cast: Cast) -> Office:
    """A filing that waits for its answer; its days lie far ahead of the real clock."""
    made = Office(parts, cast)
    made.start(opens_on=OPENS, closes_on=OPENS.replace(year=2100))
    made.fill()
    with parts.database.transaction() as session:
        for item in session.scalars(select(PlanItem).where(PlanItem.held_on.is_not(None))):
            item.held_on = OPENS
    made.file()
    return made


@pytest.fixture
def desk(client: FlaskClient, parts: Parts, cast: Cast) -> FlaskClient:
    session_for(client, parts, cast.admin)
    return client


def test_a_filing_is_returned_field_by_field_and_then_approved(desk: FlaskClient, office: Office) -> None:
    assert "补贴一班" in desk.get("/platform/filings/").text
    page = f"/platform/filings/{office.cohort}"
    assert "康宁路 12 号二楼" in desk.get(page).text
    assert post(desk, f"{page}/returns", at=page, version="1").status_code == 422
    answer = post(desk, f"{page}/returns", at=page, version="1", **{"remark-place": "请写门牌号和楼层"})
    assert answer.status_code == 303
    assert dict(office.read().remarks) == {"place": "请写门牌号和楼层"}
    office.file()
    answer = post(desk, f"{page}/approvals", at=page, version="1", number="")
    assert answer.status_code == 422
    assert "机构重新提交过" in answer.text
    assert post(desk, f"{page}/approvals", at=page, version="2", number="沈人社备〔2026〕8号").status_code == 303
    text = desk.get(page).text
    assert "沈人社备〔2026〕8号" in text
    assert "第 1 版：1 人" in text


def test_the_platform_may_be_the_second_person(desk: FlaskClient, parts: Parts, cast: Cast, office: Office) -> None:
    office.approve()
    with parts.database.transaction() as session:
        who = (session, parts.keyring, cast.zhoumin, office.cohort)
        change = filings.propose_addition(*who, **NEW, reason=REASON, now=NOON)
    page = f"/platform/filings/{office.cohort}"
    answer = post(desk, f"{page}/roster/changes/{change}/decisions", at=page, decision="rejected", note="不符合")
    assert answer.status_code == 303
    assert "不同意" in desk.get(page).text


def test_the_institution_may_not_answer_itself(client: FlaskClient, parts: Parts, cast: Cast, office: Office) -> None:
    session_for(client, parts, cast.zhoumin)
    token = csrf_token(client, "/institution/cohorts/new")
    page = f"/platform/filings/{office.cohort}"
    for url in ("/platform/filings/", page):
        assert client.get(url).status_code == 403
    for act in ("returns", "approvals", f"roster/changes/{office.cohort}/decisions"):
        assert client.post(f"{page}/{act}", data={"csrf_token": token, "version": "1"}).status_code == 403


def test_what_is_not_filed_is_not_found(desk: FlaskClient, cast: Cast, office: Office) -> None:
    token = csrf_token(desk, "/platform/institutions/new")
    page = f"/platform/filings/{cast.cohort}"
    assert desk.get(page).status_code == 404
    data = {"csrf_token": token, "version": "1", "note": "请补齐材料"}
    for act in ("returns", "approvals", f"roster/changes/{office.cohort}/decisions"):
        assert desk.post(f"{page}/{act}", data=data).status_code == 404, act
    page = f"/platform/filings/{office.cohort}"
    assert desk.post(f"{page}/returns", data={**data, "version": "x"}).status_code == 404
