"""A large roster from its file to its class: rows a second and peak memory, on each database.

.venv/bin/python -m bench.rosters --rows 10000 --database both
"""

import argparse
import os
import resource
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import func, select

from lms import clock, config, schema, worker
from lms.config import new_keys
from lms.domain.identity import DocumentType
from lms.models.enrollments import Enrollment
from lms.models.rosters import RosterImport
from lms.parts import Parts, build
from lms.services import jobs, rosters
from tests.support import postgres
from tests.support.cast import Cast, stage
from tests.support.rosters import comma, plain, workbook


def main() -> None:
    """Measures on one database or both; exit 1 when a row was lost."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=10_000)
    asked.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    asked.add_argument("--format", choices=["xlsx", "csv"], default="xlsx")
    options = asked.parse_args()
    rows = plain(options.rows)
    data = workbook(rows) if options.format == "xlsx" else comma(rows)
    del rows
    print(f"{os.cpu_count()} cores, load before: {os.getloadavg()[0]:.2f}; {len(data) / 1e6:.1f} MB", flush=True)
    names = ["sqlite", "postgresql"] if options.database == "both" else [options.database]
    sys.exit(sum([apart(name, data, options.rows) for name in names]))


def apart(name: str, data: bytes, rows: int) -> int:
    """Each database in a process of its own, so that the peak of memory is its own."""
    child = os.fork()
    if not child:
        os._exit(measure(name, data, rows))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def measure(name: str, data: bytes, rows: int) -> int:
    """One database: 1 when somebody is missing."""
    with tempfile.TemporaryDirectory(prefix="kangxue-rosters-") as folder, database(name, Path(folder)) as url:
        told = {**new_keys(), "LMS_DATABASE_URL": url, "LMS_DATA_DIR": folder, "LMS_QUEUE": "sqlite"}
        parts = build(config.load(told))
        schema.upgrade(parts.database)
        with parts.database.transaction() as session:
            cast = stage(session, parts.keyring, "!")
        before = peak_mb()
        print(f"\n{name}: memory before {before:.0f} MB")
        lost = ride(parts, cast, data, rows)
        print(f"  peak {peak_mb():.0f} MB, {peak_mb() - before:.0f} MB more than before; lost {lost}", flush=True)
        parts.database.close()
        return int(bool(lost))


def ride(parts: Parts, cast: Cast, data: bytes, rows: int) -> int:
    """From the file to the class and back; tells how many are missing."""
    import_id = timed("upload", rows, lambda: bring(parts, cast, data))
    timed("read", rows, lambda: work(parts))
    timed("dry run", rows, lambda: check(parts, cast, import_id))
    timed("import", rows, lambda: take_in(parts, cast, import_id))
    with parts.database.transaction(write=False) as session:
        inside = select(func.count()).where(Enrollment.cohort_id == cast.cohort)
        lost = rows + 1 - (session.scalar(inside) or 0)
    timed("undo", rows, lambda: undo(parts, cast, import_id))
    return lost


def bring(parts: Parts, cast: Cast, data: bytes) -> uuid.UUID:
    """The upload."""
    with parts.database.transaction() as session:
        told = {"file_name": "a", "data": data, "now": clock.now()}
        return rosters.bring(session, parts.store, parts.keyring, cast.zhoumin, cast.cohort, **told)


def check(parts: Parts, cast: Cast, import_id: uuid.UUID) -> None:
    """The dry run, with the columns as they were guessed."""
    with parts.database.transaction() as session:
        columns = list(session.get_one(RosterImport, import_id).columns.items())
        kind = DocumentType.RESIDENT_ID
        rosters.choose(session, cast.zhoumin, import_id, columns, kind, now=clock.now())
    work(parts)


def take_in(parts: Parts, cast: Cast, import_id: uuid.UUID) -> None:
    """The import."""
    with parts.database.transaction() as session:
        rosters.confirm(session, cast.zhoumin, import_id, rosters.ALL, now=clock.now())
    work(parts)


def undo(parts: Parts, cast: Cast, import_id: uuid.UUID) -> None:
    """The way back."""
    with parts.database.transaction() as session:
        rosters.undo(session, cast.zhoumin, import_id, now=clock.now())
    work(parts)


def work(parts: Parts) -> None:
    """What a worker would do."""
    with parts.database.transaction(write=False) as session:
        due = jobs.list_due(session, rosters.JOBS, now=clock.now())
    for job_id in due:
        worker.run(parts, job_id)


def timed(what: str, rows: int, act: Callable[[], uuid.UUID]) -> uuid.UUID:
    """Prints how long an act took and how many rows a second that is."""
    began, used = time.perf_counter(), time.process_time()
    made = act()
    took, cpu = time.perf_counter() - began, time.process_time() - used
    print(f"  {what:8} {took:6.2f} s ({cpu:.2f} s CPU), {rows / took:8.0f} rows/s, peak {peak_mb():.0f} MB", flush=True)
    return made


def peak_mb() -> float:
    """The most memory this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def database(name: str, folder: Path) -> Iterator[str]:
    """The address of an empty database on the disk."""
    if name == "sqlite":
        yield f"sqlite:///{folder}/rosters.db"
        return
    with postgres.server(on_disk=True) as address:
        postgres.execute(address, "CREATE DATABASE rosters")
        yield address.format(name="rosters").replace("postgresql://", "postgresql+psycopg://")


if __name__ == "__main__":
    main()
