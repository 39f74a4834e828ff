"""李芳 shows her records to an employer, and takes the link back."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from lms.parts import Parts
from tests.support.browser import post, session_for
from tests.support.cast import NOON, Cast
from tests.support.certified import CODES, certify
from tests.support.paper import recorded
from tests.support.skills import PAPER, Desk, listed

WISH = {"reader": "employer", "days": "7", "record": CODES[0]}


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def made(lifang: FlaskClient, **other: str) -> str:
    """The page of a new link."""
    answer = post(lifang, "/learn/shares/new", **{**WISH, **other})
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def link_on(page: str) -> str:
    return "/s/" + page.split('href="/s/')[1].split('"')[0]


def test_an_employer_opens_her_link_until_she_takes_it_back(lifang: FlaskClient, parts: Parts, cast: Cast) -> None:
    certify(parts, cast.enrollment)
    at = made(lifang)
    link = link_on(lifang.get(at).text)
    employer = lifang.application.test_client()
    answer = employer.get(link)
    assert answer.status_code == 200
    assert "李*" in answer.text
    assert "李芳" not in answer.text
    assert f"/v/{CODES[0]}" in answer.text
    told = {name: answer.headers[name] for name in ("X-Robots-Tag", "Referrer-Policy", "Cache-Control")}
    assert told == {
        "X-Robots-Tag": "noindex, nofollow, noarchive",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    assert "收回这个链接？" in lifang.get(f"{at}/revocation").text
    taken = post(lifang, f"{at}/revocation")
    assert taken.headers["Location"] == "/learn/shares/"
    assert "已收回" in lifang.get("/learn/shares/").text
    assert employer.get(link).status_code == 404


def test_all_links_that_open_nothing_look_the_same(
    lifang: FlaskClient, parts: Parts, cast: Cast, at_noon: time_machine.Traveller
) -> None:
    certify(parts, cast.enrollment)
    over, back = made(lifang, days="1"), made(lifang, days="7")
    links = [link_on(lifang.get(each).text) for each in (over, back)]
    post(lifang, f"{back}/revocation")
    at_noon.shift(timedelta(days=2))
    employer = lifang.application.test_client()
    pages = {employer.get(each).text.replace(each, "") for each in (*links, "/s/" + "0" * 32)}
    pages = {page.split("<main")[1] for page in pages}
    assert len(pages) == 1
    assert "打不开" in pages.pop()


def test_her_name_is_whole_only_where_she_says_so(lifang: FlaskClient, parts: Parts, cast: Cast) -> None:
    certify(parts, cast.enrollment)
    link = link_on(lifang.get(made(lifang, with_name="1")).text)
    assert "李芳" in lifang.application.test_client().get(link).text


def test_what_is_missing_is_said_on_the_form(lifang: FlaskClient, parts: Parts, cast: Cast) -> None:
    certify(parts, cast.enrollment)
    answer = post(lifang, "/learn/shares/new", **{**WISH, "record": CODES[1]})
    assert answer.status_code == 422
    assert "有一份不是您的" in answer.text


def test_a_stranger_finds_neither_link_nor_record(
    lifang: FlaskClient, client: FlaskClient, parts: Parts, cast: Cast
) -> None:
    certify(parts, cast.enrollment)
    at = made(lifang)
    session_for(client, parts, cast.chenmo)
    assert client.get(at).status_code == 404
    assert client.get(f"{at}/revocation").status_code == 404
    assert post(client, f"{at}/revocation", at="/learn/").status_code == 404
    assert "还没有链接" in client.get("/learn/shares/").text
    for page in ("/learn/records/", "/learn/transcript/", "/learn/shares/new"):
        assert CODES[0] not in client.get(page).text


def test_the_transcript_is_a_page_a_pdf_and_a_file_for_programs(
    lifang: FlaskClient, parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    certify(parts, cast.enrollment)
    page = lifang.get("/learn/transcript/").text
    assert "李芳" in page
    assert CODES[0] in page
    assert "1.33" in page
    drawn = recorded(monkeypatch)
    pdf = lifang.get("/learn/transcript/transcript.pdf")
    assert pdf.content_type == "application/pdf"
    assert pdf.data.startswith(b"%PDF-")
    words = "".join(drawn)
    for told in (CODES[0], "终身学习档案", "李芳", "老人翻身", "1.33"):
        assert told in words
    data = json.loads(lifang.get("/learn/transcript/transcript.json").text)
    assert (data["format"], data["name_masked"], data["counted"], data["holding"]) == (2, "李*", 1, 1)
    assert (data["hours_total_hundredths"], data["records"][0]["hours_total_hundredths"]) == (133, 133)
    assert "class_hour_hundredths" not in data
    assert (data["levels"], data["credits"], data["records"][0]["valid_until"]) == ([], [], None)
    assert data["records"][0]["facts"]["institution"] == "康宁养老服务中心"


def test_without_records_each_page_says_what_to_do(lifang: FlaskClient) -> None:
    for page in ("/learn/records/", "/learn/transcript/", "/learn/shares/new"):
        assert "还没有结业记录" in lifang.get(page).text


def test_the_transcript_tells_the_level_that_holds(
    lifang: FlaskClient, parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(parts, cast)
    listed(desk)
    one = desk.enter()
    assert "技能等级和学分" not in lifang.get("/learn/transcript/").text  # nobody looked it up yet
    assert "/learn/transcript/" in lifang.get("/learn/records/").text  # without any record of a course
    assert "下载 PDF" in lifang.get("/learn/transcript/").text
    desk.say(one)
    (level,) = json.loads(lifang.get("/learn/transcript/transcript.json").text)["levels"]
    assert (level["occupation"], level["level_name"]) == (PAPER.occupation, "初级工")
    page = lifang.get("/learn/transcript/").text.split("技能等级和学分")[1]
    assert PAPER.occupation in page
    assert "初级工（五级）" in page
    drawn = recorded(monkeypatch)
    assert lifang.get("/learn/transcript/transcript.pdf").status_code == 200
    assert f"{PAPER.occupation} · 初级工（五级）" in "".join(drawn)
