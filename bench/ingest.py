"""Heartbeats a second: a real server, a crowd on the same machine, and the bare limit in the same run.

.venv/bin/python bench/ingest.py --database both --clients 32 --seconds 10
"""

import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import bare
from sqlalchemy import text

from lms.cli import rig
from lms.cli.crowd import Crowd, Tally
from lms.cli.rig import Rig
from tests.support import postgres

TICKS = os.sysconf("SC_CLK_TCK")
WARM_UP_SECONDS = 2.0
TRACED_SECONDS = 3.0
TARGETS = {"postgresql": 1500, "sqlite": 1000}
TARGET_P99_MS = 100


def main() -> None:
    """Measures on one database or both, and prints what was found."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    asked.add_argument("--clients", type=int, default=32)
    asked.add_argument("--seconds", type=float, default=10)
    asked.add_argument("--setting", action="append", default=[], metavar="LMS_NAME=VALUE")
    asked.add_argument("--profile", metavar="FILE", help="write a py-spy profile of the server")
    asked.add_argument("--cookies", action="store_true", help="sign in as browsers do")
    options = asked.parse_args()
    print(f"{os.cpu_count()} cores, load before: {os.getloadavg()[0]:.2f}")
    for name in ["sqlite", "postgresql"] if options.database == "both" else [options.database]:
        measure(name, options)


def measure(name: str, options: argparse.Namespace) -> None:
    """One database: the server under load, then the bare limit."""
    settings = dict(pair.split("=", 1) for pair in options.setting)
    with tempfile.TemporaryDirectory(prefix="kangxue-bench-") as folder, database(name, Path(folder)) as url:
        made = Rig(Path(folder), url, settings)
        try:
            learners = made.prepare(options.clients, cookies=options.cookies)
            made.start()
            crowd = Crowd(learners, made.address)
            crowd.ride(WARM_UP_SECONDS)
            crowd.tally = Tally()
            report(name, made, crowd, options)
            made.end()
        finally:
            made.close()
        limits(name, url, Path(folder), options)


@contextmanager
def database(name: str, folder: Path) -> Iterator[str]:
    """The address of an empty database on the disk."""
    if name == "sqlite":
        yield f"sqlite:///{folder}/bench.db"
        return
    with postgres.server(on_disk=True) as address:
        postgres.execute(address, "CREATE DATABASE bench")
        yield address.format(name="bench")


def report(name: str, made: Rig, crowd: Crowd, options: argparse.Namespace) -> None:
    """Drives the crowd and prints rate, latency, CPU, verdicts and syncs."""
    assert made.process is not None
    server, postmaster = rig.processes(made.process.pid), backends(made)
    profiler = profile(server, options) if options.profile else None
    before = cpu(server), cpu(postmaster), own_cpu(), time.perf_counter(), syncs_of(made)
    crowd.ride(options.seconds)
    took = time.perf_counter() - before[3]
    used = cpu(server) - before[0], cpu(postmaster | backends(made)) - before[1], own_cpu() - before[2]
    if profiler:
        profiler.wait()
    tally = crowd.tally
    rate, p99 = tally.accepted / took, tally.percentile_ms(0.99)
    met = rate >= TARGETS[name] and p99 <= TARGET_P99_MS
    p50 = tally.percentile_ms(0.5)
    print(f"\n{name}: {rate:.0f} accepted heartbeats/s, p50 {p50:.1f} ms, p99 {p99:.1f} ms", end="")
    print(f" (target {TARGETS[name]}/s, p99 {TARGET_P99_MS} ms: {'met' if met else 'NOT met'})")
    print(f"  {options.clients} clients, {took:.1f} s, {tally.accepted} accepted, refused: {dict(tally.refusals)}")
    print(f"  verdicts: {dict(tally.verdicts)}; with a segment: {segment_share(made):.1%}")
    for who, seconds in zip(("server", "database", "generator"), used, strict=True):
        print(f"  CPU {who}: {seconds / took:.2f} cores, {seconds / max(1, tally.accepted) * 1e6:.0f} µs a heartbeat")
    if before[4] is not None:
        synced = (syncs_of(made) or 0) - before[4]
        print(f"  syncs of the log: {synced}, one for {tally.accepted / max(1, synced):.1f} heartbeats")
    else:
        traced(server, crowd)


def traced(server: set[int], crowd: Crowd) -> None:
    """Counts the syncs of the server's own process under strace, in a run of its own since that slows it down."""
    crowd.tally = Tally()
    command = ["strace", "-f", "-c", "-e", "trace=fdatasync,fsync", *(f"-p{pid}" for pid in server)]
    watcher = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    time.sleep(0.5)
    crowd.ride(TRACED_SECONDS)
    watcher.send_signal(signal.SIGINT)
    told = watcher.communicate()[1]
    rows = [line.split() for line in told.splitlines()]
    synced = sum(int(row[3]) for row in rows if row[-1:] in (["fdatasync"], ["fsync"]))
    print(f"  under strace: {crowd.tally.accepted} heartbeats, {synced} syncs,", end="")
    print(f" one for {crowd.tally.accepted / max(1, synced):.1f} heartbeats")


def limits(name: str, url: str, folder: Path, options: argparse.Namespace) -> None:
    """The same rows by a bare script, one commit each and in groups of as many as there are clients."""
    for size in (1, options.clients):
        rate = bare.run(name, url, folder, size, seconds=3.0)
        print(f"  bare limit, {size} a commit: {rate:.0f}/s")


def segment_share(made: Rig) -> float:
    """How many of the accepted heartbeats have a segment."""
    with made.parts.database.transaction(write=False) as session:
        beats = session.execute(text("SELECT count(*) FROM study_heartbeats")).scalar_one()
        segments = session.execute(text("SELECT count(DISTINCT interval_id) FROM study_segments")).scalar_one()
    return float(segments / max(1, beats))


def syncs_of(made: Rig) -> int | None:
    """How often PostgreSQL has synced its log; None for SQLite, which does it in the server's process."""
    if made.parts.database.is_sqlite:
        return None
    with made.parts.database.transaction(write=False) as session:
        return int(session.execute(text("SELECT wal_sync FROM pg_stat_wal")).scalar_one())


def backends(made: Rig) -> set[int]:
    """The processes of the PostgreSQL server."""
    if made.parts.database.is_sqlite:
        return set()
    with made.parts.database.transaction(write=False) as session:
        return set(session.execute(text("SELECT pid FROM pg_stat_activity")).scalars())


def cpu(pids: set[int]) -> float:
    """CPU seconds these processes have used."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def own_cpu() -> float:
    """CPU seconds of this process, which is the generator."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def profile(server: set[int], options: argparse.Namespace) -> "subprocess.Popen[bytes]":
    """A sampling profile of the process that works."""
    busiest = max(server, key=lambda pid: cpu({pid}))
    seconds = str(int(options.seconds) - 1)
    command = [
        os.environ.get("PY_SPY", "py-spy"),
        "record",
        "-d",
        seconds,
        "-f",
        "raw",
        "-o",
        options.profile,
        "--gil",
        "-p",
        str(busiest),
    ]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    threading.stack_size(0)
    main()
