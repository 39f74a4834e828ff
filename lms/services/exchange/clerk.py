"""The clerk: gives what has changed its place in one order, one clerk at a time, so that readers miss nothing.

A number is given out only after the change it is for was committed, and under a lock that is held until the number
itself is: whoever has read up to a number finds everything that commits later behind it (decision 0090).
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.db import in_parts, insert_if_absent
from lms.domain.attendance import SIGN_OUT_AFTER_MS
from lms.domain.exchange import CONSEQUENCES, ChangeKind
from lms.domain.webhooks import Event
from lms.models.attendance import ClassMeeting
from lms.models.enrollments import Cohort, Enrollment
from lms.models.evidence import LogLeaf
from lms.models.exchange import Change, ChangeClerk, ChangeMark
from lms.services import log
from lms.services.exchange import deliveries, kept
from lms.services.exchange.deliveries import Told

ONLY_ROW = 1
BATCH = 1_000
RENEWED = ("number", "gone", "placed_at", "organisation_id", "cohort_id")
STUDY_PAUSE = timedelta(minutes=1)
"""Study time moves with every heartbeat; it is looked at once a minute, so that studying never waits for it."""
TURNS = (timedelta(0), timedelta(milliseconds=SIGN_OUT_AFTER_MS))
"""After the end of a class, when time alone changes where people stand: it is over; nobody can sign out any more."""

OF_PERSON = ("person", "studied", "restricted")
EVENTS = {
    "cohort": Event.COHORT_CHANGED,
    "new_enrollment": Event.ENROLLMENT_CREATED,
    "enrollment": Event.ENROLLMENT_CHANGED,
    "attendance": Event.ATTENDANCE_CHANGED,
    "score": Event.SCORE_CHANGED,
    "certificate": Event.CERTIFICATE_ISSUED,
    "record_state": Event.CERTIFICATE_CHANGED,
}


@dataclass(frozen=True)
class Place:
    """Where a subject belongs: its institution, its cohort."""

    organisation_id: uuid.UUID
    cohort_id: uuid.UUID


@dataclass(frozen=True)
class Mark:
    """What a trigger wrote: `kind` of thing, which, and the cohort of an enrollment."""

    kind: str
    subject_id: uuid.UUID
    parent_id: uuid.UUID | None = None


Places = dict[tuple[ChangeKind, uuid.UUID], tuple[Place, bool]]
"""By kind and subject: where it belongs, and whether it is gone; in the order of what happened."""


def place(session: Session, *, now: datetime) -> int:
    """Gives the next numbers to what was marked, and asks for the webhooks that tell of it; returns how many marks
    were seen, at most BATCH. The caller goes on while it is as many."""
    clerk = _held(session, now)
    rows = session.scalars(select(ChangeMark).order_by(ChangeMark.id).limit(BATCH)).all()
    marks = [Mark(row.kind, row.subject_id, row.parent_id) for row in rows]
    for part in in_parts([row.id for row in rows]):
        session.execute(delete(ChangeMark).where(ChangeMark.id.in_(part)))  # these alone: others may commit later
    marks += [*_classes_over(session, clerk, now), *_studied(session, clerk, now)]
    if marks:
        found, told = _places(session, marks)
        _number(session, clerk, found, now)
        deliveries.ask(session, told, now=now)
    return len(rows)


def forget(session: Session, *, now: datetime) -> None:
    """Forgets answers kept for a day and messages kept for a month."""
    kept.forget(session, now=now)
    deliveries.forget(session, now=now)


def last_number(session: Session) -> int:
    """The last number given out; all up to it can be read."""
    return session.scalar(select(ChangeClerk.number)) or 0


def _held(session: Session, now: datetime) -> ChangeClerk:
    """The clerk's row, held until the end of the transaction; evidence from before its first day is not told anew."""
    first = {"number": 0, "placed_at": now, "studied_at": now, "classes_at": now}
    if session.get(ChangeClerk, ONLY_ROW) is None:
        insert_if_absent(session, ChangeClerk, id=ONLY_ROW, position=log.size(session), **first)
    return session.get_one(ChangeClerk, ONLY_ROW, with_for_update=True, populate_existing=True)


def _classes_over(session: Session, clerk: ChangeClerk, now: datetime) -> list[Mark]:
    """Cohorts of which a class has taken one of its turns since the last look."""
    ended = ClassMeeting.ends_at
    since = [(ended >= clerk.classes_at - turn) & (ended < now - turn) for turn in TURNS]
    rows = select(ClassMeeting.cohort_id).where(or_(*since)).distinct()
    clerk.classes_at = max(clerk.classes_at, now)
    return [Mark("class", each) for each in session.scalars(rows)]


def _studied(session: Session, clerk: ChangeClerk, now: datetime) -> list[Mark]:
    """Everybody whose evidence has got its place in the log since the last look."""
    if now < clerk.studied_at + STUDY_PAUSE:
        return []
    size = log.size(session)
    fresh = (LogLeaf.position >= clerk.position) & (LogLeaf.position < size)
    people = session.scalars(select(LogLeaf.person_id).where(fresh).distinct()).all()
    clerk.position, clerk.studied_at = size, now
    return [Mark("studied", each) for each in people]


