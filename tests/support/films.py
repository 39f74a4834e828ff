"""Small films made with the real ffmpeg, and libraries that hold them."""

import hashlib
import subprocess
import uuid
from pathlib import Path

from lms import worker
from lms.adapters.ffmpeg import find_ffmpeg
from lms.domain.uploads import UploadLimits
from lms.models.jobs import Job
from lms.parts import Parts
from lms.services import jobs, uploads
from lms.services.scopes import Actor
from lms.services.uploads import Asked
from tests.support.cast import NOON

LIMITS = UploadLimits(max_bytes=2**31, quota_bytes=2**40, part_bytes=8 * 1024 * 1024)


def make_film(path: Path, seconds: float = 1.0, size: str = "128x72", sound: bool = True) -> Path:
    """A film with a tone, as small as a film can be."""
    pictures = ["-f", "lavfi", "-i", f"testsrc2=s={size}:r=10:d={seconds}"]
    tone = ["-f", "lavfi", "-i", f"sine=d={seconds}", "-c:a", "aac"] if sound else []
    encoding = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
    subprocess.run([str(find_ffmpeg()), "-v", "error", "-y", *pictures, *tone, *encoding, str(path)], check=True)
    return path


def add_file(parts: Parts, actor: Actor, path: Path, name: str = "洗手.mp4") -> uuid.UUID:
    """Puts a file into the actor's library, as the plain form does; its video waits for the worker."""
    key, content = uploads.new_key(), path.read_bytes()
    parts.store.put_file(key, path, "video/mp4")
    with parts.database.transaction() as session:
        asked = Asked(name, len(content), "")
        sha256 = hashlib.sha256(content).hexdigest()
        return uploads.keep_whole(session, actor, asked, LIMITS, sha256=sha256, key=key, now=NOON)


def do_jobs(parts: Parts, kind: str) -> None:
    """Does all the jobs of a kind that wait, in this process."""
    with parts.database.transaction(write=False) as session:
        due = session.query(Job.id).filter(Job.kind == kind, Job.state == jobs.QUEUED).all()
    for (job_id,) in due:
        worker.run(parts, job_id)


def job_id_of(parts: Parts, media_id: uuid.UUID) -> uuid.UUID:
    """The job that makes this video."""
    with parts.database.transaction(write=False) as session:
        found = jobs.find(session, f"media:{media_id}")
    assert found is not None
    return found.id
