"""Certificates at an institution's browser: the sample first, then the class, then the file."""

import csv
import io
import uuid
import zipfile
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import db, worker
from lms.adapters import certificate_pdf
from lms.domain.roles import Role
from lms.models.jobs import Job
from lms.parts import Parts
from lms.services import archives, dossiers, papers
from lms.services.papers.making import LEDGER
from tests.support.browser import csrf_token, post, session_for
from tests.support.cast import Cast
from tests.support.papered import issue_class
from tests.support.study import now

MINE = {"title": "结业证书", "words": "特发此证。", "tone": "red", "signer": "校长", "note": "遗失不补", "hours": "y"}


def url(cast: Cast) -> str:
    return f"/institution/cohorts/{cast.cohort}/papers"


def style(cast: Cast) -> str:
    return f"/institution/papers/{cast.kangning}"


def make(parts: Parts) -> uuid.UUID:
    with parts.database.transaction(write=False) as session:
        job = session.scalars(select(Job).where(Job.kind == papers.MAKE)).one()
    worker.run(parts, job.id)
    return uuid.UUID(job.payload["bundle_id"])


def test_one_click_makes_them_all(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    assert "班里还没有能做证书的结业记录" in zhoumin.get(url(cast)).text
    assert post(zhoumin, url(cast), at="/institution/cohorts/new").status_code == 422
    issue_class(parts, cast)
    assert url(cast) in zhoumin.get(f"/institution/cohorts/{cast.cohort}").text
    assert "能做证书的结业记录有 3 份" in zhoumin.get(url(cast)).text
    assert post(zhoumin, url(cast)).location == url(cast)
    assert "data-poll=" in zhoumin.get(url(cast)).text
    made = make(parts)
    assert "data-poll-done" in zhoumin.get(f"/institution/papers/bundles/{made}/state").text
    assert "共 3 张证书" in zhoumin.get(url(cast)).text
    file = zhoumin.get(f"/institution/papers/bundles/{made}/file")
    assert "attachment" in file.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert len([name for name in archive.namelist() if name.endswith(".pdf")]) == 3


def test_a_template_is_seen_before_it_is_saved(zhoumin: FlaskClient, cast: Cast) -> None:
    assert style(cast) in zhoumin.get("/institution/papers/").text
    sample = post(zhoumin, f"{style(cast)}/preview", at=style(cast), **MINE)
    assert (sample.status_code, sample.content_type) == (200, "application/pdf")
    assert sample.data.startswith(b"%PDF-")
    assert "结业证书" not in zhoumin.get(style(cast)).text
    assert post(zhoumin, style(cast), **MINE).location == style(cast)
    shown = zhoumin.get(style(cast)).text
    assert all(words in shown for words in ("结业证书", "遗失不补", "校长"))


def test_what_a_template_may_not_say_stands_at_its_field(zhoumin: FlaskClient, cast: Cast) -> None:
    for place in (style(cast), f"{style(cast)}/preview"):
        refused = post(zhoumin, place, at=style(cast), **{**MINE, "title": "国家职业资格证书"})
        assert refused.status_code == 422
        assert "标题里不能有" in refused.text
        for name, told in (("words", "正文里不能有"), ("signer", "签字的地方不能有"), ("note", "底部说明里不能有")):
            refused = post(zhoumin, place, at=style(cast), **{**MINE, name: "国 家承认"})
            assert (refused.status_code, told in refused.text) == (422, True)
        assert post(zhoumin, place, at=style(cast), **{**MINE, "tone": "pink"}).status_code == 422


def test_the_register_and_the_ledger_of_the_archive_call_it_the_same(
    zhoumin: FlaskClient, parts: Parts, cast: Cast
) -> None:
    def kinds(text: str) -> set[str]:
        return {row["证书种类"] for row in csv.DictReader(io.StringIO(text, newline=""))}

    issue_class(parts, cast)
    post(zhoumin, style(cast), **MINE)  # a title of its own is no other kind
    register = "/institution/reports/certificates.csv"
    assert kinds(zhoumin.get(register).data.decode("utf-8-sig")) == {"结业记录"}
    post(zhoumin, url(cast))
    file = zhoumin.get(f"/institution/papers/bundles/{make(parts)}/file")
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        ledger = archive.read(LEDGER).decode("utf-8-sig")
    assert kinds(ledger) == kinds(zhoumin.get(register).data.decode("utf-8-sig")) == {"培训合格证书"}


def test_a_sample_is_drawn_outside_of_any_transaction(
    zhoumin: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificate_pdf, "write_certificate", lambda _sheet: no_transaction())
    assert post(zhoumin, f"{style(cast)}/preview", at=style(cast), **MINE).data == b"%PDF-outside"


def no_transaction() -> bytes:
    with pytest.raises(LookupError):
        db.current()
    return b"%PDF-outside"


def test_too_many_at_once_are_told_what_to_do(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    issue_class(parts, cast)
    with parts.database.transaction() as session:
        for minute in range(archives.MOST_MAKING):
            at = now() + timedelta(minutes=minute)
            dossiers.ask(session, cast.zhoumin, Role.INSTITUTION, cast.cohort, now=at)
    answer = post(zhoumin, url(cast))
    assert (answer.status_code, "请等其中一份做好" in answer.text) == (429, True)


def test_strangers_find_nothing(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    issue_class(parts, cast)
    post(zhoumin, url(cast))
    made = make(parts)
    places = [url(cast), style(cast), *(f"/institution/papers/bundles/{made}/{part}" for part in ("state", "file"))]
    assert [zhoumin.get(place).status_code for place in places] == [200] * 4
    session_for(zhoumin, parts, cast.sunyue)
    assert [zhoumin.get(place).status_code for place in places] == [404] * 4
    token = csrf_token(zhoumin, "/institution/cohorts/new")
    for place in (url(cast), style(cast), f"{style(cast)}/preview"):
        assert zhoumin.post(place, data={"csrf_token": token, **MINE}).status_code == 404
    assert str(cast.kangning) not in zhoumin.get("/institution/papers/").text
    session_for(zhoumin, parts, cast.lifang)
    assert [zhoumin.get(place).status_code for place in [*places, "/institution/papers/"]] == [403] * 5
