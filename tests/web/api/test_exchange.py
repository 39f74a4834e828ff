"""Programs at the API: what a token opens and what not, pages, changes, writes that are done once."""

import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from lms import worker
from lms.app import App
from lms.domain.exchange import Scope
from lms.domain.roles import Role
from lms.models.audit import AuditEvent
from lms.models.enrollments import Cohort, Enrollment
from lms.models.exchange import KeptAnswer, ServiceToken
from lms.parts import Parts
from lms.services import accounts as logins
from lms.web.wording import sentence
from tests.support.browser import session_for
from tests.support.cast import NOON, Cast
from tests.support.ledger import Scribe
from tests.support.services import token_for

API = "/api/v1"
ZHANG = {"name": "张秀英", "document_type": "resident_id", "number": "219999196503024529", "phone": "19900000088"}
NAMES = ("cohorts", "learners", "enrollments", "completion", "study-time", "certificates", "attendance", "scores")


@pytest.fixture(autouse=True)
def in_winter() -> Iterator[time_machine.Traveller]:
    """The views read the clock themselves."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def token(parts: Parts, cast: Cast) -> str:
    """A token of 康宁's own program, good for everything."""
    return token_for(parts, cast, cast.zhoumin)


def get(client: FlaskClient, token: str, path: str, **query: Any) -> TestResponse:
    return client.get(f"{API}{path}", query_string=query, headers={"Authorization": f"Bearer {token}"})


def post(client: FlaskClient, token: str, body: dict[str, Any], key: str | None = None) -> TestResponse:
    headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
    return client.post(f"{API}/enrollments", json=body, headers=headers)


@pytest.mark.parametrize("name", NAMES)
def test_each_resource_is_read_by_program_and_by_person(
    client: FlaskClient, app: App, parts: Parts, cast: Cast, token: str, name: str
) -> None:
    hers = session_for(app.test_client(), parts, cast.zhoumin)
    for bearer in (token, hers):
        answer = get(client, bearer, f"/{name}", cohort=cast.cohort)
        assert answer.status_code == 200
        assert len(answer.json["items"]) == (0 if name == "certificates" else 1)
    text = get(client, token, f"/{name}").text
    assert [each for each in ("李芳", "219999198501010026", "19900000001") if each in text] == []
    assert get(client, token, f"/{name}", cohort=cast.foreign_cohort).status_code == 404
    assert [each for each in (cast.foreign_enrollment, cast.foreign_cohort) if str(each) in text] == []


@pytest.mark.parametrize("name", [each for each in NAMES if each != "learners"])
def test_a_stranger_s_record_is_not_found(client: FlaskClient, cast: Cast, token: str, name: str) -> None:
    mine, strange = (
        (cast.cohort, cast.foreign_cohort) if name == "cohorts" else (cast.enrollment, cast.foreign_enrollment)
    )
    assert get(client, token, f"/{name}/{mine}").status_code == (404 if name == "certificates" else 200)
    for other in (strange, uuid.uuid4()):
        assert get(client, token, f"/{name}/{other}").json["code"] == "not_found"


def test_records_say_what_the_pages_say(client: FlaskClient, parts: Parts, cast: Cast, token: str) -> None:
    scribe = Scribe(parts, cast)
    scribe.study("say-hello", (0, 60_000), NOON - timedelta(hours=2))
    scribe.settle()
    time = get(client, token, f"/study-time/{cast.enrollment}").json
    assert (time["credited_ms"], time["by_class"]["online"], time["by_class"]["imported"]) == (60_000, 60_000, 0)
    verdict = get(client, token, f"/completion/{cast.enrollment}").json
    assert (verdict["verdict"], verdict["certificate_issued"], verdict["policy"]) == ("no", False, "base-2023")
    assert verdict["unmet"][0]["code"] == "lesson_time_missing"
    assert verdict["unmet"][0]["message"]
    (learner,) = get(client, token, "/learners").json["items"]
    assert learner | {"learner": "", "organisation": ""} == {
        "learner": "",
        "organisation": "",
        "name": "李*",
        "document_type": "resident_id",
        "number": "219999********0026",
        "phone": "199****0001",
        "enrollments": [str(cast.enrollment)],
    }
    assert get(client, token, f"/enrollments/{cast.enrollment}").json["learner"] == learner["learner"]


@pytest.mark.parametrize("scope", list(Scope))
def test_a_token_opens_what_its_scope_says_and_nothing_else(
    client: FlaskClient, parts: Parts, cast: Cast, scope: Scope
) -> None:
    token = token_for(parts, cast, cast.zhoumin, scopes=[scope])
    opened = {name for name in NAMES if get(client, token, f"/{name}").status_code == 200}
    wanted = scope.value.removeprefix("read:")
    assert opened == ({wanted} if wanted in NAMES else set())
    answer = post(client, token, {"cohort": str(cast.cohort)})
    assert answer.status_code == (422 if scope is Scope.WRITE_ENROLLMENTS else 403)
    refused = get(client, token, "/cohorts") if scope is not Scope.COHORTS else get(client, token, "/scores")
    assert refused.json["code"] == "scope_needed"


