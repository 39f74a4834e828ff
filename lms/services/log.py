"""The log over everybody's evidence: entries get their place in one Merkle tree; checkpoints are read from it."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, func, insert, select
from sqlalchemy.orm import Session

from lms.domain.merkle import Frontier
from lms.models.evidence import EvidenceEntry, LogCheckpoint, LogLeaf
from lms.models.study import StudyClock
from lms.services.study_clock import ONLY_ROW

BATCH = 5_000
LOOK_BACK_MS = 600_000  # no transaction lives nearly as long; what commits late is found within it
HEX_DIGITS = 64


@dataclass(frozen=True)
class Checkpoint:
    """Size and root of the tree as the signer put its name to them."""

    size: int
    root: str
    signed_at: datetime
    note: str

    @property
    def words(self) -> str:
        """What a QR code holds: enough to know the log again by."""
        return f"{self.size} {self.root}"


def sequence(session: Session, *, limit: int = BATCH) -> int:
    """Gives entries that have none yet the next places in the tree; returns how many, at most `limit`.

    One sequencer at a time. Entries go in as the study clock saw them, but one that
    commits late, under an older reading, finds its place behind.
    """
    hold(session)
    last = _last(session)
    size, floor_ms = (last[0] + 1, last[1] - LOOK_BACK_MS) if last else (0, None)
    rows = session.execute(_waiting(floor_ms).limit(limit)).all()
    if rows:
        session.execute(insert(LogLeaf), [{"position": size + at, **row._mapping} for at, row in enumerate(rows)])
    return len(rows)


def hold(session: Session) -> None:
    """Waits until no other process writes to the log, and keeps it waiting: the row of the study clock is held."""
    session.get(StudyClock, ONLY_ROW, with_for_update=True, populate_existing=True)


def _last(session: Session) -> tuple[int, int] | None:
    """The last place taken, and what the study clock said of its entry."""
    entry = (EvidenceEntry.person_id == LogLeaf.person_id) & (EvidenceEntry.number == LogLeaf.number)
    rows = select(LogLeaf.position, EvidenceEntry.recorded_ms).outerjoin(EvidenceEntry, entry)
    found = session.execute(rows.order_by(LogLeaf.position.desc()).limit(1)).first()
    return (found.position, found.recorded_ms or 0) if found else None


def _waiting(floor_ms: int | None) -> Select[uuid.UUID, int, str]:
    mine = (LogLeaf.person_id == EvidenceEntry.person_id) & (LogLeaf.number == EvidenceEntry.number)
    rows = select(EvidenceEntry.person_id, EvidenceEntry.number, EvidenceEntry.leaf).where(~exists().where(mine))
    if floor_ms is not None:
        rows = rows.where(EvidenceEntry.recorded_ms >= floor_ms)
    return rows.order_by(EvidenceEntry.recorded_ms, EvidenceEntry.person_id, EvidenceEntry.number)


def size(session: Session) -> int:
    """How many entries have their place."""
    last = session.scalar(select(func.max(LogLeaf.position)))
    return 0 if last is None else last + 1


def leaves(session: Session, upto: int) -> Iterator[bytes]:
    """The data of the first `upto` leaves, in order, a batch in memory at a time."""
    for low in range(0, upto, BATCH):
        wanted = LogLeaf.position >= low, LogLeaf.position < min(low + BATCH, upto)
        for leaf in session.scalars(select(LogLeaf.leaf).where(*wanted).order_by(LogLeaf.position)):
            yield bytes.fromhex(leaf)


def latest(session: Session) -> Checkpoint | None:
    """The newest checkpoint."""
    found = list_checkpoints(session, limit=1)
    return found[0] if found else None


def covering(session: Session, moment: datetime) -> Checkpoint | None:
    """The first checkpoint over all that was recorded before a moment; None until it is signed.

    Where nothing was recorded since the last one signed before the moment, it is that one, and stays so: a later one
    may be days away. Asked for a moment that is a minute ago, so that nothing can commit under it any more.
    """
    rows = select(LogCheckpoint).where(LogCheckpoint.signed_at >= moment).order_by(LogCheckpoint.size)
    found, old = session.scalar(rows.limit(1)), select(LogCheckpoint).where(LogCheckpoint.signed_at < moment)
    last = session.scalar(old.order_by(LogCheckpoint.size.desc()).limit(1))
    if last is not None and not _grew(session, last.size, found.size if found else None, moment):
        return view(last)
    return view(found) if found else None


def _grew(session: Session, size: int, upto: int | None, moment: datetime) -> bool:
    """Whether an entry recorded before the moment stands between these sizes, or waits to be given its place."""
    entry = (EvidenceEntry.person_id == LogLeaf.person_id) & (EvidenceEntry.number == LogLeaf.number)
    placed = select(LogLeaf.position).join(EvidenceEntry, entry)
    placed = placed.where(LogLeaf.position >= size, EvidenceEntry.recorded_at < moment)
    if upto is not None:
        return session.scalar(placed.where(LogLeaf.position < upto).limit(1)) is not None
    tail = _last(session)
    waiting = _waiting(tail[1] - LOOK_BACK_MS if tail else None).where(EvidenceEntry.recorded_at < moment)
    return any(session.execute(rows.limit(1)).first() for rows in (placed, waiting))


def list_checkpoints(session: Session, *, below: int | None = None, limit: int = 50) -> list[Checkpoint]:
    """Checkpoints, newest first; only those smaller than `below`, if given."""
    rows = select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(limit)
    if below is not None:
        rows = rows.where(LogCheckpoint.size < below)
    return [view(row) for row in session.scalars(rows)]


def find_checkpoint(session: Session, size: int) -> Checkpoint | None:
    """The checkpoint of exactly this size."""
    row = session.get(LogCheckpoint, size) if size.bit_length() < HEX_DIGITS else None
    return view(row) if row else None


def last_signed(session: Session, moment: datetime) -> Checkpoint | None:
    """The newest checkpoint that was signed by this moment."""
    rows = select(LogCheckpoint).where(LogCheckpoint.signed_at <= moment).order_by(LogCheckpoint.size.desc())
    row = session.scalar(rows.limit(1))
    return view(row) if row else None


def sizes_over(session: Session, position: int) -> Sequence[int]:
    """The sizes of the checkpoints whose tree holds this position, the smallest first."""
    rows = select(LogCheckpoint.size).where(LogCheckpoint.size > position).order_by(LogCheckpoint.size)
    return session.scalars(rows).all()


def frontier(session: Session, upto: int) -> Frontier:
    """The tree over the first `upto` leaves."""
    return Frontier().extended(leaves(session, upto))


def view(row: LogCheckpoint) -> Checkpoint:
    """A checkpoint as others read it."""
    return Checkpoint(row.size, row.root, row.signed_at, row.note)
