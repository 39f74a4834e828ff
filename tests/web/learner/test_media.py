"""Videos through the site: whole and in ranges, never without one's own link, never anything but a video."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer

from lms import clock
from lms.app import App
from lms.parts import Parts
from lms.services.scopes import Actor
from lms.web.access import User
from lms.web.learner import media
from lms.web.learner.media import MediaUrls, media_urls
from tests.support.browser import session_for
from tests.support.cast import Cast

PREFIX = "media/0001/2"
PIECE = bytes(range(200))
FILES = {
    "master.m3u8": (b"#EXTM3U\n240p/index.m3u8\n", "application/vnd.apple.mpegurl"),
    "240p/index.m3u8": (b"#EXTM3U\n00000.m4s\n", "application/vnd.apple.mpegurl"),
    "240p/init.mp4": (b"init", "video/mp4"),
    "240p/00000.m4s": (PIECE, "video/iso.segment"),
    "audio/index.m3u8": (b"#EXTM3U\n", "application/vnd.apple.mpegurl"),
    "poster.jpg": (b"\xff\xd8", "image/jpeg"),
    "sprite.jpg": (b"\xff\xd8", "image/jpeg"),
    "sprite.vtt": (b"WEBVTT\n", "text/vtt; charset=utf-8"),
    "captions-12.vtt": (b"WEBVTT\n", "text/vtt; charset=utf-8"),
    "captions.vtt": (b"WEBVTT\n", "text/vtt; charset=utf-8"),
}


@dataclass(frozen=True)
class Film:
    prefix: str | None = PREFIX
    has_captions: bool = True
    captions_number: int | None = None


@pytest.fixture
def film(parts: Parts) -> Film:
    """A finished video in the store, beside something that is none of a learner's business."""
    for name, (content, content_type) in FILES.items():
        parts.store.put_bytes(f"{PREFIX}/{name}", content, content_type)
    parts.store.put_bytes(f"{PREFIX}/notes.txt", b"hidden words", "text/plain")
    parts.store.put_bytes("originals/secret.m4s", b"hidden words", "video/iso.segment")
    return Film()


def urls_of(app: App, actor: Actor, film: Film) -> MediaUrls:
    """The links as a lesson page of `actor` would carry them."""
    from flask_login import login_user

    with app.test_request_context(), app.extensions["lms"].database.transaction(write=False):
        login_user(User(actor, "token"))
        return media_urls(film)


@pytest.fixture
def urls(app: App, cast: Cast, film: Film) -> MediaUrls:
    return urls_of(app, cast.lifang, film)


def sibling(urls: MediaUrls, name: str) -> str:
    return urls.hls.replace("master.m3u8", name)


@pytest.mark.parametrize("name", FILES)
def test_every_file_of_a_set_is_served(lifang: FlaskClient, urls: MediaUrls, name: str) -> None:
    content, content_type = FILES[name]
    response = lifang.get(sibling(urls, name))
    assert (response.status_code, response.data) == (200, content)
    assert response.headers["Content-Type"] == content_type
    assert response.headers["Accept-Ranges"] == "bytes"
    assert "Content-Encoding" not in response.headers
    cached = response.headers["Cache-Control"]
    assert cached == ("no-store" if name.endswith(".m3u8") else "private, max-age=43200, immutable")


def test_a_page_gets_links_and_captions_only_where_there_are_some(app: App, cast: Cast, film: Film) -> None:
    urls = urls_of(app, cast.lifang, film)
    assert [url.rpartition("/")[2] for url in (urls.hls, urls.audio, urls.poster)] == [
        "master.m3u8",
        "index.m3u8",
        "poster.jpg",
    ]
    assert urls.scenes.endswith("/sprite.vtt")
    assert str(urls.captions).endswith("captions.vtt")
    assert urls_of(app, cast.lifang, Film(has_captions=False)).captions is None
    assert str(urls_of(app, cast.lifang, Film(captions_number=3)).captions).endswith("captions-3.vtt")