def _places(session: Session, marks: Sequence[Mark]) -> tuple[Places, list[Told]]:
    found: Places = {}
    told: dict[tuple[Event, uuid.UUID], Told] = {}
    for mark, subject_id, where in _subjects(session, marks):
        gone = where is None
        here = where or _place_of_gone(session, mark)
        if here is None:
            continue
        for kind in _kinds(mark, gone=gone):
            found.pop((kind, subject_id), None)  # what is told again moves to the end
            found[kind, subject_id] = (here, gone)
        event = _event(mark, gone=gone)
        if event is not None:
            enrollment = None if mark.kind == "cohort" else subject_id
            told[event, subject_id] = Told(event, here.organisation_id, here.cohort_id, enrollment)
    return found, list(told.values())


def _kinds(mark: Mark, *, gone: bool) -> tuple[ChangeKind, ...]:
    if mark.kind == "cohort":
        return (ChangeKind.COHORT,)
    kinds = CONSEQUENCES[mark.kind]
    return (*kinds, ChangeKind.CERTIFICATE) if gone else kinds


def _event(mark: Mark, *, gone: bool) -> Event | None:
    if gone:
        return Event.ENROLLMENT_REMOVED if mark.kind == "enrollment" else None
    return EVENTS.get(mark.kind)


def _subjects(session: Session, marks: Sequence[Mark]) -> Iterator[tuple[Mark, uuid.UUID, Place | None]]:
    """Each mark with the subjects it is about and their places; None for an enrollment that is gone."""
    of_cohort = _by(session, Enrollment.cohort_id, [each.subject_id for each in marks if each.kind == "class"])
    of_person = _by(session, Enrollment.person_id, [each.subject_id for each in marks if each.kind in OF_PERSON])
    versions = [each.subject_id for each in marks if each.kind == "version"]
    of_version = _by(session, Enrollment.course_version_id, versions)
    of_self = _by(session, Enrollment.id, [each.subject_id for each in marks if each.kind in EVENTS])
    cohorts = _cohorts(session, [each.subject_id for each in marks if each.kind == "cohort"])
    groups = {"class": of_cohort, "version": of_version, **dict.fromkeys(OF_PERSON, of_person)}
    for mark in marks:
        if mark.kind == "cohort":
            if mark.subject_id in cohorts:
                yield mark, mark.subject_id, cohorts[mark.subject_id]
        elif mark.kind in groups:
            yield from ((mark, each, where) for each, where in groups[mark.kind].get(mark.subject_id, ()))
        else:
            where = of_self.get(mark.subject_id)
            yield mark, mark.subject_id, where[0][1] if where else None


def _by(session: Session, column: Any, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[tuple[uuid.UUID, Place]]]:
    """By what `column` says: the enrollments, each with its place."""
    found: dict[uuid.UUID, list[tuple[uuid.UUID, Place]]] = {}
    rows = select(column, Enrollment.id, Cohort.organisation_id, Cohort.id).join(
        Cohort, Cohort.id == Enrollment.cohort_id
    )
    for part in in_parts(dict.fromkeys(ids)):
        for by, enrollment_id, organisation_id, cohort_id in session.execute(rows.where(column.in_(part))):
            found.setdefault(by, []).append((enrollment_id, Place(organisation_id, cohort_id)))
    return found


def _cohorts(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Place]:
    rows = select(Cohort.id, Cohort.organisation_id)
    found = {}
    for part in in_parts(dict.fromkeys(ids)):
        for cohort_id, organisation_id in session.execute(rows.where(Cohort.id.in_(part))):
            found[cohort_id] = Place(organisation_id, cohort_id)
    return found


def _place_of_gone(session: Session, mark: Mark) -> Place | None:
    """Where an enrollment that is gone belonged: the mark of its end names the cohort, older ones need no telling."""
    cohort = session.get(Cohort, mark.parent_id) if mark.parent_id else None
    return Place(cohort.organisation_id, cohort.id) if cohort else None


def _number(session: Session, clerk: ChangeClerk, found: Places, now: datetime) -> None:
    at = max(clerk.placed_at, now)  # the wall clock may step back; the order does not
    rows = []
    for (kind, subject_id), (where, gone) in found.items():
        clerk.number += 1
        row = {"kind": kind.value, "subject_id": subject_id, "number": clerk.number, "gone": gone, "placed_at": at}
        rows.append(row | {"organisation_id": where.organisation_id, "cohort_id": where.cohort_id})
    clerk.placed_at = at
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    for part in in_parts(rows):
        adding = insert(Change).values(part)
        fresh = {name: adding.excluded[name] for name in RENEWED}
        session.execute(adding.on_conflict_do_update(index_elements=["kind", "subject_id"], set_=fresh))
    session.flush()
