"""Pieces of videos straight from a real S3 service: the site says who may, the service sends the bytes."""

import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import botocore.auth
import pytest
from flask.testing import FlaskClient

from lms import config
from lms.app import App
from lms.parts import Parts
from lms.web import media_files
from tests.adapters.test_storage import LINUX_ONLY
from tests.support.browser import session_for
from tests.support.cast import Cast
from tests.support.swift import Swift
from tests.web.learner.test_media import FILES, PIECE, PREFIX, Film, sibling, urls_of

pytestmark = LINUX_ONLY
PIECE_NAME = "240p/00000.m4s"


@pytest.fixture
def environment(environment: dict[str, str], swift: Swift) -> dict[str, str]:
    return {**environment, **swift.environment(swift.new_bucket()), "LMS_MEDIA_DIRECT": "yes"}


@pytest.fixture
def url(app: App, cast: Cast, parts: Parts) -> str:
    """李芳's link to one piece."""
    for name, (content, content_type) in FILES.items():
        parts.store.put_bytes(f"{PREFIX}/{name}", content, content_type)
    return sibling(urls_of(app, cast.lifang, Film()), PIECE_NAME)


def fetch(address: str, **headers: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, b""


def test_a_piece_comes_from_the_service(lifang: FlaskClient, url: str, swift: Swift) -> None:
    told = lifang.get(url)
    assert (told.status_code, told.headers["Cache-Control"]) == (302, "no-store")
    address = told.headers["Location"]
    assert address.startswith(f"{swift.endpoint}/")
    assert f"X-Amz-Expires={media_files.DIRECT_SECONDS}&" in address
    assert fetch(address) == (200, PIECE)
    assert fetch(address, Range="bytes=3-9") == (206, PIECE[3:10])


def test_an_address_opens_that_piece_alone(lifang: FlaskClient, url: str) -> None:
    address = lifang.get(url).headers["Location"]
    assert fetch(address.replace("00000.m4s", "init.mp4"))[0] == 403
    assert fetch(address.replace(f"={media_files.DIRECT_SECONDS}&", "=86400&"))[0] == 403


def test_an_address_soon_ends(lifang: FlaskClient, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed as if just longer ago than it is good for; the service goes by its own clock."""
    long_ago = datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=media_files.DIRECT_SECONDS + 5)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: long_ago)
    assert fetch(lifang.get(url).headers["Location"])[0] == 403


@pytest.mark.parametrize("name", ["master.m3u8", "poster.jpg", "captions.vtt"])
def test_what_is_small_comes_from_the_site(lifang: FlaskClient, url: str, name: str) -> None:
    assert lifang.get(url.replace(PIECE_NAME, name)).data == FILES[name][0]


def test_nobody_else_is_told_the_address(app: App, parts: Parts, cast: Cast, url: str) -> None:
    stranger = app.test_client()
    assert stranger.get(url).status_code == 401
    session_for(stranger, parts, cast.chenmo)
    assert stranger.get(url).status_code == 404


@pytest.mark.parametrize("name", ["notes.txt", "240p/../../../originals/secret.m4s", "240p/secret.mp4"])
def test_only_names_of_a_video_lead_anywhere(lifang: FlaskClient, url: str, name: str) -> None:
    assert lifang.get(url.replace(PIECE_NAME, name)).status_code == 404


def test_the_policy_of_a_page_names_the_service(lifang: FlaskClient, swift: Swift) -> None:
    policy = lifang.get("/learn/").headers["Content-Security-Policy"].split("; ")
    assert f"connect-src 'self' {swift.endpoint}" in policy
    assert f"media-src 'self' {swift.endpoint} blob:" in policy


def test_a_folder_cannot_send_directly(tmp_path: Path) -> None:
    with pytest.raises(config.ConfigError, match="LMS_MEDIA_DIRECT"):
        config.load({"LMS_DATA_DIR": str(tmp_path), "LMS_MEDIA_DIRECT": "yes"})
