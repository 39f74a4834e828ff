"""Uploads that go straight to a real S3 service: by addresses good for one part, checked when the whole is read."""

import hashlib
import random
from pathlib import Path
from typing import Any

import pytest

from lms.app import App
from lms.models.uploads import LibraryFile, Upload
from lms.parts import Parts
from lms.services import uploads
from tests.adapters.test_storage import LINUX_ONLY
from tests.adapters.test_storage_parts import send
from tests.support.browser import session_for
from tests.support.cast import Cast
from tests.support.films import do_jobs
from tests.support.sender import UPLOADS
from tests.support.swift import Swift

pytestmark = LINUX_ONLY
MEGABYTE = 1024 * 1024
CONTENT = random.Random(9).randbytes(6 * MEGABYTE)


@pytest.fixture
def environment(environment: dict[str, str], swift: Swift) -> dict[str, str]:
    stored = swift.environment(swift.new_bucket())
    return {**environment, **stored, "LMS_UPLOAD_PART_MB": "5", "LMS_UPLOAD_DIRECT": "yes"}


class Browser:
    """王磊's requests."""

    def __init__(self, app: App, parts: Parts, cast: Cast) -> None:
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {session_for(app.test_client(), parts, cast.wanglei)}"}

    def post(self, path: str, body: Any = None) -> Any:
        return self.client.post(path, json=body, headers=self.headers)

    def begin(self) -> Any:
        asked = {"name": "洗手.mp4", "size": len(CONTENT), "client_key": "browser-key-00000001"}
        return self.post(UPLOADS, asked).json

    def send(self, view: Any, part: Any, content: bytes, told: bytes) -> Any:
        assert part["direct"]
        assert send(part["url"], content) == 200
        body = {"number": part["number"], "sha256": hashlib.sha256(told).hexdigest()}
        return self.post(f"{UPLOADS}/{view['upload']}/parts", body)


@pytest.fixture
def browser(app: App, parts: Parts, cast: Cast) -> Browser:
    return Browser(app, parts, cast)


def pieces(view: Any) -> list[tuple[Any, bytes]]:
    return [(part, CONTENT[part["offset"] : part["offset"] + part["size"]]) for part in view["next"]]


def test_the_whole_arrives_without_passing_through_us(browser: Browser, parts: Parts, swift: Swift) -> None:
    view = browser.begin()
    for part, piece in pieces(view):
        assert part["url"].startswith(f"{swift.endpoint}/")
        answer = browser.send(view, part, piece, piece)
    assert (answer.status_code, answer.json["have"]) == (201, [1, 2])
    browser.post(f"{UPLOADS}/{view['upload']}/completion")
    do_jobs(parts, uploads.RECEIVE)
    with parts.database.transaction(write=False) as session:
        file = session.query(LibraryFile).one()
        row = session.query(Upload).one()
    assert file.content_hash == hashlib.sha256(CONTENT).hexdigest()
    with parts.store.open(row.key) as body:
        assert body.read() == CONTENT


def test_a_part_that_changed_on_its_way_is_noticed_at_the_end(browser: Browser, parts: Parts) -> None:
    view = browser.begin()
    (first, piece), (second, rest) = pieces(view)
    browser.send(view, first, bytes(len(piece)), piece)
    browser.send(view, second, rest, rest)
    browser.post(f"{UPLOADS}/{view['upload']}/completion")
    do_jobs(parts, uploads.RECEIVE)
    with parts.database.transaction(write=False) as session:
        row = session.query(Upload).one()
        assert session.query(LibraryFile).count() == 0
    assert (row.state, row.problem) == (uploads.REFUSED, "upload_changed")


def test_a_part_of_another_length_does_not_count(browser: Browser) -> None:
    view = browser.begin()
    (_, _), (second, rest) = pieces(view)
    answer = browser.send(view, second, rest[:-1], rest)
    assert (answer.status_code, answer.json["code"]) == (422, "upload_part_size")


def test_pages_may_send_to_the_storage_and_nowhere_else(app: App, swift: Swift) -> None:
    policy = app.test_client().get("/").headers["Content-Security-Policy"]
    assert f"connect-src 'self' {swift.endpoint};" in policy
    assert "default-src 'self'" in policy


def test_a_folder_cannot_be_reached_directly(tmp_path: Path) -> None:
    from lms import config

    with pytest.raises(config.ConfigError, match="LMS_UPLOAD_DIRECT"):
        config.load({"LMS_DATA_DIR": str(tmp_path), "LMS_UPLOAD_DIRECT": "yes"})
