"""The doorbell: huey tells a waiting worker which job to look at. What is lost here, the sweeper rings again.

The `jobs` table is the truth; only a job's id travels, signed, so that nobody can slip in anything else.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from huey import Huey, PostgresHuey, SqliteHuey
from huey.consumer import Worker
from huey.serializer import SignedSerializer

from lms.config import Config, ConfigError

NAME = "kangxue"
TASK = "run_job"
SALT = "kangxue-bell"
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, WAIT_GROWTH = 0.05, 1.0, 1.2
STOP_SECONDS = 8.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    """An open queue, and its one task: calling it with a job's id puts that into the queue."""

    huey: Huey
    ring: Callable[[str], object]


class Bell:
    """Rings for jobs, and listens. Nothing is contacted before the first of either."""

    def __init__(self, make: Callable[[], Huey]) -> None:
        self._make = make
        self._line: Line | None = None
        self._lock = threading.Lock()

    def ring(self, job_id: uuid.UUID) -> None:
        """Tells a worker that this job waits. Never raises: the sweeper rings again."""
        try:
            with self._lock:
                line = self._opened()
                line.ring(str(job_id))
                line.huey.storage.close()  # rings are rare; an idle connection would be one too many
        except Exception:
            log.warning("job %s was not rung; the sweeper will", job_id, exc_info=True)

    def waiting(self) -> int:
        """How many rings nobody has answered yet."""
        with self._lock:
            line = self._opened()
            found: int = line.huey.storage.queue_size()
            line.huey.storage.close()
        return found

    def healthy(self) -> bool:
        """Whether the queue answers."""
        try:
            return self.waiting() >= 0
        except Exception:
            log.warning("the queue does not answer", exc_info=True)
            return False

    def listen(
        self,
        work: Callable[[uuid.UUID], None],
        sweep: Callable[[], None],
        every_seconds: float,
        threads: int = 2,
    ) -> "Listener":
        """Calls `work` for each ring and `sweep` at once and then every so often, on threads of its own."""

        def open_queue() -> Huey:
            with self._lock:  # two at once would both make the tables
                return _line(self._make(), work).huey

        return Listener(open_queue, sweep, every_seconds, threads)

    def _opened(self) -> Line:
        if self._line is None:
            self._line = _line(self._make(), _nobody)
        return self._line


class Listener:
    """Threads that answer rings, and one that sweeps; a fault of any is logged and survived."""

    def __init__(
        self, open_queue: Callable[[], Huey], sweep: Callable[[], None], every_seconds: float, threads: int
    ) -> None:
        self._open_queue = open_queue
        self._sweep = sweep
        self._every_seconds = every_seconds
        self._stopped = threading.Event()
        targets = [self._answer] * threads + [self._tick]
        self._threads = [threading.Thread(target=target, daemon=True) for target in targets]
        for thread in self._threads:
            thread.start()

    def stop(self, within_seconds: float = STOP_SECONDS) -> bool:
        """Takes no more rings and waits for the work in hand; False if it did not end in time."""
        self._stopped.set()
        deadline = time.monotonic() + within_seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _answer(self) -> None:
        while not self._stopped.is_set():
            try:
                self._serve(self._open_queue())
            except Exception:
                log.exception("the queue cannot be opened; trying again")
                self._stopped.wait(LONGEST_WAIT_SECONDS)

    def _serve(self, huey: Huey) -> None:
        worker = Worker(huey, self._stopped, FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, WAIT_GROWTH)
        try:
            while not self._stopped.is_set():
                worker.loop()
        finally:
            huey.storage.close()

    def _tick(self) -> None:
        while not self._stopped.is_set():
            try:
                self._sweep()
            except Exception:
                log.exception("sweeping failed; trying again")
            self._stopped.wait(self._every_seconds)


def open_bell(config: Config) -> Bell:
    """The bell the settings name: a file in the data folder, or tables in the same PostgreSQL database."""
    is_postgresql = config.database_url.startswith("postgresql")
    kind = config.queue if config.queue != "auto" else "postgresql" if is_postgresql else "sqlite"
    if kind == "sqlite":
        return sqlite_bell(config.data_dir / "queue.db", config.secret_key)
    if not is_postgresql:
        raise ConfigError(["LMS_QUEUE=postgresql needs a PostgreSQL address in LMS_DATABASE_URL"])
    return postgresql_bell(config.database_url, config.secret_key)


def sqlite_bell(place: Path, secret_key: str) -> Bell:
    """A bell in an SQLite file."""
    return Bell(lambda: SqliteHuey(filename=str(place), fsync=True, **_common(secret_key)))


def postgresql_bell(database_url: str, secret_key: str) -> Bell:
    """A bell in tables `bell_…`, made on first use."""
    dsn = database_url.replace("postgresql+psycopg://", "postgresql://", 1)

    def make() -> Huey:
        return PostgresHuey(dsn=dsn, table_prefix="bell", **_common(secret_key))

    return Bell(lambda: _at_second_try(make))


def _at_second_try(make: Callable[[], Huey]) -> Huey:
    """Processes that make the tables at the same moment trip over each other; next time they are there."""
    try:
        return make()
    except Exception:
        log.info("opening the queue once more", exc_info=True)
        return make()


def _common(secret_key: str) -> dict[str, object]:
    return {"name": NAME, "results": False, "serializer": SignedSerializer(secret_key, SALT)}


def _line(huey: Huey, work: Callable[[uuid.UUID], None]) -> Line:
    """Gives the queue its one task; huey loses a task without a name of its own, and says nothing."""

    def run_job(job_id: str) -> None:
        work(uuid.UUID(job_id))

    return Line(huey, huey.task(name=TASK)(run_job))


def _nobody(_job_id: uuid.UUID) -> None:
    """Whoever only rings answers nothing."""