def test_a_program_s_token_opens_no_page_and_no_other_api(app: App, cast: Cast, token: str) -> None:
    """The crawl: every route that is not public and has no scope is closed to programs, whatever their role."""
    client, seen = app.test_client(), 0
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        public = app.blueprints[rule.endpoint.rpartition(".")[0]].audience == "public"
        if public or hasattr(view, "lms_scope") or not {"GET", "POST"} & rule.methods:
            continue
        seen += 1
        values = {}
        for name, converter in rule._converters.items():
            items = getattr(converter, "items", None)
            numeric = hasattr(converter, "num_convert")
            values[name] = next(iter(items)) if items else 1 if numeric else str(cast.cohort)
        with app.test_request_context():
            url = app.url_for(rule.endpoint, **values)
        method = "GET" if "GET" in rule.methods else "POST"
        answer = client.open(url, method=method, headers={"Authorization": f"Bearer {token}"})
        expected = (400, 403) if method == "POST" else (403,)  # a form without its token is refused before
        assert answer.status_code in expected, f"{method} {rule.rule} answered {answer.status_code}"
    assert seen > 100


def test_an_authority_reads_only_and_each_look_is_on_record(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    token = token_for(parts, cast, cast.admin, role=Role.INSPECTOR)
    assert get(client, token, "/cohorts").status_code == 403
    assert post(client, token, {**ZHANG, "cohort": str(cast.cohort)}).status_code == 403
    for name in NAMES:
        answer = get(client, token, f"/authority/{name}")
        assert answer.status_code == 200
        assert str(cast.foreign_cohort) not in answer.text
    assert get(client, token, f"/authority/completion/{cast.foreign_enrollment}").status_code == 404
    with parts.database.transaction(write=False) as session:
        looks = select(AuditEvent).where(AuditEvent.action == "inspector.look").order_by(AuditEvent.id)
        found = {(each.detail["page"], each.subject, each.organisation_id) for each in session.scalars(looks)}
    assert found == {
        ("institution", str(cast.kangning), cast.kangning),
        ("api", str(cast.cohort), cast.kangning),
    }
    wide = client.get(f"{API}/authority/cohorts", headers={"Authorization": f"Bearer {session_of(parts, cast)}"})
    assert wide.status_code == 200  # an inspector herself, by the token of her login


def session_of(parts: Parts, cast: Cast) -> str:
    with parts.database.transaction() as session:
        return logins.open_session(session, cast.wujian.account_id, method=logins.PASSWORD, now=NOON)


def test_pages_go_on_and_then_changes_do(client: FlaskClient, parts: Parts, cast: Cast, token: str) -> None:
    assert post(client, token, {**ZHANG, "cohort": str(cast.cohort)}).status_code == 201
    first = get(client, token, "/enrollments", limit=1).json
    second = get(client, token, "/enrollments", limit=1, cursor=first["next"]).json
    assert [len(first["items"]), len(second["items"]), second["next"]] == [1, 1, None]
    worker.place_changes(parts)
    since = get(client, token, "/enrollments", changed_since=second["changed_since"]).json
    assert get(client, token, "/enrollments", changed_since=since["changed_since"]).json["items"] == []
    gone = second["items"][0]["enrollment"]
    headers = {"Authorization": f"Bearer {token}"}
    assert client.delete(f"{API}/enrollments/{gone}", headers=headers).json == {"enrollment": gone, "removed": True}
    worker.place_changes(parts)
    assert get(client, token, "/enrollments", changed_since=since["changed_since"]).json["removed"] == [gone]
    assert client.delete(f"{API}/enrollments/{gone}", headers=headers).status_code == 404


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"cohort": "x"}, "cohort"),
        ({"cursor": "x"}, "cursor"),
        ({"changed_since": "2026-11-23"}, "changed_since"),
        ({"sort": "name"}, "sort"),
    ],
)
def test_a_query_that_cannot_be_is_refused(client: FlaskClient, token: str, query: dict[str, str], where: str) -> None:
    answer = get(client, token, "/cohorts", **query)
    assert (answer.status_code, answer.json["where"]) == (422, where)


