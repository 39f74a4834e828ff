"""Uploads through the API: parts, their order and their hashes, limits while reading, and whose they are."""

import hashlib
import io
import random
import uuid
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from lms import worker
from lms.app import App
from lms.models.jobs import Job
from lms.models.uploads import LibraryFile, Upload
from lms.parts import Parts
from lms.services import jobs, uploads
from lms.services.scopes import Actor
from tests.support import site
from tests.support.browser import session_for
from tests.support.cast import Cast
from tests.support.sender import UPLOADS, Sender

MEGABYTE = 1024 * 1024
CONTENT = random.Random(5).randbytes(11 * MEGABYTE)
KEY = "browser-key-00000001"


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "LMS_UPLOAD_PART_MB": "5", "LMS_UPLOAD_MAX_MB": "30", "LMS_UPLOAD_QUOTA_GB": "1"}


class Tool:
    """Somebody's requests, by bearer token."""

    def __init__(self, app: App, parts: Parts, actor: Actor) -> None:
        self.client: FlaskClient = app.test_client()
        self.headers = {"Authorization": f"Bearer {session_for(app.test_client(), parts, actor)}"}

    def post(self, path: str, body: Any = None) -> Any:
        return self.client.post(path, json=body, headers=self.headers)

    def get(self, path: str) -> Any:
        return self.client.get(path, headers=self.headers)

    def delete(self, path: str) -> Any:
        return self.client.delete(path, headers=self.headers)

    def put(self, path: str, piece: bytes, told: str | None = None) -> Any:
        headers = {**self.headers, "X-Part-SHA256": told or hashlib.sha256(piece).hexdigest()}
        return self.client.put(path, data=piece, headers=headers, content_type="application/octet-stream")

    def begin(self, size: int = len(CONTENT), **more: Any) -> Any:
        return self.post(UPLOADS, {"name": "洗手.mp4", "size": size, "client_key": KEY, **more})

    def send_all(self, view: Any) -> Any:
        while view["next"]:
            part = view["next"][-1]
            view = self.put(part["url"], CONTENT[part["offset"] : part["offset"] + part["size"]]).json
        return view


@pytest.fixture
def wanglei(app: App, parts: Parts, cast: Cast) -> Tool:
    return Tool(app, parts, cast.wanglei)


@pytest.fixture
def strangers(app: App, parts: Parts, cast: Cast) -> list[Tool]:
    return [Tool(app, parts, actor) for actor in (cast.lifang, cast.zhoumin, cast.sunyue)]


def do_jobs(parts: Parts, kind: str) -> None:
    with parts.database.transaction(write=False) as session:
        due = session.query(Job.id).filter(Job.kind == kind, Job.state == jobs.QUEUED).all()
    for (job_id,) in due:
        worker.run(parts, job_id)


def test_a_file_comes_in_parts_in_any_order(wanglei: Tool, parts: Parts) -> None:
    answer = wanglei.begin()
    view = answer.json
    assert answer.status_code == 201
    assert (view["state"], view["have"], view["part_size"]) == ("open", [], 5 * MEGABYTE)
    place = f"{UPLOADS}/{view['upload']}"
    assert [part["number"] for part in view["next"]] == [1, 2, 3]
    assert [part["size"] for part in view["next"]] == [5 * MEGABYTE, 5 * MEGABYTE, MEGABYTE]
    assert view["next"][1]["url"] == f"{place}/parts/2"
    assert not view["next"][1]["direct"]
    whole = wanglei.send_all(view)
    assert (whole["have"], whole["next"]) == ([1, 2, 3], [])
    done = wanglei.post(f"{place}/completion")
    assert (done.status_code, done.json["state"]) == (201, "receiving")
    assert parts.bell.waiting() == 1
    do_jobs(parts, uploads.RECEIVE)
    end = wanglei.get(place).json
    assert (end["state"], end["message"]) == ("received", None)
    with parts.database.transaction(write=False) as session:
        file = session.query(LibraryFile).one()
    assert (str(file.media_id), file.content_hash) == (end["media"], hashlib.sha256(CONTENT).hexdigest())


def test_asking_again_goes_on(wanglei: Tool) -> None:
    first = wanglei.begin().json
    part = first["next"][1]
    piece = CONTENT[part["offset"] : part["offset"] + part["size"]]
    for _ in range(2):
        assert wanglei.put(part["url"], piece).json["have"] == [2]
    again = wanglei.begin().json
    assert (again["upload"], again["have"]) == (first["upload"], [2])
    assert [upload["upload"] for upload in wanglei.get(UPLOADS).json["uploads"]] == [first["upload"]]


@pytest.mark.parametrize(
    ("size", "status", "code"),
    [(0, 422, "upload_empty"), (30 * MEGABYTE + 1, 422, "media_too_large"), (-1, 422, "bad_json")],
)
def test_what_may_not_begin(wanglei: Tool, size: int, status: int, code: str) -> None:
    answer = wanglei.begin(size)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.json["message"]


def test_a_part_is_compared_with_what_was_told(wanglei: Tool) -> None:
    part = wanglei.begin().json["next"][2]
    piece = CONTENT[part["offset"] :]
    for sent, told, code in (
        (piece, "0" * 64, "upload_part_changed"),
        (piece[:-1], None, "upload_part_size"),
        (piece + b"x", None, "upload_part_size"),
        (piece, "not a hash", "bad_json"),
    ):
        answer = wanglei.put(part["url"], sent, told)
        assert (answer.status_code, answer.json["code"]) == (422, code)
    assert wanglei.put(part["url"].replace("/parts/3", "/parts/4"), piece).json["code"] == "upload_part_number"
    assert wanglei.begin().json["have"] == []


