"""Dossiers and samples at an inspector's browser: masked, on record, one after the other, nobody else's."""

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import worker
from lms.models.accounts import Membership
from lms.models.audit import AuditEvent
from lms.models.dossiers import Dossier, Sample
from lms.models.jobs import Job
from lms.parts import Parts
from tests.support.browser import post, session_for
from tests.support.cast import NOON, Cast
from tests.support.ledger import Scribe


@pytest.fixture(autouse=True)
def in_winter() -> Iterator[None]:
    """The views read the clock themselves."""
    with time_machine.travel(NOON + timedelta(hours=1)):
        yield


@pytest.fixture
def wujian(client: FlaskClient, parts: Parts, cast: Cast) -> FlaskClient:
    """康宁's inspector, signed in, after 李芳 studied a little."""
    scribe = Scribe(parts, cast)
    scribe.study("say-hello", (0, 30_000), NOON)
    scribe.study("say-hello", (30_000, 60_000), NOON + timedelta(minutes=2))
    session_for(client, parts, cast.wujian)
    return client


def pages_looked_at(parts: Parts) -> list[str]:
    with parts.database.transaction(write=False) as session:
        found = select(AuditEvent).where(AuditEvent.action == "inspector.look").order_by(AuditEvent.id)
        return [each.detail["page"] for each in session.scalars(found)]


def test_she_takes_a_masked_dossier(wujian: FlaskClient, parts: Parts, cast: Cast) -> None:
    url = f"/inspect/cohorts/{cast.cohort}/dossiers"
    assert f'href="{url}"' in wujian.get(f"/inspect/cohorts/{cast.cohort}").text
    page = wujian.get(url)
    assert "一期一档" in page.text
    assert "完整的证件号码" not in page.text
    answer = post(wujian, url, unmasked="y", purpose="检查")
    assert answer.status_code == 422
    assert post(wujian, url).status_code == 303
    with parts.database.transaction(write=False) as session:
        made = session.scalars(select(Dossier)).one()
        job = session.scalars(select(Job).where(Job.kind == "make_dossier")).one()
    state = f"/inspect/dossiers/{made.id}/state"
    assert "排队等待处理" in wujian.get(state).text
    assert wujian.get(f"/inspect/dossiers/{made.id}/file").status_code == 404
    worker.run(parts, job.id)
    assert "data-poll-done" in wujian.get(state).text
    file = wujian.get(f"/inspect/dossiers/{made.id}/file")
    assert (file.status_code, file.data[:2], file.content_type) == (200, b"PK", "application/zip")
    assert "dossiers" in pages_looked_at(parts)


def test_she_draws_walks_and_prints(wujian: FlaskClient, parts: Parts, cast: Cast) -> None:
    new = f"/inspect/samples/new?cohort={cast.cohort}"
    assert new in wujian.get(f"/inspect/cohorts/{cast.cohort}").text
    assert (
        f"/inspect/samples/new?institution={cast.kangning}" in wujian.get(f"/inspect/institutions/{cast.kangning}").text
    )
    assert post(wujian, new, kind="intervals", wanted="0").status_code == 422
    assert post(wujian, new, kind="coffee", wanted="x").status_code == 422
    drawn = post(wujian, new, kind="intervals", wanted="5")
    assert drawn.status_code == 303
    whole = drawn.location
    page = wujian.get(whole)
    with parts.database.transaction(write=False) as session:
        seed = session.scalars(select(Sample.seed)).one()
    assert len(seed) == 32
    for told in (seed, "李芳", "219999********0026", "还没看", "怎么问好"):
        assert told in page.text
    first = wujian.get(f"{whole}/items/1")
    evidence = re.search(r'href="(/inspect/learners/[^"]+)"', first.text)
    assert evidence
    assert "李芳" in wujian.get(evidence[1].replace("&amp;", "&")).text
    assert post(wujian, f"{whole}/items/1", finding="problem", words="").status_code == 422
    assert post(wujian, f"{whole}/items/1").status_code == 422
    onward = post(wujian, f"{whole}/items/1", finding="problem", words="本人说没有学过")
    assert onward.location == f"{whole}/items/2"
    assert post(wujian, f"{whole}/items/2", finding="ok").location == whole
    told = wujian.get(whole).text
    assert "本人说没有学过" in told
    assert "还没看" in told
    assert whole.rpartition("/")[2] in wujian.get("/inspect/samples/").text
    assert wujian.get(f"{whole}/items/9").status_code == 404
    assert {"sample", "sample_item", "samples"} <= set(pages_looked_at(parts))


def addresses(cast: Cast, dossier: uuid.UUID, sample: uuid.UUID) -> list[str]:
    return [
        f"/inspect/cohorts/{cast.cohort}/dossiers",
        f"/inspect/dossiers/{dossier}/state",
        f"/inspect/dossiers/{dossier}/file",
        f"/inspect/samples/new?cohort={cast.cohort}",
        f"/inspect/samples/new?institution={cast.kangning}",
        f"/inspect/samples/{sample}",
        f"/inspect/samples/{sample}/items/1",
    ]


def test_another_institutions_inspector_finds_nothing(wujian: FlaskClient, parts: Parts, cast: Cast) -> None:
    post(wujian, f"/inspect/cohorts/{cast.cohort}/dossiers")
    post(wujian, f"/inspect/samples/new?cohort={cast.cohort}", kind="learners", wanted="1")
    with parts.database.transaction() as session:
        dossier, sample = session.scalars(select(Dossier.id)).one(), session.scalars(select(Sample.id)).one()
        for job in session.scalars(select(Job.id).where(Job.kind == "make_dossier")):
            found = job
    worker.run(parts, found)
    assert [wujian.get(url).status_code for url in addresses(cast, dossier, sample)] == [200] * 7
    with parts.database.transaction() as session:
        mine = select(Membership).where(Membership.account_id == cast.wujian.account_id)
        session.scalars(mine).one().organisation_id = cast.anhe
    assert [wujian.get(url).status_code for url in addresses(cast, dossier, sample)] == [404] * 7
    for url in addresses(cast, dossier, sample):
        if "state" not in url and "file" not in url:
            form = {"kind": "learners", "wanted": "1", "finding": "ok"}
            assert post(wujian, url, at="/inspect/", **form).status_code in (404, 405)


@pytest.mark.parametrize("who", ["lifang", "wanglei", "zhoumin", "admin"])
def test_it_is_closed_to_everybody_else(client: FlaskClient, parts: Parts, cast: Cast, who: str) -> None:
    session_for(client, parts, getattr(cast, who))
    for url in addresses(cast, uuid.uuid4(), uuid.uuid4()):
        assert client.get(url).status_code == 403
