"""Learners who hand in an exam within one minute: a real server, each answer and each hand-in a request.

.venv/bin/python -m bench.exam_crowd --learners 500 --database both
"""

import argparse
import http.client
import json
import os
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import func, select

from lms import clock, schema
from lms.cli import exam_world, rig
from lms.cli.rig import Address, Rig
from lms.models.exams import ExamAnswer, ExamClosing, ExamGrade
from lms.services import accounts, exams
from lms.verifier import open_reader, verify
from tests.support import postgres

QUESTIONS = 20
RETRIES = 20
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measures on one database or both; exit 1 when anything was lost."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--learners", type=int, default=500)
    asked.add_argument("--seconds", type=float, default=60, help="within which all of them hand in")
    asked.add_argument("--answers", type=int, default=5, help="the last answers, given in the same minute")
    asked.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    options = asked.parse_args()
    print(f"{os.cpu_count()} cores, load before: {os.getloadavg()[0]:.2f}", flush=True)
    names = ["sqlite", "postgresql"] if options.database == "both" else [options.database]
    lost = sum([measure(name, options) for name in names])
    sys.exit(1 if lost else 0)


def measure(name: str, options: argparse.Namespace) -> int:
    """One database: how many of what was confirmed is not there."""
    with tempfile.TemporaryDirectory(prefix="kangxue-crowd-") as folder, database(name, Path(folder)) as url:
        made = Rig(Path(folder), url)
        try:
            phones = prepare(made, options)
            made.start()
            before = cpu(made)
            took = ride(phones)
            used = cpu(made) - before
            made.end()
            return report(name, made, url, phones, took, used)
        finally:
            made.close()


@contextmanager
def database(name: str, folder: Path) -> Iterator[str]:
    """The address of an empty database on the disk."""
    if name == "sqlite":
        yield f"sqlite:///{folder}/crowd.db"
        return
    with postgres.server(on_disk=True) as address:
        postgres.execute(address, "CREATE DATABASE crowd")
        yield address.format(name="crowd").replace("postgresql://", "postgresql+psycopg://")


@dataclass
class Phone:
    """One learner at the end of her exam: what she sends, and what she was told."""

    sitting: uuid.UUID
    token: str
    address: Address
    answers: int
    begins_s: float
    confirmed: int = 0
    is_closed: bool = False
    latencies_ms: list[float] = field(default_factory=list)
    troubles: Counter[str] = field(default_factory=Counter)

    def finish(self, start: float) -> None:
        """Gives the last answers and hands in, when her moment has come."""
        time.sleep(max(0.0, start + self.begins_s - time.perf_counter()))
        line = http.client.HTTPConnection(*self.address, timeout=60)
        for place in range(self.answers):
            body = {"place": place, "key": f"{self.sitting.hex}-{place}", "fields": {"picked": ["1"]}}
            self.confirmed += self._post(line, "answers", body)
        self.is_closed = bool(self._post(line, "closings", {}))
        line.close()

    def _post(self, line: http.client.HTTPConnection, what: str, body: object) -> int:
        """Sends until it is confirmed, as a phone does."""
        head = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        for _ in range(RETRIES):
            began = time.perf_counter()
            try:
                line.request("POST", f"/api/v1/exams/{self.sitting}/{what}", json.dumps(body), head)
                answer = line.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException) as error:
                self.troubles[type(error).__name__] += 1
                line.close()
                continue
            self.latencies_ms.append((time.perf_counter() - began) * 1000)
            if answer.status == 201:
                return 1
            self.troubles[str(answer.status)] += 1
            time.sleep(1)
        return 0


def prepare(made: Rig, options: argparse.Namespace) -> list[Phone]:
    """Everybody signed in, her sitting open."""
    schema.upgrade(made.parts.database)
    now, phones = clock.now(), []
    with made.parts.database.transaction() as session:
        world = exam_world.build(session, pool=40, questions=QUESTIONS, persons=options.learners, now=now)
    with made.parts.database.transaction() as session:
        for number, (actor, enrollment) in enumerate(world.learners):
            token = accounts.open_session(session, actor.account_id, method=accounts.PASSWORD, now=now)
            sitting = exams.open_sitting(session, actor, enrollment, seed=uuid.uuid4().hex, now=now)
            begins = number * options.seconds / options.learners
            phones.append(Phone(sitting, token, made.address, options.answers, begins))
    return phones


def ride(phones: list[Phone]) -> float:
    """All of them finish within the minute; the seconds until the last was told so."""
    start = time.perf_counter() + 0.5
    with ThreadPoolExecutor(max_workers=min(len(phones), 200)) as pool:
        list(pool.map(lambda phone: phone.finish(start), phones))
    return time.perf_counter() - start


def cpu(made: Rig) -> float:
    """CPU seconds the server's processes have used."""
    total = 0
    for pid in rig.processes(made.process.pid) if made.process else ():
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def report(name: str, made: Rig, url: str, phones: list[Phone], took: float, used: float) -> int:
    """Prints submitted, stored, p99 and lost; tells how many were lost."""
    with made.parts.database.transaction(write=False) as session:
        stored = session.scalar(select(func.count()).select_from(ExamAnswer)) or 0
        closed = set(session.scalars(select(ExamClosing.sitting_id)))
        graded = session.scalar(select(func.count()).select_from(ExamGrade)) or 0
    submitted = sum(phone.is_closed for phone in phones)
    confirmed = sum(phone.confirmed for phone in phones)
    lost = sum(phone.is_closed and phone.sitting not in closed for phone in phones) + max(0, confirmed - stored)
    unsent = len(phones) - submitted
    told = sorted(ms for phone in phones for ms in phone.latencies_ms)
    p50, p99 = (told[min(len(told) - 1, int(len(told) * share))] for share in (0.5, 0.99))
    troubles: Counter[str] = sum((phone.troubles for phone in phones), Counter())
    print(f"\n{name}: {len(phones)} learners, {len(told)} requests in {took:.1f} s, p50 {p50:.0f} ms, p99 {p99:.0f} ms")
    print(f"  submitted {submitted}, stored {len(closed)}, graded {graded}; answers told {confirmed}, stored {stored}")
    print(f"  lost {lost}, not handed in {unsent}, troubles on the way: {dict(troubles)}")
    print(f"  CPU of the server: {used:.1f} s, {used / max(1, len(told)) * 1000:.1f} ms a request")
    with open_reader(url) as reader:
        findings = verify(reader).findings
    print(f"  auditor: {len(findings)} findings", flush=True)
    return lost + unsent + len(findings)


if __name__ == "__main__":
    threading.stack_size(256 * 1024)
    main()
