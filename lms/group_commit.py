"""Group commit: what many threads ask in the same moment is written in one transaction, with one sync.

Nobody is answered before the commit that holds her item has reached the disk (study-time.md, Durability). A
group that fails is done again item by item, so that a bad item harms nobody but itself.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from lms.db import Database

Item = TypeVar("Item")
Answer = TypeVar("Answer")

LARGEST_GROUP = 128
LONGEST_QUEUE = 1024
PATIENCE_SECONDS = 15.0

log = logging.getLogger(__name__)


class Busy(Exception):
    """The queue is full, or the database was too slow; nothing was recorded and asking again is safe."""


class _Waiting(Generic[Item, Answer]):
    """An item in the queue, and what its thread is told at last."""

    def __init__(self, item: Item, until: float) -> None:
        self.item = item
        self.until = until
        self.answer: Answer
        self.error: BaseException | None = None
        self._told = threading.Lock()  # held until there is something to tell; lighter than an Event
        self._told.acquire()

    def tell(self) -> None:
        self._told.release()

    def wait(self) -> Answer:
        self._told.acquire()
        if self.error is not None:
            raise self.error
        return self.answer


class GroupCommit(Generic[Item, Answer]):
    """Hands items in order of arrival to `record(session, items)`, which gives an answer to each.

    The thread that commits lives only while there is something to commit: there is nothing to shut down, and a
    process that ends waits for it. `after(session)` runs when a transaction has been committed.
    """

    def __init__(
        self,
        database: Database,
        record: Callable[[Session, Sequence[Item]], Sequence[Answer]],
        *,
        after: Callable[[Session], None] = lambda _session: None,
        largest_group: int = LARGEST_GROUP,
        longest_queue: int = LONGEST_QUEUE,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._database = database
        self._record = record
        self._after = after
        self._largest_group = largest_group
        self._longest_queue = longest_queue
        self._patience_seconds = patience_seconds
        self._lock = threading.Lock()
        self._queue: deque[_Waiting[Item, Answer]] = deque()
        self._working = False

    @property
    def waiting(self) -> int:
        """How many items wait for the next group."""
        return len(self._queue)

    def submit(self, item: Item) -> Answer:
        """The answer to `item`, once it is committed. Raises Busy, or what went wrong with this very item."""
        waiting = _Waiting[Item, Answer](item, time.monotonic() + self._patience_seconds)
        with self._lock:
            if len(self._queue) >= self._longest_queue:
                raise Busy
            self._queue.append(waiting)
            begin, self._working = not self._working, True
        if begin:
            self._begin()
        return waiting.wait()

    def _begin(self) -> None:
        # Never a daemon, whatever thread asks: a process that ends must first finish what it has taken in.
        worker = threading.Thread(target=self._work, name="group-commit", daemon=False)
        try:
            worker.start()
        except RuntimeError:  # the machine has no thread left; nobody may be left waiting for one
            with self._lock:
                left, self._working = list(self._queue), False
                self._queue.clear()
            for each in left:
                each.error = Busy()
                each.tell()

    def _work(self) -> None:
        while group := self._take():
            try:
                self._commit(group)
            except BaseException as error:  # whatever happens, nobody waits for ever
                for each in group:
                    each.error = error
            for each in group:
                each.tell()

    def _take(self) -> list[_Waiting[Item, Answer]]:
        with self._lock:
            size = min(len(self._queue), self._largest_group)
            self._working = size > 0
            return [self._queue.popleft() for _ in range(size)]

    def _commit(self, group: list[_Waiting[Item, Answer]]) -> None:
        try:
            self._together(group)
        except Exception as error:
            if len(group) == 1:
                group[0].error = error
                return
            log.warning("a group of %s is done again one by one: %s", len(group), error)
            for each in group:
                self._alone(each)

    def _together(self, group: list[_Waiting[Item, Answer]]) -> None:
        with self._database.transaction() as session:
            answers = self._record(session, [each.item for each in group])
        for each, answer in zip(group, answers, strict=True):
            each.answer = answer
        try:
            self._after(session)
        except Exception:
            log.exception("what follows a commit failed")  # the commit stands, and so do its answers

    def _alone(self, each: _Waiting[Item, Answer]) -> None:
        if time.monotonic() > each.until:
            each.error = Busy()
            return
        try:
            self._together([each])
        except Exception as error:
            each.error = error
