"""Officers and statisticians at their desks: from the city down to an interval, numbers only, each look on record."""

import html
import re
import uuid
from collections.abc import Iterator
from itertools import pairwise

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.domain.roles import Role
from lms.models.audit import AuditEvent
from lms.models.enrollments import Enrollment
from lms.models.rights import Restriction
from lms.parts import Parts
from lms.services import scopes
from lms.services.scopes import Actor
from tests.support.browser import csrf_token, post, session_for
from tests.support.cast import NOON, Cast
from tests.support.places import Places, place
from tests.support.services import token_for

TREE = "/authority/tree/"


@pytest.fixture(autouse=True)
def in_winter() -> Iterator[None]:
    """The views read the clock themselves."""
    with time_machine.travel(NOON):
        yield


@pytest.fixture
def places(parts: Parts, cast: Cast) -> Places:
    with parts.database.transaction() as session:
        return place(session, parts.keyring, cast)


def enter(client: FlaskClient, parts: Parts, who: Actor) -> FlaskClient:
    session_for(client, parts, who)
    return client


def words_of(client: FlaskClient, url: str) -> str:
    page = client.get(url)
    assert page.status_code == 200, url
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def looks(parts: Parts) -> list[tuple[str, str, object]]:
    with parts.database.transaction(write=False) as session:
        rows = session.scalars(select(AuditEvent).where(AuditEvent.action == "inspector.look").order_by(AuditEvent.id))
        return [(each.detail["page"], each.subject, each.organisation_id) for each in rows]


def test_a_city_officer_goes_down_to_the_learner(client: FlaskClient, parts: Parts, cast: Cast, places: Places) -> None:
    her = enter(client, parts, places.linlan)
    assert her.get("/accounts/login").location == "/inspect/"
    way = [
        "/inspect/",
        f"/inspect/institutions/{places.city}",
        f"/inspect/institutions/{places.east}",
        f"/inspect/institutions/{cast.kangning}",
        f"/inspect/cohorts/{cast.cohort}",
        f"/inspect/learners/{cast.enrollment}",
    ]
    for here, there in pairwise(way):
        assert f'href="{there}' in html.unescape(her.get(here).text)
    page = words_of(her, way[-1])
    assert "机构和学员都看得到您看过" in page
    assert "您的查看权限到" not in page
    assert "康宁城南站" in words_of(her, way[3])
    assert looks(parts)[-3:] == [
        ("cohort", str(cast.cohort), cast.kangning),
        ("learner", str(cast.enrollment), cast.kangning),
        ("institution", str(cast.kangning), cast.kangning),
    ]


def test_a_district_officer_sees_her_institutions_only(
    client: FlaskClient, parts: Parts, cast: Cast, places: Places
) -> None:
    her = enter(client, parts, places.gaoyuan)
    told = words_of(her, "/inspect/") + words_of(her, f"/inspect/institutions/{places.east}")
    assert "康宁养老服务中心" in told
    assert "安和" not in told
    assert "西岭" not in told
    assert "机构设置" not in told
    before = looks(parts)
    for where in (places.city, places.west, cast.anhe):
        assert her.get(f"/inspect/institutions/{where}").status_code == 404
    for url in (f"/inspect/cohorts/{cast.foreign_cohort}", f"/inspect/learners/{cast.foreign_enrollment}"):
        assert her.get(url).status_code == 404
    for url in (f"{TREE}{cast.kangning}", f"{TREE}{places.east}/name"):
        assert her.get(url).status_code == 404
    for url in ("/institution/", "/platform/", "/statistics/"):
        assert her.get(url).status_code == 403
    assert looks(parts) == before


def test_a_city_officer_keeps_her_tree(client: FlaskClient, parts: Parts, cast: Cast, places: Places) -> None:
    her = enter(client, parts, places.linlan)
    assert "康宁城南站" in words_of(her, TREE)
    made = post(her, f"{TREE}new", name="南山区", kind="district", department="", parent_id=str(places.city))
    assert made.status_code == 303
    south = made.location.rpartition("/")[2]
    assert post(her, f"{TREE}{cast.kangning}/place", parent_id=south, reason="区划调整").status_code == 303
    page = words_of(her, f"{TREE}{cast.kangning}")
    for words in ("换上级", "东湖区", "南山区", "区划调整", "林岚"):
        assert words in page
    assert post(her, f"{TREE}{south}/closing", reason="错", sure="1").status_code == 422
    assert her.get(f"{TREE}{places.city}").status_code == 404
    for wrong, told in ({"kind": "city"}, "请选择"), ({"kind": "branch"}, "它不能放在这里"):
        fields = {"name": "新", "department": "", "parent_id": "" if "city" in wrong.values() else str(places.east)}
        answer = post(her, f"{TREE}new", **fields, **wrong)
        assert (answer.status_code, told in answer.text) == (422, True)


