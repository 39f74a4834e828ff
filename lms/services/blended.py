"""Everything a verdict is made of, gathered for many enrollments: a few queries, however many there are."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.attendance import ClassDay
from lms.domain.blended import TrainingFacts
from lms.domain.courses import LessonKind
from lms.domain.policies import Policy
from lms.domain.study import EvidenceClass
from lms.models.courses import Lesson
from lms.models.enrollments import Enrollment
from lms.models.study import LessonProgress
from lms.services import ledger_as_of, progress
from lms.services.facts import attendance, exams, skills

Facts = dict[uuid.UUID, TrainingFacts]


def facts(
    session: Session,
    enrollments: Sequence[Enrollment],
    policies: Mapping[uuid.UUID, Policy],
    *,
    now: datetime,
    before: datetime | None = None,
) -> Facts:
    """By enrollment id. `policies`: by enrollment id; who is asked nothing beyond online study costs no query more.

    `before` a moment: only what was recorded before it; `now` is then the last moment that was before.
    """
    found = {key: TrainingFacts(lessons) for key, lessons in progress.facts(session, enrollments, before).items()}
    asked = [each for each in enrollments if policies[each.id].blended]
    if asked:
        found |= _whole(session, asked, found, _class_days(session, asked, policies, now, before), now, before)
    return found


def _whole(
    session: Session,
    asked: Sequence[Enrollment],
    found: Facts,
    days: Mapping[uuid.UUID, tuple[ClassDay, ...]],
    now: datetime,
    before: datetime | None,
) -> Facts:
    theory, practised = exams.facts(session, asked, before), skills.facts(session, asked, before)
    classes, taught = attendance.facts(session, asked, now, before), _taught(session, asked, before)
    return {
        each.id: TrainingFacts(
            lessons=found[each.id].lessons,
            exam=theory[each.id],
            skills=practised[each.id],
            attendance=classes[each.id],
            class_days=days.get(each.cohort_id, ()),
            taught_ms=taught.get(each.id, 0),
        )
        for each in asked
    }


def _class_days(
    session: Session,
    asked: Sequence[Enrollment],
    policies: Mapping[uuid.UUID, Policy],
    now: datetime,
    before: datetime | None,
) -> dict[uuid.UUID, tuple[ClassDay, ...]]:
    """Read only where a policy has a floor for class days: no policy in force has one."""
    rules = {each.cohort_id: policies[each.id].blended for each in asked}
    wanted = [key for key, rule in rules.items() if rule and rule.attendance_class_day_min is not None]
    return attendance.class_days(session, wanted, now, before) if wanted else {}


def _taught(session: Session, asked: Sequence[Enrollment], before: datetime | None) -> dict[uuid.UUID, int]:
    """Credited ms of online lessons that were taught in person after all (a correction's class)."""
    if before is not None:
        return _taught_then(session, asked, before)
    ids = [each.id for each in asked]
    rows = (
        select(LessonProgress.enrollment_id, LessonProgress.by_class)
        .join(Lesson, Lesson.id == LessonProgress.lesson_id)
        .where(LessonProgress.enrollment_id.in_(ids), Lesson.kind != LessonKind.CLASS.value)
    )
    found: dict[uuid.UUID, int] = {}
    for enrollment_id, by_class in session.execute(rows):
        found[enrollment_id] = found.get(enrollment_id, 0) + by_class.get(EvidenceClass.ATTENDED.value, 0)
    return found


def _taught_then(session: Session, asked: Sequence[Enrollment], before: datetime) -> dict[uuid.UUID, int]:
    known = ledger_as_of.of_enrollments(session, asked, before)
    lessons = {each.lesson for statements in known.values() for each in statements}
    rows = select(Lesson.id).where(Lesson.id.in_(lessons), Lesson.kind != LessonKind.CLASS.value)
    online = set(session.scalars(rows))
    return {
        key: sum(each.by_class[EvidenceClass.ATTENDED.value] for each in statements if each.lesson in online)
        for key, statements in known.items()
    }
