"""The hands of this process: what waits on a slow shelf is done one at a time."""

import threading
import uuid
from functools import partial
from multiprocessing.util import Finalize

from lms import clock
from lms.adapters.queue import STOP_SECONDS, Listener
from lms.parts import Parts
from lms.services import jobs
from lms.worker.handlers import OUTWARD, SLOW, STEADY, WRITTEN, Handler
from lms.worker.running import run
from lms.worker.sweeping import SWEEP_SECONDS, sweep

HANDS = 5


class Crew:
    """Five pairs of hands: for videos, for uploads, for reports, for other systems, and for what is quick.

    Nobody waits for a login code as long as for a video: of each slow shelf only one job is done at a time.
    """

    def __init__(self, parts: Parts, every_seconds: float = SWEEP_SECONDS) -> None:
        self._parts = parts
        self._stopping = threading.Event()
        self._shelves = [(shelf, threading.Lock()) for shelf in (SLOW, STEADY, WRITTEN, OUTWARD)]
        sweeper = partial(sweep, parts)
        self._listener: Listener = parts.bell.listen(self._work, sweeper, every_seconds, threads=HANDS)

    def stop(self, within_seconds: float = STOP_SECONDS) -> bool:
        """Gives back what is being worked on and ends; False if that took too long."""
        self._stopping.set()
        return self._listener.stop(within_seconds)

    def _work(self, job_id: uuid.UUID) -> None:
        with self._parts.database.transaction(write=False) as session:
            kind = jobs.find_kind(session, job_id)
        for shelf, taken in self._shelves:
            if kind in shelf:
                return self._work_alone(job_id, shelf, taken)
        return self._run(job_id)

    def _work_alone(self, job_id: uuid.UUID, shelf: dict[str, Handler], taken: threading.Lock) -> None:
        if not taken.acquire(blocking=False):
            return
        try:
            self._run(job_id)
        finally:
            taken.release()
        self._ring_next(shelf)

    def _run(self, job_id: uuid.UUID) -> None:
        run(self._parts, job_id, stopping=self._stopping.is_set)

    def _ring_next(self, shelf: dict[str, Handler]) -> None:
        """Jobs of the shelf that were rung meanwhile were passed over."""
        with self._parts.database.transaction(write=False) as session:
            due = jobs.list_due(session, shelf, now=clock.now(), limit=1)
        for job_id in due:
            self._parts.bell.ring(job_id)


def start(parts: Parts) -> Crew:
    """Begins to work in threads of this process, until `stop`, or until the process ends in good order.

    Finalize, because atexit is passed over in a process that was forked, as those of the web server are.
    """
    crew = Crew(parts)
    Finalize(None, crew.stop, exitpriority=1)
    return crew
