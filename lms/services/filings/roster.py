"""The frozen roster (学员花名册): a version at approval, and one more with each change two people agreed on."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from lms.crypto import Keyring
from lms.domain import filings
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.identity import DocumentType, mask_name
from lms.domain.roles import Role
from lms.domain.words import check_words
from lms.models.accounts import Account
from lms.models.base import new_id
from lms.models.enrollments import Cohort, Enrollment
from lms.models.filings import RosterChange, RosterVersion
from lms.models.people import Person
from lms.services import audit, enrollments, placing, scopes, sealed
from lms.services.filings import places
from lms.services.scopes import Actor

ADD, REMOVE = "add", "remove"
APPROVED, REJECTED = "approved", "rejected"


@dataclass(frozen=True)
class VersionRow:
    """One frozen roster: its number, people, hash, who froze it and when; `reason` is "" for the first."""

    number: int
    people: int
    digest: str
    frozen_by: str
    frozen_at: datetime
    reason: str
    rows: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class ChangeRow:
    """A change asked for: `label` is the learner's masked name; `decision` is "" until somebody decides."""

    id: uuid.UUID
    kind: str
    label: str
    reason: str
    proposed_by: str
    proposed_by_id: uuid.UUID
    proposed_at: datetime
    decision: str
    note: str
    decided_by: str
    decided_at: datetime | None


def freeze(
    session: Session, keyring: Keyring, actor: Actor, cohort: Cohort, change_id: uuid.UUID | None, *, now: datetime
) -> None:
    """Appends the roster as it stands; the caller holds the cohort's lock."""
    rows = places.roster_of(session, keyring, cohort.id)
    count = session.scalar(select(func.count()).where(RosterVersion.cohort_id == cohort.id)) or 0
    made = RosterVersion(
        id=new_id(),
        cohort_id=cohort.id,
        number=count + 1,
        rows=rows,
        digest=filings.digest(rows),
        change_id=change_id,
        frozen_by=actor.account_id,
        frozen_at=now,
    )
    session.add(made)
    session.flush()


def propose_addition(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    cohort_id: uuid.UUID,
    *,
    name: str,
    document_type: DocumentType,
    number: str,
    phone: str,
    reason: str,
    now: datetime,
) -> uuid.UUID:
    """Asks to add somebody to a frozen roster; nothing of hers is entered before another person agrees.

    Refused: the codes of `domain.identity` and `domain.documents`, words_*; Conflict: filing_no_change.
    """
    cohort = _changeable(session, actor, cohort_id)
    told = placing.entry(keyring, name=name, document_type=document_type, number=number, phone=phone, now=now)
    made = _change(actor, cohort, ADD, mask_name(told.named.name), check_words(reason), now)
    asked = {"name": told.named.name, "document_type": document_type.value}
    asked |= {"number": told.named.document.number, "phone": told.phone}
    made.person_sealed = sealed.seal_addition(keyring, made.id, asked)
    return _proposed(session, actor, cohort, made, now)


def propose_removal(
    session: Session, actor: Actor, cohort_id: uuid.UUID, enrollment_id: uuid.UUID | None, *, reason: str, now: datetime
) -> uuid.UUID:
    """Asks to take somebody out of a frozen roster; `enrollment_id`: None where nobody was chosen.

    NotFound; Refused: filing_nobody, words_*, learner_has_study; Conflict: filing_no_change, filing_change_waiting.
    """
    cohort = _changeable(session, actor, cohort_id)
    if enrollment_id is None:
        raise Refused("filing_nobody")
    enrollment, person = _in(session, cohort, enrollment_id)
    enrollments.check_without_study(session, enrollment.id)
    asked = select(RosterChange.id).where(RosterChange.enrollment_id == enrollment.id, RosterChange.decision == "")
    if session.scalar(asked.limit(1)):
        raise Conflict("filing_change_waiting")
    made = _change(actor, cohort, REMOVE, mask_name(person.name), check_words(reason), now)
    made.enrollment_id = enrollment.id
    return _proposed(session, actor, cohort, made, now)


def _changeable(session: Session, actor: Actor, cohort_id: uuid.UUID) -> Cohort:
    cohort, _filing = places.find(session, actor, cohort_id, Role.INSTITUTION, lock=True)
    filings.check_change(cohort.filing)
    return cohort


def _in(session: Session, cohort: Cohort, enrollment_id: uuid.UUID | None) -> tuple[Enrollment, Person]:
    mine = select(Enrollment, Person).join(Person, Person.id == Enrollment.person_id)
    mine = mine.where(Enrollment.id == enrollment_id, Enrollment.cohort_id == cohort.id)
    row = session.execute(mine).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def _change(actor: Actor, cohort: Cohort, kind: str, label: str, reason: str, now: datetime) -> RosterChange:
    return RosterChange(
        id=new_id(),
        cohort_id=cohort.id,
        kind=kind,
        label=label,
        reason=reason,
        proposed_by=actor.account_id,
        proposed_at=now,
    )


def _proposed(session: Session, actor: Actor, cohort: Cohort, made: RosterChange, now: datetime) -> uuid.UUID:
    session.add(made)
    session.flush()
    _audit(session, "roster.propose", actor, cohort, made, now)
    return made.id


