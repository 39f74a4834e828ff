"""One human over all institutions, found by any of her documents and never told twice."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.db import insert_all_absent
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
from lms.services import humans, pasts, sealed


@dataclass(frozen=True)
class Named:
    """Somebody as she is told of: name and document in normal form, and the fingerprint she is found by."""

    name: str
    document: Document
    pid: str


@dataclass(frozen=True)
class Human:
    """Somebody on record: the living person, and the names of all persons she is on record as, by their ids."""

    person: Person
    names: Mapping[uuid.UUID, str]

    def is_named(self, name: str) -> bool:
        """Whether a name is hers, however it is spaced and dotted."""
        return matching_name(name) in map(matching_name, self.names.values())


def named(keyring: Keyring, *, name: str, document_type: DocumentType, number: str, now: datetime) -> Named:
    """What a form or a file tells of somebody; Refused when name or number cannot be right."""
    name, document = check_name(name), documents.read(document_type, number, clock.civil_day(now))
    return Named(name, document, sealed.pid(keyring, document.document_type, document.number))


def register(
    session: Session, keyring: Keyring, *, name: str, document_type: DocumentType, number: str, now: datetime
) -> Person:
    """The person with this document, made on first sight; names are kept as first typed.

    Where two people found several persons to be one human, it is the living one. Refused when name or number cannot
    be right, and when the document is on record under another name: `person_name_differs` says no more than that,
    so nobody learns a name by trying numbers.
    """
    told = named(keyring, name=name, document_type=document_type, number=number, now=now)
    found = register_all(session, keyring, [told], now=now)[told.pid]
    if not found.is_named(told.name):
        raise Refused("person_name_differs")
    return found.person


def find_all(session: Session, pids: Collection[str]) -> dict[str, Human]:
    """Those who are on record, by the fingerprints of documents that stand."""
    living = func.coalesce(PersonLink.living_id, PersonDocument.person_id)
    query = (
        select(PersonDocument.pid, Person)
        .outerjoin(PersonLink, PersonLink.person_id == PersonDocument.person_id)
        .join(Person, Person.id == living)
        .where(PersonDocument.pid.in_(pids), PersonDocument.withdrawn_at.is_(None))
    )
    found = dict(session.execute(query).all())
    others = humans.other_bodies(session, {person.id for person in found.values()})
    names = _names(session, [each for bodies in others.values() for each in bodies])
    return {
        pid: Human(person, {person.id: person.name} | {each: names[each] for each in others.get(person.id, [])})
        for pid, person in found.items()
    }


def _names(session: Session, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    if not person_ids:
        return {}
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids))).all())


def register_all(session: Session, keyring: Keyring, told: Sequence[Named], *, now: datetime) -> dict[str, Human]:
    """The humans with these documents by fingerprint, made on first sight. Names are for the caller to compare.

    Two institutions may register the same person in the same moment: then both get the one who was first, and in
    the order of the fingerprints neither waits for the other in a circle. Conflict("changed_meanwhile"): read again.
    """
    found = find_all(session, {each.pid for each in told})
    missing = {each.pid: each for each in told if each.pid not in found}
    if not missing:
        return found
    _create_all(session, keyring, [missing[pid] for pid in sorted(missing)], now)
    found |= find_all(session, missing)
    if len(found) < len({each.pid for each in told}):
        raise Conflict("changed_meanwhile")
    return found


def _create_all(session: Session, keyring: Keyring, told: Sequence[Named], now: datetime) -> None:
    """Somebody else's person or document of the same moment stands: then ours is not written, or goes again."""
    taken = set(session.scalars(select(Person.pid).where(Person.pid.in_([each.pid for each in told]))))
    new = {new_id(): each for each in told}
    insert_all_absent(session, Person, [_row(keyring, key, each, now, taken) for key, each in new.items()])
    mine = session.scalars(select(Person.id).where(Person.id.in_(new))).all()
    made = [(each, new[each]) for each in sorted(mine)]
    since = {"since": now, "change_id": None}
    insert_all_absent(session, PersonName, [{"id": k, "person_id": k, "name": each.name, **since} for k, each in made])
    rows = [_document(keyring, key, key, each.pid, each.document, now) for key, each in made]
    insert_all_absent(session, PersonDocument, rows)
    standing = set(session.scalars(select(PersonDocument.id).where(PersonDocument.id.in_(mine))))
    forget_all(session, set(mine) - standing)


