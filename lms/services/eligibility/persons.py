"""What is on record of humans as persons: documents, groups, open cases; by their living person."""

import uuid
from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.cases import CaseState
from lms.domain.eligibility.facts import GroupFact, IdentityState, Known
from lms.domain.eligibility.groups import State, group_named
from lms.models.cases import Case
from lms.models.eligibility import GroupEvidence, GroupWord
from lms.models.people import PersonDocument

Bodies = Mapping[uuid.UUID, uuid.UUID]
BEST = (IdentityState.CONFIRMED, IdentityState.MISMATCH, IdentityState.FORMAT, IdentityState.UNCHECKED)
"""A confirmed document outweighs all others; one that does not match outweighs those nobody asked about."""
PENDING = (State.ENTERED, State.SEEN)


def identities(session: Session, living: Bodies) -> dict[uuid.UUID, tuple[IdentityState, uuid.UUID | None]]:
    """What is known of each human's documents that stand, and the one it is known of."""
    rows = select(PersonDocument.person_id, PersonDocument.state, PersonDocument.id).where(
        PersonDocument.person_id.in_(living), PersonDocument.withdrawn_at.is_(None), PersonDocument.is_current
    )
    found: dict[uuid.UUID, tuple[IdentityState, uuid.UUID | None]] = {}
    for person_id, state, document_id in session.execute(rows.order_by(PersonDocument.id)):
        told, her = IdentityState(state), living[person_id]
        if her not in found or BEST.index(told) < BEST.index(found[her][0]):
            found[her] = (told, document_id)
    return found


def states(session: Session, living: Bodies) -> dict[uuid.UUID, State]:
    """By entry: the last word on it."""
    rows = (
        select(GroupWord.evidence_id, GroupWord.state)
        .join(GroupEvidence, GroupEvidence.id == GroupWord.evidence_id)
        .where(GroupEvidence.person_id.in_(living))
        .order_by(GroupWord.evidence_id, GroupWord.number)
    )
    return {evidence_id: State(state) for evidence_id, state in session.execute(rows)}


def groups(session: Session, living: Bodies) -> dict[uuid.UUID, list[GroupFact]]:
    """Entries that are verified or wait for it; what was refuted or withdrawn says nothing."""
    known, found = states(session, living), defaultdict(list)
    rows = select(GroupEvidence).where(GroupEvidence.person_id.in_(living)).order_by(GroupEvidence.id)
    for row in session.scalars(rows):
        state = known.get(row.id, State.ENTERED)
        if state is State.VERIFIED or state in PENDING:
            told = Known.VERIFIED if state is State.VERIFIED else Known.PENDING
            fact = GroupFact(row.id, group_named(row.group_code), told, row.valid_from, row.valid_until)
            found[living[row.person_id]].append(fact)
    return dict(found)


def open_cases(session: Session, living: Bodies) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Cases about her study that nobody has decided on, at whichever institution."""
    waiting = (CaseState.OPEN.value, CaseState.APPEALED.value)
    rows = select(Case.person_id, Case.id).where(Case.person_id.in_(living), Case.state.in_(waiting))
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for person_id, case_id in session.execute(rows.order_by(Case.id)):
        found[living[person_id]].append(case_id)
    return dict(found)
