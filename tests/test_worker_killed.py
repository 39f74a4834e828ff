"""A worker killed (SIGKILL) in each phase of making a video, and of taking an upload in, leaves one good result."""

import hashlib
import os
import re
import signal
import sys
import tempfile
import uuid
from datetime import timedelta
from pathlib import Path

import pytest

from lms import clock, worker
from lms.adapters.multipart import Part
from lms.models.jobs import Job
from lms.models.media import Media
from lms.models.uploads import LibraryFile, Upload
from lms.parts import Parts
from lms.services import jobs, media, uploads
from lms.services.uploads import Asked
from tests.support.cast import NOON, Cast
from tests.support.films import LIMITS, add_file, job_id_of, make_film
from tests.support.programs import started
from tests.support.waiting import wait_until

ROOT = Path(__file__).parents[1]

# stops for ever at the phase named, after saying so by a file: only a signal ends it
DIES = """
import sys, threading, uuid
from datetime import timedelta
from pathlib import Path
from lms import config, worker
from lms.worker import running
from lms.adapters import hls, production, reception
from lms.parts import build

phase, marker, job_id = sys.argv[1:]

def stop():
    Path(marker).touch()
    threading.Event().wait()

def before(module, name):
    real = getattr(module, name)
    def wrapped(*values, **named):
        stop()
        return real(*values, **named)
    setattr(module, name, wrapped)

def after(module, name):
    real = getattr(module, name)
    def wrapped(*values, **named):
        real(*values, **named)
        stop()
    setattr(module, name, wrapped)

def while_encoding():
    real = production.transcode
    def wrapped(*values, on_progress, **named):
        return real(*values, on_progress=lambda done: stop(), **named)
    production.transcode = wrapped

def while_publishing():
    from lms.adapters.storage_folder import FolderStore
    real, seen = FolderStore.put_file, []
    def put_file(self, key, path, content_type):
        if len(seen) == 5:
            stop()
        seen.append(key)
        real(self, key, path, content_type)
    FolderStore.put_file = put_file

def while_reading():
    from lms.adapters.objects import Body
    real = Body.__iter__
    def wrapped(self):
        yield next(real(self))
        stop()
    Body.__iter__ = wrapped

{
    "before fetching": lambda: before(production, "_fetch"),
    "before probing": lambda: before(production, "probe"),
    "while encoding": while_encoding,
    "before publishing": lambda: before(hls, "publish"),
    "while publishing": while_publishing,
    "before recording": lambda: before(running, "_finish"),
    "before joining": lambda: before(reception, "receive"),
    "while reading": while_reading,
}[phase]()
worker.run(build(config.load()), uuid.UUID(job_id), lease=timedelta(seconds=60))
"""

MAKING = (
    "before fetching",
    "before probing",
    "while encoding",
    "before publishing",
    "while publishing",
    "before recording",
)
TAKING_IN = ("before joining", "while reading", "before recording")


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where both workers put what they are working on."""
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def kill_in(phase: str, job_id: uuid.UUID, environment: dict[str, str], work: Path) -> None:
    """Starts a worker of its own on the job, and kills it in this phase."""
    marker = work.parent / "marker"
    shell = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TMPDIR": str(work)}
    command = [sys.executable, "-c", DIES, phase, str(marker), str(job_id)]
    with started(command, {**shell, **environment}, ROOT) as process:
        wait_until(lambda: marker.exists() or process.poll() is not None)
        assert process.poll() is None, "it ended before it could be killed"
        process.kill()
        assert process.wait(timeout=120) == -signal.SIGKILL


def go_on(parts: Parts, job_id: uuid.UUID) -> Job:
    """The lease runs out, and another worker takes the job up."""
    with parts.database.transaction() as session:
        row = session.get_one(Job, job_id)
        assert (row.state, row.attempts) == (jobs.RUNNING, 1)
        row.due_at = clock.now() - timedelta(seconds=1)
    worker.run(parts, job_id)
    with parts.database.transaction(write=False) as session:
        return session.get_one(Job, job_id)


@pytest.mark.parametrize("phase", MAKING)
def test_one_good_set_whenever_the_worker_was_killed(
    parts: Parts, cast: Cast, environment: dict[str, str], tmp_path: Path, work: Path, phase: str
) -> None:
    media_id = add_file(parts, cast.wanglei, make_film(tmp_path / "film.mp4", seconds=2))
    job_id = job_id_of(parts, media_id)
    kill_in(phase, job_id, environment, work)
    with parts.database.transaction(write=False) as session:
        assert session.get_one(Media, media_id).prefix is None, "nothing is shown before it is whole"
    job = go_on(parts, job_id)
    assert (job.state, job.attempts) == (jobs.DONE, 2)
    with parts.database.transaction(write=False) as session:
        made = session.get_one(Media, media_id)
    assert (made.state, made.prefix) == (media.READY, f"media/{media_id}/2")
    keys = list(parts.store.list("media/"))
    assert all(key.startswith(f"{made.prefix}/") for key in keys), "one set, and nothing half-made beside it"
    assert set(keys) >= named_by(parts, f"{made.prefix}/master.m3u8")
    assert list(work.iterdir()) == []


def named_by(parts: Parts, playlist: str) -> set[str]:
    """Everything a player will ask for, beginning with the master."""
    folder = playlist.rpartition("/")[0]
    with parts.store.open(playlist) as body:
        text = body.read().decode()
    names = re.findall(r'^(?!#)(\S+)$|URI="([^"]+)"', text, re.MULTILINE)
    found = {f"{folder}/{plain or quoted}" for plain, quoted in names}
    deeper = {key for each in found if each.endswith(".m3u8") for key in named_by(parts, each)}
    return {playlist} | found | deeper


@pytest.mark.parametrize("phase", TAKING_IN)
def test_one_file_in_the_library_whenever_the_worker_was_killed(
    parts: Parts, cast: Cast, environment: dict[str, str], tmp_path: Path, work: Path, phase: str
) -> None:
    content = b"0123456789" * 20_000
    place = tmp_path / "part"
    place.write_bytes(content)
    key = uploads.new_key()
    ref = parts.store.begin(key, "video/mp4")
    with parts.database.transaction() as session:
        asked = Asked("洗手.mp4", len(content), "browser-key-00000001")
        view = uploads.start(session, cast.wanglei, asked, LIMITS, key=key, ref=ref, now=NOON)
        part = Part(1, len(content), parts.store.put_part(key, ref, 1, place))
        uploads.record_part(session, cast.wanglei, view.upload_id, part, None, now=NOON)
        uploads.complete(session, cast.wanglei, view.upload_id, now=NOON)
        job = jobs.find(session, f"receive:{view.upload_id}")
    assert job is not None
    kill_in(phase, job.id, environment, work)
    assert go_on(parts, job.id).state == jobs.DONE
    with parts.database.transaction(write=False) as session:
        file = session.query(LibraryFile).one()
        assert session.query(Upload).one().state == uploads.RECEIVED
    assert file.content_hash == hashlib.sha256(content).hexdigest()
    assert list(parts.store.list("originals/")) == [key]
