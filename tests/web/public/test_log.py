"""Checkpoints on pages: anybody takes one away; reports and records carry one."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from lms.app import create_app
from lms.crypto import public_jwk, public_of_vkey
from lms.domain.certificates import facts_hash
from lms.models.records import Record
from lms.parts import Parts
from lms.services import signing
from lms.services.log import Checkpoint
from lms.signer import folder_of, run_round
from tests.support.browser import session_for
from tests.support.cast import NOON, Cast
from tests.support.chains import PEOPLE, write

CODE = "ABCDE-FGHJK-MNPQR-STVWX"


def sign(parts: Parts, hours: int = 0) -> Checkpoint:
    assert parts.note_signer is not None
    made = run_round(parts.database, parts.note_signer, folder_of(parts.config), now=NOON + timedelta(hours=hours))
    assert made is not None
    return made


@pytest.fixture
def checkpoint(parts: Parts) -> Checkpoint:
    write(parts.database, PEOPLE[0], at_ms=1_000, entries=3)
    return sign(parts)


def test_before_the_first_checkpoint_the_page_says_so(client: FlaskClient) -> None:
    answer = client.get("/log/")
    assert answer.status_code == 200
    assert "还没有检查点" in answer.text


def test_anybody_sees_the_newest_and_takes_it_away(client: FlaskClient, parts: Parts, checkpoint: Checkpoint) -> None:
    page = client.get("/log/").text
    assert checkpoint.root in page
    assert parts.log_vkey in page.replace("&#43;", "+")
    kept = client.get("/log/checkpoints/3?download=1")
    assert (kept.text, kept.content_type) == (checkpoint.note, "text/plain; charset=utf-8")
    assert kept.headers["Content-Disposition"] == 'attachment; filename="kangxue-checkpoint-3.txt"'
    assert "Content-Disposition" not in client.get("/log/checkpoints/3").headers


@pytest.mark.parametrize("size", ["0", "4", "9" * 30, "-1", "x"])
def test_a_checkpoint_that_never_was_is_not_found(client: FlaskClient, checkpoint: Checkpoint, size: str) -> None:
    assert client.get(f"/log/checkpoints/{size}").status_code == 404


def test_older_checkpoints_are_a_link_away(
    client: FlaskClient, parts: Parts, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.web.public.log.PAGE", 1)
    write(parts.database, PEOPLE[1], at_ms=2_000)
    newer = sign(parts, hours=1)
    first = client.get("/log/").text
    assert "/log/?below=4" in first
    assert f"/log/checkpoints/{checkpoint.size}?" not in first
    older = client.get("/log/?below=4").text
    assert f"/log/checkpoints/{checkpoint.size}?" in older
    assert newer.root in older  # still told as the newest


def test_asking_too_often_is_refused(parts: Parts) -> None:
    hasty = create_app(parts, TESTING=True, PROPAGATE_EXCEPTIONS=False, RATELIMIT_ENABLED=True).test_client()
    assert {hasty.get("/log/checkpoints/1").status_code for _ in range(70)} == {404, 429}


def test_the_key_of_checkpoints_stands_beside_that_of_receipts(client: FlaskClient, parts: Parts) -> None:
    keys = client.get("/.well-known/jwks.json").json["keys"]
    assert keys == [parts.signer.public_jwk, public_jwk(public_of_vkey(parts.log_vkey))]
    assert keys[0]["kid"] != keys[1]["kid"]


def certified(parts: Parts, cast: Cast, hours: int) -> None:
    facts = {
        "name_masked": "李*",
        "course": "课程",
        "course_en": "",
        "course_version": 1,
        "content_hash": "0" * 64,
        "institution": "康宁",
        "cohort": "一班",
        "credited_ms": {"online": 0},
        "class_hour_hundredths": 0,
        "minutes_per_class_hour": 45,
        "quiz_score": None,
        "policy": "base-2023",
    }
    with parts.database.transaction() as session:
        issued = {"issued_at": NOON + timedelta(hours=hours), "facts": facts, "facts_hash": facts_hash(facts)}
        session.add(Record(enrollment_id=cast.enrollment, code=CODE, **issued))


def test_a_record_carries_the_first_checkpoint_over_its_evidence(
    client: FlaskClient, parts: Parts, cast: Cast, checkpoint: Checkpoint
) -> None:
    person = cast.lifang.person_id
    assert person is not None
    write(parts.database, person, at_ms=5_000, entries=2)
    certified(parts, cast, hours=1)
    assert "一天之内生成" in client.get(f"/v/{CODE}").text  # the checkpoint there is does not hold it
    covering = sign(parts, hours=2)
    write(parts.database, PEOPLE[1], at_ms=9_000)
    sign(parts, hours=30)
    shown = client.get(f"/v/{CODE}").text
    assert covering.root[:16] in shown
    assert f"检查点：{covering.size} 条" in shown


def test_the_completion_report_carries_the_newest(
    client: FlaskClient, parts: Parts, cast: Cast, checkpoint: Checkpoint
) -> None:
    session_for(client, parts, cast.zhoumin)
    assert checkpoint.root[:16] in client.get("/institution/reports/completion").text


def test_the_platforms_desk_says_when_the_log_was_signed_last(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    session_for(client, parts, cast.admin)
    assert "还没有检查点" in client.get("/platform/jobs").text
    write(parts.database, PEOPLE[0], at_ms=1_000)
    sign(parts)
    assert "最近的检查点" in client.get("/platform/jobs").text


def test_the_platforms_desk_says_when_the_signer_refuses(
    client: FlaskClient, parts: Parts, cast: Cast, checkpoint: Checkpoint
) -> None:
    with parts.database.transaction() as session:
        signing.refuse(session, signing.LogRefused("log_forked", 3), now=NOON + timedelta(hours=1))
    session_for(client, parts, cast.admin)
    assert "拒绝签名" in client.get("/platform/jobs").text
