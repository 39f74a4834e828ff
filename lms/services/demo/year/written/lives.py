"""What claims rest on, written in bulk as the services would leave it: people, classes, hours, records, certificates.

To live forty hours of five thousand people through the study clock would take days; the money begins where a record
stands, so that everything from the claim on is done by the services themselves.
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.db import in_parts
from lms.domain.documents import DocumentType, read
from lms.domain.records import hash_of, write
from lms.models.base import new_id
from lms.models.enrollments import Cohort, Enrollment
from lms.models.filings import Filing
from lms.models.papers import Paper
from lms.models.people import Person, PersonDocument, PersonName
from lms.models.records import Record
from lms.models.study import LessonProgress
from lms.services import sealed
from lms.services.demo.year.plan import Fate, Learner, Planned
from lms.services.demo.year.written.policies import PROGRAMME
from lms.services.demo.year.written.world import World

CONFIRMED = "confirmed"
HUNDREDTHS = 4000


def people(session: Session, keyring: Keyring, learners: Iterable[Learner], now: datetime) -> dict[str, uuid.UUID]:
    """Everybody with one confirmed document; by the id in the plan."""
    found, rows = dict[str, uuid.UUID](), list[tuple[dict[str, Any], ...]]()
    for each in learners:
        found[each.id] = made = new_id()
        rows.append(_person(keyring, made, each, now))
    for part in in_parts(rows):
        for table, number in ((Person, 0), (PersonName, 1), (PersonDocument, 2)):
            session.execute(insert(table), [each[number] for each in part])
    return found


def _person(keyring: Keyring, made: uuid.UUID, who: Learner, now: datetime) -> tuple[dict[str, Any], ...]:
    kind = DocumentType.RESIDENT_ID
    pid, number = sealed.pid(keyring, kind, who.number), sealed.seal_document(keyring, made, who.number)
    own = {"id": made, "pid": pid, "document_type": kind.value}
    person = {**own, "name": who.name, "document_sealed": number, "created_at": now}
    name = {"id": made, "person_id": made, "name": who.name, "since": now, "change_id": None}
    document = {**own, "person_id": made, "number_sealed": number, "remarks": list(read(kind, who.number).remarks)}
    document |= {"is_current": True, "state": CONFIRMED, "added_at": now}
    return person, name, document


def open_class(session: Session, world: World, planned: Planned, now: datetime) -> tuple[Cohort, dict[str, uuid.UUID]]:
    """A class whose filing is approved, with everybody in it; enrollments by the id in the plan."""
    days = {"opens_on": planned.opens_on, "closes_on": planned.closes_on}
    place = {"organisation_id": world.place(planned.institution).id, "course_version_id": world.version}
    filed = {"filing": "approved", "filing_number": f"BZ-{planned.id}", "policy_code": "base-2023"}
    cohort = Cohort(id=new_id(), name=f"编造班 {planned.id}", **days, **place, **filed, created_at=now)
    session.add(cohort)
    session.flush()
    told = {"programme": PROGRAMME, "training_kind": "upgrade", "certificate": "training", "resources": "编造的教室"}
    told |= {"occupation": planned.occupation, "level": str(6 - planned.level)}
    session.add(Filing(cohort_id=cohort.id, size=len(planned.members), **told, created_at=now))
    session.flush()
    made = {each: new_id() for each in planned.members}
    common = {"cohort_id": cohort.id, "course_version_id": world.version, "created_at": now}
    rows = [{"id": key, "person_id": world.people[each], **common} for each, key in made.items()]
    session.execute(insert(Enrollment), rows)
    return cohort, made


def finish_class(
    session: Session, world: World, planned: Planned, enrolled: Mapping[str, uuid.UUID], now: datetime
) -> None:
    """Hours for everybody; a record and a certificate for who did not fail."""
    done = [enrolled[each] for each, fate in planned.fates if fate is not Fate.FAILED]
    gone = [enrolled[each] for each, fate in planned.fates if fate is Fate.FAILED]
    progress = [_hours(world, each, now, 1) for each in done] + [_hours(world, each, now, 4) for each in gone]
    session.execute(insert(LessonProgress), [row for rows in progress for row in rows])
    records = [_record(planned, world, each, now) for each in done]
    if records:
        session.execute(insert(Record), records)
        session.execute(insert(Paper), [_paper(each["id"], now) for each in records])


def _hours(world: World, enrollment: uuid.UUID, now: datetime, part: int) -> list[dict[str, Any]]:
    rows = []
    for lesson, length in world.lessons:
        took = length // part
        told = {"enrollment_id": enrollment, "lesson_id": lesson, "covered": [[0, took]], "credited_ms": took}
        told |= {"by_class": {"online": took}, "confirmed_ms": took, "position_ms": took, "updated_at": now}
        rows.append(told)
    return rows


def _record(planned: Planned, world: World, enrollment: uuid.UUID, now: datetime) -> dict[str, Any]:
    body = write(
        {
            "format": 1,
            "name_masked": "编*",
            "course": planned.occupation,
            "institution": world.place(planned.institution).name,
            "cohort": f"编造班 {planned.id}",
            "class_hour_hundredths": HUNDREDTHS,
            "minutes_per_class_hour": 45,
            "policy": "base-2023",
        }
    )
    told = {"id": new_id(), "enrollment_id": enrollment, "number": 1, "record_class": "completion", "issued_at": now}
    return {**told, "code": enrollment.hex[9:], "body": body, "facts_hash": hash_of(body), "replaces_id": None}


def _paper(record: uuid.UUID, now: datetime) -> dict[str, Any]:
    return {"id": new_id(), "record_id": record, "template_id": None, "serial": record.hex[12:], "numbered_at": now}