def _row(keyring: Keyring, person_id: uuid.UUID, told: Named, now: datetime, taken: set[str]) -> dict[str, Any]:
    """Her pseudonym is of the number, unless somebody was once entered with it by mistake and keeps that for good."""
    return {
        "id": person_id,
        "pid": keyring.index("person", str(person_id)) if told.pid in taken else told.pid,
        "name": told.name,
        "document_type": told.document.document_type.value,
        "document_sealed": sealed.seal_document(keyring, person_id, told.document.number),
        "created_at": now,
    }


def find(session: Session, pid: str) -> Person | None:
    """The living person with a document that stands, by its keyed index."""
    document = find_document(session, pid)
    return session.get_one(Person, humans.living(session, document.person_id)) if document else None


def find_document(session: Session, pid: str) -> PersonDocument | None:
    """The document that stands under a keyed index, whoever's it is."""
    standing = PersonDocument.withdrawn_at.is_(None)
    return session.scalar(select(PersonDocument).where(PersonDocument.pid == pid, standing))


def _document(
    keyring: Keyring, document_id: uuid.UUID, person_id: uuid.UUID, pid: str, told: Document, now: datetime
) -> dict[str, Any]:
    return {
        "id": document_id,
        "person_id": person_id,
        "pid": pid,
        "document_type": told.document_type.value,
        "number_sealed": sealed.seal_document(keyring, document_id, told.number),
        "remarks": list(told.remarks),
        "is_current": True,
        "state": _form(told.number).value,
        "added_at": now,
    }


def _form(number: str) -> State:
    return State.FORMAT if documents.has_check_sign(number) else State.UNCHECKED


def add_document(
    session: Session, keyring: Keyring, person_id: uuid.UUID, told: Document, *, now: datetime
) -> PersonDocument:
    """One more document of a person; reports go on printing the one they print. Conflict: document_taken."""
    pid = sealed.pid(keyring, told.document_type, told.number)
    if find_document(session, pid) is not None:
        raise Conflict("document_taken")
    made = PersonDocument(**_document(keyring, new_id(), person_id, pid, told, now) | {"is_current": False})
    session.add(made)
    session.flush()
    return made


def print_number(session: Session, keyring: Keyring, person_id: uuid.UUID, told: Document, *, now: datetime) -> None:
    """Lets reports print this number of a person, and marks her document that has it as the one in use; reports of the
    days before still print the old one."""
    pid = sealed.pid(keyring, told.document_type, told.number)
    for each in session.scalars(select(PersonDocument).where(PersonDocument.person_id == person_id)):
        each.is_current = each.pid == pid and each.withdrawn_at is None
    person = session.get_one(Person, person_id)
    pasts.keep_number(session, person, now=now)
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


def joined(session: Session, person_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those whom two people found to be the same human as another person on record."""
    links = or_(PersonLink.person_id.in_(person_ids), PersonLink.living_id.in_(person_ids))
    rows = session.execute(select(PersonLink.person_id, PersonLink.living_id).where(links))
    return {each for row in rows for each in row} & set(person_ids)


def forget_all(session: Session, person_ids: Collection[uuid.UUID]) -> None:
    """Deletes persons whom nobody knows any more, and what was proposed of them; never one who is joined."""
    if not person_ids:
        return
    changes = select(IdentityChange.id).where(IdentityChange.person_id.in_(person_ids))
    mine = select(PersonDocument.id).where(PersonDocument.person_id.in_(person_ids))
    session.execute(delete(PersonName).where(PersonName.person_id.in_(person_ids)))
    session.execute(delete(IdentityDecision).where(IdentityDecision.change_id.in_(changes)))
    session.execute(delete(IdentityChange).where(IdentityChange.person_id.in_(person_ids)))
    session.execute(delete(DocumentCheck).where(DocumentCheck.document_id.in_(mine)))
    session.execute(delete(PersonDocument).where(PersonDocument.person_id.in_(person_ids)))
    session.execute(delete(Person).where(Person.id.in_(person_ids)))
