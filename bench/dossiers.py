"""How long a class's dossier takes, how large it is, and how much memory: `.venv/bin/python -m bench.dossiers`.

Fills a SQLite database through the real services (500 learners, 200 heartbeats each: 100,000 intervals), signs the log,
and makes and checks the archive in processes of their own, so that the peak memory told is that of the work alone.
"""

import argparse
import hashlib
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bench.audit_verify import BEAT_MS, _beat
from lms import config, schema, signer
from lms.cli.dossiers import check
from lms.crypto import NoteSigner
from lms.domain.identity import CHECK_SIGNS, WEIGHTS
from lms.domain.roles import Role
from lms.parts import Parts, build
from lms.services import dossiers, log
from lms.services.dossiers import Wanted
from lms.services.scopes import Actor
from tests.support.cast import Cast, Stage, stage
from tests.support.study import NEVER, Phone, WoundClock, now

ROUNDS = 2  # the same bytes both times


def main() -> None:
    """Prints seconds, megabytes and peak memory."""
    given = argparse.ArgumentParser()
    given.add_argument("--learners", type=int, default=500)
    given.add_argument("--intervals", type=int, default=100_000)
    given.add_argument("--make", nargs=4, metavar=("FOLDER", "COHORT", "AS_OF", "FILE"), help=argparse.SUPPRESS)
    given.add_argument("--check", metavar="FILE", help=argparse.SUPPRESS)
    wanted = given.parse_args()
    if wanted.make:
        _make(*wanted.make)
    elif wanted.check:
        _check(wanted.check)
    else:
        with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            _measure(Path(folder), WoundClock(patch), wanted.learners, wanted.intervals)


def _parts(folder: Path) -> Parts:
    return build(config.load({"LMS_DATA_DIR": str(folder), "LMS_QUEUE": "sqlite"}))


def _measure(folder: Path, wound: WoundClock, learners: int, intervals: int) -> None:
    parts, began = _parts(folder), time.perf_counter()
    cast = _fill(parts, wound, learners, intervals)
    _say(f"filled in {time.perf_counter() - began:.0f} s: {learners} learners, {intervals} intervals")
    parts.database.close()
    as_of = (now() + timedelta(minutes=1)).isoformat()
    digests = set()
    for number in range(ROUNDS):
        file = folder / f"{number}.zip"
        _run("--make", str(folder), str(cast.cohort), as_of, str(file))
        digests.add(hashlib.sha256(file.read_bytes()).hexdigest())
    _say(f"the same bytes {ROUNDS} times: {len(digests) == 1}")
    _run("--check", str(folder / "0.zip"))


def _run(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "bench.dossiers", *words], check=True)


def _fill(parts: Parts, wound: WoundClock, learners: int, intervals: int) -> Cast:
    schema.upgrade(parts.database)
    with parts.database.transaction() as session:
        cast = stage(session, parts.keyring, "-")
        on = Stage(session, parts.keyring)
        people = [on.person(f"学员{number}", _number(number)) for number in range(learners)]
        places = [on.enroll(cast.cohort, person) for person in people]
    lesson = cast.lessons["say-hello"]
    actors = [Actor(cast.lifang.account_id, person, "某某") for person in people]
    phones = [Phone(parts, actor, place, lesson, check=NEVER) for actor, place in zip(actors, places, strict=True)]
    for phone in phones:
        phone.open()
    for number in range(intervals // learners):
        wound.forward(BEAT_MS)
        _beat(parts, phones, number + 1, number * BEAT_MS % (5 * BEAT_MS))
    with parts.database.transaction() as session:
        while log.sequence(session):
            pass
    assert parts.config.log_key is not None
    signer.run_round(parts.database, NoteSigner("kangxue", parts.config.log_key), parts.config.data_dir, now=now())
    return cast


def _number(serial: int) -> str:
    body = f"5099991985{serial // 1000 % 9 + 1:02d}01{serial % 1000:03d}"
    return body + CHECK_SIGNS[sum(w * int(d) for w, d in zip(WEIGHTS, body, strict=True)) % 11]


def _make(folder: str, cohort: str, as_of: str, file: str) -> None:
    parts = _parts(Path(folder))
    wanted = Wanted(uuid.uuid4(), uuid.UUID(cohort), datetime.fromisoformat(as_of), Role.INSPECTOR, True, "d.zip")
    before, began = _peak(), time.perf_counter()
    with parts.database.transaction(write=False) as session:
        made = dossiers.write(session, parts.keyring, parts.store, wanted, Path(file), on_progress=lambda _share: None)
    took = time.perf_counter() - began
    _say(f"made in {took:.1f} s, {made.size_bytes / 1e6:.1f} MB, peak memory {_peak():.0f} MB ({before:.0f} before)")


def _check(file: str) -> None:
    began = time.perf_counter()
    try:
        check.main([file], standalone_mode=False)
    except SystemExit as end:
        _say(f"checked in {time.perf_counter() - began:.1f} s, peak memory {_peak():.0f} MB, exit {end.code}")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
