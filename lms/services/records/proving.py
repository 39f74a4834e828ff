"""The place of each record's evidence in the log: found once, when a checkpoint covers it, then read."""

import uuid
from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from lms.domain import merkle
from lms.models.enrollments import Enrollment
from lms.models.evidence import EvidenceEntry, LogCheckpoint, LogLeaf
from lms.models.records import Record, RecordProof
from lms.services import log
from lms.services.log import Checkpoint

MOST = 1_000


@dataclass(frozen=True)
class Proof:
    """That `leaf` (hexadecimal) stands at `index` of the tree of a checkpoint: the hashes beside the way up."""

    leaf: str
    index: int
    checkpoint: Checkpoint
    path: tuple[str, ...]


def find(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Proof]:
    """By record: its proof, where there is one already."""
    rows = select(RecordProof, LogCheckpoint).join(LogCheckpoint, LogCheckpoint.size == RecordProof.size)
    return {
        row.record_id: Proof(row.leaf, row.position, log.view(checkpoint), tuple(row.path))
        for row, checkpoint in session.execute(rows.where(RecordProof.record_id.in_(ids)))
    }


def prove(session: Session, *, limit: int = MOST) -> int:
    """Writes the proofs that became possible since; returns how many. The log is read once a checkpoint.

    A record from before its facts named a leaf is proved by the last entry that her chain had when it was issued.
    """
    newest = log.latest(session)
    if newest is None:
        return 0
    done = 0
    for size, rows in _by_checkpoint(session, newest.size, limit).items():
        positions = sorted({row.position for row in rows})
        paths = merkle.inclusion_proofs(log.leaves(session, size), size, positions)
        told = dict(zip(positions, paths, strict=True))
        for row in rows:
            path = [each.hex() for each in told[row.position]]
            session.add(RecordProof(record_id=row.id, leaf=row.leaf, position=row.position, size=size, path=path))
        done += len(rows)
    session.flush()
    return done


def _by_checkpoint(session: Session, size: int, limit: int) -> dict[int, list[Row[uuid.UUID, int, str]]]:
    """The records that wait and whose evidence is covered, by the size of the first tree that covers it."""
    found: dict[int, list[Row[uuid.UUID, int, str]]] = {}
    rows = session.execute(_waiting(size).limit(limit)).all()
    sizes = log.sizes_over(session, min((row.position for row in rows), default=size))
    for row in rows:
        over = bisect_right(sizes, row.position)
        if over < len(sizes):
            found.setdefault(sizes[over], []).append(row)
    return found


def _waiting(size: int) -> Select[uuid.UUID, int, str]:
    entry = EvidenceEntry
    last = (
        select(entry.number)
        .where(entry.person_id == Enrollment.person_id, entry.recorded_at <= Record.issued_at)
        .order_by(entry.number.desc())
        .limit(1)
        .correlate(Enrollment, Record)
        .scalar_subquery()
    )
    proved = select(RecordProof.record_id).where(RecordProof.record_id == Record.id).correlate(Record).exists()
    return (
        select(Record.id, LogLeaf.position, LogLeaf.leaf)
        .join(Enrollment, Enrollment.id == Record.enrollment_id)
        .join(LogLeaf, (LogLeaf.person_id == Enrollment.person_id) & (LogLeaf.number == last))
        .where(LogLeaf.position < size, ~proved)
        .order_by(LogLeaf.position, Record.id)
    )
