"""One human over all institutions, found by any of her documents and never told twice."""

import uuid
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain import documents
from lms.domain.documents import Document, DocumentType
from lms.domain.errors import Conflict, Refused
from lms.domain.identity import check_name, matching_name
from lms.domain.verification import State
from lms.models.base import new_id
from lms.models.people import (
    DocumentCheck,
    IdentityChange,
    IdentityDecision,
    Person,
    PersonDocument,
    PersonLink,
    PersonName,
)
from lms.services import humans, sealed


def register(
    session: Session, keyring: Keyring, *, name: str, document_type: DocumentType, number: str, now: datetime
) -> Person:
    """The person with this document, made on first sight; names are kept as first typed.

    Where two people found several persons to be one human, it is the living one. Refused when name or number cannot
    be right, and when the document is on record under another name: `person_name_differs` says no more than that,
    so nobody learns a name by trying numbers.
    """
    name, told = check_name(name), documents.read(document_type, number, clock.civil_day(now))
    pid = sealed.pid(keyring, document_type, told.number)
    found = find(session, pid) or _create(session, keyring, pid, name, told, now)
    hers = select(Person.name).where(Person.id.in_(humans.bodies(session, found.id)))
    if matching_name(name) not in map(matching_name, session.scalars(hers)):
        raise Refused("person_name_differs")
    return found


def find(session: Session, pid: str) -> Person | None:
    """The living person with a document that stands, by its keyed index."""
    document = find_document(session, pid)
    return session.get_one(Person, humans.living(session, document.person_id)) if document else None


def find_document(session: Session, pid: str) -> PersonDocument | None:
    """The document that stands under a keyed index, whoever's it is."""
    standing = PersonDocument.withdrawn_at.is_(None)
    return session.scalar(select(PersonDocument).where(PersonDocument.pid == pid, standing))


def _create(session: Session, keyring: Keyring, pid: str, name: str, told: Document, now: datetime) -> Person:
    person_id = new_id()
    made = Person(
        id=person_id,
        pid=_free_pid(session, keyring, pid, person_id),
        name=name,
        document_type=told.document_type.value,
        document_sealed=sealed.seal_document(keyring, person_id, told.number),
        created_at=now,
    )
    try:
        with session.begin_nested():  # two institutions may register her in the same moment
            session.add(made)
            session.flush()
            session.add(PersonName(id=person_id, person_id=person_id, name=name, since=now))
            session.add(_document(keyring, person_id, person_id, pid, told, now))
    except IntegrityError:
        found = find(session, pid)
        if found is None:
            raise
        return found
    return made


def _free_pid(session: Session, keyring: Keyring, pid: str, person_id: uuid.UUID) -> str:
    """Her pseudonym: of the number, unless somebody was once entered with it by mistake and keeps that for good."""
    taken = session.scalar(select(Person.id).where(Person.pid == pid))
    return pid if taken is None else keyring.index("person", str(person_id))


def _document(
    keyring: Keyring, document_id: uuid.UUID, person_id: uuid.UUID, pid: str, told: Document, now: datetime
) -> PersonDocument:
    return PersonDocument(
        id=document_id,
        person_id=person_id,
        pid=pid,
        document_type=told.document_type.value,
        number_sealed=sealed.seal_document(keyring, document_id, told.number),
        remarks=list(told.remarks),
        is_current=True,
        state=_form(told.number).value,
        added_at=now,
    )


def _form(number: str) -> State:
    return State.FORMAT if documents.has_check_sign(number) else State.UNCHECKED


def add_document(
    session: Session, keyring: Keyring, person_id: uuid.UUID, told: Document, *, now: datetime
) -> PersonDocument:
    """One more document of a person; reports go on printing the one they print. Conflict: document_taken."""
    pid = sealed.pid(keyring, told.document_type, told.number)
    if find_document(session, pid) is not None:
        raise Conflict("document_taken")
    made = _document(keyring, new_id(), person_id, pid, told, now)
    made.is_current = False
    session.add(made)
    session.flush()
    return made


def print_number(session: Session, keyring: Keyring, person_id: uuid.UUID, told: Document) -> None:
    """Lets reports print this number of a person, and marks her document that has it as the one in use."""
    pid = sealed.pid(keyring, told.document_type, told.number)
    for each in session.scalars(select(PersonDocument).where(PersonDocument.person_id == person_id)):
        each.is_current = each.pid == pid and each.withdrawn_at is None
    person = session.get_one(Person, person_id)
    person.document_type = told.document_type.value
    person.document_sealed = sealed.seal_document(keyring, person_id, told.number)
    session.flush()


def withdraw_document(session: Session, document: PersonDocument, *, now: datetime) -> None:
    """A number that was typed wrong finds nobody any more; the row stays, for the record of what was changed."""
    document.withdrawn_at, document.is_current = now, False
    session.flush()


def rename(
    session: Session, keyring: Keyring, person_id: uuid.UUID, name: str, change_id: uuid.UUID, *, now: datetime
) -> None:
    """Another name from now on; the old one stays in the history.

    What an authority's service said was about the old name: of her documents no more than their form is known again.
    """
    session.get_one(Person, person_id).name = name
    held = (PersonDocument.person_id == person_id) & (PersonDocument.number_sealed != "")
    for each in session.scalars(select(PersonDocument).where(held)):
        each.state = _form(sealed.open_document(keyring, each.id, each.number_sealed)).value
    session.add(PersonName(person_id=person_id, name=name, since=now, change_id=change_id))
    session.flush()


def is_joined(session: Session, person_id: uuid.UUID) -> bool:
    """Whether two people found her to be the same human as another person on record."""
    linked = or_(PersonLink.person_id == person_id, PersonLink.living_id == person_id)
    return session.scalar(select(PersonLink.person_id).where(linked).limit(1)) is not None


def forget(session: Session, person_id: uuid.UUID) -> None:
    """Deletes a person whom nobody knows any more, and what was proposed of her; never one who is joined."""
    changes = select(IdentityChange.id).where(IdentityChange.person_id == person_id)
    mine = select(PersonDocument.id).where(PersonDocument.person_id == person_id)
    session.execute(delete(PersonName).where(PersonName.person_id == person_id))
    session.execute(delete(IdentityDecision).where(IdentityDecision.change_id.in_(changes)))
    session.execute(delete(IdentityChange).where(IdentityChange.person_id == person_id))
    session.execute(delete(DocumentCheck).where(DocumentCheck.document_id.in_(mine)))
    session.execute(delete(PersonDocument).where(PersonDocument.person_id == person_id))
    session.execute(delete(Person).where(Person.id == person_id))
