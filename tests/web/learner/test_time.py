"""我的学时 at the browser: every number leads to the intervals it is made of, each told in plain words."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from lms import clock
from lms.parts import Parts
from lms.services import looks
from tests.support.browser import session_for
from tests.support.cast import Cast
from tests.support.ledger import Scribe

EVENING = datetime(2026, 11, 26, 15, 50, tzinfo=UTC)  # 23:50 in China
MORNING = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)  # 07:30 of the 26th
NOW = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
LINK = re.compile(r'href="(/learn/time/[^"]*intervals[^"]*)"')


@pytest.fixture(autouse=True)
def next_morning() -> Iterator[None]:
    """The views read the clock themselves."""
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def studied(parts: Parts, cast: Cast) -> Scribe:
    """A morning, a stretch that was confirmed, a second phone, and half a minute over midnight."""
    scribe = Scribe(parts, cast)
    for beat in range(3):
        scribe.study("say-hello", (beat * 20_000, beat * 20_000 + 20_000), MORNING + beat * timedelta(seconds=20))
    scribe.check("passed", 0, 3, MORNING + timedelta(minutes=2))
    scribe.study("say-hello", (40_000, 60_000), EVENING, verdict="already_credited", credited_ms=0)
    scribe.refuse("read-hello", (0, 20_000), EVENING + timedelta(minutes=1), "lease_lost")
    scribe.study("read-hello", (0, 30_000), EVENING + timedelta(minutes=9, seconds=45), evidence_class="gap")
    scribe.check("missed", 4, 7, EVENING + timedelta(minutes=15))
    scribe.settle()
    return scribe


def place(cast: Cast, rest: str = "") -> str:
    return f"/learn/time/{cast.enrollment}{rest}"


def shown(client: FlaskClient, url: str) -> str:
    """What the page at `url` says, without marks; the page must be there."""
    page = client.get(url)
    assert page.status_code == 200, url
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def test_the_first_page_has_four_numbers_that_lead_on(lifang: FlaskClient, studied: Scribe, cast: Cast) -> None:
    page = lifang.get("/learn/time").text
    for told in ("1 分 30 秒", "1 分钟", "2 分 18 秒", "0.03", "45 分钟为 1 学时", "怎么算的？"):
        assert told in page
    assert f'href="{place(cast, "/intervals?state=credited")}"' in page
    assert f'href="{place(cast, "?by=lesson")}"' in page


def test_days_and_lessons(lifang: FlaskClient, studied: Scribe, cast: Cast) -> None:
    days = shown(lifang, place(cast))
    assert "2026年11月27日 星期五" in days
    assert "2026年11月26日 星期四" in days
    for told in ("断网补记", "抽验没答上", "看原因"):
        assert told in days
    lessons = shown(lifang, place(cast, "?by=lesson"))
    assert "54 秒" in lessons  # 114 s needed, 60 s credited
    assert "1 分 24 秒" in lessons


def test_a_stretch_is_told_in_plain_words(lifang: FlaskClient, studied: Scribe, cast: Cast) -> None:
    page = shown(lifang, place(cast, "/intervals?day=2026-11-26"))
    assert "11月26日 早上 07:30–07:31" in page
    assert "从 0 秒到 1 分钟" in page
    assert "计入 1 分钟 已确认" in page
    assert "手机分 3 次报来" in page
    assert "合计：计入 1 分 15 秒，已确认 1 分钟。" in page


def test_what_did_not_count_says_why_and_what_to_do(lifang: FlaskClient, studied: Scribe, cast: Cast) -> None:
    page = shown(lifang, place(cast, "/intervals?state=uncredited"))
    assert "这一段以前学过，已经计过了" in page
    assert "当时换到另一部手机学习了" in page
    assert "11月26日 晚上 23:51 收到" in page
    assert page.count("怎么办：") == 2


def test_an_interval_over_midnight_is_in_both_days_and_says_so(
    lifang: FlaskClient, studied: Scribe, cast: Cast
) -> None:
    before = shown(lifang, place(cast, "/intervals?day=2026-11-26&class=gap"))
    after = shown(lifang, place(cast, "/intervals?day=2026-11-27&class=gap"))
    assert "11月26日 晚上 23:59–24:00" in before
    assert "11月27日 凌晨 00:00" in after
    for page in (before, after):
        assert "计入 15 秒" in page
        assert "跨过半夜 12 点" in page


def test_a_missed_check_says_until_when_it_can_be_made_up_for(lifang: FlaskClient, studied: Scribe, cast: Cast) -> None:
    assert "2026年12月4日以前补一次抽验，就能确认。" in shown(lifang, place(cast, "/intervals?state=missed"))
    with time_machine.travel(NOW + timedelta(days=8)):
        assert "补抽验的 7 天已经过了" in shown(lifang, place(cast, "/intervals?state=missed"))


def test_a_stretch_is_taken_apart(lifang: FlaskClient, studied: Scribe, cast: Cast) -> None:
    page = lifang.get(place(cast, "/intervals?day=2026-11-26")).text
    (link,) = {html.unescape(each) for each in LINK.findall(page) if "stretch=" in each}
    rows = shown(lifang, link)
    assert rows.count("计入 20 秒") == 3
    assert "11月26日 早上 07:30:20–07:30:40" in rows
    assert "合计：计入 1 分钟，已确认 1 分钟。" in rows


def test_every_number_leads_to_rows_that_add_up_to_it(lifang: FlaskClient, studied: Scribe, cast: Cast) -> None:
    figures = re.compile(r'<a class="ledger-figure" href="([^"]*intervals[^"]*)">([^<]+)<')
    found = [
        (html.unescape(href), words)
        for page in ("/learn/time", place(cast), place(cast, "?by=lesson"))
        for href, words in figures.findall(lifang.get(page).text)
        if words[0].isdigit() and "." not in words
    ]
    assert len(found) >= 12
    for href, words in found:
        said = shown(lifang, href)
        total = "已确认" if "state=confirmed" in href else "计入"
        if "state=missed" in href or "state=waiting" in href:
            continue
        assert re.search(rf"合计：.*{total} {words}[，。]", said), (href, words)


def test_corrections_are_told(lifang: FlaskClient, parts: Parts, cast: Cast, studied: Scribe) -> None:
    first = studied.segments[0][0]
    studied.void([first], NOW)
    studied.settle()
    assert "更正时减去" in shown(lifang, place(cast))
    page = shown(lifang, place(cast, "/intervals?state=voided"))
    assert "由两位工作人员核对、更正，不再计入" in page
    assert "更正时减去 20 秒。" in page


def test_before_the_first_lesson(lifang: FlaskClient, cast: Cast) -> None:
    assert "0 秒" in shown(lifang, "/learn/time")
    assert "还没有学习记录" in shown(lifang, place(cast))
    assert "这里没有记录" in shown(lifang, place(cast, "/intervals?state=credited"))


def test_without_a_course(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    session_for(client, parts, cast.wanglei)
    assert "还没有学时" in shown(client, "/learn/time")


def test_she_reads_that_an_inspector_looked(lifang: FlaskClient, parts: Parts, cast: Cast) -> None:
    assert "谁看过我的记录" not in shown(lifang, "/learn/time")
    with parts.database.transaction() as session:
        looks.record(session, cast.wujian, "learner", cast.enrollment, organisation_id=cast.kangning, now=clock.now())
    assert "2026年11月27日，主管部门的检查员看过您的学习记录。" in shown(lifang, "/learn/time")


def test_long_lists_are_turned_page_by_page(lifang: FlaskClient, parts: Parts, cast: Cast) -> None:
    scribe = Scribe(parts, cast)
    for number in range(60):
        scribe.refuse("say-hello", (0, 1_000), MORNING + number * timedelta(minutes=5), "seq_gap")
    first = shown(lifang, place(cast, "/intervals"))
    assert (first.count("怎么办"), "第 1 页，共 2 页" in first) == (50, True)
    assert shown(lifang, place(cast, "/intervals?page=2")).count("怎么办") == 10
    assert shown(lifang, place(cast, "/intervals?page=99")).count("怎么办") == 10


@pytest.mark.parametrize(
    "query",
    ["day=x", "lesson=x", "state=x", "class=x", "stretch=x", f"lesson={'0' * 32}", f"stretch={'0' * 32}"],
)
def test_an_address_that_makes_no_sense_is_not_found(lifang: FlaskClient, cast: Cast, query: str) -> None:
    assert lifang.get(place(cast, f"/intervals?{query}")).status_code == 404


@pytest.mark.parametrize("rest", ["", "/intervals"])
def test_a_strangers_record_is_not_found(client: FlaskClient, parts: Parts, cast: Cast, rest: str) -> None:
    assert client.get(place(cast, rest)).status_code == 302
    for who in ("chenmo", "sunyue", "zhoumin", "wujian"):
        session_for(client, parts, getattr(cast, who))
        assert client.get(place(cast, rest)).status_code == 404
