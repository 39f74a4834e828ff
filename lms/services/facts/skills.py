"""The practical skills of enrollments with all their sittings, read for many at once; the facts verdicts rest on."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain import practice
from lms.domain.courses import LessonKind, Practice
from lms.domain.practice import Result, Sheet, SittingKind, SkillFacts
from lms.models.courses import CourseVersion, Lesson
from lms.models.enrollments import Enrollment
from lms.models.practice import PracticeSheet, PracticeSitting
from lms.services import courses


@dataclass(frozen=True)
class Skill:
    """A practice lesson of a course version with its checklist."""

    lesson_id: uuid.UUID
    title: str
    title_en: str
    text: Practice


@dataclass(frozen=True)
class Sat:
    """One sitting with its sheets in the order of signing, and what they come to."""

    row: PracticeSitting
    sheets: tuple[PracticeSheet, ...]
    result: Result

    def sheet_of(self, account_id: uuid.UUID) -> PracticeSheet | None:
        """The sheet that this account signed."""
        return next((sheet for sheet in self.sheets if sheet.account_id == account_id), None)


@dataclass(frozen=True)
class SkillRecord:
    """One skill of one enrollment: the sittings of each kind, in order, and the facts they make."""

    skill: Skill
    exams: tuple[Sat, ...]
    tasks: tuple[Sat, ...]

    @property
    def exam(self) -> SkillFacts:
        """What became of it before examiners."""
        return self._facts(SittingKind.EXAM, self.exams)

    @property
    def task(self) -> SkillFacts:
        """What became of it at work."""
        return self._facts(SittingKind.WORKPLACE, self.tasks)

    @property
    def open_sat(self) -> Sat | None:
        """The examination that still waits for a signature."""
        last = self.exams[-1] if self.exams else None
        return last if last and last.result.outcome not in practice.SETTLED else None

    def _facts(self, kind: SittingKind, sat: Sequence[Sat]) -> SkillFacts:
        skill, results = self.skill, [each.result for each in sat]
        return practice.summarise(str(skill.lesson_id), skill.title, kind, results, skill.title_en)


def facts(
    session: Session, enrollments: Sequence[Enrollment], before: datetime | None = None
) -> dict[uuid.UUID, tuple[SkillFacts, ...]]:
    """By enrollment id, in order of study: each practice lesson twice, as examined and as signed at work."""
    found = records(session, enrollments, before)
    return {key: tuple(each for row in rows for each in (row.exam, row.task)) for key, rows in found.items()}


def records(
    session: Session, enrollments: Sequence[Enrollment], before: datetime | None = None
) -> dict[uuid.UUID, tuple[SkillRecord, ...]]:
    """By enrollment id, in order of study: the practice lessons of its course version with their sittings; as they
    stood `before` a moment."""
    by_version = _skills(session, {each.course_version_id for each in enrollments})
    checklists = {skill.lesson_id: skill.text for skills in by_version.values() for skill in skills}
    sat = _sat(session, [each.id for each in enrollments], checklists, before)
    return {
        each.id: tuple(
            SkillRecord(
                skill,
                tuple(sat[each.id, skill.lesson_id, SittingKind.EXAM]),
                tuple(sat[each.id, skill.lesson_id, SittingKind.WORKPLACE]),
            )
            for skill in by_version[each.course_version_id]
        )
        for each in enrollments
    }


def _skills(session: Session, version_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Skill]]:
    found: dict[uuid.UUID, list[Skill]] = {version_id: [] for version_id in version_ids}
    practised = Lesson.kind == LessonKind.PRACTICE.value
    rows = (
        select(Lesson, CourseVersion)
        .join(CourseVersion, CourseVersion.id == Lesson.course_version_id)
        .where(CourseVersion.id.in_(version_ids), practised)
        .order_by(Lesson.position)
    )
    for lesson, version in session.execute(rows):
        text = courses.text_of(version).find_lesson(lesson.slug)
        if text is not None and text.practice is not None:
            found[version.id].append(Skill(lesson.id, lesson.title, lesson.title_en, text.practice))
    return found


Key = tuple[uuid.UUID, uuid.UUID, str]


def _sat(
    session: Session,
    enrollment_ids: Sequence[uuid.UUID],
    checklists: dict[uuid.UUID, Practice],
    before: datetime | None = None,
) -> dict[Key, list[Sat]]:
    mine = PracticeSitting.enrollment_id.in_(enrollment_ids)
    sheets: dict[uuid.UUID, list[PracticeSheet]] = defaultdict(list)
    signed = select(PracticeSheet).join(PracticeSitting, PracticeSitting.id == PracticeSheet.sitting_id).where(mine)
    opened = select(PracticeSitting).where(mine)
    if before is not None:
        signed = signed.where(PracticeSheet.submitted_at < before)
        opened = opened.where(PracticeSitting.opened_at < before)
    for sheet in session.scalars(signed.order_by(PracticeSheet.entry)):
        sheets[sheet.sitting_id].append(sheet)
    found: dict[Key, list[Sat]] = defaultdict(list)
    for row in session.scalars(opened.order_by(PracticeSitting.number)):
        if row.lesson_id in checklists:
            place = (row.enrollment_id, row.lesson_id, row.kind)
            found[place].append(sat_of(row, sheets[row.id], checklists[row.lesson_id]))
    return found


def sat_of(row: PracticeSitting, sheets: Sequence[PracticeSheet], checklist: Practice) -> Sat:
    """A sitting judged: by the checklist's bar, and a mentor's signature as it stands."""
    bar = checklist.pass_points if row.kind == SittingKind.EXAM else 0
    told = [Sheet(sheet.points, sheet.critical_missed) for sheet in sheets]
    result = practice.judge(told, row.examiners, bar)
    if row.kind == SittingKind.WORKPLACE:
        result = Result(result.outcome, None, result.missing)  # a signature without points
    return Sat(row, tuple(sheets), result)
