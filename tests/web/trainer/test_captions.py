"""The captions editor: every step by a plain form, errors at their row, files with the line that is wrong."""

import html
import io
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from lms.models.media import Media
from lms.parts import Parts
from lms.services import captions
from tests.support.browser import csrf_token, post, session_for
from tests.support.cast import Cast
from tests.support.films import add_file
from tests.web.trainer.test_library import settle

FIELD = re.compile(r'name="(from|to)" value="([^"]*)"')
TEXT = re.compile(r'<textarea[^>]*name="text"[^>]*>\n(.*?)</textarea>', re.DOTALL)
ROWS = [("0:01", "0:02", "先洗手"), ("0:02", "0:04", "再开门\n轻轻地")]


@pytest.fixture
def place(client: FlaskClient, parts: Parts, cast: Cast, tmp_path: Path) -> str:
    """The editor of a finished video, with 王磊 before it."""
    path = tmp_path / "film"
    path.write_bytes(b"?" * 2_000)
    media_id = add_file(parts, cast.wanglei, path)
    settle(parts, media_id)
    session_for(client, parts, cast.wanglei)
    return f"/trainer/library/{media_id}/captions"


def act(client: FlaskClient, place: str, rows: list[tuple[str, str, str]], name: str, **more: str) -> Any:
    starts, ends, texts = ([row[column] for row in rows] for column in range(3))
    fields: dict[str, Any] = {"number": "0", "from": starts, "to": ends, "text": texts, "act": name, **more}
    return post(client, place, **fields)


def shown(answer: Any) -> list[tuple[str, str, str]]:
    """The rows of the editor on this page."""
    times = [html.unescape(value) for _, value in FIELD.findall(answer.text)]
    texts = [html.unescape(text) for text in TEXT.findall(answer.text)]
    return list(zip(times[::2], times[1::2], texts, strict=True))


def kept(parts: Parts, place: str) -> str | None:
    media_id = uuid.UUID(place.split("/")[3])
    with parts.database.transaction(write=False) as session:
        number = session.get_one(Media, media_id).captions_number
        return captions.text_of(session, media_id, number) if number else None


def test_an_editor_without_captions_begins_empty(client: FlaskClient, place: str) -> None:
    page = client.get(place)
    assert (page.status_code, shown(page)) == (200, [])
    first = act(client, place, [], "add")
    assert shown(first) == [("00:00:00.000", "00:00:02.000", "")]


def test_saving_keeps_a_new_state_each_time(client: FlaskClient, place: str, parts: Parts) -> None:
    assert act(client, place, ROWS, "save").status_code == 303
    page = client.get(place)
    assert shown(page) == [
        ("00:00:01.000", "00:00:02.000", "先洗手"),
        ("00:00:02.000", "00:00:04.000", "再开门\n轻轻地"),
    ]
    assert 'name="number" value="1"' in page.text
    assert act(client, place, ROWS[:1], "save", number="1").status_code == 303
    assert "再开门" not in str(kept(parts, place))
    first = client.get(f"{place}/1.vtt")
    assert (first.status_code, first.headers["Content-Type"]) == (200, "text/vtt; charset=utf-8")
    assert "再开门" in first.text
    assert client.get(f"{place}/3.vtt").status_code == 404


@pytest.mark.parametrize(
    ("name", "more", "expected"),
    [
        ("delete-0", {}, [("0:02", "0:04", "再开门\n轻轻地")]),
        (
            "add-0",
            {},
            [("0:01", "0:02", "先洗手"), ("00:00:02.000", "00:00:04.000", ""), ("0:02", "0:04", "再开门\n轻轻地")],
        ),
        (
            "split-1",
            {},
            [
                ("0:01", "0:02", "先洗手"),
                ("00:00:02.000", "00:00:03.000", "再开门"),
                ("00:00:03.000", "00:00:04.000", "轻轻地"),
            ],
        ),
        (
            "split-0",
            {},
            [
                ("00:00:01.000", "00:00:01.500", "先洗"),
                ("00:00:01.500", "00:00:02.000", "手"),
                ("0:02", "0:04", "再开门\n轻轻地"),
            ],
        ),
        (
            "shift",
            {"shift": "1.5"},
            [("00:00:02.500", "00:00:03.500", "先洗手"), ("00:00:03.500", "00:00:05.500", "再开门\n轻轻地")],
        ),
        (
            "shift",
            {"shift": "-1.2"},
            [("00:00:00.000", "00:00:00.800", "先洗手"), ("00:00:00.800", "00:00:02.800", "再开门\n轻轻地")],
        ),
        ("delete-9", {}, ROWS),
        ("split-x", {}, ROWS),
        ("nonsense", {}, ROWS),
    ],
)
def test_each_button_changes_the_rows_and_keeps_nothing(
    client: FlaskClient, place: str, parts: Parts, name: str, more: dict[str, str], expected: list[tuple[str, str, str]]
) -> None:
    answer = act(client, place, ROWS, name, **more)
    assert (answer.status_code, shown(answer)) == (200, expected)
    assert kept(parts, place) is None


