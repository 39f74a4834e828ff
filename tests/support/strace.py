"""What strace saw of a server: does a sync of the log stand between reading a heartbeat and answering it?"""

import re
import signal
import subprocess
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lms.db import Database
from tests.support.programs import started
from tests.support.waiting import wait_until

CALLS = "read,recvfrom,recvmsg,readv,write,writev,sendto,sendmsg,fdatasync,fsync"
READS, WRITES, SYNCS = ("read", "recvfrom", "recvmsg", "readv"), ("write", "writev", "sendto", "sendmsg"), "f"
CALL = re.compile(r"^(\d+)\s+(\w+)\((\d+)<([^>]*)>(.*)$")
RESUMED = re.compile(r"^(\d+)\s+<\.\.\. (\w+) resumed>(.*)$")
RETURNED = re.compile(r"= (-?\d+)[^=]*$")
LOGS = re.compile(r"-wal$|/pg_wal/")
ANSWER = "HTTP/1.1 201"


@dataclass
class Proof:
    """How many answers left, and before how many a sync of the log began and ended after the question was read."""

    answers: int = 0
    synced: int = 0
    syncs: int = 0
    unproved: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.synced} of {self.answers} heartbeats were answered after a sync; {self.syncs} syncs"


def prove(lines: Iterable[str]) -> Proof:
    """Goes through a trace. A call counts as begun where it was made, as done where it returned."""
    reader = _Reader()
    for number, line in enumerate(lines):
        reader.take(number, line)
    return reader.proof


class _Reader:
    def __init__(self) -> None:
        self.proof = Proof()
        self.begun: dict[tuple[str, str], tuple[int, str]] = {}
        self.read_at: dict[str, int] = {}
        self.synced_since = -1

    def take(self, number: int, line: str) -> None:
        if made := CALL.match(line):
            pid, call, _, place, rest = made.groups()
            if call in WRITES and ANSWER in rest:
                self._answered(number, place, line)
            if "<unfinished" in rest:
                self.begun[pid, call] = (number, place)
            else:
                self._done(number, number, call, place, rest)
        elif resumed := RESUMED.match(line):
            pid, call, rest = resumed.groups()
            start, place = self.begun.pop((pid, call), (number, ""))
            self._done(start, number, call, place, rest)

    def _done(self, start: int, end: int, call: str, place: str, rest: str) -> None:
        returned = RETURNED.search(rest)
        value = int(returned[1]) if returned else -1
        if call.startswith(SYNCS) and value == 0 and LOGS.search(place):
            self.proof.syncs += 1
            self.synced_since = max(self.synced_since, start)
        elif call in READS and value > 0 and place.startswith(("socket:", "TCP")):
            self.read_at[place] = end

    def _answered(self, number: int, place: str, line: str) -> None:
        self.proof.answers += 1
        if self.synced_since > self.read_at.get(place, number):
            self.proof.synced += 1
        else:
            self.proof.unproved.append(line[:200])


@contextmanager
def watching(pids: Collection[int], trace: Path) -> Iterator[None]:
    """strace on running processes and all their threads and children, into a file."""
    command = [
        "strace",
        "-f",
        "-y",
        "-s",
        "40",
        "-e",
        f"trace={CALLS}",
        "-o",
        str(trace),
        *(f"-p{pid}" for pid in pids),
    ]
    with started(command, stderr=subprocess.DEVNULL) as watcher:
        wait_until(lambda: all(_is_traced(pid) for pid in pids))
        try:
            yield
        finally:
            watcher.send_signal(signal.SIGINT)
            watcher.wait(30)


def _is_traced(pid: int) -> bool:
    return all(map(_has_tracer, Path(f"/proc/{pid}/task").iterdir()))


def _has_tracer(task: Path) -> bool:
    """Whether somebody looks on; a thread that has ended since it was listed needs nobody."""
    try:
        return "TracerPid:\t0\n" not in (task / "status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


def postgresql_of(database: Database) -> set[int]:
    """The postmaster and its children, of the server behind `database`; nothing for SQLite."""
    if database.is_sqlite:
        return set()
    with database.engine.connect() as connection:
        backend = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    postmaster = _parent(int(backend))
    running = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]
    return {postmaster} | {pid for pid in running if _parent(pid) == postmaster}


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0
