"""Whoever holds a code checks a record, by page and by program."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lms.domain.merkle import is_included
from lms.domain.records import RecordState, StateReason
from lms.domain.records import write as record_bytes
from lms.models.records import Record
from lms.parts import Parts
from lms.services import records
from lms.signer import folder_of, run_round
from tests.support.cast import NOON, Cast
from tests.support.certified import CODES, become, certify, facts
from tests.support.chains import write
from tests.support.edits import unguarded

CODE = CODES[0]
API = f"/api/v1/verifications/{CODE}"


def test_a_program_is_told_what_the_page_tells(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    person = cast.lifang.person_id
    assert person is not None
    write(parts.database, person, at_ms=5_000, entries=2)
    certify(parts, cast.enrollment, at=NOON + timedelta(hours=1))
    assert parts.note_signer is not None
    run_round(parts.database, parts.note_signer, folder_of(parts.config), now=NOON + timedelta(hours=2))
    assert client.get(API).json["log"] is None
    with parts.database.transaction() as session:
        records.prove(session)
    told = client.get(API).json
    assert (told["code"], told["state"], told["intact"]) == (CODE, "valid", True)
    assert told["facts"]["name_masked"] == "李*"
    assert [each["state"] for each in told["states"]] == ["valid"]
    assert (told["log"]["index"], told["log"]["size"]) == (1, 2)
    path = [bytes.fromhex(each) for each in told["log"]["path"]]
    assert is_included(bytes.fromhex(told["log"]["leaf"]), 1, 2, path, bytes.fromhex(told["log"]["root"]))
    page = client.get(f"/v/{CODE}").text
    for words in (told["facts_hash"], told["log"]["leaf"], told["log"]["root"], "查验时间", "李*", "1.33"):
        assert words in page
    assert "李芳" not in page + json.dumps(told, ensure_ascii=False)


@pytest.mark.parametrize("typed", [CODE.lower(), CODE.replace("-", ""), CODE.replace("-", " ")])
def test_a_code_is_found_however_it_is_typed(client: FlaskClient, parts: Parts, cast: Cast, typed: str) -> None:
    certify(parts, cast.enrollment)
    assert client.get(f"/v/{typed}").status_code == 200
    assert client.get(f"/api/v1/verifications/{typed}").json["code"] == CODE


@pytest.mark.parametrize("code", [CODES[1], "x", "A" * 200])
def test_what_never_was_is_refused_alike(client: FlaskClient, parts: Parts, cast: Cast, code: str) -> None:
    certify(parts, cast.enrollment)
    answer = client.get(f"/api/v1/verifications/{code}")
    assert answer.status_code == 404
    assert answer.json["code"] == "not_found"
    for door in ("", ".json", ".jwt", "/qr"):
        page = client.get(f"/v/{code}{door}")
        assert page.status_code == 404
        assert page.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"


def test_a_record_that_was_changed_says_so(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    certify(parts, cast.enrollment)
    with parts.database.engine.begin() as connection:
        unguarded(connection)
        connection.execute(update(Record).values(body=record_bytes({**facts(), "quiz_score": 100})))
    assert client.get(API).json["intact"] is False
    page = client.get(f"/v/{CODE}").text
    assert "内容与签发时不一致" in page
    assert "记录真实" not in page


def test_a_record_tells_of_exam_practicals_and_classes(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    told: dict[str, Any] = {
        "by_class_ms": {"online": 3_000_000, "gap": 600_000, "attended": 0},
        "hours_hundredths": {"online": 133, "in_person": 400, "total": 533},
        "exam": {"percent": 84, "tries": 1},
        "skills": [{"title": "翻身", "outcome": "passed"}, {"title": "喂饭", "outcome": "failed"}],
        "attendance": {"held": 4, "attended": 3},
    }
    certify(parts, cast.enrollment, **told)
    page = client.get(f"/v/{CODE}").text
    for words in ("5.33", "断网补记", "84 分", "2 项，合格 1 项", "4 次，到了 3 次"):
        assert words in page


def test_the_checker_sees_what_became_of_a_record_and_why(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    certify(parts, cast.enrollment)
    certify(parts, cast.foreign_enrollment, CODES[1], NOON + timedelta(days=1))
    replaced = (RecordState.SUPERSEDED, StateReason.CORRECTED, NOON + timedelta(days=2))
    become(parts, CODE, *replaced, successor=CODES[1])
    become(parts, CODE, RecordState.REVOKED, StateReason.MISTAKE, NOON + timedelta(days=3))
    page = client.get(f"/v/{CODE}").text.split("<main")[1]
    for words in ("原因：记录的内容有错", "已被新的记录代替 · 内容更正以后重新生成", f"/v/{CODES[1]}"):
        assert page.count(words) == 1
    assert "记录真实" not in page
    assert "有效期" not in page  # how long it would have held is of no use to anybody
    told = client.get(API).json
    assert (told["state"], told["intact"]) == ("revoked", True)
    assert [each["reason"] for each in told["states"]] == ["issued", "corrected", "mistake"]
    assert [each["successor"] for each in told["states"]] == ["", CODES[1], ""]


def test_the_hash_is_that_of_all_that_was_frozen(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    certify(parts, cast.enrollment)
    told = client.get(API).json
    with parts.database.transaction(write=False) as session:
        body = session.scalars(select(Record.body)).one()
    assert hashlib.sha256(body.encode()).hexdigest() == told["facts_hash"]


def test_guessing_is_stopped_and_checking_is_not(hasty: FlaskClient, parts: Parts, cast: Cast) -> None:
    certify(parts, cast.enrollment)
    assert {hasty.get(API).status_code for _ in range(30)} == {200}
    credential = (f"/v/{CODES[1]}{door}" for door in (".json", ".jwt", "/qr"))
    wrong = ("/v/" + CODES[1], "/s/" + "0" * 32, f"/api/v1/verifications/{CODES[1]}", *credential)
    found = [hasty.get(wrong[n % len(wrong)]).status_code for n in range(30)]
    assert found[:20] == [404] * 20
    assert set(found[20:]) == {429}


def test_a_program_is_told_no_more_than_the_page(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    certify(
        parts,
        cast.enrollment,
        document_type="resident_id",
        holder_hash="a1" * 32,
        exam={"percent": 84, "tries": 3},
        skills=[{"title": "翻身", "outcome": "passed", "points": 61, "tries": 2}],
        attendance={"held": 4, "attended": 3, "absent": 1},
        lessons=[{"title": "问好", "kind": "video", "credited_ms": 1}],
    )
    told = client.get(API).json
    assert "body" not in told
    names = "name_masked course course_en course_version institution cohort minutes_per_class_hour quiz_score policy"
    more = "issued_at by_class_ms hour_hundredths exam skills attendance"
    assert set(told["facts"]) <= {*names.split(), *more.split()}
    facts_told = told["facts"]
    assert (facts_told["exam"], facts_told["skills"]) == ({"percent": 84}, {"examined": 1, "passed": 1})
    assert facts_told["attendance"] == {"held": 4, "attended": 3}
