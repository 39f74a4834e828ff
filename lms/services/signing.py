"""What the signer signs: only a tree that goes on from the one it signed last; anything else it refuses aloud."""

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain.evidence import leaf_of
from lms.domain.merkle import EMPTY_ROOT, Frontier
from lms.models.audit import AuditEvent
from lms.models.evidence import EvidenceEntry, LogCheckpoint, LogLeaf
from lms.services import audit, log
from lms.services.log import Checkpoint

REFUSED = "log.refused"
HEX = re.compile("[0-9a-f]{64}")
Columns = TypeVarTuple("Columns")


@dataclass(frozen=True)
class Head:
    """Size and root (hexadecimal) of a tree."""

    size: int = 0
    root: str = EMPTY_ROOT.hex()


@dataclass(frozen=True)
class Standing:
    """The newest checkpoint, and since when the signer refuses to sign another (None: it does not)."""

    checkpoint: Checkpoint | None
    refused_at: datetime | None


class LogRefused(Exception):
    """The log is not what it was, or not what it says. `size` tells where it shows.

    Codes: log_shrunk, log_forked, log_garbage, checkpoint_changed, state_behind, state_unreadable.
    """

    def __init__(self, code: str, size: int) -> None:
        super().__init__(f"{code} at {size}")
        self.code = code
        self.size = size


def is_due(session: Session, *, now: datetime) -> bool:
    """Whether today, as China counts days, still wants its checkpoint: the tree is not the one signed last."""
    newest = log.latest(session)
    if newest is None:
        return log.size(session) > 0
    is_another_day = clock.civil_day(newest.signed_at) != clock.civil_day(now)
    return is_another_day and log.size(session) != newest.size


def survey(session: Session, trusted: Head) -> Head:
    """The tree as it stands, built from its leaves; LogRefused unless it goes on from the one we trust."""
    newest = log.latest(session)
    if newest is not None and newest.size > trusted.size:
        raise LogRefused("state_behind", newest.size)
    before = Frontier().extended(_known(session, trusted.size))
    if before.size < trusted.size:
        raise LogRefused("log_shrunk", before.size)
    if before.root().hex() != trusted.root:
        raise LogRefused("log_forked", trusted.size)
    whole = before.extended(_added(session, trusted.size))
    return Head(whole.size, whole.root().hex())


def _known(session: Session, size: int) -> Iterator[bytes]:
    """The leaves signed for before. Their entries were checked then; the root tells whether a leaf was changed."""
    rows = select(LogLeaf.position, LogLeaf.leaf).where(LogLeaf.position < size)
    for position, leaf in _in_order(session, rows, 0):
        if not HEX.fullmatch(leaf):
            raise LogRefused("log_garbage", position)
        yield bytes.fromhex(leaf)


def _added(session: Session, size: int) -> Iterator[bytes]:
    """The leaves since: each must be the fingerprint of an entry that is there."""
    entry = (EvidenceEntry.person_id == LogLeaf.person_id) & (EvidenceEntry.number == LogLeaf.number)
    rows = select(LogLeaf.position, LogLeaf.leaf, EvidenceEntry.body).outerjoin(EvidenceEntry, entry)
    for position, leaf, body in _in_order(session, rows, size):
        if body is None or leaf != leaf_of(body):
            raise LogRefused("log_garbage", position)
        yield bytes.fromhex(leaf)


def _in_order(session: Session, rows: Select[*Columns], low: int) -> Iterator[Row[*Columns]]:
    """The rows from position `low` on, in batches, without a hole."""
    while True:
        batch = session.execute(rows.where(LogLeaf.position >= low).order_by(LogLeaf.position).limit(log.BATCH)).all()
        for row in batch:
            if row.position != low:
                raise LogRefused("log_garbage", low)
            yield row
            low += 1
        if len(batch) < log.BATCH:
            return


def record(session: Session, head: Head, origin: str, sign: Callable[[str], str], *, now: datetime) -> Checkpoint:
    """Signs this head and keeps the checkpoint; the one there already if this tree was signed before."""
    known = log.find_checkpoint(session, head.size)
    if known is not None:
        if known.root != head.root:
            raise LogRefused("checkpoint_changed", head.size)
        return known
    made = Checkpoint(head.size, head.root, now, sign(note_text(origin, head)))
    session.add(LogCheckpoint(size=made.size, root=made.root, signed_at=made.signed_at, note=made.note))
    audit.record(session, "log.checkpoint", head.size, now=now)
    return made


def note_text(origin: str, head: Head) -> str:
    """What is signed (C2SP tlog-checkpoint): who keeps the log, how long it is, its root."""
    return f"{origin}\n{head.size}\n{base64.b64encode(bytes.fromhex(head.root)).decode()}\n"


def refuse(session: Session, refusal: LogRefused, *, now: datetime) -> None:
    """Puts a refusal on record, once for each fault."""
    subject = str(refusal)
    if not audit.knows(session, REFUSED, subject):
        audit.record(session, REFUSED, subject, now=now, detail={"code": refusal.code, "size": refusal.size})


def standing(session: Session) -> Standing:
    """How signing goes, for whoever looks after the machine."""
    newest = log.latest(session)
    rows = select(func.min(AuditEvent.at)).where(AuditEvent.action == REFUSED)
    if newest is not None:
        rows = rows.where(AuditEvent.at > newest.signed_at)
    return Standing(newest, session.scalar(rows))
