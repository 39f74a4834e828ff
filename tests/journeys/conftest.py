"""What journeys need: a lesson with a real video, short enough to watch, and the site over it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from lms import worker
from lms.adapters import ffmpeg
from lms.models.courses import Lesson
from lms.parts import Parts
from lms.services import jobs, media
from tests.conftest import required
from tests.support import site
from tests.support.cast import NOON, Cast

VIDEO_SECONDS = 40
READING_MS = 5_000


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


@pytest.fixture
def filmed(parts: Parts, cast: Cast, clip: Path) -> Cast:
    """The cast, with a real video in the first lesson, made the way every upload goes."""
    parts.store.put_file("originals/clip.mp4", clip, "video/mp4")
    with parts.database.transaction() as session:
        made = media.request(
            session,
            title="怎么问好",
            source_hash="clip",
            payload={"original_key": "originals/clip.mp4"},
            now=NOON,
        )
        lesson = session.get_one(Lesson, cast.lessons["say-hello"])
        lesson.media_id, lesson.duration_ms = made.id, None
        session.get_one(Lesson, cast.lessons["read-hello"]).duration_ms = READING_MS
        due = jobs.pending(session)
    for job_id in due:
        worker.run(parts, job_id)
    with parts.database.transaction(write=False) as session:
        duration_ms = session.get_one(Lesson, cast.lessons["say-hello"]).duration_ms
    assert duration_ms is not None
    assert abs(duration_ms - VIDEO_SECONDS * 1000) < 500
    return cast


@pytest.fixture
def office(cast: Cast, environment: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """Where the site answers for journeys that watch no video."""
    with site.running(environment, tmp_path / "server.log") as found:
        yield found


@pytest.fixture
def address(filmed: Cast, environment: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """Where the site over this test's database answers."""
    with site.running(environment, tmp_path / "server.log") as found:
        yield found
