"""Pretended work for the worker: quick and slow tea."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from lms import clock, worker
from lms.models.jobs import Job
from lms.parts import Parts
from lms.services import jobs

TEA, SLOW_TEA = "boil_tea", "boil_slowly"


@dataclass
class Kitchen:
    """What the pretended work does and saw."""

    parts: Parts
    work: Callable[[Job, worker.Progress], None] = lambda _job, _progress: None
    seen: list[tuple[str, int]] = field(default_factory=list)
    recorded: list[str] = field(default_factory=list)

    def perform(self, _parts: Parts, job: Job, progress: worker.Progress) -> worker.Record:
        self.seen.append((job.key, job.fence))
        self.work(job, progress)
        return lambda _session, _now: self.recorded.append(job.key)

    def ask(self, kind: str = TEA, key: str = "tea:1") -> uuid.UUID:
        with self.parts.database.transaction() as session:
            return jobs.enqueue(session, kind, key, {}, now=clock.now()).id

    def row(self, job_id: uuid.UUID) -> Job:
        with self.parts.database.transaction(write=False) as session:
            return session.get_one(Job, job_id)

    def state(self, job_id: uuid.UUID) -> str:
        return self.row(job_id).state


def open_kitchen(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Kitchen:
    """A kitchen that this process's worker knows."""
    made = Kitchen(parts)
    for kind, shelf in ((TEA, worker.QUICK), (SLOW_TEA, worker.SLOW)):
        monkeypatch.setitem(worker.HANDLERS, kind, made.perform)
        monkeypatch.setitem(shelf, kind, made.perform)
    return made
