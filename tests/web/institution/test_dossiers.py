"""Dossiers at an institution's browser: one click on the class, progress, the file; whole numbers with a purpose."""

import io
import uuid
import zipfile

from flask.testing import FlaskClient
from sqlalchemy import select

from lms import worker
from lms.models.audit import AuditEvent
from lms.models.dossiers import Dossier
from lms.models.jobs import Job
from lms.parts import Parts
from tests.support.browser import post, session_for
from tests.support.cast import Cast

NUMBER = "219999198501010026"


def url(cast: Cast) -> str:
    return f"/institution/cohorts/{cast.cohort}/dossiers"


def make(parts: Parts) -> uuid.UUID:
    with parts.database.transaction(write=False) as session:
        job = session.scalars(select(Job).where(Job.kind == "make_dossier").order_by(Job.id.desc()).limit(1)).one()
    worker.run(parts, job.id)
    return uuid.UUID(job.payload["dossier_id"])


def test_one_click_makes_it(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    assert post(zhoumin, url(cast), at=f"/institution/cohorts/{cast.cohort}").location == url(cast)
    page = zhoumin.get(url(cast))
    assert "排队等待处理" in page.text
    assert "data-poll=" in page.text
    made = make(parts)
    ready = zhoumin.get(url(cast))
    assert f"/institution/dossiers/{made}/file" in ready.text
    file = zhoumin.get(f"/institution/dossiers/{made}/file")
    assert "attachment" in file.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert "隐去" in archive.read("README.txt").decode()
        assert all(NUMBER not in archive.read(name).decode(errors="replace") for name in archive.namelist())


def test_whole_numbers_ask_for_a_purpose(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    for wrong in ({"purpose": ""}, {"purpose": NUMBER}, {"purpose": "申报", "day": "2099-01-01"}):
        refused = post(zhoumin, url(cast), unmasked="y", **wrong)
        assert refused.status_code == 422
    assert post(zhoumin, url(cast), unmasked="y", purpose="向区人社局申报").status_code == 303
    make(parts)
    with parts.database.transaction(write=False) as session:
        asked = session.scalars(select(AuditEvent).where(AuditEvent.action == "dossier.ask")).one()
    assert (asked.detail["masked"], asked.detail["purpose"]) == (False, "向区人社局申报")


def test_strangers_find_nothing(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    post(zhoumin, url(cast))
    with parts.database.transaction(write=False) as session:
        made = session.scalars(select(Dossier.id)).one()
    make(parts)
    places = [url(cast), f"/institution/dossiers/{made}/state", f"/institution/dossiers/{made}/file"]
    assert [zhoumin.get(place).status_code for place in places] == [200] * 3
    session_for(zhoumin, parts, cast.sunyue)
    assert [zhoumin.get(place).status_code for place in places] == [404] * 3
    assert post(zhoumin, url(cast), at="/institution/cohorts/new").status_code == 404
    session_for(zhoumin, parts, cast.lifang)
    assert [zhoumin.get(place).status_code for place in places] == [403] * 3