class Endless(io.BytesIO):
    """A body that never stops; remembers how much of it was wanted."""

    given = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.given += size or 0
        return bytes(size or 0)

    def tell(self) -> int:
        return 0


def test_no_more_is_read_than_a_part_may_hold(wanglei: Tool) -> None:
    part, body = wanglei.begin().json["next"][2], Endless()
    answer = wanglei.client.put(
        part["url"],
        input_stream=body,
        headers=wanglei.headers,
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert (answer.status_code, answer.json["code"]) == (422, "upload_part_size")
    assert body.given < 2 * MEGABYTE


def test_too_long_a_body_is_not_even_begun(wanglei: Tool) -> None:
    part = wanglei.begin().json["next"][0]
    told = {"CONTENT_LENGTH": str(66 * MEGABYTE)}
    answer = wanglei.client.put(part["url"], headers=wanglei.headers, environ_overrides=told)
    assert answer.status_code == 413


def test_completing_too_early_says_how_much_is_missing(wanglei: Tool) -> None:
    view = wanglei.begin().json
    answer = wanglei.post(f"{UPLOADS}/{view['upload']}/completion")
    assert (answer.status_code, answer.json["code"]) == (409, "upload_incomplete")
    assert "3" in answer.json["message"]


def test_an_upload_can_be_given_up(wanglei: Tool, parts: Parts) -> None:
    view = wanglei.begin().json
    assert wanglei.delete(f"{UPLOADS}/{view['upload']}").json == {"upload": view["upload"]}
    assert wanglei.get(f"{UPLOADS}/{view['upload']}").status_code == 404
    with parts.database.transaction(write=False) as session:
        assert session.query(Upload).count() == 0


def test_a_part_that_is_not_in_the_storage_cannot_be_told_of(wanglei: Tool) -> None:
    view = wanglei.begin().json
    answer = wanglei.post(f"{UPLOADS}/{view['upload']}/parts", {"number": 1})
    assert (answer.status_code, answer.json["code"]) == (404, "upload_part_not_found")


def test_a_cookie_needs_the_token_of_a_page(app: App, parts: Parts, cast: Cast) -> None:
    client = app.test_client()
    session_for(client, parts, cast.wanglei)
    body = {"name": "a.mp4", "size": 5, "client_key": KEY}
    assert client.post(UPLOADS, json=body).json["code"] == "csrf_failed"
    assert client.put(f"{UPLOADS}/{uuid.uuid4()}/parts/1", data=b"x").json["code"] == "csrf_failed"


def test_strangers_find_nothing_and_learners_may_not(wanglei: Tool, strangers: list[Tool]) -> None:
    view = wanglei.begin().json
    place = f"{UPLOADS}/{view['upload']}"
    for stranger in strangers:
        for answer in (
            stranger.begin(),
            stranger.get(UPLOADS),
            stranger.get(place),
            stranger.put(f"{place}/parts/1", b"x"),
            stranger.post(f"{place}/parts", {"number": 1}),
            stranger.post(f"{place}/completion"),
            stranger.delete(place),
        ):
            assert answer.status_code == 403


def test_a_trainer_of_another_institution_finds_nothing(app: App, wanglei: Tool, parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        from lms.models.accounts import Membership

        session.add(Membership(account_id=cast.sunyue.account_id, organisation_id=cast.anhe, role="trainer"))
    other, view = Tool(app, parts, cast.sunyue), wanglei.begin().json
    place = f"{UPLOADS}/{view['upload']}"
    assert other.get(UPLOADS).json == {"uploads": []}
    for answer in (
        other.get(place),
        other.put(f"{place}/parts/1", CONTENT[: 5 * MEGABYTE]),
        other.post(f"{place}/parts", {"number": 1}),
        other.post(f"{place}/completion"),
        other.delete(place),
    ):
        assert (answer.status_code, answer.json["code"]) == (404, "upload_not_found")
    assert other.begin(organisation=str(cast.kangning)).status_code == 404
    assert wanglei.get(place).json["have"] == []


def test_nobody_uploads_without_signing_in(client: FlaskClient, cast: Cast) -> None:
    assert client.get(UPLOADS).json["code"] == "sign_in_needed"
    assert client.put(f"{UPLOADS}/{uuid.uuid4()}/parts/1", data=b"x").json["code"] == "sign_in_needed"


CUTS = 10


def test_an_upload_that_is_cut_ten_times_ends_intact(
    parts: Parts, cast: Cast, app: App, environment: dict[str, str], tmp_path: Path
) -> None:
    """A real server, a real line: broken off in the middle of a part, at places nobody chose."""
    dice = random.Random()
    content = dice.randbytes(26 * MEGABYTE)
    token = session_for(app.test_client(), parts, cast.wanglei)
    with site.running(environment, tmp_path / "server.log") as address:
        sender = Sender(address, token)
        view = sender.begin("手机录像.mp4", content)
        for cut in range(CUTS):
            view = sender.begin("手机录像.mp4", content)
            part = dice.choice(view["next"])
            sender.put_and_hang_up(part, content, dice.randrange(part["size"]))
            if cut % 3 == 0:
                status, view = sender.put(part, content)
                assert (status, part["number"] in view["have"]) == (200, True)
        while view["next"]:
            status, view = sender.put(view["next"][0], content)
            assert status == 200
        assert sender.ask("POST", f"{UPLOADS}/{view['upload']}/completion")[1]["state"] == "receiving"
    do_jobs(parts, uploads.RECEIVE)
    with parts.database.transaction(write=False) as session:
        row = session.query(Upload).one()
        file = session.query(LibraryFile).one()
    with parts.store.open(row.key) as body:
        assert hashlib.sha256(body.read()).hexdigest() == hashlib.sha256(content).hexdigest()
    assert file.content_hash == hashlib.sha256(content).hexdigest()
