"""Commit, then answer: the sync that kill -9 cannot prove (security.md C1)."""

import shutil
from pathlib import Path

import pytest

from lms.cli import rig
from lms.cli.crowd import Crowd
from lms.cli.rig import Rig
from tests.conftest import required
from tests.support import strace

WANTED = 200
SECONDS = 60


@pytest.mark.skipif(not shutil.which("strace") and not required("strace"), reason="no strace here")
def test_a_sync_stands_between_reading_a_heartbeat_and_answering_it(empty_url: str, tmp_path: Path) -> None:
    made, trace = Rig(tmp_path / "site", empty_url), tmp_path / "trace"
    try:
        crowd = Crowd(made.prepare(8), made.address)
        made.start()
        assert made.process is not None
        watched = rig.processes(made.process.pid) | strace.postgresql_of(made.parts.database)
        with strace.watching(watched, trace):
            crowd.ride(SECONDS, stop=lambda: crowd.tally.accepted >= WANTED)
    finally:
        made.close()
    proof = strace.prove(trace.read_text(errors="replace").splitlines())
    assert proof.unproved == [], str(proof)
    assert proof.synced == proof.answers == crowd.tally.accepted >= WANTED


READ, ANSWER = (
    '7 recvfrom(9<socket:[5]>, "POST /", 99, 0, NULL, NULL) = 99',
    '7 sendto(9<socket:[5]>, "HTTP/1.1 201 C", 9',
)
SYNC = "8 fdatasync(4</data/k.db-wal>) = 0"


@pytest.mark.parametrize(
    ("lines", "synced"),
    [
        ([READ, SYNC, ANSWER], 1),
        ([READ, ANSWER], 0),
        ([SYNC, READ, ANSWER], 0),
        ([READ, ANSWER, SYNC], 0),
        ([READ, "8 fdatasync(4</data/k.db>) = 0", ANSWER], 0),
        ([READ, "8 fdatasync(4</data/k.db-wal>) = -1 EIO (Input/output error)", ANSWER], 0),
        ([READ, "8 fdatasync(4</pg_wal/01> <unfinished ...>", "8 <... fdatasync resumed>) = 0", ANSWER], 1),
        (["8 fdatasync(4</pg_wal/01> <unfinished ...>", READ, "8 <... fdatasync resumed>) = 0", ANSWER], 0),
        ([READ, "8 fdatasync(4</pg_wal/01> <unfinished ...>", ANSWER, "8 <... fdatasync resumed>) = 0"], 0),
    ],
)
def test_a_trace_without_that_sync_proves_nothing(lines: list[str], synced: int) -> None:
    proof = strace.prove(lines)
    assert (proof.answers, proof.synced) == (1, synced)
