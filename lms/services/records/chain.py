"""The chain of a record's states: read, checked, and added to."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain import records
from lms.domain.records import RecordState, StateReason, Step
from lms.models.enrollments import Cohort, Enrollment
from lms.models.records import Record, RecordStep
from lms.services import audit


@dataclass(frozen=True)
class Chain:
    """All that became of a record, from its issue on; `successors`: by number of a step, the record that took over."""

    steps: tuple[Step, ...]
    successors: Mapping[int, uuid.UUID]
    is_whole: bool

    @property
    def state(self) -> RecordState:
        """What it is now."""
        return self.steps[-1].state


def read(session: Session, record: Record) -> Chain:
    """The chain of one record."""
    return read_all(session, [record])[record.id]


def read_all(session: Session, found: Collection[Record]) -> dict[uuid.UUID, Chain]:
    """By record: its chain, in one query however many there are."""
    rows = select(RecordStep).where(RecordStep.record_id.in_([each.id for each in found]))
    later: dict[uuid.UUID, list[RecordStep]] = {each.id: [] for each in found}
    for row in session.scalars(rows.order_by(RecordStep.record_id, RecordStep.number)):
        later[row.record_id].append(row)
    return {each.id: _chain(each, later[each.id]) for each in found}


def _chain(record: Record, rows: list[RecordStep]) -> Chain:
    later = (Step(row.number, RecordState(row.state), StateReason(row.reason), row.at, row.link) for row in rows)
    steps = (records.first_step(record.facts_hash, record.issued_at), *later)
    successors = {row.number: row.successor_id for row in rows if row.successor_id}
    return Chain(steps, successors, records.is_whole(record.facts_hash, steps))


def states(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, RecordState]:
    """By record: its state now."""
    found = dict.fromkeys(ids, RecordState.VALID)
    rows = select(RecordStep.record_id, RecordStep.state).where(RecordStep.record_id.in_(ids))
    for record_id, state in session.execute(rows.order_by(RecordStep.number)):
        found[record_id] = RecordState(state)
    return found


def enter(
    session: Session,
    record: Record,
    state: RecordState,
    reason: StateReason,
    *,
    account_id: uuid.UUID | None = None,
    proposal_id: uuid.UUID | None = None,
    successor: Record | None = None,
    now: datetime,
) -> None:
    """Adds a step, while no other can be added. Conflict: record_state_closed. Refused: record_reason."""
    session.execute(select(Record.id).where(Record.id == record.id).with_for_update())
    step = records.next_step(record.facts_hash, read(session, record).steps[-1], state, reason, now)
    row = RecordStep(
        record_id=record.id,
        number=step.number,
        state=step.state.value,
        reason=step.reason.value,
        at=step.at,
        link=step.link,
        decided_by=account_id,
        proposal_id=proposal_id,
        successor_id=successor.id if successor else None,
    )
    session.add(row)
    session.flush()
    place = select(Cohort.organisation_id).join(Enrollment, Enrollment.cohort_id == Cohort.id)
    audit.record(
        session,
        "record.state",
        record.enrollment_id,
        now=now,
        account_id=account_id,
        organisation_id=session.scalar(place.where(Enrollment.id == record.enrollment_id)),
        detail={"record": str(record.id), "state": state.value, "reason": reason.value},
    )
