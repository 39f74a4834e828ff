"""The ledger of one enrollment, read alike by its learner, her institution and an inspector.

Everything is read at once and added up here, so that each total is the sum of the rows one taps down to.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain import completion
from lms.domain.completion import LessonFacts
from lms.domain.courses import TIMED
from lms.domain.errors import NotFound
from lms.domain.identity import mask_number
from lms.domain.policies import Policy, policy_named
from lms.domain.roles import Role
from lms.domain.statements import CheckState, Row, Totals, totals
from lms.models.courses import Lesson
from lms.models.enrollments import Enrollment
from lms.services import progress, scopes, sealed
from lms.services.ledger import rows
from lms.services.scopes import Actor


@dataclass(frozen=True)
class LessonSum:
    """One lesson of the course: what its rows add up to, and what is still missing."""

    lesson_id: uuid.UUID
    kind: str
    title: str
    title_en: str
    facts: LessonFacts
    policy: Policy
    totals: Totals

    @property
    def missing_ms(self) -> int:
        """Credited time still missing in this lesson."""
        return completion.missing_ms(self.facts, self.policy)

    @property
    def is_being_made(self) -> bool:
        """A video whose length nobody knows yet."""
        return self.facts.duration_ms is None


@dataclass(frozen=True)
class DaySum:
    """One civil day: what its rows add up to."""

    day: date
    totals: Totals


@dataclass(frozen=True)
class Which:
    """Which rows are meant; what is left empty does not narrow. `state` is a key of STATES."""

    day: date | None = None
    lesson_id: uuid.UUID | None = None
    evidence_class: str | None = None
    state: str | None = None

    def takes(self, row: Row) -> bool:
        """Whether the row is meant."""
        return (
            self.day in (None, row.day)
            and self.lesson_id in (None, row.lesson_id)
            and self.evidence_class in (None, row.evidence_class)
            and (self.state is None or STATES[self.state](row))
        )


STATES: Mapping[str, Callable[[Row], bool]] = {
    "credited": lambda row: row.credited_ms > 0,
    "confirmed": lambda row: row.confirmed_ms > 0,
    "waiting": lambda row: row.check is CheckState.WAITING,
    "missed": lambda row: row.check is CheckState.MISSED,
    "uncredited": lambda row: row.lost_ms > 0,
    "voided": lambda row: row.is_voided or row.voided_ms != 0,
}


@dataclass(frozen=True)
class Ledger:
    """All that is on record of one enrollment's study. `rows`: the latest day first, each day from its morning on."""

    enrollment_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    number: str
    institution: str
    organisation_id: uuid.UUID
    cohort_id: uuid.UUID
    cohort: str
    course: str
    course_en: str
    policy: Policy
    rows: tuple[Row, ...]
    blank: tuple[LessonSum, ...] = field(repr=False)

    @cached_property
    def totals(self) -> Totals:
        """What all rows add up to."""
        return totals(self.rows)

    @property
    def class_hour_hundredths(self) -> int:
        """Class hours by the policy of the cohort, in hundredths, rounded down."""
        return self.policy.class_hour_hundredths(self.totals.credited_ms)

    @property
    def missing_ms(self) -> int:
        """Credited time still missing, over all lessons."""
        return sum(lesson.missing_ms for lesson in self.lessons)

    @property
    def making_count(self) -> int:
        """How many videos are still being made; their time is not yet part of what is missing."""
        return sum(lesson.is_being_made for lesson in self.lessons)

    @cached_property
    def lessons(self) -> tuple[LessonSum, ...]:
        """The lessons that take study time, in order of study."""
        by_lesson: dict[uuid.UUID, list[Row]] = {}
        for row in self.rows:
            by_lesson.setdefault(row.lesson_id, []).append(row)
        return tuple(_summed(lesson, by_lesson.get(lesson.lesson_id, [])) for lesson in self.blank)

    @cached_property
    def days(self) -> tuple[DaySum, ...]:
        """The civil days on which anything was reported, the latest first."""
        by_day: dict[date, list[Row]] = {}
        for row in self.rows:
            by_day.setdefault(row.day, []).append(row)
        return tuple(DaySum(day, totals(rows)) for day, rows in by_day.items())

    @property
    def waiting_ms(self) -> int:
        """What counts and waits for the next presence check."""
        return self._unconfirmed(CheckState.WAITING)

    @property
    def missed_ms(self) -> int:
        """What counts and whose presence check was not passed."""
        return self._unconfirmed(CheckState.MISSED)

    def _unconfirmed(self, state: CheckState) -> int:
        return sum(row.credited_ms - row.confirmed_ms for row in self.rows if row.check is state)

    def select(self, which: Which) -> tuple[Row, ...]:
        """The rows that are meant, in the same order."""
        return tuple(row for row in self.rows if which.takes(row))


def _summed(lesson: LessonSum, rows: Sequence[Row]) -> LessonSum:
    found = totals(rows)
    return replace(lesson, totals=found, facts=replace(lesson.facts, credited_ms=found.credited_ms))


def read(session: Session, keyring: Keyring, actor: Actor, enrollment_id: uuid.UUID, *, role: Role) -> Ledger:
    """The ledger of an enrollment that the actor may read in this role; NotFound for any other."""
    mine = scopes.records_of(actor, role).where(Enrollment.id == enrollment_id)
    enrollment = session.scalar(mine)
    if enrollment is None:
        raise NotFound
    return _read(session, keyring, enrollment)


def list_own(session: Session, keyring: Keyring, actor: Actor) -> list[Ledger]:
    """A learner's ledgers, the newest enrollment first."""
    mine = scopes.records_of(actor, Role.LEARNER).order_by(Enrollment.created_at.desc(), Enrollment.id.desc())
    return [_read(session, keyring, enrollment) for enrollment in session.scalars(mine).all()]


def _read(session: Session, keyring: Keyring, enrollment: Enrollment) -> Ledger:
    person, cohort, version = enrollment.person, enrollment.cohort, enrollment.cohort.course_version
    policy = policy_named(cohort.policy_code)
    return Ledger(
        enrollment_id=enrollment.id,
        person_id=person.id,
        name=person.name,
        number=mask_number(sealed.open_document(keyring, person.id, person.document_sealed)),
        institution=cohort.organisation.name,
        organisation_id=cohort.organisation_id,
        cohort_id=cohort.id,
        cohort=cohort.name,
        course=version.title,
        course_en=version.title_en,
        policy=policy,
        rows=rows.of(session, enrollment),
        blank=_lessons(session, enrollment, policy),
    )


def _lessons(session: Session, enrollment: Enrollment, policy: Policy) -> tuple[LessonSum, ...]:
    facts = {each.lesson_id: each for each in progress.facts(session, [enrollment])[enrollment.id]}
    rows = select(Lesson).where(Lesson.course_version_id == enrollment.course_version_id).order_by(Lesson.position)
    return tuple(
        LessonSum(row.id, row.kind, row.title, row.title_en, facts[str(row.id)], policy, totals(()))
        for row in session.scalars(rows)
        if row.kind in TIMED
    )