def test_the_institution_and_the_learner_read_that_an_officer_looked(
    client: FlaskClient, parts: Parts, cast: Cast, places: Places
) -> None:
    enter(client, parts, places.gaoyuan).get(f"/inspect/learners/{cast.enrollment}")
    assert "林岚" not in words_of(enter(client, parts, cast.zhoumin), "/institution/looks")
    assert "高原" in words_of(client, "/institution/looks")


def test_a_department_sees_numbers_and_no_person(client: FlaskClient, parts: Parts, cast: Cast, places: Places) -> None:
    her = enter(client, parts, places.majing)
    assert her.get("/accounts/login").location == "/statistics/"
    for url in ("/statistics/", f"/statistics/places/{places.city}", f"/statistics/places/{places.east}"):
        page = words_of(her, url)
        assert "李芳" not in page
        assert "＊" in page
        assert "云川市民政局" in page
    assert [page for page, _, _ in looks(parts)] == ["statistics"] * 3
    for url in (f"/statistics/places/{cast.kangning}", f"/statistics/places/{places.bureau}"):
        assert her.get(url).status_code == 404
    for url in ("/inspect/", f"/inspect/cohorts/{cast.cohort}", TREE, "/institution/"):
        assert her.get(url).status_code == 403


def test_an_officer_takes_dossiers_and_draws_samples_of_her_own(
    client: FlaskClient, parts: Parts, cast: Cast, places: Places
) -> None:
    her = enter(client, parts, places.gaoyuan)
    dossier, draw = f"/inspect/cohorts/{cast.cohort}/dossiers", "/inspect/samples/new?cohort="
    assert post(her, dossier).status_code == 303
    assert "一期一档" in words_of(her, dossier)
    drawn = post(her, f"{draw}{cast.cohort}", kind="learners", wanted="1")
    assert drawn.status_code == 303
    assert her.get(drawn.location).status_code == 200
    assert {page for page, _, _ in looks(parts)} >= {"dossiers", "sample"}
    assert her.get(f"/inspect/cohorts/{cast.foreign_cohort}/dossiers").status_code == 404
    assert her.get(f"{draw}{cast.foreign_cohort}").status_code == 404
    other = enter(client, parts, places.weiguang)
    for url in (dossier, f"{draw}{cast.cohort}", drawn.location):
        assert other.get(url).status_code == 404


def test_an_offices_program_reads_what_stands_below_it(
    client: FlaskClient, parts: Parts, cast: Cast, places: Places
) -> None:
    def ask(office: uuid.UUID, what: str) -> TestResponse:
        token = token_for(parts, cast, cast.admin, role=Role.OFFICER, place=office)
        return client.get(f"/api/v1{what}", headers={"Authorization": f"Bearer {token}"})

    told = ask(places.east, "/authority/cohorts")
    assert told.status_code == 200
    assert [each["cohort"] for each in told.json["items"]] == [str(cast.cohort)]
    assert looks(parts) == [("institution", str(cast.kangning), cast.kangning)]
    assert len(ask(places.city, "/authority/enrollments").json["items"]) == 2
    assert ask(places.west, f"/authority/completion/{cast.enrollment}").status_code == 404
    assert ask(places.east, "/cohorts").status_code == 403


def test_whose_records_are_archive_only_is_shown_to_the_office_alone(parts: Parts, cast: Cast, places: Places) -> None:
    with parts.database.transaction() as session:
        person = session.get_one(Enrollment, cast.enrollment).person_id
        session.add(Restriction(person_id=person, since=NOON))
    with parts.database.transaction(write=False) as session:
        seen = {
            role: cast.enrollment
            in session.scalars(scopes.learners_of(who, role).with_only_columns(Enrollment.id)).all()
            for role, who in ((Role.OFFICER, places.gaoyuan), (Role.INSTITUTION, cast.zhoumin))
        }
    assert seen == {Role.OFFICER: True, Role.INSTITUTION: False}


@pytest.mark.parametrize("who", ["lifang", "wanglei", "zhoumin", "admin", "wujian"])
def test_the_desks_are_closed_to_everybody_else(
    client: FlaskClient, parts: Parts, cast: Cast, places: Places, who: str
) -> None:
    her = enter(client, parts, getattr(cast, who))
    for url in (TREE, f"{TREE}new", f"{TREE}{places.east}", "/statistics/", f"/statistics/places/{places.city}"):
        assert her.get(url).status_code == 403
    token = csrf_token(her, "/accounts/me")
    assert her.post(f"{TREE}{places.east}/closing", data={"csrf_token": token}).status_code == 403
