"""Completion records at the desk: found, taken back by two, issued anew; strangers find nothing."""

import uuid

import pytest
from flask.testing import FlaskClient

from lms.domain.records import RecordState
from lms.domain.roles import Role
from lms.models.accounts import Membership
from lms.parts import Parts
from tests.support.browser import csrf_token, post, session_for
from tests.support.cast import Cast
from tests.support.records import NOTE, WORDS, Shelf, shelve

DESK = "/institution/records/"


@pytest.fixture
def shelf(parts: Parts, cast: Cast) -> Shelf:
    return shelve(parts, cast)


@pytest.fixture
def colleague(client: FlaskClient, parts: Parts, cast: Cast) -> FlaskClient:
    """王磊 works at 康宁's desk as well, at a browser of his own."""
    with parts.database.transaction() as session:
        place = {"account_id": cast.wanglei.account_id, "organisation_id": cast.kangning}
        session.add(Membership(**place, role=Role.INSTITUTION.value))
    other = client.application.test_client()
    session_for(other, parts, cast.wanglei)
    return other


def propose(client: FlaskClient, shelf: Shelf, **fields: str) -> int:
    wanted = {"kind": "revoke", "reason": "fraud", "words": WORDS, **fields}
    at = f"{DESK}{shelf.record}"
    return post(client, f"{at}/proposals", at=at, **wanted).status_code


def decide(client: FlaskClient, shelf: Shelf, url: str, **fields: str) -> int:
    wanted = {"decision": "approved", "note": NOTE, "sure": "1", **fields}
    return post(client, url, at=f"{DESK}{shelf.record}", **wanted).status_code


def decision_url(client: FlaskClient, shelf: Shelf, desk: str = DESK) -> str:
    page = client.get(f"{desk}{shelf.record}").text
    begin = page.index(f"{desk}{shelf.record}/proposals/")
    return page[begin : page.index('"', begin)]


def test_a_record_is_found_by_its_code_and_by_its_learner(zhoumin: FlaskClient, shelf: Shelf) -> None:
    assert "没有人提出" in zhoumin.get(DESK).text
    found = f"{DESK}{shelf.record}"
    assert zhoumin.get(DESK, query_string={"code": f" {shelf.code.lower()} "}).location == found
    assert zhoumin.get(DESK, query_string={"enrollment": str(shelf.enrollment)}).location == found
    missed = zhoumin.get(DESK, query_string={"code": "01ABC-DEFGH-JKMNP-QRSTV"})
    assert (missed.status_code, "这里没有这份记录" in missed.text) == (404, True)
    page = zhoumin.get(found).text
    assert "李芳的结业记录" in page
    assert "记录有效" in page


def test_from_a_proposal_to_the_public_page(
    zhoumin: FlaskClient, colleague: FlaskClient, client: FlaskClient, parts: Parts, cast: Cast, shelf: Shelf
) -> None:
    assert propose(zhoumin, shelf) == 303
    assert "提出的人不能自己核对" in zhoumin.get(f"{DESK}{shelf.record}").text
    assert 'name="kind"' not in zhoumin.get(f"{DESK}{shelf.record}").text
    anybody = client.application.test_client()
    assert "内容没有改动" in anybody.get(f"/v/{shelf.code}").text
    assert decide(colleague, shelf, decision_url(colleague, shelf)) == 303
    page = anybody.get(f"/v/{shelf.code}").text
    assert "记录已撤销" in page
    assert "学习或考试作假" in page
    assert WORDS not in page
    assert "内容没有改动" not in page
    english = anybody.get(f"/v/{shelf.code}", headers={"Accept-Language": "en"}).text
    assert "Record revoked" in english
    desk = zhoumin.get(f"{DESK}{shelf.record}").text
    assert ('value="reissue"' in desk, 'value="fraud"' in desk) == (True, False)
    her = client.application.test_client()
    session_for(her, parts, cast.lifang)
    mine = her.get("/learn/records/").text
    assert "记录已撤销" in mine
    assert WORDS in mine


def test_a_new_record_leads_on_from_the_old_one(
    zhoumin: FlaskClient, colleague: FlaskClient, client: FlaskClient, shelf: Shelf
) -> None:
    assert propose(zhoumin, shelf, kind="reissue", reason="") == 303
    assert decide(colleague, shelf, decision_url(colleague, shelf)) == 303
    assert shelf.read().state is RecordState.SUPERSEDED
    desk = zhoumin.get(f"{DESK}{shelf.record}").text
    assert ('value="revoke"' in desk, 'value="reissue"' in desk) == (True, False)
    page = client.application.test_client().get(f"/v/{shelf.code}").text
    assert f"/v/{shelf.last()}" in page
    assert "内容更正以后重新生成" in page


def test_what_is_refused(zhoumin: FlaskClient, colleague: FlaskClient, shelf: Shelf) -> None:
    for fields in ({"kind": ""}, {"kind": "sell"}, {"reason": ""}, {"reason": "renewed"}, {"words": "短"}):
        assert propose(zhoumin, shelf, **fields) == 422, fields
    assert propose(zhoumin, shelf) == 303
    url = decision_url(colleague, shelf)
    for fields in ({"sure": ""}, {"note": "短"}, {"decision": "maybe"}):
        assert decide(colleague, shelf, url, **fields) == 422, fields
    assert decide(zhoumin, shelf, url) == 403
    assert decide(colleague, shelf, url, decision="rejected") == 303
    token = csrf_token(colleague, f"{DESK}{shelf.record}")
    again = {"csrf_token": token, "decision": "approved", "note": NOTE, "sure": "1"}
    assert colleague.post(url, data=again).status_code == 409
    assert shelf.read().state is RecordState.VALID


def test_the_platform_is_the_second_person_where_there_is_no_other(
    zhoumin: FlaskClient, parts: Parts, cast: Cast, shelf: Shelf
) -> None:
    assert propose(zhoumin, shelf) == 303
    admin = zhoumin.application.test_client()
    session_for(admin, parts, cast.admin)
    desk = "/platform/records/"
    assert "康宁养老服务中心" in admin.get(desk).text
    wanted = {"decision": "approved", "note": NOTE, "sure": "1"}
    answer = post(admin, decision_url(admin, shelf, desk), at=f"{desk}{shelf.record}", **wanted)
    assert answer.status_code == 303
    assert shelf.read().state is RecordState.REVOKED
    assert zhoumin.get(desk).status_code == 403


def test_strangers_find_nothing(zhoumin: FlaskClient, parts: Parts, cast: Cast, shelf: Shelf) -> None:
    proposal = shelf.propose()
    stranger = zhoumin.application.test_client()
    session_for(stranger, parts, cast.sunyue)
    at = f"{DESK}{shelf.record}"
    for address in (at, f"{DESK}?code={shelf.code}", f"{DESK}?enrollment={shelf.enrollment}", f"{DESK}{uuid.uuid4()}"):
        assert stranger.get(address).status_code == 404, address
    token = csrf_token(stranger, "/institution/")
    said = {"csrf_token": token, "decision": "approved", "note": NOTE, "sure": "1"}
    assert stranger.post(f"{at}/proposals/{proposal}/decision", data=said).status_code == 404
    asked = {"csrf_token": token, "kind": "revoke", "reason": "fraud", "words": WORDS}
    assert stranger.post(f"{at}/proposals", data=asked).status_code == 404
    assert "李芳" not in stranger.get(DESK).text
