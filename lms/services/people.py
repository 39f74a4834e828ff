"""One human over all institutions, found by her document and never told twice."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.errors import Refused
from lms.domain.identity import DocumentType, check_name, check_number, matching_name
from lms.models.base import new_id
from lms.models.people import Person
from lms.services import sealed


def register(
    session: Session, keyring: Keyring, *, name: str, document_type: DocumentType, number: str, now: datetime
) -> Person:
    """The person with this document, made on first sight; names are kept as first typed.

    Refused when name or number cannot be right, and when the document is on record under another name:
    `person_name_differs` says no more than that, so nobody learns a name by trying numbers.
    """
    name, number = check_name(name), check_number(document_type, number)
    pid = sealed.pid(keyring, document_type, number)
    found = _find(session, pid) or _create(session, keyring, pid, name, document_type, number, now)
    if matching_name(found.name) != matching_name(name):
        raise Refused("person_name_differs")
    return found


def _find(session: Session, pid: str) -> Person | None:
    return session.scalar(select(Person).where(Person.pid == pid))


def _create(
    session: Session,
    keyring: Keyring,
    pid: str,
    name: str,
    document_type: DocumentType,
    number: str,
    now: datetime,
) -> Person:
    person_id = new_id()
    made = Person(
        id=person_id,
        pid=pid,
        name=name,
        document_type=document_type.value,
        document_sealed=sealed.seal_document(keyring, person_id, number),
        created_at=now,
    )
    try:
        with session.begin_nested():  # two institutions may register her in the same moment
            session.add(made)
    except IntegrityError:
        return session.scalars(select(Person).where(Person.pid == pid)).one()
    return made
