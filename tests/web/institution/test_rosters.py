"""A roster at the browser: brought, checked, imported, mended, taken back; a stranger finds nothing."""

import io
import re
import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from lms.models.audit import AuditEvent
from lms.models.rosters import RosterImport
from lms.parts import Parts
from tests.support.browser import csrf_token, post, session_for
from tests.support.cast import Cast
from tests.support.rosters import comma, name, number, phone, plain, work, workbook

LEARNER = re.compile(r'href="(/institution/learners/[0-9a-f-]{36})"')


def home(cast: Cast) -> str:
    return f"/institution/cohorts/{cast.cohort}/rosters/"


def upload(client: FlaskClient, cast: Cast, data: bytes, file_name: str = "名单.csv") -> Any:
    told = {"csrf_token": csrf_token(client, home(cast)), "file": (io.BytesIO(data), file_name)}
    return client.post(home(cast), data=told, content_type="multipart/form-data")


def brought(client: FlaskClient, parts: Parts, cast: Cast, data: bytes) -> str:
    answer = upload(client, cast, data)
    assert answer.status_code == 303
    work(parts)
    url: str = answer.headers["Location"]
    return url


def columns(parts: Parts, url: str) -> dict[str, str]:
    with parts.database.transaction(write=False) as session:
        found = session.get_one(RosterImport, uuid.UUID(url.rpartition("/")[2]))
    return {f"column-{column}": field for field, column in found.columns.items()}


def checked(client: FlaskClient, parts: Parts, cast: Cast, data: bytes) -> str:
    url = brought(client, parts, cast, data)
    answer = post(client, f"{url}/columns", **columns(parts, url), document_type="resident_id")
    assert answer.status_code == 303
    work(parts)
    return url


def test_from_a_file_to_a_class_and_back(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    rows = plain(4)
    rows[2][3], rows[3][4] = "2.19999E+17", ""
    url = brought(zhoumin, parts, cast, comma(rows))
    page = zhoumin.get(url, follow_redirects=True).text
    assert "身份证号" in page
    assert number(0) not in page  # samples are masked
    assert phone(0) not in page
    url = checked(zhoumin, parts, cast, comma(rows))
    page = zhoumin.get(url).text
    assert "第 3 行" in page
    assert "后面几位已经丢了" in page
    assert "没有手机号" in page
    assert "要么全部导入" in page

    assert post(zhoumin, f"{url}/imports", at=url, mode="all").status_code == 422
    assert post(zhoumin, f"{url}/imports", at=url, mode="good").status_code == 303
    assert "正在导入" in zhoumin.get(url).text
    assert "正在导入" in zhoumin.get(f"{url}/progress").text
    work(parts)
    assert "data-poll-done" in zhoumin.get(f"{url}/progress").text
    cohort = zhoumin.get(f"/institution/cohorts/{cast.cohort}").text
    assert name(0) in cohort
    learner = next(found for found in LEARNER.findall(cohort) if name(0) in zhoumin.get(found).text)
    assert "花名册上写的" in zhoumin.get(learner).text

    answer = zhoumin.get(f"{url}/failed.xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    told = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert told[0] == [*plain(0)[0], "原因"]
    assert [row[1] for row in told[1:]] == [name(1), name(2)]
    assert "没有手机号" in str(told[2][7])
    with parts.database.transaction(write=False) as session:
        act = session.scalars(select(AuditEvent).where(AuditEvent.action == "roster.download_failed")).one()
    assert act.detail["rows"] == 2

    assert "撤销这一批" in zhoumin.get(f"{url}/undo").text
    assert post(zhoumin, f"{url}/undos", at=f"{url}/undo").status_code == 303
    work(parts)
    assert "已撤销" in zhoumin.get(url).text
    assert "名单.csv" in zhoumin.get(home(cast)).text


def test_a_file_is_let_go_of(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    url = checked(zhoumin, parts, cast, comma(plain(2)))
    assert post(zhoumin, f"{url}/removal", at=url).status_code == 303
    assert "文件已删除" in zhoumin.get(home(cast)).text
    assert post(zhoumin, f"{url}/removal", at=home(cast)).status_code == 409


@pytest.mark.parametrize(
    ("data", "file_name", "words"),
    [(b"%PDF-1.7", "a.pdf", "不认识这种文件"), (b"", "a.csv", "这个文件是空的"), (b"x", "", "请选择一个文件")],
)
def test_what_is_no_roster_is_told_at_the_form(
    zhoumin: FlaskClient, cast: Cast, data: bytes, file_name: str, words: str
) -> None:
    answer = upload(zhoumin, cast, data, file_name)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_column_chosen_twice_is_told(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    url = brought(zhoumin, parts, cast, comma(plain(2)))
    told = columns(parts, url) | {"column-0": "name"}
    answer = post(zhoumin, f"{url}/columns", **told, document_type="resident_id")
    assert answer.status_code == 422
    assert "请只留一列" in answer.text


def test_the_template_is_a_roster(zhoumin: FlaskClient) -> None:
    sheet = load_workbook(io.BytesIO(zhoumin.get("/institution/rosters/template.xlsx").data)).active
    assert sheet is not None
    assert [sheet["A1"].value, sheet["D1"].value] == ["姓名", "证件号码"]


@pytest.fixture
def no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may be spooled to the disk while this lasts."""

    def refuse(*_told: object, **_more: object) -> None:
        raise AssertionError("a roster was about to be written to a temporary file")

    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", refuse)


def test_a_large_roster_is_never_spooled_to_the_disk(zhoumin: FlaskClient, cast: Cast, no_disk: None) -> None:
    data = comma(plain(12_000))
    assert len(data) > 600_000
    told = {"csrf_token": csrf_token(zhoumin, home(cast)), "file": FileStorage(io.BytesIO(data), "名单.csv")}
    boundary, body = encode_multipart(told)  # as bytes: the test's own client would spool it itself
    answer = zhoumin.post(home(cast), data=body, content_type=f"multipart/form-data; boundary={boundary}")
    assert answer.status_code == 303


def test_a_stranger_finds_no_roster(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    session_for(client, parts, cast.zhoumin)
    url = checked(client, parts, cast, workbook(plain(2)))
    session_for(client, parts, cast.sunyue)
    for place in (home(cast), url, f"{url}/progress", f"{url}/columns", f"{url}/undo", f"{url}/failed.xlsx"):
        assert client.get(place).status_code == 404, place
    own = f"/institution/cohorts/{cast.foreign_cohort}/rosters/"
    for place in ("columns", "imports", "undos", "retries", "removal"):
        assert post(client, f"{url}/{place}", at=own).status_code == 404, place
    token = csrf_token(client, own)
    told = {"csrf_token": token, "file": (io.BytesIO(b"a,b"), "a.csv")}
    assert client.post(home(cast), data=told, content_type="multipart/form-data").status_code == 404


def test_learners_and_trainers_bring_no_rosters(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    for actor in (cast.lifang, cast.wanglei):
        session_for(client, parts, actor)
        assert client.get(home(cast)).status_code == 403
