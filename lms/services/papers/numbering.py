"""Papers get their serial numbers: once for each record, without gaps, and what they show is frozen with them."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock, db
from lms.crypto import Keyring
from lms.domain.documents import mask_number
from lms.domain.papers import Held, serial_of
from lms.models.base import new_id
from lms.models.certificates import Certificate
from lms.models.enrollments import Cohort, Enrollment
from lms.models.papers import Paper, PaperCounter
from lms.models.people import Person, PersonDocument, PersonName
from lms.services import sealed
from lms.services.papers import templates

SOME = 500


def number(session: Session, keyring: Keyring, records: Sequence[Certificate], *, now: datetime) -> Mapping[str, Paper]:
    """The papers of these records by code; those that have none yet get the next serial numbers of their year."""
    counters = _counters(session, {_year(each) for each in records})
    known = find(session, [each.code for each in records])
    fresh = sorted((each for each in records if each.code not in known), key=lambda each: (each.issued_at, each.code))
    holders, chosen = _holders(session, keyring, fresh), _templates(session, fresh)
    for each in fresh:
        counter = counters[_year(each)]
        counter.last += 1
        made = Paper(id=new_id(), code=each.code, enrollment_id=each.enrollment_id, numbered_at=now)
        made.serial, made.template_id = serial_of(counter.year, counter.last), chosen[each.enrollment_id]
        held = holders[each.code]
        made.holder_sealed = sealed.seal_holder(keyring, made.id, held.name, held.number)
        known[each.code] = made
    session.add_all(known[each.code] for each in fresh)
    session.flush()
    return known


def find(session: Session, codes: Sequence[str]) -> dict[str, Paper]:
    """The papers that these records have."""
    rows = (session.scalars(select(Paper).where(Paper.code.in_(some))) for some in _some(codes))
    return {each.code: each for part in rows for each in part}


def _some(ids: Iterable[object]) -> Iterable[tuple[object, ...]]:
    found = list(ids)
    return (tuple(found[low : low + SOME]) for low in range(0, len(found), SOME))


def _year(record: Certificate) -> int:
    return clock.civil_day(record.issued_at).year


def _counters(session: Session, years: set[int]) -> dict[int, PaperCounter]:
    """The counters, held until the end of the transaction: who numbers at the same time waits, and then sees ours."""
    held = {}
    for year in sorted(years):
        db.insert_if_absent(session, PaperCounter, year=year, last=0)
        mine = select(PaperCounter).where(PaperCounter.year == year).with_for_update()
        held[year] = session.scalars(mine.execution_options(populate_existing=True)).one()
    return held


def _templates(session: Session, records: Sequence[Certificate]) -> dict[uuid.UUID, uuid.UUID | None]:
    """By enrollment: the template in use at her institution."""
    places: dict[uuid.UUID, uuid.UUID] = {}
    for some in _some(each.enrollment_id for each in records):
        rows = select(Enrollment.id, Cohort.organisation_id).join(Cohort, Cohort.id == Enrollment.cohort_id)
        places |= {row[0]: row[1] for row in session.execute(rows.where(Enrollment.id.in_(some)))}
    newest = {place: templates.newest(session, place) for place in set(places.values())}
    return {each: row.id if (row := newest[place]) else None for each, place in places.items()}


def _holders(session: Session, keyring: Keyring, records: Sequence[Certificate]) -> dict[str, Held]:
    """By code: her name and number as they were known when the record was issued."""
    people: dict[uuid.UUID, Person] = {}
    names: dict[uuid.UUID, list[PersonName]] = {}
    documents: dict[uuid.UUID, list[PersonDocument]] = {}
    for some in _some(each.enrollment_id for each in records):
        rows = select(Enrollment.id, Person).join(Person, Person.id == Enrollment.person_id)
        people |= {row[0]: row[1] for row in session.execute(rows.where(Enrollment.id.in_(some)))}
    for some in _some({each.id for each in people.values()}):
        for name in session.scalars(select(PersonName).where(PersonName.person_id.in_(some))):
            names.setdefault(name.person_id, []).append(name)
        for each in session.scalars(select(PersonDocument).where(PersonDocument.person_id.in_(some))):
            documents.setdefault(each.person_id, []).append(each)
    found = {}
    for record in records:
        person = people[record.enrollment_id]
        name = _name(person, names.get(person.id, []), record.issued_at)
        clear = _number(keyring, person, documents.get(person.id, []), record.issued_at)
        found[record.code] = Held(name, mask_number(clear))
    return found


def _name(person: Person, known: Sequence[PersonName], at: datetime) -> str:
    then = [each for each in known if each.since <= at]
    return max(then, key=lambda each: (each.since, each.id)).name if then else person.name


def _number(keyring: Keyring, person: Person, known: Sequence[PersonDocument], at: datetime) -> str:
    """Of the documents that she had then the current one, else the last one added."""
    then = [each for each in known if each.added_at <= at and (each.withdrawn_at is None or each.withdrawn_at > at)]
    held = max(then, key=lambda each: (each.is_current, each.added_at, each.id), default=None)
    if held is None or not held.number_sealed:
        return sealed.open_document(keyring, person.id, person.document_sealed)
    return sealed.open_document(keyring, held.id, held.number_sealed)
