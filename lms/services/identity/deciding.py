"""A second person decides; what is approved takes effect at once, and before and after stay on record."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain import changes, documents
from lms.domain.changes import ChangeDecision, ChangeKind
from lms.domain.documents import DocumentType
from lms.domain.errors import Conflict, NotFound
from lms.domain.identity import matching_name
from lms.domain.roles import Role
from lms.domain.words import check_words
from lms.models.accounts import Account
from lms.models.people import IdentityChange, IdentityDecision, Person, PersonDocument
from lms.services import audit, humans, people, scopes, sealed
from lms.services.identity import linking
from lms.services.scopes import Actor


def decide(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    desk: Role,
    change_id: uuid.UUID,
    decision: ChangeDecision,
    note: str,
    living_id: uuid.UUID | None = None,
    *,
    now: datetime,
) -> None:
    """Approves or rejects. `living_id`: which of two persons lives on, where the number is another person's.

    Refused: words_*; Forbidden: identity_own, identity_second_person, identity_for_platform; Conflict:
    identity_decided, identity_choose_living, identity_moved_on when the document or name is no longer what it was.
    """
    change = session.scalar(scopes.identity_changes_of(actor, desk).where(IdentityChange.id == change_id))
    if change is None:
        raise NotFound
    check_decider(session, actor, desk, change)
    note = check_words(note)
    session.get_one(Person, change.person_id, with_for_update=True)  # two who decide at once: one after the other
    if session.get(IdentityDecision, change.id) is not None:
        raise Conflict("identity_decided")
    made = IdentityDecision(
        change_id=change.id, decision=decision.value, note=note, decided_by=actor.account_id, decided_at=now
    )
    if decision is ChangeDecision.APPROVED:
        _Approval(session, keyring, actor, change, made, living_id, now).take()
    session.add(made)
    _audit(session, actor, change, made, now)


def check_decider(session: Session, actor: Actor, desk: Role, change: IdentityChange) -> None:
    """Refuses a decision at the wrong desk or by one of those it takes besides. Forbidden: identity_*."""
    me = humans.self_of(session, actor.account_id, actor.person_id)
    proposer = humans.self_of(session, change.proposed_by)
    learner = humans.living(session, change.person_id)
    changes.check_decider(ChangeKind(change.kind), desk, learner, proposer, me, me)


def _audit(session: Session, actor: Actor, change: IdentityChange, made: IdentityDecision, now: datetime) -> None:
    """That a person was joined is the platform's to know: the row of the institution does not tell it."""
    at: dict[str, Any] = {"now": now, "account_id": actor.account_id}
    detail = {"kind": change.kind, "decision": made.decision}
    audit.record(session, "identity.decide", change.id, organisation_id=change.organisation_id, detail=detail, **at)
    if made.joined_id is not None:
        audit.record(session, "person.join", change.id, detail={"overlap_ms": made.overlap_ms}, **at)
    session.flush()


def other_of(session: Session, change: IdentityChange) -> uuid.UUID | None:
    """The person who already has the number proposed, unless it is the same human."""
    found = taken_by(session, change)
    if found is None or found.person_id in humans.bodies(session, change.person_id):
        return None
    return found.person_id


def taken_by(session: Session, change: IdentityChange) -> PersonDocument | None:
    """The document that stands under the number proposed."""
    return people.find_document(session, change.after_pid) if change.after_pid else None


class _Approval:
    """One approval being carried out."""

    def __init__(
        self,
        session: Session,
        keyring: Keyring,
        actor: Actor,
        change: IdentityChange,
        made: IdentityDecision,
        living_id: uuid.UUID | None,
        now: datetime,
    ) -> None:
        self.session, self.keyring, self.actor, self.now = session, keyring, actor, now
        self.change, self.made, self.living_id = change, made, living_id

    def take(self) -> None:
        if self.change.kind == ChangeKind.NAME:
            return self._rename()
        other = other_of(self.session, self.change)
        if other is not None:
            self._join(other)
        was_printed = self.change.kind == ChangeKind.NUMBER and self._withdraw()
        told = documents.read(DocumentType(self.change.document_type), self._text("after"))
        if taken_by(self.session, self.change) is None:  # else it is hers already, or her other self's
            people.add_document(self.session, self.keyring, self.change.person_id, told, now=self.now)
        if was_printed:
            people.print_number(self.session, self.keyring, self.change.person_id, told, now=self.now)
        return None

    def _text(self, side: str) -> str:
        held = self.change.before_sealed if side == "before" else self.change.after_sealed
        return sealed.open_change(self.keyring, self.change.id, side, held)

    def _rename(self) -> None:
        person, before, after = (
            self.session.get_one(Person, self.change.person_id),
            self._text("before"),
            self._text("after"),
        )
        if person.name != before:
            raise Conflict("identity_moved_on")
        people.rename(self.session, self.keyring, person.id, after, self.change.id, now=self.now)
        mine = select(Account).where(Account.person_id == person.id)
        for account in self.session.scalars(mine):
            if matching_name(account.name) == matching_name(before):
                account.name = after

    def _join(self, other: uuid.UUID) -> None:
        mine = humans.living(self.session, self.change.person_id)
        theirs = humans.living(self.session, other)
        living = changes.check_living(self.living_id, mine, theirs)
        self.made.joined_id = other
        self.made.overlap_ms = linking.overlap_ms(self.session, mine, theirs)
        gone = theirs if living == mine else mine
        linking.join(self.session, self.actor, self.change, living, gone, now=self.now)

    def _withdraw(self) -> bool:
        """Whether reports printed the wrong number until now."""
        old = self.session.get(PersonDocument, self.change.document_id)
        if old is None or old.withdrawn_at is not None:
            raise Conflict("identity_moved_on")
        was_printed = old.is_current
        people.withdraw_document(self.session, old, now=self.now)
        return was_printed
