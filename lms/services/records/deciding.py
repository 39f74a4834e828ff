"""A record is taken back, or issued anew from what is true today, when one person proposes it and another agrees."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain import blended as rules
from lms.domain import records
from lms.domain.credentials import Withdrawal
from lms.domain.errors import Conflict, NotFound
from lms.domain.policies import policy_named
from lms.domain.records import Decision, ProposalKind, RecordState, StateReason
from lms.domain.roles import Role
from lms.domain.words import check_words
from lms.models.base import new_id
from lms.models.enrollments import Enrollment
from lms.models.records import Record, RecordDecision, RecordProposal
from lms.services import audit, blended, credentials, humans, renewals, scopes
from lms.services.records import chain, issuing
from lms.services.scopes import Actor


def propose(
    session: Session,
    actor: Actor,
    desk: Role,
    record_id: uuid.UUID,
    kind: ProposalKind,
    reason: str,
    words: str,
    *,
    now: datetime,
) -> uuid.UUID:
    """Asks for a second person's word; nothing changes yet. `reason`: of `domain.records.REVOKING`, for a revocation.

    NotFound for another institution's record. Refused: record_*, words_*. Conflict: record_state_closed,
    record_proposal_waits, record_replaced.
    """
    place = _place(session, actor, desk, record_id)
    own = _is_hers(session, place, actor)
    state = chain.read(session, place.record).state
    checked, words = records.check_proposal(kind, state, reason, words, own=own)
    if _waiting(session, record_id):
        raise Conflict("record_proposal_waits")
    if kind is ProposalKind.REISSUE:
        _check_last(session, place.record)
    made = RecordProposal(
        id=new_id(),
        record_id=record_id,
        kind=kind.value,
        reason=checked.value,
        words=words,
        proposed_by=actor.account_id,
        proposed_at=now,
    )
    session.add(made)
    _audit(session, "record.propose", place, actor, {"kind": kind.value, "reason": checked.value}, now)
    session.flush()
    return made.id


def decide(
    session: Session,
    actor: Actor,
    desk: Role,
    record_id: uuid.UUID,
    proposal_id: uuid.UUID,
    decision: Decision,
    note: str,
    *,
    now: datetime,
) -> None:
    """Approves or rejects; an approval takes effect at once.

    Forbidden: record_own, record_second_person. Refused: words_*. Conflict: record_decided, record_state_closed,
    record_replaced; record_not_earned, where today's facts are no completion any more.
    """
    place = _place(session, actor, desk, record_id)
    mine = RecordProposal.record_id == record_id
    proposal = session.scalar(select(RecordProposal).where(RecordProposal.id == proposal_id, mine).with_for_update())
    if proposal is None:
        raise NotFound
    own = _is_hers(session, place, actor)
    proposer = humans.self_of(session, proposal.proposed_by)
    decider = humans.self_of(session, actor.account_id, actor.person_id)
    records.check_decider(own=own, proposer=proposer, account_id=decider)
    note = check_words(note)
    if session.get(RecordDecision, proposal.id) is not None:
        raise Conflict("record_decided")
    said = RecordDecision(
        proposal_id=proposal.id, decision=decision.value, note=note, decided_by=actor.account_id, decided_at=now
    )
    session.add(said)
    session.flush()
    if decision is Decision.APPROVED:
        _carry_out(session, place, proposal, actor, now)
    _audit(session, "record.decide", place, actor, {"kind": proposal.kind, "decision": decision.value}, now)
    session.flush()


@dataclass(frozen=True)
class _Place:
    record: Record
    enrollment: Enrollment


def _place(session: Session, actor: Actor, desk: Role, record_id: uuid.UUID) -> _Place:
    """The record, held until the end of the transaction, so that two words on it come one after the other."""
    row = session.scalar(scopes.completion_records_of(actor, desk).where(Record.id == record_id).with_for_update())
    if row is None:
        raise NotFound
    return _Place(row, session.get_one(Enrollment, row.enrollment_id))


def _is_hers(session: Session, place: _Place, actor: Actor) -> bool:
    """Whether the record is the actor's own, under whichever person she is on record."""
    return actor.person_id in humans.bodies(session, place.enrollment.person_id)


def _waiting(session: Session, record_id: uuid.UUID) -> bool:
    decided = select(RecordDecision.proposal_id)
    waits = select(RecordProposal.id).where(RecordProposal.record_id == record_id, RecordProposal.id.not_in(decided))
    return session.scalar(waits.limit(1)) is not None


def _check_last(session: Session, record: Record) -> None:
    """Conflict: record_replaced, for a record that is not the last of its enrollment any more."""
    later = select(Record.id).where(Record.enrollment_id == record.enrollment_id, Record.number > record.number)
    if session.scalar(later.limit(1)) is not None:
        raise Conflict("record_replaced")


def _carry_out(session: Session, place: _Place, proposal: RecordProposal, actor: Actor, now: datetime) -> None:
    _take(session, place, proposal, actor, now)
    stands = select(Record.id).where(Record.enrollment_id == place.enrollment.id, scopes.standing())
    if session.scalar(stands.limit(1)) is None:
        renewals.end(session, place.enrollment.id, now=now)
    else:
        renewals.resume(session, place.enrollment.id)


def _take(session: Session, place: _Place, proposal: RecordProposal, actor: Actor, now: datetime) -> None:
    goal, made = RecordState.REVOKED, None
    if proposal.kind == ProposalKind.REISSUE:
        _check_last(session, place.record)
        goal, made = RecordState.SUPERSEDED, _reissue(session, place, now)
        if chain.read(session, place.record).state is RecordState.REVOKED:
            return  # what was taken back stays so
    chain.enter(
        session,
        place.record,
        goal,
        StateReason(proposal.reason),
        account_id=actor.account_id,
        proposal_id=proposal.id,
        successor=made,
        now=now,
    )
    credentials.withdraw(session, place.record.code, Withdrawal(goal.value), now=now)


def _reissue(session: Session, place: _Place, now: datetime) -> Record:
    enrollment = place.enrollment
    policy = policy_named(enrollment.cohort.policy_code)
    facts = blended.facts(session, [enrollment], {enrollment.id: policy}, now=now)[enrollment.id]
    if not rules.assess(facts, policy).is_yes:
        raise Conflict("record_not_earned")
    return issuing.write(session, enrollment, facts, policy, replaces=place.record, now=now)


def _audit(
    session: Session, action: str, place: _Place, actor: Actor, detail: dict[str, object], now: datetime
) -> None:
    audit.record(
        session,
        action,
        place.enrollment.id,
        now=now,
        account_id=actor.account_id,
        organisation_id=place.enrollment.cohort.organisation_id,
        detail={"record": str(place.record.id), **detail},
    )
