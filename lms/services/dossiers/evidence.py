"""The evidence in a dossier: the cohort's entries, the checkpoint, and one proof that all of them stand in it."""

import json
import uuid
from array import array
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import select

from lms.domain import merkle
from lms.models.evidence import EvidenceEntry, LogLeaf
from lms.services import log
from lms.services.dossiers.frame import Frame
from lms.services.log import Checkpoint

NAMES = ("check", "correction", "sitting", "source")
"""What a later entry names instead of the enrollment that the first one named."""
SOME = 500


class Evidence:
    """Written once, entry after entry; then the proof over the positions seen on the way."""

    def __init__(self, frame: Frame, on_progress: Callable[[float], None]) -> None:
        self._frame = frame
        self._tell = on_progress
        self.checkpoint: Checkpoint | None = log.last_signed(frame.session, frame.as_of)
        self._positions = array("q")

    def entries(self) -> Iterator[bytes]:
        """A line an entry: its place in the tree (or -), its leaf, its body, with tabs between; by learner, in order.

        A person's chain tells of all her classes, wherever; only entries of this cohort go into its dossier.
        """
        size = self.checkpoint.size if self.checkpoint else 0
        for done, learner in enumerate(self._frame.learners, start=1):
            for position, leaf, body in self._of(learner.person_id, learner.enrollment_id):
                inside = position is not None and position < size
                if inside:
                    self._positions.append(position)
                yield f"{position if inside else '-'}\t{leaf}\t{body}\n".encode()
            self._tell(done / len(self._frame.learners))

    def _of(self, person_id: uuid.UUID, enrollment_id: uuid.UUID) -> Iterator[tuple[int, str, str]]:
        placed = (LogLeaf.person_id == EvidenceEntry.person_id) & (LogLeaf.number == EvidenceEntry.number)
        rows = (
            select(LogLeaf.position, EvidenceEntry.leaf, EvidenceEntry.body)
            .outerjoin_from(EvidenceEntry, LogLeaf, placed)
            .where(EvidenceEntry.person_id == person_id, EvidenceEntry.recorded_at < self._frame.as_of)
            .order_by(EvidenceEntry.number)
        )
        known = {str(enrollment_id)}
        for row in self._frame.session.execute(rows.execution_options(yield_per=SOME)):
            if _is_of(json.loads(row.body), known):
                yield row.position, row.leaf, row.body

    def proof(self) -> Iterator[bytes]:
        """A line a node: from and to which place it reaches, and its hash; nothing without a checkpoint."""
        if self.checkpoint is None:
            return
        size = self.checkpoint.size
        positions = array("q", sorted(self._positions))
        for low, high, node in merkle.nodes_beside(log.leaves(self._frame.session, size), size, positions):
            yield f"{low}\t{high}\t{node.hex()}\n".encode()


def _is_of(facts: dict[str, Any], known: set[str]) -> bool:
    """Whether an entry tells of the enrollment; what it opens is known from then on."""
    mine = "enrollment" in facts and facts["enrollment"] in known
    mine = mine or ("enrollment" not in facts and any(facts.get(name) in known for name in NAMES))
    if mine:
        known.update(facts[name] for name in NAMES if facts.get(name))
    return mine
