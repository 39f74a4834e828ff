"""Cases at the browser: the desk looks and decides, the learner speaks and appeals, the platform has the last word."""

import html
import re
import uuid

import pytest
import time_machine
from flask.testing import FlaskClient

from lms.domain.flags import FlagKind
from lms.parts import Parts
from lms.services import cases
from lms.services.cases import Suspicion
from tests.support.browser import csrf_token, post, session_for
from tests.support.cast import NOON, Cast

NOTE = "打电话问过，当时在上夜班，网络不好"
WORDS = "那几天宿舍的网一直不好，我换了地方学"
DETAILS: dict[FlagKind, dict[str, object]] = {
    FlagKind.IMPOSSIBLE_ADVANCE: {"reports": 7, "claimed_ms": 420_000, "elapsed_ms": 140_000},
    FlagKind.FORKED_SEQUENCE: {},
    FlagKind.CHAIN_FORKED: {},
    FlagKind.CHECKS_TOO_REGULAR: {"checks": 5, "spread_ms": 40},
    FlagKind.WRONG_ANSWERS: {"checks": 5},
    FlagKind.BEATS_IN_STEP: {"reports": 25, "others": 2},
    FlagKind.TAKEOVER_STORM: {"openings": 12, "day": "2026-11-23"},
    FlagKind.INSTITUTION_BURST: {"persons": 30, "day": "2026-11-23"},
    FlagKind.MOSTLY_OFFLINE: {"afterwards_ms": 7_200_000, "credited_ms": 9_000_000},
    FlagKind.IMPOSSIBLE_CLOCK: {"parts": 9, "ahead_ms": 70_000},
    FlagKind.EXAM_TOO_FAST: {"answers": 20, "took_ms": 30_000, "reading_ms": 240_000},
    FlagKind.EXAM_HANDED_IN_TOGETHER: {"persons": 6},
    FlagKind.NOT_ME: {"what": "name"},
    FlagKind.STATEMENT_DISPUTED: {"credited_ms": 90_000},
    FlagKind.EXAM_ALIKE: {"both_wrong": 9, "same_wrong": 9, "one_in": 20_000},
}


@pytest.fixture
def case(parts: Parts, cast: Cast) -> uuid.UUID:
    """A case with a flag of every kind."""
    assert cast.lifang.person_id
    place = {"enrollment": str(cast.enrollment), "lesson": str(cast.lessons["say-hello"])}
    with parts.database.transaction() as session:
        for kind in FlagKind:
            detail = {**DETAILS[kind], **place}
            cases.raise_flag(session, Suspicion(kind, cast.lifang.person_id, cast.kangning, kind, detail), now=NOON)
        return cases.list_own(session, cast.lifang)[0].id


