"""Evidence is appended to a person's chain in the transaction it tells of."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from lms.db import insert_if_absent
from lms.domain import evidence
from lms.domain.evidence import Chain, Entry, EvidenceKind
from lms.models.evidence import EvidenceEntry
from lms.models.study import StudyLease


def locked_lease(session: Session, person_id: uuid.UUID) -> StudyLease:
    """The person's lease, held until the transaction ends: everything about her study time queues here."""
    insert_if_absent(
        session,
        StudyLease,
        person_id=person_id,
        epoch=0,
        high_water_ms=0,
        entries=0,
        last_leaf="",
        closed_entry=0,
    )
    return session.get_one(StudyLease, person_id, with_for_update=True, populate_existing=True)


def append(
    session: Session,
    lease: StudyLease,
    kind: EvidenceKind,
    facts: Mapping[str, object],
    *,
    now_ms: int,
    now: datetime,
) -> Entry:
    """The next entry of the chain that `lease`, which must be locked, is the end of."""
    chain = Chain(str(lease.person_id), lease.entries, lease.last_leaf)
    entry = evidence.link(chain, kind, facts, now_ms, now)
    session.add(row_of(lease.person_id, entry, now_ms=now_ms, now=now))
    lease.entries, lease.last_leaf = entry.number, entry.leaf
    return entry


def row_of(person_id: uuid.UUID, entry: Entry, *, now_ms: int, now: datetime) -> EvidenceEntry:
    """The row that keeps an entry."""
    return EvidenceEntry(
        person_id=person_id,
        number=entry.number,
        kind=entry.kind.value,
        body=entry.body,
        leaf=entry.leaf,
        recorded_ms=now_ms,
        recorded_at=now,
    )