def test_a_shift_that_is_no_number_says_so(client: FlaskClient, place: str) -> None:
    answer = act(client, place, ROWS, "shift", shift="一秒")
    assert "请填写要移动的秒数" in answer.text
    assert shown(answer) == ROWS


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("x", "0:02", "一")], "时间看不懂"),
        ([("0:03", "0:02", "一")], "第 1 条：消失的时间要在出现的时间之后"),
        ([*ROWS, ("0:00", "0:05", "三")], "第 3 条：这条字幕比前面一条出现得早"),
        ([("0:01", "0:02", "长" * 301)], "最多 300 个字"),
        ([], "一条字幕也没有"),
        ([("0:01", "0:02", " ")], "一条字幕也没有"),
    ],
)
def test_what_is_wrong_is_told_at_its_row(
    client: FlaskClient, place: str, parts: Parts, rows: list[tuple[str, str, str]], words: str
) -> None:
    answer = act(client, place, rows, "save")
    assert answer.status_code == 422
    assert words in html.unescape(answer.text)
    assert len(shown(answer)) == len(rows), "nothing that was typed is lost"
    assert kept(parts, place) is None


def test_two_people_do_not_overwrite_each_other(client: FlaskClient, place: str) -> None:
    act(client, place, ROWS, "save")
    late = act(client, place, ROWS[:1], "save")
    assert late.status_code == 422
    assert "别人刚刚改过字幕" in late.text
    assert shown(late) == ROWS[:1]


def upload(client: FlaskClient, place: str, name: str, content: bytes) -> Any:
    body = {"csrf_token": csrf_token(client, place), "file": (io.BytesIO(content), name)}
    return client.post(f"{place}/files", data=body, content_type="multipart/form-data", follow_redirects=True)


def test_a_file_replaces_what_is_there(client: FlaskClient, place: str, parts: Parts) -> None:
    act(client, place, ROWS, "save")
    page = upload(client, place, "字幕.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000 line:0\n你好".encode())
    assert page.status_code == 200
    assert shown(page) == [("00:00:00.000", "00:00:01.000", "你好")]
    assert "第 3 行：字幕的位置设置没有收下" in page.text
    page = upload(client, place, "字幕.srt", "1\n00:00:00,000 --> 00:00:01,000\n再见".encode("gb18030"))
    assert "再见" in str(kept(parts, place))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.vtt", "WEBVTT\n\n00:01,000 --> 00:02,000\n你好", "第 3 行：秒后面要用点"),
        ("a.vtt", "你好", "第 1 行：第一行要写 WEBVTT"),
        ("a.txt", "你好", "字幕文件要是 .vtt"),
        ("a.srt", "1\n你好", "第 2 行：这几行文字没有时间"),
    ],
)
def test_a_bad_file_names_its_line_and_changes_nothing(
    client: FlaskClient, place: str, parts: Parts, name: str, content: str, words: str
) -> None:
    act(client, place, ROWS, "save")
    before = kept(parts, place)
    page = upload(client, place, name, content.encode())
    assert page.status_code == 422
    assert words in page.text
    assert len(shown(page)) == 2
    assert kept(parts, place) == before


def test_words_are_only_words(client: FlaskClient, place: str, parts: Parts) -> None:
    act(client, place, [("0:01", "0:02", "<script>alert(1)</script>\n--> x")], "save")
    assert "<script>" not in str(kept(parts, place))
    assert "--> x" not in str(kept(parts, place))
    assert "<script>alert" not in client.get(place).text


def test_a_long_film_fits_into_the_form(client: FlaskClient, place: str) -> None:
    rows = [
        (f"{n // 60}:{n % 60:02}", f"{n // 60}:{n % 60:02}.9", "一句话有二十个字那么长的样子就是这样啦")
        for n in range(2_000)
    ]
    assert act(client, place, rows, "save").status_code == 303


def test_a_stranger_finds_no_captions(client: FlaskClient, place: str, parts: Parts, cast: Cast) -> None:
    from lms.models.accounts import Membership

    act(client, place, ROWS, "save")
    with parts.database.transaction() as session:
        session.add(Membership(account_id=cast.sunyue.account_id, organisation_id=cast.anhe, role="trainer"))
    session_for(client, parts, cast.sunyue)
    assert client.get(place).status_code == 404
    assert client.get(f"{place}/1.vtt").status_code == 404
    assert post(client, place, at="/trainer/", act="save").status_code == 404
    assert post(client, f"{place}/files", at="/trainer/").status_code == 404
    for who in (cast.lifang, cast.zhoumin):
        session_for(client, parts, who)
        assert client.get(place).status_code == 403
