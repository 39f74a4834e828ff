"""Evidence is appended to a person's chain in the transaction it tells of, while her lease is held."""

import uuid
from collections.abc import Collection, Iterable, Mapping
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
from lms.models.study import SharedWall, StudyLease
from lms.services import humans

LEASES: Table = StudyLease.metadata.tables[StudyLease.__tablename__]
WALLS: Table = SharedWall.metadata.tables[SharedWall.__tablename__]
ENTRIES: Table = EvidenceEntry.metadata.tables[EvidenceEntry.__tablename__]
NEW_LEASE: dict[str, Any] = {"epoch": 0, "high_water_ms": 0, "entries": 0, "last_leaf": "", "closed_entry": 0}
SHARED = Lookup(select(WALLS.c.living_id, WALLS.c.high_water_ms), WALLS.c.living_id, locked=True)


@dataclass
class Held:
    """A person's lease, locked and in memory: all that happens to her study time queues behind it.

    `living_id`: the human whose wall time she shares with another person on record; `Pen.used_ms` minds both.
    """

    person_id: uuid.UUID
    epoch: int
    high_water_ms: int
    entries: int
    last_leaf: str
    check_in_ms: int | None
    open_check_id: uuid.UUID | None
    closed_entry: int
    living_id: uuid.UUID | None


LOCKED = Lookup(select(*(LEASES.c[each.name] for each in fields(Held))), LEASES.c.person_id, locked=True)


class Pen:
    """Writes one transaction's evidence: entries are linked at once, and reach the database together."""

    def __init__(self, session: Session, *, now_ms: int, now: datetime) -> None:
        self.session = session
        self.now_ms = now_ms
        self.now = now
        self._held: dict[uuid.UUID, Held] = {}
        self._walls: dict[uuid.UUID, int] = {}
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
        self._share(found.values())
        return self._held

    def _share(self, found: Iterable[Held]) -> None:
        """Locks the walls that some of them share: always after leases and in one order, so nobody waits in a ring."""
        shared = sorted({held.living_id for held in found if held.living_id} - self._walls.keys())
        self._walls |= {row.living_id: row.high_water_ms for row in SHARED.rows(self.session, shared)}

    def used_ms(self, held: Held) -> int:
        """How far the human's wall time is used up, over all persons that she is on record as."""
        if held.living_id is None:
            return held.high_water_ms
        hers = [each.high_water_ms for each in self._held.values() if each.living_id == held.living_id]
        return max(self._walls.get(held.living_id, 0), *hers)

    def bodies(self, person_id: uuid.UUID) -> Collection[uuid.UUID]:
        """All persons on record who are the human of this lease; asks the database only where there are others."""
        held = self._held.get(person_id)
        if held is not None and held.living_id is None:
            return (person_id,)
        return humans.bodies(self.session, person_id)

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
        walls = {held.living_id: self.used_ms(held) for held in self._held.values() if held.living_id}
        self.batch.update(WALLS, [{"living_id": each, "high_water_ms": used} for each, used in walls.items()])
        self.batch.write(self.session)
