"""What people see of practicals: an examiner or mentor her classes and learners, one sitting; staff a whole class."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session, joinedload

from lms.domain import practice
from lms.domain.courses import Practice
from lms.domain.errors import NotFound
from lms.domain.policies import policy_named
from lms.domain.practice import SETTLED, Outcome, Result, SittingKind, SkillFacts
from lms.domain.roles import Role
from lms.models.enrollments import Cohort, Enrollment
from lms.models.people import Person
from lms.models.practice import PracticeSheet
from lms.services import accounts, scopes
from lms.services.facts import skills
from lms.services.facts.attendance import learns, teaches
from lms.services.facts.skills import Sat, Skill, SkillRecord
from lms.services.practice import consents, pictures, places
from lms.services.practice.consents import ConsentView
from lms.services.practice.pictures import PictureView
from lms.services.scopes import Actor


@dataclass(frozen=True)
class SkillRow:
    """One skill of one learner in a list; `waits`: the open sitting wants this actor's signature."""

    skill: Skill
    exam: SkillFacts
    task: SkillFacts
    open_sitting: uuid.UUID | None
    signed: int
    waits: bool


@dataclass(frozen=True)
class LearnerSkills:
    """One learner of a class with all her skills; `attempts`: how often she may sit at most."""

    enrollment_id: uuid.UUID
    name: str
    cohort_id: uuid.UUID
    cohort: str
    attempts: int
    rows: tuple[SkillRow, ...]

    @property
    def waiting(self) -> tuple[SkillRow, ...]:
        """The sittings that wait for this actor."""
        return tuple(row for row in self.rows if row.waits)

    def count(self, outcome: Outcome) -> int:
        """How many skills came to this before examiners."""
        return sum(row.exam.outcome == outcome for row in self.rows)  # pages name it by its value

    @property
    def tasks_signed(self) -> int:
        """How many tasks at work are signed."""
        return sum(row.task.outcome is Outcome.PASSED for row in self.rows)


@dataclass(frozen=True)
class SheetView:
    """One signed sheet; `marks` say of each step whether it was done (none for a task at work)."""

    name: str
    points: int
    critical_missed: int
    is_pass: bool
    marks: tuple[bool, ...]
    note: str
    minutes: int
    submitted_at: datetime


@dataclass(frozen=True)
class SittingView:
    """One sitting; `signed` counts all signatures, `sheets` are those that this actor may read."""

    id: uuid.UUID
    number: int
    opened_at: datetime
    result: Result
    signed: int
    sheets: tuple[SheetView, ...]
    pictures: tuple[PictureView, ...]


@dataclass(frozen=True)
class SkillPage:
    """One skill of one learner, opened; `why_not`: the code that forbids this examiner to sign."""

    learner: LearnerSkills
    row: SkillRow
    sittings: tuple[SittingView, ...]
    tasks: tuple[SittingView, ...]
    consent: ConsentView
    why_not: str | None

    @property
    def text(self) -> Practice:
        """The checklist."""
        return self.row.skill.text

    @property
    def may_sit(self) -> bool:
        """Whether one more sitting is open to her."""
        facts = self.row.exam
        return facts.outcome in (Outcome.NONE, Outcome.FAILED) and facts.tries < self.learner.attempts


@dataclass(frozen=True)
class SittingPage:
    """A sitting on an examiner's phone: `is_mine` once she has signed; others' marks are not in it before that."""

    skill: SkillPage
    sitting: SittingView
    is_mine: bool
    why_not: str | None


def list_learners(session: Session, actor: Actor, role: Role, cohort_id: uuid.UUID) -> tuple[LearnerSkills, ...]:
    """The learners of a class that the actor may look into, by name, with all their skills. NotFound."""
    if session.scalar(scopes.cohorts_of(actor, role).where(Cohort.id == cohort_id)) is None:
        raise NotFound
    rows = scopes.learners_of(actor, role).where(Enrollment.cohort_id == cohort_id)
    wanted = rows.join(Person, Person.id == Enrollment.person_id).order_by(Person.name, Enrollment.id)
    people = session.scalars(wanted.options(joinedload(Enrollment.person), joinedload(Enrollment.cohort))).all()
    found = skills.records(session, people)
    apart = bool(people) and _is_apart(session, actor, people[0])
    return tuple(_learner(actor, each, found[each.id], apart) for each in people)