@pytest.fixture
def lifang(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> FlaskClient:
    """李芳 at her phone."""
    her = zhoumin.application.test_client()
    session_for(her, parts, cast.lifang)
    return her


@pytest.fixture
def admin(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> FlaskClient:
    """The platform's administrator."""
    found = zhoumin.application.test_client()
    session_for(found, parts, cast.admin)
    return found


def at(case: uuid.UUID, audience: str = "institution") -> str:
    return f"/{audience}/cases/{case}"


def decide(client: FlaskClient, case: uuid.UUID, **fields: str) -> int:
    wanted = {"verdict": "noted", "note": NOTE, **fields}
    return post(client, f"{at(case)}/decisions", at=at(case), **wanted).status_code


def test_an_empty_queue_says_so(zhoumin: FlaskClient, admin: FlaskClient) -> None:
    for desk, client in (("institution", zhoumin), ("platform", admin)):
        page = client.get(f"/{desk}/cases/")
        assert page.status_code == 200
        assert "没有要核实的事" in page.text


def test_the_desk_looks_and_decides(zhoumin: FlaskClient, cast: Cast, case: uuid.UUID) -> None:
    queue = zhoumin.get("/institution/cases/").text
    assert "李芳" in queue
    assert "等待核实" in queue
    page = zhoumin.get(at(case)).text
    assert "2 分 20 秒里报了 7 分钟的内容" in page
    link = re.search(rf"/institution/learners/{cast.enrollment}/intervals\?[^\"]+", page)
    assert link
    assert zhoumin.get(html.unescape(link[0])).status_code == 200
    assert decide(zhoumin, case) == 303
    page = zhoumin.get(at(case)).text
    assert "核实结论：情况属实，记下来" in page
    assert NOTE in page


@pytest.mark.parametrize(
    ("fields", "told"),
    [({"note": "短"}, "请写 10 到 500 个字"), ({"verdict": ""}, "请选一个结论"), ({"verdict": "x"}, "请选一个结论")],
)
def test_a_decision_says_what_and_why(zhoumin: FlaskClient, case: uuid.UUID, fields: dict[str, str], told: str) -> None:
    wanted = {"verdict": "noted", "note": NOTE, **fields}
    answer = post(zhoumin, f"{at(case)}/decisions", at=at(case), **wanted)
    assert answer.status_code == 422
    assert told in answer.text
    assert "等待核实" in zhoumin.get(at(case)).text


def test_the_learner_is_told_speaks_and_appeals_and_the_platform_has_the_last_word(
    zhoumin: FlaskClient, lifang: FlaskClient, admin: FlaskClient, case: uuid.UUID
) -> None:
    mine = at(case, "learn")
    assert mine in lifang.get("/learn/time").text
    page = lifang.get(mine).text
    assert "这不影响您的学时" in page
    assert "另有 2 位学员的手机，连着 25 次和这部手机在同一瞬间报到" in page
    assert post(lifang, f"{mine}/words", at=mine, words="短").status_code == 422
    assert post(lifang, f"{mine}/words", at=mine, words=WORDS).status_code == 303
    assert WORDS in zhoumin.get(at(case)).text
    assert decide(zhoumin, case) == 303
    assert "申诉" in lifang.get(mine).text
    assert post(lifang, f"{mine}/appeal", at=mine, words="短").status_code == 422
    assert post(lifang, f"{mine}/appeal", at=mine, words="我没有做错，请再看一看").status_code == 303
    own = post(zhoumin, f"{at(case)}/appeal-decisions", at=at(case), verdict="noted", note=NOTE)
    assert own.status_code == 403
    assert "请让另一位工作人员来" in zhoumin.get(at(case)).text
    there = at(case, "platform")
    last = {"verdict": "unfounded", "note": "调了记录，没有发现问题"}
    assert post(admin, f"{there}/appeal-decisions", at=there, **last).status_code == 303
    page = lifang.get(mine).text
    assert "复核结论：没有问题" in page
    assert "周敏" not in page
    assert mine not in lifang.get("/learn/time").text


def test_an_appeal_that_comes_too_late(zhoumin: FlaskClient, lifang: FlaskClient, case: uuid.UUID) -> None:
    mine = at(case, "learn")
    decide(zhoumin, case)
    token = csrf_token(lifang, mine)
    with time_machine.travel(NOON.replace(month=12, day=10)):
        answer = lifang.post(f"{mine}/appeal", data={"csrf_token": token, "words": WORDS})
        assert answer.status_code in (302, 422)  # her login may have ended by then


def test_after_the_decision_words_are_an_appeal(zhoumin: FlaskClient, lifang: FlaskClient, case: uuid.UUID) -> None:
    mine = at(case, "learn")
    decide(zhoumin, case)
    assert post(lifang, f"{mine}/words", at=mine, words=WORDS).status_code == 409
    assert decide(zhoumin, case) == 409


def test_strangers_find_nothing(
    zhoumin: FlaskClient, lifang: FlaskClient, admin: FlaskClient, parts: Parts, cast: Cast, case: uuid.UUID
) -> None:
    stranger = zhoumin.application.test_client()
    session_for(stranger, parts, cast.sunyue)
    token = csrf_token(stranger, "/institution/")
    answer = {"csrf_token": token, "verdict": "noted", "note": NOTE, "words": WORDS}
    assert stranger.get(at(case)).status_code == 404
    assert stranger.post(f"{at(case)}/decisions", data=answer).status_code == 404
    assert stranger.post(f"{at(case)}/appeal-decisions", data=answer).status_code == 404
    assert "李芳" not in stranger.get("/institution/cases/").text
    session_for(stranger, parts, cast.chenmo)
    mine = at(case, "learn")
    answer["csrf_token"] = csrf_token(stranger, "/learn/")
    assert stranger.get(mine).status_code == 404
    for act in ("words", "appeal"):
        assert stranger.post(f"{mine}/{act}", data=answer).status_code == 404
    for url in (at(case), "/institution/cases/", "/platform/cases/", at(case, "platform")):
        assert lifang.get(url).status_code == 403
    assert zhoumin.get(at(case, "platform")).status_code == 403
    assert admin.get(at(case, "platform")).status_code == 200
    assert admin.get(at(uuid.uuid4(), "platform")).status_code == 404
