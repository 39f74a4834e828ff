"""What journeys need: a lesson with a real video, short enough to watch, and the site over it."""

import subprocess
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock, worker
from lms.adapters import ffmpeg
from lms.adapters.production import Made
from lms.models.courses import Lesson
from lms.models.media import Media
from lms.parts import Parts
from lms.services import jobs, media
from tests.conftest import required
from tests.support import site
from tests.support.cast import NOON, Cast

VIDEO_SECONDS = 40
ORIGINAL = "originals/clip.mp4"
READING_MS = 5_000


@pytest.fixture(autouse=True)
def one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """A journey stays within one day of China: shortly before midnight its calendar, and its servers', is past that."""
    ahead = site.past_midnight(site.REAL_NOW())
    monkeypatch.setattr(clock, "now", lambda: site.REAL_NOW() + ahead)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; where it is required and missing, the run fails instead of skipping."""
    if site.chromium() is None:
        if required("chromium"):
            pytest.fail("Chromium is required here and is not installed")
        pytest.skip("no Chromium on this machine: install it to run the journeys in a browser")
    with site.browsing() as opened:
        yield opened


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A phone video with sound, as a trainer would upload it."""
    place = tmp_path_factory.mktemp("clip") / "clip.mp4"
    picture = f"testsrc2=size=640x360:rate=15:duration={VIDEO_SECONDS}"
    sound = f"sine=frequency=440:duration={VIDEO_SECONDS}"
    command = [
        str(ffmpeg.find_ffmpeg()),
        "-nostdin",
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        picture,
        "-f",
        "lavfi",
        "-i",
        sound,
    ]
    subprocess.run([*command, "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", str(place)], check=True)
    return place


@pytest.fixture(scope="session")
def made_once() -> dict[str, Any]:
    """What the first journey's worker made of the clip: its files by name, and how it settled."""
    return {}


@pytest.fixture
def filmed(parts: Parts, cast: Cast, clip: Path, made_once: dict[str, Any]) -> Cast:
    """The cast, with a real video in the first lesson: made once as every upload is, then copied."""
    with parts.database.transaction() as session:
        lesson = session.get_one(Lesson, cast.lessons["say-hello"])
        lesson.media_id, lesson.duration_ms = _request(session).id, None
        session.get_one(Lesson, cast.lessons["read-hello"]).duration_ms = READING_MS
        due = jobs.pending(session)
    if not made_once:
        _make(parts, due, clip, made_once)
    else:
        _copy(parts, due, made_once)
    with parts.database.transaction(write=False) as session:
        duration_ms = session.get_one(Lesson, cast.lessons["say-hello"]).duration_ms
    assert duration_ms is not None
    assert abs(duration_ms - VIDEO_SECONDS * 1000) < 500
    return cast


def _request(session: Session) -> Media:
    payload = {"original_key": ORIGINAL}
    return media.request(session, title="怎么问好", source_hash="clip", payload=payload, now=NOON)


def _make(parts: Parts, due: Sequence[uuid.UUID], clip: Path, made_once: dict[str, Any]) -> None:
    parts.store.put_file(ORIGINAL, clip, "video/mp4")
    for job_id in due:
        worker.run(parts, job_id)
    with parts.database.transaction(write=False) as session:
        row = session.scalars(select(Media)).one()
        assert row.prefix is not None
        made_once["outcome"] = Made(**{each.name: getattr(row, each.name) for each in fields(Made)})
        prefix = row.prefix
    made_once["files"] = {}
    for key in list(parts.store.list(prefix)):
        known = parts.store.stat(key)
        assert known is not None
        with parts.store.open(key) as body:
            made_once["files"][key] = (body.read(), known.content_type)


def _copy(parts: Parts, due: Sequence[uuid.UUID], made_once: dict[str, Any]) -> None:
    for key, (content, content_type) in made_once["files"].items():
        parts.store.put_bytes(key, content, content_type)
    with parts.database.transaction() as session:
        media.settle(session, _request(session).id, made_once["outcome"], now=NOON)
        for job_id in due:
            jobs.cancel(session, job_id, now=NOON)


@pytest.fixture
def office(cast: Cast, environment: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """Where the site answers for journeys that watch no video."""
    with site.running(environment, tmp_path / "server.log") as found:
        yield found


@pytest.fixture
def studio(cast: Cast, environment: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """Where the site with a worker in it answers."""
    with site.running({**environment, "LMS_WORKER": "in-process"}, tmp_path / "server.log") as found:
        yield found


@pytest.fixture
def address(filmed: Cast, environment: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """Where the site over this test's database answers."""
    with site.running(environment, tmp_path / "server.log") as found:
        yield found
