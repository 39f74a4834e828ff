"""What people see of a learner's identity: her page, the queue of a desk, one change with what it would do, her own."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select
from sqlalchemy.orm import Session, aliased

from lms.crypto import Keyring
from lms.domain.changes import ChangeDecision, ChangeKind
from lms.domain.documents import DocumentType, mask_number
from lms.domain.errors import NotFound, Refused
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.organisations import Organisation
from lms.models.people import IdentityChange, IdentityDecision, Person
from lms.services import humans, scopes, sealed
from lms.services.identity import deciding, linking
from lms.services.identity.people_views import PersonCard, card
from lms.services.scopes import Actor

MOST = 200
Decider = aliased(Account)


@dataclass(frozen=True)
class ChangeRow:
    """One change in a list; numbers masked; `decision` is None while it waits."""

    id: uuid.UUID
    kind: ChangeKind
    enrollment_id: uuid.UUID
    name: str
    organisation: str
    document_type: DocumentType | None
    before: str
    after: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    decision: ChangeDecision | None
    note: str
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True)
class ChangeView:
    """One change, opened. `why_not`: the code that forbids this actor to decide.

    At the platform's desk: `mine` and `other`, the two persons who would be one human, and for how long both have
    studied in the same moment; empty where the number is nobody else's.
    """

    row: ChangeRow
    why_not: str | None
    mine: PersonCard | None = None
    other: PersonCard | None = None
    overlap_ms: int = 0


def list_changes(session: Session, keyring: Keyring, actor: Actor, desk: Role) -> list[ChangeRow]:
    """The changes of a desk: those that wait first, then the newest."""
    return _rows(session, keyring, scopes.identity_changes_of(actor, desk))


def list_own(session: Session, keyring: Keyring, actor: Actor) -> list[ChangeRow]:
    """What was proposed of the learner's own name and numbers, the newest first."""
    return _rows(session, keyring, scopes.own_identity_changes_of(actor))


def list_of_learner(session: Session, keyring: Keyring, actor: Actor, enrollment_id: uuid.UUID) -> list[ChangeRow]:
    """What the actor's institution proposed of one of its learners."""
    mine = scopes.identity_changes_of(actor, Role.INSTITUTION).where(IdentityChange.enrollment_id == enrollment_id)
    return _rows(session, keyring, mine)


def get_change(session: Session, keyring: Keyring, actor: Actor, desk: Role, change_id: uuid.UUID) -> ChangeView:
    """One change of a desk; NotFound for any other."""
    scope = scopes.identity_changes_of(actor, desk).where(IdentityChange.id == change_id)
    found = _rows(session, keyring, scope)
    change = session.scalar(scope)
    if not found or change is None:
        raise NotFound
    why_not = _why_not(session, actor, desk, change)
    other = deciding.other_of(session, change) if desk is Role.PLATFORM and not found[0].decision else None
    if other is None:
        return ChangeView(found[0], why_not)
    both = [humans.living(session, each) for each in (change.person_id, other)]  # one of them is chosen to live on
    mine, theirs = (card(session, keyring, each) for each in both)
    return ChangeView(found[0], why_not, mine, theirs, linking.overlap_ms(session, *both))


def _why_not(session: Session, actor: Actor, desk: Role, change: IdentityChange) -> str | None:
    try:
        deciding.check_decider(session, actor, desk, change)
    except Refused as refused:
        return refused.code
    return None


def _rows(session: Session, keyring: Keyring, scope: Select[IdentityChange]) -> list[ChangeRow]:
    told = (
        scope.outerjoin(IdentityDecision, IdentityDecision.change_id == IdentityChange.id)
        .join(Person, Person.id == IdentityChange.person_id)
        .join(Organisation, Organisation.id == IdentityChange.organisation_id)
        .join(Account, Account.id == IdentityChange.proposed_by)
        .outerjoin(Decider, Decider.id == IdentityDecision.decided_by)
        .add_columns(IdentityDecision, Person.name, Organisation.name, Account.name, Decider.name)
        .order_by(IdentityChange.proposed_at.desc(), IdentityChange.id.desc())
        .limit(MOST)
    )
    rows = [_row(keyring, *found) for found in session.execute(told)]
    return sorted(rows, key=lambda row: row.decision is not None)


def _row(
    keyring: Keyring,
    change: IdentityChange,
    decided: IdentityDecision | None,
    name: str,
    organisation: str,
    proposer: str,
    decider: str | None,
) -> ChangeRow:
    is_name = change.kind == ChangeKind.NAME
    sides = {"before": change.before_sealed, "after": change.after_sealed}
    texts = {side: sealed.open_change(keyring, change.id, side, held) for side, held in sides.items()}
    shown = texts if is_name else {side: mask_number(text) for side, text in texts.items()}
    return ChangeRow(
        id=change.id,
        kind=ChangeKind(change.kind),
        enrollment_id=change.enrollment_id,
        name=name,
        organisation=organisation,
        document_type=None if is_name else DocumentType(change.document_type),
        before=shown["before"],
        after=shown["after"],
        reason=change.reason,
        proposed_by=proposer,
        proposed_at=change.proposed_at,
        decision=ChangeDecision(decided.decision) if decided else None,
        note=decided.note if decided else "",
        decided_by=decider or "",
        decided_at=decided.decided_at if decided else None,
    )
