"""The review desk of an officer: filings of her own district, answered once, by nobody who works there."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.domain.errors import Forbidden
from lms.domain.roles import Role
from lms.models.audit import AuditEvent
from lms.parts import Parts
from lms.services import filings, subsidies
from lms.services.scopes import Actor
from tests.support.browser import csrf_token, post, session_for
from tests.support.cast import NOON, Cast
from tests.support.filing import NEW, REASON, Office
from tests.support.places import Places, place

OPENS = NOON.date().replace(year=2099)
DESK = "/inspect/filings/"


@pytest.fixture
def office(parts: Parts, cast: Cast) -> Office:
    """A filing that waits for its answer; its days lie far ahead of the real clock."""
    made = Office(parts, cast)
    made.start(opens_on=OPENS, closes_on=OPENS.replace(year=2100))
    made.fill(plan_on=OPENS)
    made.file()
    return made


@pytest.fixture
def places(parts: Parts, cast: Cast) -> Places:
    with parts.database.transaction() as session:
        return place(session, parts.keyring, cast)


def looks(parts: Parts) -> list[tuple[str, str]]:
    with parts.database.transaction(write=False) as session:
        rows = session.scalars(select(AuditEvent).where(AuditEvent.action == "inspector.look").order_by(AuditEvent.id))
        return [(each.detail["page"], each.subject) for each in rows]


def test_the_districts_officer_returns_and_approves(
    client: FlaskClient, parts: Parts, cast: Cast, places: Places, office: Office
) -> None:
    session_for(client, parts, places.gaoyuan)
    assert "补贴一班" in client.get(DESK).text
    page = f"{DESK}{office.cohort}"
    text = client.get(page).text
    assert "康宁路 12 号二楼" in text
    assert "19900000044" not in text
    assert looks(parts) == [("filings", str(places.gaoyuan.account_id)), ("filings", str(office.cohort))]
    answer = post(client, f"{page}/returns", at=page, version="1", **{"remark-place": "请写门牌号和楼层"})
    assert answer.status_code == 303
    office.file()
    assert post(client, f"{page}/approvals", at=page, version="2", number="东湖社备〔2026〕8号").status_code == 303
    assert "东湖社备〔2026〕8号" in client.get(page).text
    assert office.read().state == "approved"


def test_the_policy_of_the_class_stands_on_its_filing(
    client: FlaskClient, parts: Parts, cast: Cast, places: Places, office: Office
) -> None:
    own = f"/institution/cohorts/{office.cohort}/filing"
    with parts.database.transaction() as session:
        subsidies.load_shipped(session, now=NOON)
    session_for(client, parts, cast.zhoumin)
    assert "LN-2023" not in client.get(own).text
    office.approve()
    with parts.database.transaction(write=False) as session:
        pinned = subsidies.pinned_of(session, office.cohort)
    assert pinned
    for who, page in ((cast.zhoumin, own), (places.linlan, f"{DESK}{office.cohort}")):
        session_for(client, parts, who)
        text = client.get(page).text
        assert f"{pinned.code} · {pinned.title}" in text
        assert str(pinned.version_id) not in text
    session_for(client, parts, cast.admin)
    assert f"/platform/subsidy-policies/{pinned.version_id}" in client.get(f"/platform/filings/{office.cohort}").text


def test_she_is_the_second_person_for_a_change_of_the_roster(
    client: FlaskClient, parts: Parts, cast: Cast, places: Places, office: Office
) -> None:
    office.approve()
    with parts.database.transaction() as session:
        who = (session, parts.keyring, cast.zhoumin, office.cohort)
        change = filings.propose_addition(*who, **NEW, reason=REASON, now=NOON)
    session_for(client, parts, places.linlan)
    page = f"{DESK}{office.cohort}"
    answer = post(client, f"{page}/roster/changes/{change}/decisions", at=page, decision="approved", note="")
    assert answer.status_code == 303
    assert "第 2 版：2 人" in client.get(page).text


def test_another_districts_officer_finds_nothing(
    client: FlaskClient, parts: Parts, cast: Cast, places: Places, office: Office
) -> None:
    session_for(client, parts, places.weiguang)
    assert "补贴一班" not in client.get(DESK).text
    token = csrf_token(client, "/accounts/me")
    page = f"{DESK}{office.cohort}"
    assert client.get(page).status_code == 404
    data = {"csrf_token": token, "version": "1", "note": "请补齐材料", "decision": "approved"}
    for act in ("returns", "approvals", f"roster/changes/{office.cohort}/decisions"):
        assert client.post(f"{page}/{act}", data=data).status_code == 404
    assert looks(parts) == [("filings", str(places.weiguang.account_id))]


@pytest.mark.parametrize("who", ["zhoumin", "wujian", "admin"])
def test_the_desk_is_the_officers_alone(client: FlaskClient, parts: Parts, cast: Cast, who: str) -> None:
    session_for(client, parts, getattr(cast, who))
    token = csrf_token(client, "/accounts/me")
    page = f"{DESK}{cast.cohort}"
    for url in (DESK, page):
        assert client.get(url).status_code == 403
    for act in ("returns", "approvals", f"roster/changes/{cast.cohort}/decisions"):
        assert client.post(f"{page}/{act}", data={"csrf_token": token}).status_code == 403


@pytest.mark.parametrize("works_at", ["kangning", "branch"])
def test_nobody_answers_where_she_works_herself(
    parts: Parts, cast: Cast, places: Places, office: Office, works_at: str
) -> None:
    hers = cast.kangning if works_at == "kangning" else places.branch
    her = places.gaoyuan
    both = Actor(her.account_id, None, her.name, her.roles | {(Role.TRAINER, hers), (Role.PLATFORM, None)})
    for role in (Role.OFFICER, Role.PLATFORM):
        with pytest.raises(Forbidden, match="filing_reviewer_works_there"):
            office.approve(both, role=role)
    office.approve(places.linlan, role=Role.OFFICER)
