"""One member of an institution's staff proposes; nothing changes yet, whatever the number is known of elsewhere."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain import changes, documents
from lms.domain.changes import ChangeKind
from lms.domain.documents import DocumentType
from lms.domain.errors import Refused
from lms.domain.identity import check_name
from lms.domain.words import check_words
from lms.models.base import new_id
from lms.models.people import IdentityChange
from lms.services import audit, humans, sealed
from lms.services.identity import places
from lms.services.identity.places import Place
from lms.services.scopes import Actor


def propose_name(
    session: Session, keyring: Keyring, actor: Actor, enrollment_id: uuid.UUID, name: str, reason: str, *, now: datetime
) -> uuid.UUID:
    """Another name for a learner. Refused: name_*, words_*, identity_unchanged; Forbidden: identity_own."""
    place = _place(session, actor, enrollment_id)
    name = check_name(name)
    changes.check_changed(place.person.name, name)
    return _propose(session, keyring, actor, place, ChangeKind.NAME, ("", place.person.name, name), reason, None, now)


def propose_number(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    enrollment_id: uuid.UUID,
    document_id: uuid.UUID | None,
    document_type: DocumentType,
    number: str,
    reason: str,
    *,
    now: datetime,
) -> uuid.UUID:
    """The right number in the place of document `document_id`, or, without one, one more document of the learner.

    Refused: document_*, words_*, identity_unchanged; Forbidden: identity_own; NotFound for another's document.
    """
    place = _place(session, actor, enrollment_id)
    told = documents.read(document_type, number, clock.civil_day(now))
    pid = sealed.pid(keyring, document_type, told.number)
    old = places.document(session, place.person.id, document_id) if document_id else None
    for each in places.standing(session, place.person.id):
        if each.pid == pid and (old is None or each.id == old.id):
            raise Refused("identity_unchanged")
    before = sealed.open_document(keyring, old.id, old.number_sealed) if old else ""
    kind = ChangeKind.NUMBER if old else ChangeKind.DOCUMENT
    texts = (document_type.value, before, told.number)
    return _propose(session, keyring, actor, place, kind, texts, reason, document_id, now)


def _place(session: Session, actor: Actor, enrollment_id: uuid.UUID) -> Place:
    place = places.find(session, actor, enrollment_id)
    changes.check_proposer(
        humans.living(session, place.person.id), humans.self_of(session, actor.account_id, actor.person_id)
    )
    return place


def _propose(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    place: Place,
    kind: ChangeKind,
    texts: tuple[str, str, str],
    reason: str,
    document_id: uuid.UUID | None,
    now: datetime,
) -> uuid.UUID:
    change_id, (document_type, before, after) = new_id(), texts
    session.add(
        IdentityChange(
            id=change_id,
            kind=kind.value,
            person_id=place.person.id,
            enrollment_id=place.enrollment.id,
            organisation_id=place.cohort.organisation_id,
            document_id=document_id,
            document_type=document_type,
            before_sealed=sealed.seal_change(keyring, change_id, "before", before),
            after_sealed=sealed.seal_change(keyring, change_id, "after", after),
            after_pid=sealed.pid(keyring, DocumentType(document_type), after) if document_type else "",
            reason=check_words(reason),
            proposed_by=actor.account_id,
            proposed_at=now,
        )
    )
    session.flush()
    audit.record(
        session,
        "identity.propose",
        change_id,
        now=now,
        account_id=actor.account_id,
        organisation_id=place.cohort.organisation_id,
        detail={"kind": kind.value, "enrollment": str(place.enrollment.id)},
    )
    return change_id
