"""Between reading a heartbeat and answering it the log is synced: so many of so many, seen by strace.

.venv/bin/python bench/sync_proof.py --database both --heartbeats 1000
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from ingest import database

from lms.cli import rig
from lms.cli.crowd import Crowd
from lms.cli.rig import Rig
from tests.support import strace

LONGEST_SECONDS = 120


def main() -> None:
    """Prints the proof for one database or both; exit code 1 where one heartbeat lacks its sync."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    asked.add_argument("--heartbeats", type=int, default=1000)
    asked.add_argument("--clients", type=int, default=32)
    options = asked.parse_args()
    names = ["sqlite", "postgresql"] if options.database == "both" else [options.database]
    proofs = [prove(name, options.heartbeats, options.clients) for name in names]
    sys.exit(any(proof.unproved for proof in proofs))


def prove(name: str, heartbeats: int, clients: int) -> strace.Proof:
    """Traces a server under load until that many heartbeats were answered."""
    with tempfile.TemporaryDirectory(prefix="kangxue-bench-") as folder, database(name, Path(folder)) as url:
        made, trace = Rig(Path(folder), url), Path(folder) / "trace"
        try:
            crowd = Crowd(made.prepare(clients), made.address)
            made.start()
            assert made.process is not None
            watched = rig.processes(made.process.pid) | strace.postgresql_of(made.parts.database)
            with strace.watching(watched, trace):
                crowd.ride(LONGEST_SECONDS, stop=lambda: crowd.tally.accepted >= heartbeats)
        finally:
            made.close()
        proof = strace.prove(trace.read_text(errors="replace").splitlines())
    print(f"{name}: {proof}")
    return proof


if __name__ == "__main__":
    main()
