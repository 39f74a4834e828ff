"""How far a job is: told while it is done, which keeps its lease."""

import time
from collections.abc import Callable
from datetime import timedelta

from lms import clock
from lms.adapters.sandbox import Cancelled
from lms.models.jobs import Job
from lms.parts import Parts
from lms.services import jobs

TELL_SECONDS = 2.0


class Progress:
    """Tells how far the work is and keeps its lease. Raises Conflict once the job is another worker's or cancelled."""

    def __init__(self, parts: Parts, job: Job, lease: timedelta, stopping: Callable[[], bool]) -> None:
        self._parts = parts
        self._job = job
        self._lease = lease
        self._stopping = stopping
        self._renew_seconds = lease.total_seconds() / 3
        self._percent = self._told = 0
        self._told_at = self._looked_at = time.monotonic()

    def tell(self, fraction: float) -> None:
        """The work is this far, from 0 to 1."""
        self._percent = max(self._percent, int(fraction * 100))
        self._report()

    def cancelled(self) -> bool:
        """Whether to stop because the process is about to end; asked often, so it keeps the lease as well."""
        self._report()
        self._look()
        return self._stopping()

    def check(self) -> None:
        """Raises Cancelled when the process is about to end; asked between two rows of a long file."""
        if self.cancelled():
            raise Cancelled

    def _look(self) -> None:
        """Reads only: a person who cancels need not wait until the lease is renewed."""
        if time.monotonic() - self._looked_at < min(TELL_SECONDS, self._renew_seconds):
            return
        with self._parts.database.transaction(write=False) as session:
            jobs.check_mine(session, self._job.id, self._job.fence)
        self._looked_at = time.monotonic()

    def _report(self) -> None:
        wait = min(TELL_SECONDS, self._renew_seconds) if self._percent > self._told else self._renew_seconds
        if time.monotonic() - self._told_at < wait:
            return
        with self._parts.database.transaction() as session:
            now, job = clock.now(), self._job
            jobs.report(session, job.id, job.fence, self._percent, now=now, lease=self._lease)
        self._told, self._told_at = self._percent, time.monotonic()