def get_learner(session: Session, actor: Actor, role: Role, enrollment_id: uuid.UUID) -> LearnerSkills:
    """One learner whom the actor may look into, herself as a learner. NotFound."""
    enrollment = places.get_enrollment(session, actor, role, enrollment_id)
    found = skills.records(session, [enrollment])[enrollment.id]
    return _learner(actor, enrollment, found, _is_apart(session, actor, enrollment))


def get_skill(session: Session, actor: Actor, role: Role, enrollment_id: uuid.UUID, lesson_id: uuid.UUID) -> SkillPage:
    """One skill of a learner: an examiner reads her own sheets, the learner those of what is settled, staff all."""
    place = places.get_place(session, actor, role, enrollment_id, lesson_id)
    enrollment, record = place.enrollment, place.record
    examiner = places.as_examiner(session, actor, enrollment)
    learner = _learner(actor, enrollment, (record,), not (examiner.teaches or examiner.is_learner))
    return SkillPage(
        learner=learner,
        row=learner.rows[0],
        sittings=_sittings(session, actor, role, record.exams, record.skill.text),
        tasks=_sittings(session, actor, role, record.tasks, record.skill.text),
        consent=consents.find(session, enrollment.person_id),
        why_not=practice.why_not(examiner),
    )


def get_sitting(session: Session, actor: Actor, sitting_id: uuid.UUID) -> SittingPage:
    """One examination on an examiner's phone. NotFound."""
    row = places.get_sitting(session, actor, Role.EXAMINER, sitting_id)
    if row.kind != SittingKind.EXAM:
        raise NotFound
    skill = get_skill(session, actor, Role.EXAMINER, row.enrollment_id, row.lesson_id)
    sitting = next(each for each in skill.sittings if each.id == sitting_id)
    is_mine = bool(sitting.sheets)
    closed = "practice_settled" if sitting.result.outcome in SETTLED else None
    return SittingPage(skill, sitting, is_mine, skill.why_not or closed)


def _is_apart(session: Session, actor: Actor, enrollment: Enrollment) -> bool:
    return not (teaches(session, actor, enrollment.cohort) or learns(session, actor, enrollment.cohort))


def _learner(actor: Actor, enrollment: Enrollment, records: Sequence[SkillRecord], may_sign: bool) -> LearnerSkills:
    return LearnerSkills(
        enrollment_id=enrollment.id,
        name=enrollment.person.name,
        cohort_id=enrollment.cohort_id,
        cohort=enrollment.cohort.name,
        attempts=practice.rules_of(policy_named(enrollment.cohort.policy_code)).attempts,
        rows=tuple(_row(actor, record, may_sign) for record in records),
    )


def _row(actor: Actor, record: SkillRecord, may_sign: bool) -> SkillRow:
    opened = record.open_sat
    return SkillRow(
        skill=record.skill,
        exam=record.exam,
        task=record.task,
        open_sitting=opened.row.id if opened else None,
        signed=len(opened.sheets) if opened else 0,
        waits=may_sign and opened is not None and opened.sheet_of(actor.account_id) is None,
    )


def _sittings(
    session: Session, actor: Actor, role: Role, found: Sequence[Sat], text: Practice
) -> tuple[SittingView, ...]:
    shown = pictures.list_visible(session, actor, role, [each.row.id for each in found])
    names = accounts.list_names(session, {sheet.account_id for each in found for sheet in each.sheets})
    return tuple(
        SittingView(
            id=each.row.id,
            number=each.row.number,
            opened_at=each.row.opened_at,
            result=each.result,
            signed=len(each.sheets),
            sheets=tuple(_sheet(sheet, names, text) for sheet in each.sheets if _may_read(actor, role, each, sheet)),
            pictures=tuple(picture for picture in shown if picture.sitting_id == each.row.id),
        )
        for each in found
    )


def _may_read(actor: Actor, role: Role, sat: Sat, sheet: PracticeSheet) -> bool:
    if role is Role.LEARNER:
        return sat.result.outcome in SETTLED
    return role is Role.INSTITUTION or sheet.account_id == actor.account_id


def _sheet(sheet: PracticeSheet, names: Mapping[uuid.UUID | None, str], text: Practice) -> SheetView:
    told = practice.Sheet(sheet.points, sheet.critical_missed)
    return SheetView(
        name=names[sheet.account_id],
        points=sheet.points,
        critical_missed=sheet.critical_missed,
        is_pass=told.passed(text.pass_points),
        marks=tuple(bool(mark) for mark in sheet.marks),
        note=sheet.note,
        minutes=sheet.minutes,
        submitted_at=sheet.submitted_at,
    )
