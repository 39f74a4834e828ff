"""Evidence is appended to a person's chain in the transaction it tells of, while her lease is held."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from lms.bulk import Batch, Lookup
from lms.db import insert_if_absent
from lms.domain import evidence
from lms.domain.evidence import Chain, Entry, EvidenceKind
from lms.models.evidence import EvidenceEntry
from lms.models.study import StudyLease

LEASES: Table = StudyLease.metadata.tables[StudyLease.__tablename__]
ENTRIES: Table = EvidenceEntry.metadata.tables[EvidenceEntry.__tablename__]
NEW_LEASE: dict[str, Any] = {"epoch": 0, "high_water_ms": 0, "entries": 0, "last_leaf": "", "closed_entry": 0}


@dataclass
class Held:
    """A person's lease, locked and in memory: all that happens to her study time queues behind it."""

    person_id: uuid.UUID
    epoch: int
    high_water_ms: int
    entries: int
    last_leaf: str
    check_in_ms: int | None
    open_check_id: uuid.UUID | None
    closed_entry: int


LOCKED = Lookup(select(*(LEASES.c[each.name] for each in fields(Held))), LEASES.c.person_id, locked=True)


class Pen:
    """Writes one transaction's evidence: entries are linked at once, and reach the database together."""

    def __init__(self, session: Session, *, now_ms: int, now: datetime) -> None:
        self.session = session
        self.now_ms = now_ms
        self.now = now
        self._held: dict[uuid.UUID, Held] = {}
        self.batch = Batch()
        self._rows: list[dict[str, Any]] = []

    def hold(self, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Held]:
        """Locks these persons' leases, always in the same order, so that two groups never wait for each other."""
        wanted = sorted(set(person_ids) - self._held.keys())
        found = self._lock(wanted)
        for person_id in sorted(set(wanted) - found.keys()):
            insert_if_absent(self.session, StudyLease, person_id=person_id, **NEW_LEASE)
        if len(found) < len(wanted):
            found = self._lock(wanted)
        self._held |= found
        return self._held

    def _lock(self, person_ids: list[uuid.UUID]) -> dict[uuid.UUID, Held]:
        return {row.person_id: Held(*row) for row in LOCKED.rows(self.session, person_ids)}

    def append(self, held: Held, kind: EvidenceKind, facts: Mapping[str, object]) -> Entry:
        """The next entry of this person's chain."""
        chain = Chain(str(held.person_id), held.entries, held.last_leaf)
        entry = evidence.link(chain, kind, facts, self.now_ms, self.now)
        held.entries, held.last_leaf = entry.number, entry.leaf
        self._rows.append(
            {
                "person_id": held.person_id,
                "number": entry.number,
                "kind": kind.value,
                "body": entry.body,
                "leaf": entry.leaf,
                "recorded_ms": self.now_ms,
                "recorded_at": self.now,
            }
        )
        return entry

    def write(self) -> None:
        """Puts the entries, the leases and what else is in the batch into the database; when all is said."""
        rows, self._rows = self._rows, []
        self.batch.insert(ENTRIES, rows)
        self.batch.update(LEASES, [vars(held) for held in self._held.values()])
        self.batch.write(self.session)
