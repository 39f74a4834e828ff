"""Enrollments with their names, some hundred at a time, so that memory stays flat however many there are."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, tuple_
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.identity import mask_number
from lms.models.courses import CourseVersion
from lms.models.enrollments import Cohort, Enrollment
from lms.models.people import Person
from lms.services import consents, sealed

BATCH = 500


@dataclass(frozen=True)
class Learner:
    """Who a row is about. `number` is masked unless the report was asked for unmasked, and she agrees to it."""

    enrollment: Enrollment
    cohort: Cohort
    name: str
    number: str
    course: str
    course_en: str

    @property
    def enrollment_id(self) -> uuid.UUID:
        """By which her evidence is found."""
        return self.enrollment.id


def batches(
    session: Session, keyring: Keyring, query: Select[Enrollment], *, unmasked: bool, start: int = 0
) -> Iterator[Sequence[Learner]]:
    """The enrollments of a query that is ordered by cohort and id; `start`: how many to pass over."""
    version = CourseVersion
    told = (
        query.select_from(Enrollment)
        .join(Person, Person.id == Enrollment.person_id)
        .join(version, version.id == Enrollment.course_version_id)
        .add_columns(Cohort, Person.name, Person.document_sealed, version.title, version.title_en)
        .limit(BATCH)
    )
    found = session.execute(told.offset(start)).all()
    while found:
        hidden = consents.refusing(session, {row[0].person_id for row in found}) if unmasked else set()
        yield [_learner(keyring, row, unmasked and row[0].person_id not in hidden) for row in found]
        place = tuple_(Enrollment.cohort_id, Enrollment.id)
        last = found[-1][0]
        found = session.execute(told.where(place > tuple_(last.cohort_id, last.id))).all()


def _learner(keyring: Keyring, row: Any, unmasked: bool) -> Learner:
    enrollment, cohort, name, document, title, title_en = row
    number = sealed.open_document(keyring, enrollment.person_id, document)
    return Learner(enrollment, cohort, name, number if unmasked else mask_number(number), title, title_en)
