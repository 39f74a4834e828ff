"""What a learner holds: her levels in order, her certificates from elsewhere, and her credits by every scheme."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain import credits, levels
from lms.domain.credits import Achievement, Basis, Entry, Key
from lms.domain.errors import NotFound
from lms.domain.levels import NAMES, Grant, Step
from lms.domain.qualifications import State
from lms.domain.roles import Role
from lms.models.courses import Course, CourseVersion
from lms.models.enrollments import Cohort, Enrollment
from lms.models.people import Person
from lms.models.records import Record
from lms.models.skills import Qualification
from lms.services import humans, scopes
from lms.services.scopes import Actor
from lms.services.skills import tables
from lms.services.skills.reading import QualificationRow, rows_of


@dataclass(frozen=True)
class Counted:
    """The credits of one scheme, in hundredths: by confirmed tables, and by those that are not."""

    scheme: str
    confirmed: int
    unconfirmed: int


@dataclass(frozen=True)
class Profile:
    """Everything at one glance. `steps`: by occupation, oldest first; `current`: the level that holds today."""

    name: str
    day: date
    steps: Mapping[str, Sequence[Step]]
    current: Mapping[str, Grant]
    certificates: tuple[QualificationRow, ...]
    entries: tuple[Entry, ...]
    sums: tuple[Counted, ...]

    def certificate(self, source: uuid.UUID) -> QualificationRow | None:
        """The certificate a step or an entry rests on; None for a course."""
        return next((each for each in self.certificates if each.id == source), None)


def get_own_profile(session: Session, keyring: Keyring, actor: Actor, *, now: datetime) -> Profile:
    """A learner's own, over all her employers and over every person she is on record as; NotFound without a person."""
    if actor.person_id is None:
        raise NotFound
    bodies = humans.bodies(session, actor.person_id)
    hers = select(Qualification).where(Qualification.person_id.in_(bodies))
    name = session.get_one(Person, actor.person_id).name
    return _profile(session, keyring, name, hers, Enrollment.person_id.in_(bodies), now)


def get_profile(
    session: Session, keyring: Keyring, actor: Actor, enrollment_id: uuid.UUID, *, now: datetime
) -> Profile:
    """What an institution may know of its learner: its own classes, and the certificates that she or it entered."""
    mine = scopes.learners_of(actor)
    found = mine.join(Person, Person.id == Enrollment.person_id).where(Enrollment.id == enrollment_id)
    row = session.execute(found.with_only_columns(Person.id, Person.name)).one_or_none()
    if row is None:
        raise NotFound
    hers = scopes.qualifications_of(actor, Role.INSTITUTION).where(Qualification.person_id == row.id)
    here = mine.where(Enrollment.person_id == row.id).with_only_columns(Enrollment.id)
    return _profile(session, keyring, row.name, hers, Enrollment.id.in_(here), now)


def _profile(
    session: Session,
    keyring: Keyring,
    name: str,
    hers: Select[Qualification],
    classes: ColumnElement[bool],
    now: datetime,
) -> Profile:
    day = clock.civil_day(now)
    certificates = rows_of(session, keyring, hers)
    steps = levels.history(_grants(certificates))
    holding = {occupation: levels.current(some, day) for occupation, some in steps.items()}
    achieved = [*_achieved(certificates), *_courses(session, classes)]
    entries = credits.transcript(achieved, tables.all_tables(session))
    return Profile(
        name=name,
        day=day,
        steps=steps,
        current={occupation: grant for occupation, grant in holding.items() if grant is not None},
        certificates=tuple(certificates),
        entries=tuple(entries),
        sums=tuple(Counted(scheme, *both) for scheme, both in sorted(credits.sums(entries).items())),
    )


def _once(certificates: Iterable[QualificationRow]) -> list[QualificationRow]:
    """Those that were verified; one that she and an institution entered counts once."""
    verified = [each for each in certificates if each.state is State.VERIFIED]
    return list({each.number_index: each for each in reversed(verified)}.values())


def _grants(certificates: Iterable[QualificationRow]) -> list[Grant]:
    return [
        Grant(each.id, each.told.occupation, each.told.level, each.told.issued_on, each.told.valid_until)
        for each in _once(certificates)
        if each.told.level is not None and each.level_verdict.is_yes
    ]


def _achieved(certificates: Iterable[QualificationRow]) -> list[Achievement]:
    found = []
    for each in _once(certificates):
        told = each.told
        keys = [Key(Basis.CERTIFICATE, told.occupation, told.kind.value)]
        if told.level is not None and each.level_verdict.is_yes:
            keys.append(Key(Basis.LEVEL, told.occupation, NAMES[told.level]))
        found += [Achievement(each.id, key, told.occupation, told.issued_on) for key in keys]
    return found


def _courses(session: Session, classes: ColumnElement[bool]) -> list[Achievement]:
    """Completed courses, by their records that stand: what was revoked or replaced earns nothing."""
    rows = (
        select(Record, Course.slug)
        .join(Enrollment, Enrollment.id == Record.enrollment_id)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .join(CourseVersion, CourseVersion.id == Enrollment.course_version_id)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(classes, scopes.standing())
        .order_by(Record.issued_at, Record.id)
    )
    return [_course(record, slug) for record, slug in session.execute(rows)]


def _course(record: Record, slug: str) -> Achievement:
    title, hours = record.facts.get("course", ""), record.facts.get("class_hour_hundredths", 0)
    return Achievement(record.id, Key(Basis.COURSE, slug), title, clock.civil_day(record.issued_at), hours)
