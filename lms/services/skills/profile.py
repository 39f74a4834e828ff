"""What a learner holds: her levels in order, her certificates from elsewhere, and her credits by every scheme."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain import credits, levels
from lms.domain.credits import Achievement, Basis, Entry, Key
from lms.domain.errors import NotFound
from lms.domain.frozen import hour_hundredths
from lms.domain.levels import NAMES, Grant
from lms.domain.qualifications import State
from lms.domain.records import ENDED, RecordState, Step
from lms.domain.roles import Role
from lms.models.courses import Course, CourseVersion
from lms.models.enrollments import Enrollment
from lms.models.people import Person
from lms.models.records import Record
from lms.models.skills import Qualification
from lms.services import humans, records, scopes
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
class Completed:
    """A completed course, with the code of its record."""

    achievement: Achievement
    code: str


@dataclass(frozen=True)
class Profile:
    """Everything at one glance. `steps`: by occupation, oldest first; `current`: the level that holds today.

    `codes`: of the completion records among what credits rest on, by which anybody may check them.
    """

    name: str
    day: date
    steps: Mapping[str, Sequence[levels.Step]]
    current: Mapping[str, Grant]
    certificates: tuple[QualificationRow, ...]
    entries: tuple[Entry, ...]
    sums: tuple[Counted, ...]
    codes: Mapping[uuid.UUID, str]

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
    certificates = rows_of(session, keyring, hers, scopes.qualification_words_of(actor, Role.LEARNER))
    return _profile(session, name, certificates, Enrollment.person_id.in_(bodies), now)


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
    certificates = rows_of(session, keyring, hers, scopes.qualification_words_of(actor, Role.INSTITUTION))
    return _profile(session, row.name, certificates, Enrollment.id.in_(here), now)


def _profile(
    session: Session,
    name: str,
    certificates: Sequence[QualificationRow],
    classes: ColumnElement[bool],
    now: datetime,
) -> Profile:
    day = clock.civil_day(now)
    steps = levels.history(_grants(certificates))
    holding = {occupation: levels.current(some, day) for occupation, some in steps.items()}
    completed = _courses(session, classes)
    achieved = [*_achieved(certificates), *(each.achievement for each in completed)]
    entries = credits.transcript(achieved, tables.all_tables(session))
    return Profile(
        name=name,
        day=day,
        steps=steps,
        current={occupation: grant for occupation, grant in holding.items() if grant is not None},
        certificates=tuple(certificates),
        entries=tuple(entries),
        sums=tuple(Counted(scheme, *both) for scheme, both in sorted(credits.sums(entries).items())),
        codes={each.achievement.source: each.code for each in completed},
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


def _courses(session: Session, classes: ColumnElement[bool]) -> list[Completed]:
    """Completed courses, by the frozen records that count; one issued anew keeps the day of the one it corrects."""
    rows = (
        select(Record, Course.slug)
        .join(Enrollment, Enrollment.id == Record.enrollment_id)
        .join(CourseVersion, CourseVersion.id == Enrollment.course_version_id)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(classes)
        .order_by(Record.issued_at, Record.number, Record.id)
    )
    found = session.execute(rows).all()
    chains = records.read_all(session, [record for record, _ in found])
    days: dict[uuid.UUID, date] = {}
    for record, _ in found:
        before = record.replaces_id
        corrects = before in days and chains[before].state is not RecordState.REVOKED
        days[record.id] = days[before] if before and corrects else clock.civil_day(record.issued_at)
    return [_course(record, slug, days[record.id]) for record, slug in found if _counts(chains[record.id].steps[-1])]


def _counts(step: Step) -> bool:
    """Neither taken back nor corrected by another; one whose time is over was learnt all the same."""
    return step.state not in ENDED


def _course(record: Record, slug: str, on: date) -> Completed:
    facts = record.facts
    title, hours = facts.get("course", ""), hour_hundredths(facts)
    key = Key(Basis.COURSE, facts.get("course_slug") or slug)
    return Completed(Achievement(record.id, key, title, on, hours), record.code)
