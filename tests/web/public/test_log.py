"""Checkpoints on pages: anybody takes one away; reports and records carry one."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from lms.crypto import public_jwk, public_of_vkey
from lms.parts import Parts
from lms.services import records, signing
from lms.services.log import Checkpoint
from lms.signer import folder_of, run_round
from tests.support.browser import session_for
from tests.support.cast import NOON, Cast
from tests.support.certified import CODES, certify
from tests.support.chains import PEOPLE, write


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


def test_asking_too_often_is_refused(hasty: FlaskClient) -> None:
    assert {hasty.get("/log/checkpoints/1").status_code for _ in range(70)} == {404, 429}


def test_the_key_of_checkpoints_stands_beside_that_of_receipts(client: FlaskClient, parts: Parts) -> None:
    keys = client.get("/.well-known/jwks.json").json["keys"]
    assert keys == [parts.signer.public_jwk, public_jwk(public_of_vkey(parts.log_vkey))]
    assert keys[0]["kid"] != keys[1]["kid"]


def test_a_record_carries_the_first_checkpoint_over_its_evidence(
    client: FlaskClient, parts: Parts, cast: Cast, checkpoint: Checkpoint
) -> None:
    person = cast.lifang.person_id
    assert person is not None
    write(parts.database, person, at_ms=5_000, entries=2)
    certify(parts, cast.enrollment, at=NOON + timedelta(hours=1))
    assert "一天之内生成" in client.get(f"/v/{CODES[0]}").text  # the checkpoint there is does not hold it
    covering = sign(parts, hours=2)
    with parts.database.transaction() as session:
        records.prove(session)
    write(parts.database, PEOPLE[1], at_ms=9_000)
    sign(parts, hours=30)
    shown = client.get(f"/v/{CODES[0]}").text
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
