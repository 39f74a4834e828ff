"""The worker's errands for people's own data: their export, their monthly statement, the ledger of erasures."""

import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from lms import clock
from lms.models.jobs import Job
from lms.parts import Parts
from lms.services import rights
from lms.services.rights.keys import export_key

Record = Callable[[Session, datetime], None]


class Progress(Protocol):
    """Whom to tell how far the work is."""

    def tell(self, fraction: float) -> None:
        """The work is this far, from 0 to 1."""

    def check(self) -> None:
        """Raises when the process is about to end, or the job is another worker's."""


def nothing(_session: Session, _now: datetime) -> None:
    """What there is to record of work that leaves its traces as it goes."""


def export_person(parts: Parts, job: Job, progress: Progress) -> Record:
    """One short reading after the other; the same file again if it was begun before."""
    export_id = uuid.UUID(job.payload["export_id"])
    with parts.database.transaction(write=False) as session:
        bodies = rights.exporting.whose(session, export_id)
    steps = rights.exporting.steps(parts.keyring, bodies)
    sections: dict[str, Any] = {}
    for place, (name, read) in enumerate(steps, start=1):
        with parts.database.transaction(write=False) as session:
            sections[name] = read(session)
        progress.tell(place / (len(steps) + 1))
        progress.check()
    content = rights.exporting.pack(sections, clock.now())
    parts.store.put_bytes(export_key(export_id), content, "application/zip")
    return lambda session, now: rights.exporting.settle(session, export_id, content, now=now)


def write_statements(parts: Parts, job: Job, progress: Progress) -> Record:
    """A person a transaction, so that beats get through between them; who has hers already gets no second."""
    month = date.fromisoformat(job.payload["month"])
    with parts.database.transaction(write=False) as session:
        due = rights.statements.list_due(session, month)
    for place, person_id in enumerate(due, start=1):
        with parts.database.transaction() as session:
            rights.statements.write(session, person_id, month, now=clock.now())
        progress.tell(place / len(due))
        progress.check()
    return nothing


def note_erasure(parts: Parts, job: Job, _progress: Progress) -> Record:
    """Outside of the database, where a restored backup finds it."""
    person_id = uuid.UUID(job.payload["person_id"])
    with parts.database.transaction(write=False) as session:
        content = rights.erasing.told(session, person_id)
    parts.store.put_bytes(rights.erasing.ledger_key(person_id), content, "application/json")
    return nothing
