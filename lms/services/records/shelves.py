"""What a desk sees of records: the proposals that wait, and one record with all that was said of it."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from lms.domain.certificates import normal_code
from lms.domain.errors import NotFound
from lms.domain.records import Decision, ProposalKind, StateReason, proposable
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.enrollments import Cohort, Enrollment
from lms.models.organisations import Organisation
from lms.models.people import Person
from lms.models.records import Record, RecordDecision, RecordProposal, RecordStep
from lms.services import humans, scopes
from lms.services.records.reading import PublicRecord, views
from lms.services.scopes import Actor

MOST = 200
Decider = aliased(Account)


@dataclass(frozen=True)
class ProposalRow:
    """What was proposed of a record; `decision` is None while it waits."""

    id: uuid.UUID
    record_id: uuid.UUID
    code: str
    name: str
    organisation: str
    kind: ProposalKind
    reason: StateReason
    words: str
    proposed_by: str
    proposed_at: datetime
    decision: Decision | None
    note: str
    decided_by: str
    decided_at: datetime | None
    is_mine: bool


@dataclass(frozen=True)
class DeskRecord:
    """One record at a desk. `is_own`: it is about whoever looks, who may say nothing of it.

    `kinds`: what may be proposed of it now.
    """

    id: uuid.UUID
    enrollment_id: uuid.UUID
    name: str
    organisation: str
    record: PublicRecord
    proposals: tuple[ProposalRow, ...]
    kinds: tuple[ProposalKind, ...]
    is_own: bool


def own_words(session: Session, actor: Actor) -> dict[str, str]:
    """By code of a learner's own record: what staff wrote of its last change, where people changed it."""
    mine = scopes.own_records_of(actor).with_only_columns(Record.id)
    rows = (
        select(Record.code, RecordProposal.words)
        .join(RecordStep, RecordStep.record_id == Record.id)
        .join(RecordProposal, RecordProposal.id == RecordStep.proposal_id)
        .where(Record.id.in_(mine))
        .order_by(RecordStep.number)
    )
    return {row.code: row.words for row in session.execute(rows)}


def list_proposals(session: Session, actor: Actor, desk: Role) -> list[ProposalRow]:
    """The proposals of a desk: those that wait first, then the newest."""
    return _proposals(session, actor, desk, None)


def _proposals(session: Session, actor: Actor, desk: Role, record_id: uuid.UUID | None) -> list[ProposalRow]:
    mine = scopes.completion_records_of(actor, desk).with_only_columns(Record.id)
    rows = (
        select(RecordProposal, RecordDecision, Record.code, Person.name, Organisation.name, Account.name, Decider.name)
        .select_from(RecordProposal)
        .join(Record, Record.id == RecordProposal.record_id)
        .join(Enrollment, Enrollment.id == Record.enrollment_id)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .join(Organisation, Organisation.id == Cohort.organisation_id)
        .join(Person, Person.id == Enrollment.person_id)
        .join(Account, Account.id == RecordProposal.proposed_by)
        .outerjoin(RecordDecision, RecordDecision.proposal_id == RecordProposal.id)
        .outerjoin(Decider, Decider.id == RecordDecision.decided_by)
        .where(RecordProposal.record_id.in_(mine))
        .order_by(RecordDecision.proposal_id.is_not(None), RecordProposal.id.desc())
        .limit(MOST)
    )
    if record_id is not None:
        rows = rows.where(RecordProposal.record_id == record_id)
    found, hers = session.execute(rows).all(), humans.accounts_of(session, actor.account_id)
    return [_row(row, hers) for row in found]


def _row(row: Any, hers: Collection[uuid.UUID]) -> ProposalRow:
    proposal, said, code, name, organisation, by, decider = row
    return ProposalRow(
        id=proposal.id,
        record_id=proposal.record_id,
        code=code,
        name=name,
        organisation=organisation,
        kind=ProposalKind(proposal.kind),
        reason=StateReason(proposal.reason),
        words=proposal.words,
        proposed_by=by,
        proposed_at=proposal.proposed_at,
        decision=Decision(said.decision) if said else None,
        note=said.note if said else "",
        decided_by=decider or "",
        decided_at=said.decided_at if said else None,
        is_mine=proposal.proposed_by in hers,
    )


def get_of_desk(session: Session, actor: Actor, desk: Role, record_id: uuid.UUID, *, now: datetime) -> DeskRecord:
    """One record with what was proposed of it; NotFound for a stranger's."""
    row = session.scalar(scopes.completion_records_of(actor, desk).where(Record.id == record_id))
    if row is None:
        raise NotFound
    told = (
        select(Person.id, Person.name, Organisation.name)
        .select_from(Enrollment)
        .join(Person, Person.id == Enrollment.person_id)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .join(Organisation, Organisation.id == Cohort.organisation_id)
        .where(Enrollment.id == row.enrollment_id)
    )
    person_id, name, organisation = session.execute(told).one()
    record, proposals = views(session, [row], now=now)[0], tuple(_proposals(session, actor, desk, record_id))
    is_own = actor.person_id in humans.bodies(session, person_id)
    is_closed = is_own or any(each.decision is None for each in proposals)
    return DeskRecord(
        id=row.id,
        enrollment_id=row.enrollment_id,
        name=name,
        organisation=organisation,
        record=record,
        proposals=proposals,
        kinds=() if is_closed else _kinds(session, row, record),
        is_own=is_own,
    )


def _kinds(session: Session, row: Record, record: PublicRecord) -> tuple[ProposalKind, ...]:
    later = select(Record.id).where(Record.enrollment_id == row.enrollment_id, Record.number > row.number)
    may = proposable(record.state)
    if session.scalar(later.limit(1)) is None:
        return may
    return tuple(kind for kind in may if kind is not ProposalKind.REISSUE)


def find_of_code(session: Session, actor: Actor, desk: Role, code: str) -> uuid.UUID | None:
    """The record of this code, if the desk may look into it."""
    mine = scopes.completion_records_of(actor, desk).where(Record.code == (normal_code(code) or ""))
    return session.scalar(mine.with_only_columns(Record.id))


def find_of_enrollment(session: Session, actor: Actor, desk: Role, enrollment_id: uuid.UUID) -> uuid.UUID | None:
    """The last record of an enrollment, if the desk may look into it."""
    mine = scopes.completion_records_of(actor, desk).where(Record.enrollment_id == enrollment_id)
    return session.scalar(mine.with_only_columns(Record.id).order_by(Record.number.desc()).limit(1))
