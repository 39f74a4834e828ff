"""The facts of practical skills: every practice lesson of the pinned course, judged or not."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.courses import LessonKind
from lms.domain.practice import Outcome, SittingKind, SkillFacts
from lms.models.courses import Lesson
from lms.models.enrollments import Enrollment
from lms.models.practice import PracticeSheet, PracticeSitting
from lms.services import courses

Sittings = dict[tuple[uuid.UUID, uuid.UUID, str], list[tuple[PracticeSitting, list[PracticeSheet]]]]


def facts(session: Session, enrollments: Sequence[Enrollment]) -> dict[uuid.UUID, tuple[SkillFacts, ...]]:
    """By enrollment id: each practice lesson in order, as an exam and as a task at work."""
    lessons = _lessons(session, {each.course_version_id for each in enrollments})
    sittings = _sittings(session, [each.id for each in enrollments])
    return {
        each.id: tuple(
            _skill(session, lesson, kind, sittings.get((each.id, lesson.id, kind), []))
            for lesson in lessons[each.course_version_id]
            for kind in SittingKind
        )
        for each in enrollments
    }


def _lessons(session: Session, versions: Iterable[uuid.UUID]) -> dict[uuid.UUID | None, list[Lesson]]:
    rows = select(Lesson).where(Lesson.course_version_id.in_(versions), Lesson.kind == LessonKind.PRACTICE.value)
    found: dict[uuid.UUID | None, list[Lesson]] = defaultdict(list)
    for lesson in session.scalars(rows.order_by(Lesson.position)):
        found[lesson.course_version_id].append(lesson)
    return found


def _sittings(session: Session, ids: list[uuid.UUID]) -> Sittings:
    rows = select(PracticeSitting, PracticeSheet).outerjoin(
        PracticeSheet, PracticeSheet.sitting_id == PracticeSitting.id
    )
    mine = rows.where(PracticeSitting.enrollment_id.in_(ids)).order_by(PracticeSitting.number, PracticeSheet.id)
    found: Sittings = defaultdict(list)
    for sitting, sheet in session.execute(mine):
        places = found[sitting.enrollment_id, sitting.lesson_id, sitting.kind]
        if not places or places[-1][0] is not sitting:
            places.append((sitting, []))
        if sheet is not None:
            places[-1][1].append(sheet)
    return found


def _skill(
    session: Session, lesson: Lesson, kind: SittingKind, sittings: list[tuple[PracticeSitting, list[PracticeSheet]]]
) -> SkillFacts:
    if not sittings:
        return SkillFacts(str(lesson.id), lesson.title, kind, 0, Outcome.NONE, None)
    practice = courses.lesson_text(session, lesson.id).practice
    least = practice.pass_points if practice else 0
    outcomes = [_outcome(sitting, sheets, least) for sitting, sheets in sittings]
    at = outcomes.index(Outcome.PASSED) if Outcome.PASSED in outcomes else -1
    is_settled = outcomes[at] in (Outcome.PASSED, Outcome.FAILED)
    points = [sheet.points for sheet in sittings[at][1] if is_settled]
    mean = sum(points) // len(points) if points else None
    return SkillFacts(str(lesson.id), lesson.title, kind, len(sittings), outcomes[at], mean)


def _outcome(sitting: PracticeSitting, sheets: list[PracticeSheet], least: int) -> Outcome:
    if len(sheets) < sitting.examiners:
        return Outcome.WAITING
    said = {sheet.points >= least and not sheet.critical_missed for sheet in sheets}
    if len(said) > 1:
        return Outcome.DISPUTED
    return Outcome.PASSED if said == {True} else Outcome.FAILED
