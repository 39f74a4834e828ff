"""Papers get their serial numbers: once for each record, without gaps; its template is fixed with the number."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock, db
from lms.db import in_parts
from lms.domain.papers import serial_of
from lms.models.base import new_id
from lms.models.enrollments import Cohort, Enrollment
from lms.models.papers import Paper, PaperCounter
from lms.models.records import Record
from lms.services.papers import templates


def number(session: Session, records: Sequence[Record], *, now: datetime) -> Mapping[uuid.UUID, Paper]:
    """The papers of these records, by record; those that have none yet get the next serial numbers of their year.

    Who has hers already waits for nobody.
    """
    known = find(session, [each.id for each in records])
    lacking = [each for each in records if each.id not in known]
    if not lacking:
        return known
    counters = _counters(session, {_year(each) for each in lacking})
    known |= find(session, [each.id for each in lacking])  # another may have been faster
    fresh = sorted((each for each in lacking if each.id not in known), key=lambda each: (each.issued_at, each.id))
    chosen = _templates(session, fresh)
    for each in fresh:
        counter = counters[_year(each)]
        counter.last += 1
        made = Paper(id=new_id(), record_id=each.id, template_id=chosen[each.enrollment_id], numbered_at=now)
        made.serial = serial_of(counter.year, counter.last)
        known[each.id] = made
    session.add_all(known[each.id] for each in fresh)
    session.flush()
    return known


def find(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Paper]:
    """By record: the paper it has."""
    rows = (session.scalars(select(Paper).where(Paper.record_id.in_(some))) for some in in_parts(ids))
    return {each.record_id: each for part in rows for each in part}


def _year(record: Record) -> int:
    return clock.civil_day(record.issued_at).year


def _counters(session: Session, years: set[int]) -> dict[int, PaperCounter]:
    """The counters, held until the end of the transaction: who numbers at the same time waits, and then sees ours."""
    held = {}
    for year in sorted(years):
        db.insert_if_absent(session, PaperCounter, year=year, last=0)
        mine = select(PaperCounter).where(PaperCounter.year == year).with_for_update()
        held[year] = session.scalars(mine.execution_options(populate_existing=True)).one()
    return held


def _templates(session: Session, records: Sequence[Record]) -> dict[uuid.UUID, uuid.UUID | None]:
    """By enrollment: the template in use at her institution."""
    places: dict[uuid.UUID, uuid.UUID] = {}
    for some in in_parts(each.enrollment_id for each in records):
        rows = select(Enrollment.id, Cohort.organisation_id).join(Cohort, Cohort.id == Enrollment.cohort_id)
        places |= {row[0]: row[1] for row in session.execute(rows.where(Enrollment.id.in_(some)))}
    newest = {place: templates.newest(session, place) for place in set(places.values())}
    return {each: row.id if (row := newest[place]) else None for each, place in places.items()}
