"""How long the certificates of a whole class take: `.venv/bin/python -m bench.certificates`.

A SQLite database with a class of 1,000 (every tenth name with a rare character) and their records, then the job itself
as the worker does it: serial numbers, pages, signatures, archive, object store. Signed with a fresh RSA-2048 key.
"""

import argparse
import os
import resource
import sys
import tempfile
import threading
import time
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from sqlalchemy import select

from lms import config, schema, worker
from lms.adapters.pdf_signature import self_signed
from lms.domain.blended import TrainingFacts
from lms.domain.identity import CHECK_SIGNS, WEIGHTS
from lms.domain.policies import policy_named
from lms.models.enrollments import Enrollment
from lms.models.jobs import Job
from lms.parts import Parts, build
from lms.services import papers, records
from tests.support.cast import NOON, Cast, Stage, stage

TARGET_SECONDS = 60


def main() -> None:
    """Prints progress, seconds, seconds of processor, megabytes and peak memory; exit 1 beyond the target."""
    given = argparse.ArgumentParser()
    given.add_argument("--papers", type=int, default=1000)
    given.add_argument("--unsigned", action="store_true", help="without signatures, to see what they cost")
    wanted = given.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(_measure(Path(folder), wanted.papers, signed=not wanted.unsigned))


def _measure(folder: Path, many: int, *, signed: bool) -> int:
    key, settings = folder / "key.p12", {"LMS_DATA_DIR": str(folder), "LMS_QUEUE": "sqlite"}
    if signed:
        key.write_bytes(self_signed("bench"))
        settings["LMS_PAPER_KEY"] = str(key)
    parts = build(config.load(settings))
    if not signed:
        parts.__dict__["pdf_signer"] = None
    cast = _fill(parts, many)
    with parts.database.transaction() as session:
        asked = papers.ask(session, cast.zhoumin, cast.cohort, now=NOON)
        job = session.scalars(select(Job).where(Job.kind == papers.MAKE)).one().id
    began, spent = time.perf_counter(), _cpu()
    with _watched(parts, job):
        worker.run(parts, job)
    took, spent = time.perf_counter() - began, _cpu() - spent
    with parts.database.transaction() as session:
        view = papers.get(session, cast.zhoumin, asked)
        ready = papers.open_file(session, cast.zhoumin, asked, now=NOON + timedelta(hours=1))
    if view.state != "ready":
        _say(f"the job ended as {view.state}")
        return 1
    with parts.store.open(ready.key) as body, zipfile.ZipFile(BytesIO(body.read())) as archive:
        size = max(each.file_size for each in archive.infolist() if each.filename.endswith(".pdf"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _say(f"{view.made} certificates, {'signed' if signed else 'unsigned'}, {view.left} left out: {took:.1f} s")
    _say(f"{view.made / took:.0f} a second, {spent:.1f} s of processor over all processes (1, 5, 15 min: {_load()})")
    _say(f"{view.size_bytes / 1e6:.1f} MB, the largest certificate {size / 1e3:.0f} kB")
    _say(f"peak memory {peak:.0f} MB; target {TARGET_SECONDS} s: {'kept' if took <= TARGET_SECONDS else 'MISSED'}")
    return 0 if took <= TARGET_SECONDS and view.made == many else 1


def _cpu() -> float:
    """Seconds of processor that this process and those it has waited for took so far."""
    known = (resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in known)


def _load() -> str:
    return ", ".join(f"{each:.1f}" for each in os.getloadavg())


@contextmanager
def _watched(parts: Parts, job: uuid.UUID) -> Iterator[None]:
    """Prints the progress that the pages show, as it grows."""
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(parts, job, done))
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _watch(parts: Parts, job: uuid.UUID, done: threading.Event) -> None:
    last = 0
    while not done.wait(1):
        with parts.database.transaction(write=False) as session:
            percent = session.get_one(Job, job).progress
        if percent > last:
            _say(f"  {percent}%")
            last = percent


def _fill(parts: Parts, many: int) -> Cast:
    schema.upgrade(parts.database)
    with parts.database.transaction() as session:
        cast = stage(session, parts.keyring, "-")
        on = Stage(session, parts.keyring)
        for number in range(many):
            name = f"王{'𠮟' if number % 10 == 0 else '小'}{chr(0x4E00 + number)}"
            place = on.enroll(cast.cohort, on.person(name, _number(number)))
            enrollment = session.get_one(Enrollment, place)
            records.issue(session, enrollment, TrainingFacts(()), policy_named(enrollment.cohort.policy_code), now=NOON)
    return cast


def _number(serial: int) -> str:
    body = f"5099991985{serial // 1000 % 9 + 1:02d}01{serial % 1000:03d}"
    return body + CHECK_SIGNS[sum(w * int(d) for w, d in zip(WEIGHTS, body, strict=True)) % 11]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