def test_a_write_with_a_key_is_done_once(client: FlaskClient, parts: Parts, cast: Cast, token: str) -> None:
    body = {**ZHANG, "cohort": str(cast.cohort)}
    first, again = post(client, token, body, "k-1"), post(client, token, body, "k-1")
    assert (first.status_code, first.data) == (again.status_code, again.data) == (201, first.data)
    other = post(client, token, body | {"phone": "19900000089"}, "k-1")
    assert (other.status_code, other.json["code"]) == (409, "idempotency_key_reused")
    fresh = post(client, token, body, "k-2")
    assert (fresh.status_code, fresh.json["code"]) == (409, "already_enrolled")
    with parts.database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Enrollment)) == 3
        acts = session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("service.enroll"))).all()
        assert acts == ["service.enroll"]
        assert [row.key for row in session.scalars(select(KeptAnswer))] == ["k-1"]  # a refusal did nothing


@pytest.mark.parametrize(
    ("document_type", "number", "kept"),
    [
        ("residence_permit", "830000199201150028", "830000********0028"),
        ("permanent_resident", "911124198108030024", "911124********0024"),
        ("hk_macao_permit", "H12345678", "H1*****78"),
        ("taiwan_permit", "12345678", "12****78"),
        ("passport", "GBR/533380006", "GB*********06"),
    ],
)
def test_every_kind_of_document_is_taken(
    client: FlaskClient, cast: Cast, token: str, document_type: str, number: str, kept: str
) -> None:
    body = {**ZHANG, "cohort": str(cast.cohort), "document_type": document_type, "number": number}
    assert post(client, token, body).status_code == 201
    told = {each["document_type"]: each["number"] for each in get(client, token, "/learners").json["items"]}
    assert told[document_type] == kept
    wrong = post(client, token, body | {"number": "0"})
    assert (wrong.status_code, wrong.json["code"].startswith("document_")) == (422, True)


@pytest.mark.parametrize(
    ("filing", "code"),
    [("filed", "filing_in_review"), ("approved", "filing_roster_frozen"), ("archived", "filing_over")],
)
def test_a_roster_that_is_filed_is_changed_by_no_program(
    client: FlaskClient, parts: Parts, cast: Cast, token: str, filing: str, code: str
) -> None:
    with parts.database.transaction() as session:
        session.get_one(Cohort, cast.cohort).filing = filing
    entered = post(client, token, {**ZHANG, "cohort": str(cast.cohort)}, "k-1")
    headers = {"Authorization": f"Bearer {token}"}
    taken_out = client.delete(f"{API}/enrollments/{cast.enrollment}", headers=headers)
    for answer in (entered, taken_out):
        assert (answer.status_code, answer.json["code"]) == (422, code)
        assert answer.json["message"] == sentence(code)
    with parts.database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).where(Enrollment.cohort_id == cast.cohort)) == 1


def test_keys_belong_to_their_program_and_end_after_a_day(
    client: FlaskClient, parts: Parts, cast: Cast, token: str, in_winter: time_machine.Traveller
) -> None:
    body = {**ZHANG, "cohort": str(cast.cohort)}
    assert post(client, token, body, "k-1").status_code == 201
    other = token_for(parts, cast, cast.zhoumin)
    assert post(client, other, body, "k-1").json["code"] == "already_enrolled"
    in_winter.shift(timedelta(hours=24, seconds=1))
    assert post(client, token, body, "k-1").json["code"] == "already_enrolled"


def test_two_at_once_with_one_key_are_one(app: App, parts: Parts, cast: Cast, token: str) -> None:
    body, answers = {**ZHANG, "cohort": str(cast.cohort)}, []
    start = threading.Barrier(2)

    def send() -> None:
        client = app.test_client()
        start.wait()
        answers.append(post(client, token, body, "k-1"))

    both = [threading.Thread(target=send) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].data == answers[1].data


def test_use_is_noted_and_ending_works_at_once(client: FlaskClient, parts: Parts, cast: Cast, token: str) -> None:
    for name in ("cohorts", "cohorts", "scores"):
        assert get(client, token, f"/{name}").status_code == 200
    with parts.database.transaction() as session:
        uses = select(AuditEvent.detail).where(AuditEvent.action == "service.use")
        assert sorted(each["scope"] for each in session.scalars(uses)) == ["read:cohorts", "read:scores"]
        row = session.scalars(select(ServiceToken)).one()
        assert row.last_used_at == NOON
        assert token not in (row.token_digest, row.hint)
        row.ended_at = NOON
    assert get(client, token, "/cohorts").status_code == 401


def test_a_program_has_a_limit_of_its_own(hasty: FlaskClient, parts: Parts, cast: Cast) -> None:
    slow, other = (token_for(parts, cast, cast.zhoumin, per_minute=10) for _ in range(2))
    codes = [get(hasty, slow, "/cohorts").status_code for _ in range(11)]
    assert codes == [200] * 10 + [429]
    answer = get(hasty, slow, "/cohorts")
    assert answer.json["code"] == "program_too_many_requests"
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert get(hasty, other, "/cohorts").status_code == 200
