"""One human over all institutions, found by her document and never told twice."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.db import insert_all_absent
from lms.domain.errors import Refused
from lms.domain.identity import DocumentType, check_name, check_number, matching_name
from lms.models.base import new_id
from lms.models.people import Person
from lms.services import sealed


@dataclass(frozen=True)
class Named:
    """Somebody as she is told of: name and number in normal form, and the fingerprint she is found by."""

    name: str
    document_type: DocumentType
    number: str
    pid: str


def named(keyring: Keyring, *, name: str, document_type: DocumentType, number: str) -> Named:
    """What a form or a file tells of somebody; Refused when name or number cannot be right."""
    name, number = check_name(name), check_number(document_type, number)
    return Named(name, document_type, number, sealed.pid(keyring, document_type, number))


def register(
    session: Session, keyring: Keyring, *, name: str, document_type: DocumentType, number: str, now: datetime
) -> Person:
    """The person with this document, made on first sight; names are kept as first typed.

    Refused when name or number cannot be right, and when the document is on record under another name:
    `person_name_differs` says no more than that, so nobody learns a name by trying numbers.
    """
    told = named(keyring, name=name, document_type=document_type, number=number)
    found = register_all(session, keyring, [told], now=now)[told.pid]
    if matching_name(found.name) != matching_name(told.name):
        raise Refused("person_name_differs")
    return found


def find_all(session: Session, pids: Collection[str]) -> dict[str, Person]:
    """Those who are on record, by their fingerprints."""
    return {found.pid: found for found in session.scalars(select(Person).where(Person.pid.in_(pids)))}


def register_all(session: Session, keyring: Keyring, told: Sequence[Named], *, now: datetime) -> dict[str, Person]:
    """The persons with these documents by fingerprint, made on first sight. Names are for the caller to compare.

    Two institutions may register the same person in the same moment: then both get the one who was first, and in
    the order of the fingerprints neither waits for the other in a circle.
    """
    found = find_all(session, {each.pid for each in told})
    missing = {each.pid: each for each in told if each.pid not in found}
    if not missing:
        return found
    rows = [_row(keyring, missing[pid], now) for pid in sorted(missing)]
    insert_all_absent(session, Person, rows)
    return found | find_all(session, missing)


def _row(keyring: Keyring, told: Named, now: datetime) -> dict[str, object]:
    person_id = new_id()
    return {
        "id": person_id,
        "pid": told.pid,
        "name": told.name,
        "document_type": told.document_type.value,
        "document_sealed": sealed.seal_document(keyring, person_id, told.number),
        "created_at": now,
    }
