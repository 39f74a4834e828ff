"""How long eligibility takes for a whole province: `python -m bench.eligibility [--sizes 25000 50000 100000]`.

Makes a SQLite database in bulk (classes of 500; documents, hours, records, certificates, evidence of groups), then
judges each number of learners in a process of its own. Prints seconds, peak memory, and what came out.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from lms import schema
from lms.crypto import Keyring
from lms.db import Database
from lms.domain.records import hash_of, write
from lms.domain.subsidies import SubsidyKind, Term
from lms.models.eligibility import GroupEvidence, GroupWord
from lms.models.enrollments import Cohort, Enrollment
from lms.models.filings import Filing
from lms.models.papers import Paper
from lms.models.people import Person, PersonDocument
from lms.models.records import Record
from lms.models.study import LessonProgress
from lms.services import eligibility
from tests.support.cast import LESSON_MS, NOON, Cast, stage
from tests.support.certified import facts
from tests.support.subsidies import NURSE, policy, sure

CLASS, TODAY, KEY = 500, NOON.date(), "0" * 64
BODY = write(facts())


def main() -> None:
    """Fills once, then measures each size in a fresh process."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--sizes", type=int, nargs="+", default=[25_000, 50_000, 100_000])
    asked.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    asked.add_argument("--database", help=argparse.SUPPRESS)
    told = asked.parse_args()
    if told.measure:
        measure(told.database, told.measure)
        return
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        begun = time.perf_counter()
        fill(url, max(told.sizes))
        print(f"made {max(told.sizes)} learners in {time.perf_counter() - begun:.0f} s", flush=True)
        for size in told.sizes:
            command = [sys.executable, "-m", "bench.eligibility", "--measure", str(size), "--database", url]
            subprocess.run(command, check=True)


def measure(url: str, size: int) -> None:
    """Judges so many learners, a class at a time, as a claim would."""
    database, found = Database(url), Counter[str]()
    told = policy(class_hours_min=Term(), online_free_occupations=sure(frozenset({NURSE})))
    before, begun, spent = _peak_mb(), time.perf_counter(), time.process_time()
    with database.transaction(write=False) as session:
        rows = select(Cohort.id).where(Cohort.filing == "approved").order_by(Cohort.id).limit(-(-size // CLASS))
        cohorts = list(session.scalars(rows))
    for cohort_id in cohorts:
        with database.transaction(write=False) as session:
            kind = SubsidyKind.TRAINING
            judged = eligibility.of_cohort_under(session, cohort_id, kind, told, today=TODAY)
            found.update(each.assessment.may_be_funded.value for each in judged)
    seconds, busy = time.perf_counter() - begun, time.process_time() - spent
    each_ms = seconds / size * 1000
    outcomes = ", ".join(f"{name} {number}" for name, number in sorted(found.items()))
    print(
        f"{size:>7} learners  {seconds:7.1f} s ({busy:.1f} s of processor)  {each_ms:.2f} ms each  "
        f"peak {_peak_mb():.0f} MB (before {before:.0f} MB)  {outcomes}",
        flush=True,
    )
    database.close()


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fill(url: str, many: int) -> None:
    """The cast, then classes of learners around it, a transaction a class."""
    database = Database(url)
    schema.upgrade(database)
    with database.transaction() as session:
        cast = stage(session, Keyring((("k1", bytes(32)),), bytes(32)), "x")
    for number in range(-(-many // CLASS)):
        with database.transaction() as session:
            for table, rows in _class(cast, number):
                session.execute(insert(table), rows)
    database.close()


def _class(cast: Cast, number: int) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    cohort = uuid.UUID(int=(7 << 76) + number + 1)
    days = {"opens_on": TODAY - timedelta(60), "closes_on": TODAY - timedelta(10)}
    place = {"organisation_id": cast.kangning, "course_version_id": cast.version, "policy_code": "base-2023"}
    named = {"id": cohort, "name": f"班 {number}", "filing": "approved", "filing_number": f"KX-{number}"}
    yield Cohort, [{**named, **days, **place, "created_at": NOON}]
    yield Filing, [{"cohort_id": cohort, "occupation": NURSE, "level": "5", "resources": "省平台", "created_at": NOON}]
    people = [(uuid.uuid4(), uuid.uuid4(), uuid.uuid4(), uuid.uuid4()) for _ in range(CLASS)]
    yield Person, [_person(each[0]) for each in people]
    yield PersonDocument, [_document(each[0]) for each in people]
    yield (
        Enrollment,
        [
            {"id": enrollment, "cohort_id": cohort, "person_id": person, "course_version_id": cast.version}
            | {"created_at": NOON}
            for person, enrollment, _, _ in people
        ],
    )
    yield LessonProgress, [row for each in people for row in _progress(cast, each[1])]
    yield Record, [_record(enrollment, record) for _, enrollment, record, _ in people]
    yield (
        Paper,
        [
            {"record_id": record, "serial": record.hex[:20], "numbered_at": NOON, "template_id": None}
            for _, _, record, _ in people[::2]
        ],
    )
    yield GroupEvidence, [_evidence(cast, person, entry) for person, _, _, entry in people]
    yield GroupWord, [_word(cast, entry) for _, _, _, entry in people[::3]]


def _person(person: uuid.UUID) -> dict[str, Any]:
    told = {"id": person, "pid": person.hex, "name": "学员", "document_type": "resident_id"}
    return {**told, "document_sealed": "x", "created_at": NOON}


def _document(person: uuid.UUID) -> dict[str, Any]:
    told = {"id": person, "person_id": person, "pid": person.hex, "document_type": "resident_id"}
    return {**told, "number_sealed": "x", "remarks": [], "state": "confirmed", "is_current": True, "added_at": NOON}


def _progress(cast: Cast, enrollment: uuid.UUID) -> Iterator[dict[str, Any]]:
    for lesson in cast.lessons.values():
        told = {"enrollment_id": enrollment, "lesson_id": lesson, "credited_ms": LESSON_MS, "confirmed_ms": LESSON_MS}
        told |= {"covered": [[0, LESSON_MS]], "by_class": {"online": LESSON_MS}}
        yield {**told, "position_ms": 0, "updated_at": NOON}


def _record(enrollment: uuid.UUID, record: uuid.UUID) -> dict[str, Any]:
    told = {"id": record, "enrollment_id": enrollment, "number": 1, "code": record.hex[:23], "issued_at": NOON}
    return {**told, "record_class": "completion", "body": BODY, "facts_hash": hash_of(BODY)}


def _evidence(cast: Cast, person: uuid.UUID, entry: uuid.UUID) -> dict[str, Any]:
    told = {"id": entry, "person_id": person, "organisation_id": cast.kangning, "group_code": "unemployed"}
    told |= {"kind": "unemployment_register", "number_sealed": "", "valid_from": date(2026, 1, 1)}
    return {**told, "valid_until": None, "entered_by": cast.zhoumin.account_id, "entered_at": NOON}


def _word(cast: Cast, entry: uuid.UUID) -> dict[str, Any]:
    told = {"id": uuid.uuid4(), "evidence_id": entry, "number": 1, "state": "verified", "note": ""}
    return {**told, "organisation_id": None, "said_by": cast.admin.account_id, "said_at": NOON}


if __name__ == "__main__":
    main()
