"""A learner's ledger at her institution's desk: from each number down to the interval; nobody else's."""

import html
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from lms.parts import Parts
from lms.services import looks
from tests.support.browser import session_for
from tests.support.cast import NOON, Cast
from tests.support.ledger import Scribe


@pytest.fixture
def studied(parts: Parts, cast: Cast) -> Scribe:
    """Two minutes, one of them confirmed, and a second phone that earned nothing."""
    scribe = Scribe(parts, cast)
    scribe.study("say-hello", (0, 60_000), NOON - timedelta(hours=2))
    scribe.check("passed", 0, 1, NOON - timedelta(hours=1))
    scribe.study("read-hello", (0, 60_000), NOON - timedelta(minutes=40), evidence_class="offline")
    scribe.refuse("read-hello", (0, 20_000), NOON - timedelta(minutes=20), "lease_lost")
    scribe.settle()
    return scribe


def place(cast: Cast, rest: str = "") -> str:
    return f"/institution/learners/{cast.enrollment}{rest}"


def shown(client: FlaskClient, url: str) -> str:
    page = client.get(url)
    assert page.status_code == 200, url
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


@pytest.mark.usefixtures("studied")
def test_cohort_and_report_lead_to_the_ledger(zhoumin: FlaskClient, cast: Cast) -> None:
    for page in (f"/institution/cohorts/{cast.cohort}", "/institution/reports/completion"):
        text = html.unescape(zhoumin.get(page).text)
        assert f'href="{place(cast)}"' in text
        assert f'href="{place(cast, "/intervals?state=credited")}"' in text
        assert f'href="{place(cast, "/intervals?state=confirmed")}"' in text
    assert place(cast, "/intervals?state=credited&class=offline") in text
    assert "离线下载学习 1.00" in text


@pytest.mark.usefixtures("studied")
def test_sums_and_intervals(zhoumin: FlaskClient, cast: Cast) -> None:
    sums = shown(zhoumin, place(cast))
    for told in ("李芳的学时", "219999********0026", "2 分钟", "1 分钟", "2026年11月23日 星期一", "base-2023"):
        assert told in sums
    assert "54 秒" in shown(zhoumin, place(cast, "?by=lesson"))
    rows = shown(zhoumin, place(cast, "/intervals"))
    for told in ("11月23日 上午 10:00–10:01", "已确认", "等抽验", "离线下载学习", "online-2", "lease_lost"):
        assert told in rows
    assert "当时换到另一部手机学习了" in rows
    assert "219999198501010026" not in rows
    assert "合计：计入 1 分钟，已确认 1 分钟。" in shown(zhoumin, place(cast, "/intervals?state=confirmed"))


def test_a_learner_who_has_not_begun(zhoumin: FlaskClient, cast: Cast) -> None:
    assert "还没有学习记录" in shown(zhoumin, place(cast))
    assert "这里没有记录" in shown(zhoumin, place(cast, "/intervals"))
    assert zhoumin.get(place(cast, "/intervals?state=x")).status_code == 404


def test_who_looked(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    assert "还没有检查员看过" in shown(zhoumin, "/institution/looks")
    with parts.database.transaction() as session:
        looks.record(session, cast.wujian, "learner", cast.enrollment, organisation_id=cast.kangning, now=NOON)
    page = shown(zhoumin, "/institution/looks")
    assert "2026年11月23日 12:00 吴检 学时总览 李芳" in page


@pytest.mark.parametrize("rest", ["", "/intervals"])
def test_strangers_find_nothing(client: FlaskClient, parts: Parts, cast: Cast, rest: str) -> None:
    assert client.get(place(cast, rest)).status_code == 302
    session_for(client, parts, cast.sunyue)
    assert client.get(place(cast, rest)).status_code == 404
    for who in ("lifang", "wanglei", "wujian", "admin"):
        session_for(client, parts, getattr(cast, who))
        assert client.get(place(cast, rest)).status_code == 403
        assert client.get("/institution/looks").status_code == 403
