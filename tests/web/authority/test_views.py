"""An inspector at her browser: she sees her institution, touches nothing, and every page is on record."""

import html
import re
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.domain.roles import Role
from lms.models.accounts import Membership
from lms.models.audit import AuditEvent
from lms.parts import Parts
from lms.web import access
from tests.support.browser import csrf_token, session_for, sign_in
from tests.support.cast import INSPECTION_ENDS, NOON, Cast
from tests.support.ledger import Scribe


@pytest.fixture(autouse=True)
def in_winter() -> Iterator[None]:
    """The views read the clock themselves."""
    with time_machine.travel(NOON):
        yield


@pytest.fixture
def wujian(client: FlaskClient, parts: Parts, cast: Cast) -> FlaskClient:
    """康宁's inspector, signed in, after a morning on which 李芳 studied."""
    scribe = Scribe(parts, cast)
    scribe.study("say-hello", (0, 60_000), NOON - timedelta(hours=2))
    scribe.check("passed", 0, 1, NOON - timedelta(hours=1))
    scribe.settle()
    session_for(client, parts, cast.wujian)
    return client


def pages(cast: Cast) -> list[str]:
    learner = f"/inspect/learners/{cast.enrollment}"
    return [
        "/inspect/",
        f"/inspect/institutions/{cast.kangning}",
        f"/inspect/cohorts/{cast.cohort}",
        learner,
        f"{learner}/intervals",
    ]


def looks(parts: Parts) -> list[AuditEvent]:
    with parts.database.transaction(write=False) as session:
        found = select(AuditEvent).where(AuditEvent.action == "inspector.look").order_by(AuditEvent.id)
        return list(session.scalars(found))


def shown(client: FlaskClient, url: str) -> str:
    page = client.get(url)
    assert page.status_code == 200, url
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def test_from_the_institution_down_to_the_interval(wujian: FlaskClient, parts: Parts, cast: Cast) -> None:
    told = ["康宁养老服务中心", "2026年冬季一班", "219999********0026", "李芳的学时", "11月23日 上午 10:00–10:01"]
    for url, words in zip(pages(cast), told, strict=True):
        page = shown(wujian, url)
        assert words in page
        assert "每次查看都会留下记录" in page
        assert "您的查看权限到 2099年12月31日为止" in page
        assert "安和" not in page
        assert "219999198501010026" not in page
    for here, there in zip(pages(cast)[:-1], pages(cast)[1:], strict=True):
        assert f'href="{there}' in html.unescape(wujian.get(here).text)


def test_every_page_leaves_a_row_with_ids_only(wujian: FlaskClient, parts: Parts, cast: Cast) -> None:
    for url in pages(cast):
        wujian.get(url)
    found = [(act.subject, act.organisation_id, act.detail) for act in looks(parts)]
    assert found == [
        (str(cast.wujian.account_id), None, {"page": "institutions"}),
        (str(cast.kangning), cast.kangning, {"page": "institution"}),
        (str(cast.cohort), cast.kangning, {"page": "cohort"}),
        (str(cast.enrollment), cast.kangning, {"page": "learner"}),
        (str(cast.enrollment), cast.kangning, {"page": "intervals"}),
    ]
    assert {act.account_id for act in looks(parts)} == {cast.wujian.account_id}


def foreign(cast: Cast) -> list[str]:
    learner = f"/inspect/learners/{cast.foreign_enrollment}"
    return [
        f"/inspect/institutions/{cast.anhe}",
        f"/inspect/cohorts/{cast.foreign_cohort}",
        learner,
        f"{learner}/intervals",
    ]


def test_another_institution_is_not_found(wujian: FlaskClient, parts: Parts, cast: Cast) -> None:
    for url in [*foreign(cast), f"/inspect/learners/{uuid.uuid4()}"]:
        assert wujian.get(url).status_code == 404
    assert looks(parts) == []


def test_an_inspector_of_anhe_finds_no_learner_of_kangning(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        mine = select(Membership).where(Membership.account_id == cast.wujian.account_id)
        session.scalars(mine).one().organisation_id = cast.anhe
    session_for(client, parts, cast.wujian)
    assert [client.get(url).status_code for url in pages(cast)] == [200, 404, 404, 404, 404]
    assert [client.get(url).status_code for url in foreign(cast)] == [200] * 4


def test_an_inspector_of_all_finds_both(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        mine = select(Membership).where(Membership.account_id == cast.wujian.account_id)
        session.scalars(mine).one().organisation_id = None
    session_for(client, parts, cast.wujian)
    assert [client.get(url).status_code for url in pages(cast) + foreign(cast)] == [200] * 9


def test_when_her_time_is_over_the_gate_refuses_her(wujian: FlaskClient, parts: Parts, cast: Cast) -> None:
    assert wujian.get("/inspect/").status_code == 200
    with parts.database.transaction() as session:
        mine = select(Membership).where(Membership.account_id == cast.wujian.account_id)
        session.scalars(mine).one().expires_at = NOON
    before = len(looks(parts))
    for url in pages(cast):
        answer = wujian.get(url)
        assert answer.status_code == 403
        assert "您没有打开这个页面的权限" in answer.text
    assert len(looks(parts)) == before


def test_she_signs_in_as_staff_do_and_begins_at_her_desk(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    sign_in(client, cast, "wujian")
    assert client.get("/accounts/login").location == "/inspect/"
    with client.session_transaction() as cookie:
        assert cookie["staff"] is True
    assert INSPECTION_ENDS > NOON
    with time_machine.travel(NOON + timedelta(minutes=31)):
        assert client.get("/inspect/").status_code == 302


@pytest.mark.parametrize("who", ["lifang", "wanglei", "zhoumin", "admin"])
def test_it_is_closed_to_everybody_else(client: FlaskClient, parts: Parts, cast: Cast, who: str) -> None:
    for url in pages(cast):
        assert client.get(url).status_code == 302
    session_for(client, parts, getattr(cast, who))
    for url in pages(cast):
        assert client.get(url).status_code == 403
    assert looks(parts) == []


def test_she_writes_nowhere(wujian: FlaskClient, app: Flask, cast: Cast) -> None:
    """Every route that writes is another audience's; her own are orders of dossiers, and what she drew and found.

    Patterns and lists are read by inspectors and settled by officers: tests/web/authority/test_checks.py asks both.
    """
    token = csrf_token(wujian, "/inspect/")
    closed = {Role.INSTITUTION, Role.TRAINER, Role.PLATFORM, Role.OFFICER}
    hers = {"authority_dossiers", "authority_samples", "authority_checks", "authority_outside"}
    tried = 0
    for rule in app.url_map.iter_rules():
        writing = rule.methods - {"GET", "HEAD", "OPTIONS"}
        audience = access.audience_of(app, rule.endpoint)
        if audience is Role.INSPECTOR and rule.endpoint.partition(".")[0] not in hers:
            assert not writing, rule.rule
        if not writing or audience not in closed:
            continue
        values = {
            name: next(iter(getattr(each, "items", [uuid.UUID(int=7)]))) for name, each in rule._converters.items()
        }
        with app.test_request_context():
            url = app.url_for(rule.endpoint, **values)
        for method in writing:
            answer = wujian.open(url, method=method, data={"csrf_token": token}, headers={"X-CSRFToken": token})
            assert answer.status_code == 403, f"{method} {rule.rule} answered {answer.status_code}"
            tried += 1
    assert tried >= 5
