"""The ledger of completion records (证书发放台账, domain.md 6.1), as of now or of any day that is over.

A record and what was true when it was issued are frozen, and what became of it has its moment, so the ledger of a past
day is the same whenever asked for. What was superseded or taken back by then is not in it.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select, true, tuple_
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain.identity import mask_number
from lms.domain.records import RecordState
from lms.models.enrollments import Enrollment
from lms.models.papers import Paper
from lms.models.people import Person
from lms.models.records import Record, RecordStep
from lms.services import consents, pasts, scopes, sealed, selections
from lms.services.scopes import Actor
from lms.services.selections import Selection

BATCH = 500


@dataclass(frozen=True)
class RegisterRow:
    """One record: its code, the serial number of its certificate ("" before it has one), whose it is, frozen facts.

    `is_over`: its last day had passed.
    """

    enrollment_id: uuid.UUID
    place: int
    code: str
    serial: str
    name: str
    number: str
    issued_on: date
    is_over: bool
    facts: Mapping[str, Any]


def register_rows(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    selection: Selection,
    *,
    unmasked: bool = False,
    start: int = 0,
    now: datetime,
) -> Iterator[RegisterRow]:
    """The records selected, in order of issue. Refused: day_not_over."""
    before = selections.reading(selection, now=now).before
    query = _query(session, actor, selection, now).outerjoin(Paper, _numbered(before))
    query = query.add_columns(Record, Person.name, Person.document_sealed, Paper.serial, _over(before))
    query = query.order_by(Record.issued_at, Record.id).limit(BATCH)
    found, number = session.execute(query.offset(start)).all(), start
    while found:
        hidden = consents.refusing(session, {row[0].person_id for row in found}) if unmasked else set()
        for row in _then(session, found, before):
            number += 1
            yield _row(keyring, row, number, unmasked and row[0].person_id not in hidden)
        last = found[-1][1]
        place = tuple_(Record.issued_at, Record.id)
        found = session.execute(query.where(place > tuple_(last.issued_at, last.id))).all()


def count_registered(session: Session, actor: Actor, selection: Selection, *, now: datetime) -> int:
    """How many records are selected."""
    return selections.count(session, _query(session, actor, selection, now))


def _query(session: Session, actor: Actor, selection: Selection, now: datetime) -> Select[Any]:
    query = selections.within(session, actor, selection, scopes.learners_of(actor))
    query = query.join(Record, scopes.recorded(selections.reading(selection, now=now).before))
    query = query.join(Person, Person.id == Enrollment.person_id)
    if selection.since:
        query = query.where(Record.issued_at >= clock.begin_of_day(selection.since))
    if selection.until:
        query = query.where(Record.issued_at < clock.end_of_day(selection.until))
    return query


def _numbered(before: datetime | None) -> ColumnElement[bool]:
    """What joins a record to the certificate that it had by then."""
    return and_(Paper.record_id == Record.id, true() if before is None else Paper.numbered_at < before)


def _over(before: datetime | None) -> ColumnElement[bool]:
    """Whether the chain of a record said by then that its time is over."""
    lapsed = (RecordStep.record_id == Record.id) & (RecordStep.state == RecordState.EXPIRED.value)
    step = select(RecordStep.record_id).where(lapsed if before is None else lapsed & (RecordStep.at < before))
    return step.correlate(Record).exists()


def _then(session: Session, found: Sequence[Any], before: datetime | None) -> list[tuple[Any, ...]]:
    """The rows with the names and numbers of the day."""
    if before is None:
        return [tuple(row) for row in found]
    persons = {row[0].person_id for row in found}
    names, printed = pasts.names(session, persons, before), pasts.documents(session, persons, before)
    return [
        (enrollment, record, names[enrollment.person_id], printed.get(enrollment.person_id, document), *rest)
        for enrollment, record, _name, document, *rest in found
    ]


def _row(keyring: Keyring, row: Any, place: int, unmasked: bool) -> RegisterRow:
    enrollment, record, name, document, serial, is_over = row
    number = sealed.open_document(keyring, enrollment.person_id, document) if document else ""
    return RegisterRow(
        enrollment_id=enrollment.id,
        place=place,
        code=record.code,
        serial=serial or "",
        name=name,
        number=number if unmasked else mask_number(number),
        issued_on=clock.civil_day(record.issued_at),
        is_over=bool(is_over),
        facts=record.facts,
    )
