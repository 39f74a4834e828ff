"""Oral exams at the examiner's desk; and what a stranger finds."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from lms import clock
from lms.domain.roles import Role
from lms.models.accounts import Membership
from lms.parts import Parts
from lms.services.scopes import Actor
from tests.support import examiners
from tests.support.browser import post, session_for
from tests.support.cast import Cast
from tests.support.exams import Hall, Sitter, fields_for, stage

MIDNIGHT = datetime(2099, 12, 31, 16, tzinfo=UTC)  # in China: the last day of the class is over


@pytest.fixture
def hall(parts: Parts, cast: Cast) -> Hall:
    with parts.database.transaction() as session:
        return stage(session, cast)


@pytest.fixture
def heping(client: FlaskClient, parts: Parts, cast: Cast, password_hash: str) -> Actor:
    with parts.database.transaction() as session:
        made = examiners.stage(session, parts.keyring, cast, password_hash).heping
    session_for(client, parts, made)
    return made


def test_an_oral_exam_from_the_list_to_the_result(
    client: FlaskClient, heping: Actor, hall: Hall, parts: Parts, cast: Cast
) -> None:
    listed = f"/examine/cohorts/{hall.cohort}/exams"
    assert listed in client.get("/examine/").text
    assert "李芳" in client.get(listed).text
    paper = post(client, f"/examine/learners/{hall.enrollment}/exams", at=listed).location
    assert "口试：李芳" in client.get(paper).text
    assert "接着考" in client.get(listed).text
    sitting = uuid.UUID(paper.rpartition("/")[2])
    told = enumerate(Sitter(parts, heping, hall.enrollment).paper(sitting))
    fields = {f"p{n}-{name}": values for n, (item, slot) in told for name, values in fields_for(item, slot).items()}
    post(client, f"{paper}/answers", at=paper, **fields)
    post(client, f"{paper}/closings", at=f"{paper}/closing")
    assert "100 分，通过了" in client.get(f"{paper}/result").text
    session_for(client, parts, cast.lifang)
    assert client.get(f"/learn/exams/{sitting}").status_code == 404
    assert "口试" in client.get(f"/learn/exams/{sitting}/result").text


def test_an_oral_paper_is_told_to_both_once_the_class_has_closed(
    client: FlaskClient,
    heping: Actor,
    hall: Hall,
    parts: Parts,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paper = post(client, f"/examine/learners/{hall.enrollment}/exams", at="/examine/").location
    sitting = paper.rpartition("/")[2]
    post(client, f"{paper}/closings", at=f"{paper}/closing")
    pages = ((heping, f"{paper}/result"), (cast.lifang, f"/learn/exams/{sitting}/result"))
    for moment, is_told in ((MIDNIGHT - timedelta(minutes=1), False), (MIDNIGHT, True)):
        monkeypatch.setattr(clock, "now", lambda at=moment: at)
        for who, url in pages:
            session_for(client, parts, who)
            page = client.get(url).text
            assert ("手干净，饭才干净。" in page, "没有答完" in page) == (is_told, is_told)
    for stranger in (cast.chenmo, cast.sunyue, cast.zhaoqin):
        session_for(client, parts, stranger)
        assert client.get(f"{paper}/result").status_code in (403, 404)
        assert client.get(f"/learn/exams/{sitting}/result").status_code == 404


def test_who_teaches_does_not_examine(client: FlaskClient, heping: Actor, hall: Hall, parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        place = {"organisation_id": cast.kangning, "role": Role.TRAINER.value}
        session.add(Membership(account_id=heping.account_id, **place))
    refused = post(client, f"/examine/learners/{hall.enrollment}/exams", at="/examine/")
    assert refused.status_code == 403
    assert "不能考自己教的学员" in refused.text


def test_strangers_find_nothing(client: FlaskClient, heping: Actor, hall: Hall, parts: Parts, cast: Cast) -> None:
    listed = f"/examine/cohorts/{hall.cohort}/exams"
    paper = post(client, f"/examine/learners/{hall.enrollment}/exams", at=listed).location
    with parts.database.transaction() as session:
        place = {"organisation_id": cast.anhe, "role": Role.EXAMINER.value}
        session.add(Membership(account_id=cast.sunyue.account_id, **place))
    session_for(client, parts, cast.sunyue)
    for url in (listed, paper, f"{paper}/closing", f"{paper}/result", f"{paper}/pictures/0"):
        assert client.get(url).status_code == 404, url
    for url in (f"/examine/learners/{hall.enrollment}/exams", f"{paper}/answers", f"{paper}/closings"):
        assert post(client, url, at="/examine/").status_code == 404, url
    for other in (cast.chenmo, cast.zhaoqin):
        session_for(client, parts, other)
        assert client.get(listed).status_code == 403