def _audit(session: Session, act: str, actor: Actor, cohort: Cohort, change: RosterChange, now: datetime) -> None:
    detail = {"cohort": str(cohort.id), "kind": change.kind}
    who = {"account_id": actor.account_id, "organisation_id": cohort.organisation_id}
    audit.record(session, act, change.id, now=now, detail=detail, **who)


def decide_change(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    change_id: uuid.UUID,
    *,
    role: Role,
    approved: bool,
    note: str = "",
    now: datetime,
) -> uuid.UUID:
    """A second person, of the institution or of whoever reviews, agrees or not; answers with the cohort.

    Agreed: the learner is entered or taken out as always, and the roster frozen anew. What was sealed of her is gone.
    Refused: words_*, the codes of `enrollments.enter`, learner_has_study; Forbidden: filing_second_person,
    filing_reviewer_works_there; Conflict: filing_change_decided, filing_no_change.
    """
    cohort, change = _to_decide(session, actor, change_id, role)
    places.check_second_person(session, actor, change.proposed_by)
    words = check_words(note, shortest=2) if note.strip() else ""
    if approved:
        filings.check_change(cohort.filing)
        with session.begin_nested():  # the page is shown again after a refusal, and its transaction commits
            _apply(session, keyring, actor, cohort, change, now)
    change.decision, change.note = APPROVED if approved else REJECTED, words
    change.decided_by, change.decided_at, change.person_sealed = actor.account_id, now, None
    session.flush()
    _audit(session, "roster.approve" if approved else "roster.reject", actor, cohort, change, now)
    return cohort.id


def _to_decide(session: Session, actor: Actor, change_id: uuid.UUID, role: Role) -> tuple[Cohort, RosterChange]:
    change = session.get(RosterChange, change_id)
    if change is None:
        raise NotFound
    cohort, _filing = places.find(session, actor, change.cohort_id, role, lock=True)
    places.check_apart(session, actor, cohort, role)
    session.refresh(change)  # as it is under the lock
    if change.decision:
        raise Conflict("filing_change_decided")
    return cohort, change


def _apply(
    session: Session, keyring: Keyring, actor: Actor, cohort: Cohort, change: RosterChange, now: datetime
) -> None:
    if change.kind == ADD:
        asked = sealed.open_addition(keyring, change.id, change.person_sealed or "")
        kind = DocumentType(asked.pop("document_type"))
        enrollments.enter(session, keyring, actor, cohort, document_type=kind, **asked, now=now)
    else:
        enrollment, _person = _in(session, cohort, change.enrollment_id)
        if enrollments.take_out_all(session, actor, cohort, [enrollment.id], now=now):
            raise Refused("learner_has_study")
    session.flush()
    freeze(session, keyring, actor, cohort, change.id, now=now)


def list_changes(session: Session, actor: Actor, cohort_id: uuid.UUID, role: Role) -> list[ChangeRow]:
    """The changes of one class that the actor may see, the newest first."""
    first, second = aliased(Account), aliased(Account)
    rows = (
        select(RosterChange, first.name, second.name)
        .join(first, first.id == RosterChange.proposed_by)
        .outerjoin(second, second.id == RosterChange.decided_by)
        .where(RosterChange.cohort_id.in_(_ids(actor, cohort_id, role)))
        .order_by(RosterChange.proposed_at.desc(), RosterChange.id.desc())
    )
    return [
        ChangeRow(
            id=change.id,
            kind=change.kind,
            label=change.label,
            reason=change.reason,
            proposed_by=proposer,
            proposed_by_id=change.proposed_by,
            proposed_at=change.proposed_at,
            decision=change.decision,
            note=change.note,
            decided_by=decider or "",
            decided_at=change.decided_at,
        )
        for change, proposer, decider in session.execute(rows)
    ]


def list_people(session: Session, keyring: Keyring, actor: Actor, cohort_id: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    """Everybody in a filed class of the actor's institutions, to choose from: enrollment, name with masked number."""
    places.find(session, actor, cohort_id, Role.INSTITUTION)
    rows = places.people_of(session, cohort_id, Role.INSTITUTION)
    return [(enrollment.id, f"{person.name} {places.masked_number(keyring, person)}") for enrollment, person in rows]


def list_versions(session: Session, actor: Actor, cohort_id: uuid.UUID, role: Role) -> list[VersionRow]:
    """The frozen rosters of one class that the actor may see, the newest first."""
    rows = (
        select(RosterVersion, Account.name, RosterChange.reason)
        .join(Account, Account.id == RosterVersion.frozen_by)
        .outerjoin(RosterChange, RosterChange.id == RosterVersion.change_id)
        .where(RosterVersion.cohort_id.in_(_ids(actor, cohort_id, role)))
        .order_by(RosterVersion.number.desc())
    )
    return [
        VersionRow(each.number, len(each.rows), each.digest, name, each.frozen_at, reason or "", tuple(each.rows))
        for each, name, reason in session.execute(rows)
    ]


def _ids(actor: Actor, cohort_id: uuid.UUID, role: Role) -> Select[Any]:
    return scopes.filings_of(actor, role).where(Cohort.id == cohort_id).with_only_columns(Cohort.id)
