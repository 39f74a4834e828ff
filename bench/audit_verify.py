"""How long an audit takes, and how many edits it finds: `.venv/bin/python -m bench.audit_verify --leaves 100000`.

Fills a SQLite and a PostgreSQL database through the real services (a hundred persons, the clock wound on by
twenty seconds a round), audits each, then makes edits as an insider would and counts those the audit names.
"""

import argparse
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lms import config, schema
from lms.domain.study import Heartbeat
from lms.models.base import new_id
from lms.models.enrollments import Enrollment
from lms.models.people import Person
from lms.parts import Parts, build
from lms.services import log, study
from lms.services.receipts import Draws, Report
from lms.services.scopes import Actor
from lms.verifier import open_reader, verify
from tests.support import postgres
from tests.support.cast import NOON, Cast, stage
from tests.support.edits import random_edits_together
from tests.support.study import NEVER, Phone, WoundClock, now

PERSONS = 100
BEAT_MS = 20_000


def main() -> None:
    """Prints the figures of both databases."""
    given = argparse.ArgumentParser()
    given.add_argument("--leaves", type=int, default=100_000)
    given.add_argument("--edits", type=int, default=200)
    given.add_argument("--together", type=int, default=10, help="edits in each audit; each has to be named by its row")
    given.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    wanted = given.parse_args()
    for name in ("sqlite", "postgresql") if wanted.database == "both" else (wanted.database,):
        with tempfile.TemporaryDirectory() as folder, _database(name, Path(folder)) as url, _clock() as wound:
            _measure(name, _parts(url, folder), wound, wanted.leaves, wanted.edits, wanted.together)


@contextmanager
def _database(name: str, folder: Path) -> Iterator[str]:
    if name == "sqlite":
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    with postgres.server() as address:
        postgres.execute(address, "CREATE DATABASE bench")
        yield address.format(name="bench")


@contextmanager
def _clock() -> Iterator[WoundClock]:
    with pytest.MonkeyPatch.context() as patch:
        yield WoundClock(patch)


def _parts(url: str, folder: str) -> Parts:
    return build(config.load({"LMS_DATABASE_URL": url, "LMS_DATA_DIR": folder, "LMS_QUEUE": "sqlite"}))


def _measure(name: str, parts: Parts, wound: WoundClock, leaves: int, edits: int, together: int) -> None:
    began = time.perf_counter()
    _fill(parts, wound, leaves)
    _say(f"{name}: filled in {time.perf_counter() - began:.0f} s")
    address = parts.database.engine.url.render_as_string(hide_password=False)
    began, busy = time.perf_counter(), time.process_time()
    with open_reader(address) as reader:
        report = verify(reader)
    took, busy = time.perf_counter() - began, time.process_time() - busy
    _say(f"{name}: {report.entries} entries, {report.leaves} leaves: {len(report.findings)} findings on a clean one")
    _say(f"{name}: audited in {took:.1f} s ({busy:.1f} s of processor time)")
    outcome = list(random_edits_together(parts.database, edits, together, seed=1))
    missed = [edit for edit, is_named in outcome if not is_named]
    _say(f"{name}: {edits - len(missed)} of {edits} random edits found and named, {together} an audit")
    for edit in missed:
        _say(f"{name}: missed {edit}")
    parts.database.close()


def _fill(parts: Parts, wound: WoundClock, leaves: int) -> None:
    schema.upgrade(parts.database)
    with parts.database.transaction() as session:
        cast = stage(session, parts.keyring, "-")
    phones = [_phone(parts, cast) for _ in range(PERSONS)]
    for phone in phones:
        phone.open()
    for number in range(leaves // PERSONS - 1):
        wound.forward(BEAT_MS)
        at = number * BEAT_MS % (5 * BEAT_MS)
        _beat(parts, phones, number + 1, at)
    with parts.database.transaction() as session:
        while log.sequence(session):
            pass


def _phone(parts: Parts, cast: Cast) -> Phone:
    person_id, enrollment_id = new_id(), new_id()
    with parts.database.transaction() as session:
        named = {"name": "某某", "document_type": "resident_id", "document_sealed": "-"}
        session.add(Person(id=person_id, pid=person_id.hex, created_at=NOON, **named))
        session.flush()
        place = {"cohort_id": cast.cohort, "person_id": person_id, "course_version_id": cast.version}
        session.add(Enrollment(id=enrollment_id, created_at=NOON, **place))
    actor = Actor(cast.lifang.account_id, person_id, "某某")
    return Phone(parts, actor, enrollment_id, cast.lessons["say-hello"], check=NEVER)


def _beat(parts: Parts, phones: list[Phone], seq: int, at: int) -> None:
    """One round: everybody's next heartbeat, in one group."""
    asked = []
    for phone in phones:
        beat = Heartbeat(seq, phone.nonce, at, at + BEAT_MS)
        phone.nonce = uuid.uuid4().hex
        draws = Draws(nonce=phone.nonce, beat=0.5, check=NEVER)
        asked.append(study.Asked(phone.actor.person_id, None, Report(phone.session, beat, {"rate": 1.0}), draws))
    with parts.database.transaction() as session:
        study.record_heartbeats(session, parts.signer, asked, now=now())


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