@pytest.mark.parametrize(
    ("asked", "expected", "told"),
    [
        ("bytes=0-9", PIECE[:10], "bytes 0-9/200"),
        ("bytes=190-", PIECE[190:], "bytes 190-199/200"),
        ("bytes=-5", PIECE[-5:], "bytes 195-199/200"),
        ("bytes=150-900", PIECE[150:], "bytes 150-199/200"),
    ],
)
def test_a_range_is_answered_with_just_that(
    lifang: FlaskClient, urls: MediaUrls, asked: str, expected: bytes, told: str
) -> None:
    response = lifang.get(sibling(urls, "240p/00000.m4s"), headers={"Range": asked})
    assert (response.status_code, response.data) == (206, expected)
    assert response.headers["Content-Range"] == told
    assert response.content_length == len(expected)


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "lines=1-2", "bytes=9-3", "nonsense"])
def test_a_range_nobody_can_serve_is_answered_with_the_whole(lifang: FlaskClient, urls: MediaUrls, asked: str) -> None:
    response = lifang.get(sibling(urls, "240p/00000.m4s"), headers={"Range": asked})
    assert (response.status_code, response.data) == (200, PIECE)


def test_a_range_behind_the_end_is_refused(lifang: FlaskClient, urls: MediaUrls) -> None:
    response = lifang.get(sibling(urls, "240p/00000.m4s"), headers={"Range": "bytes=200-"})
    assert (response.status_code, response.data) == (416, b"")
    assert response.headers["Content-Range"] == "bytes */200"


def test_head_tells_the_size_and_sends_nothing(lifang: FlaskClient, urls: MediaUrls) -> None:
    response = lifang.head(sibling(urls, "240p/00000.m4s"))
    assert (response.status_code, response.data, response.content_length) == (200, b"", 200)


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt",
        "240p/00001.m4s",
        "../../../originals/secret.m4s",
        "..%2f..%2f..%2foriginals%2fsecret.m4s",
        "240p/../240p/00000.m4s",
        "%2e%2e/master.m3u8",
        "240p//index.m3u8",
        "master.m3u8%00.jpg",
        "master.m3u8%0a",
        "٢٤٠p/index.m3u8",
    ],
)
def test_nothing_but_the_files_of_the_set(lifang: FlaskClient, urls: MediaUrls, name: str) -> None:
    response = lifang.get(sibling(urls, name))
    assert response.status_code in (308, 404)
    assert b"hidden words" not in response.data


def test_a_stranger_with_the_link_finds_nothing(client: FlaskClient, parts: Parts, cast: Cast, urls: MediaUrls) -> None:
    for stranger in (cast.chenmo, cast.wanglei):
        session_for(client, parts, stranger)
        assert client.get(urls.hls).status_code == 404


def test_without_signing_in_there_is_no_video(client: FlaskClient, urls: MediaUrls) -> None:
    response = client.get(urls.hls)
    assert response.status_code == 401  # to a player, which would take a login page for a broken playlist


def test_a_changed_link_finds_nothing(lifang: FlaskClient, cast: Cast, parts: Parts, urls: MediaUrls) -> None:
    *_, token, _ = urls.hls.split("/")
    payload = ["originals", cast.lifang.account_id.hex, int(clock.now().timestamp()) + 9000]
    forged = URLSafeSerializer("another secret", salt=media.SALT).dumps(payload)
    other_use = URLSafeSerializer(parts.config.secret_key, salt="another use").dumps(payload)
    for wrong in (token[:-2], token + "x", "x", forged, str(other_use)):
        assert lifang.get(urls.hls.replace(token, wrong)).status_code == 404


def test_an_old_link_says_so(app: App, cast: Cast, film: Film, lifang: FlaskClient, monkeypatch) -> None:
    """403 makes the player offer to load the page anew."""
    now = clock.now()
    monkeypatch.setattr(media.clock, "now", lambda: now - media.LINK_LIFETIME)
    old = urls_of(app, cast.lifang, film)
    monkeypatch.undo()
    response = lifang.get(old.hls)
    assert response.status_code == 403
    assert "刷新页面" in response.text


@pytest.mark.parametrize("minute", [0, 1, 359])
def test_links_last_six_to_twelve_hours_and_stay_the_same_for_six(minute: int) -> None:
    start = datetime(2026, 11, 23, 6, tzinfo=UTC)
    moment = start + timedelta(minutes=minute)
    until = datetime.fromtimestamp(media._until(moment), UTC)
    assert until == start + timedelta(hours=12)
    assert media._until(start + timedelta(hours=6)) > media._until(moment)
