"""How a course version is studied by the learners of the trainer's organisations, and by nobody else's.

One person after another is read from the tables, so that memory stays flat however many there are.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import String, Subquery, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session

from lms.domain import analytics
from lms.domain.analytics import FEWEST, Check, Play, Spent, Strip, Times, Trace
from lms.domain.courses import TIMED
from lms.domain.courses import Course as CourseText
from lms.domain.courses import Lesson as LessonText
from lms.domain.errors import NotFound
from lms.domain.items import Item, items
from lms.domain.policies import policy_named
from lms.domain.presence import UNCONFIRMED, CheckKind
from lms.domain.quizzes import Answers
from lms.domain.roles import Role
from lms.domain.study import REFUSALS, EvidenceClass
from lms.models.courses import CourseVersion, Lesson
from lms.models.enrollments import Cohort, Enrollment
from lms.models.presence import PresenceCheck, PresenceOutcome
from lms.models.quizzes import QuizAttempt
from lms.models.study import LessonProgress, StudyInterval, StudySession
from lms.services import courses, scopes, study_clock
from lms.services.scopes import Actor

AT_A_TIME = 5000
PLAYED = [each.value for each in (EvidenceClass.ONLINE, EvidenceClass.GAP, EvidenceClass.OFFLINE)]
REFUSED = [each.value for each in REFUSALS]
FAILED = [each.value for each in UNCONFIRMED]


@dataclass(frozen=True)
class Tries:
    """A quiz over its learners: how many tried it, passed at the first try, passed at all, and all attempts made."""

    persons: int
    passed_first: int
    passed: int
    attempts: int


@dataclass(frozen=True)
class LessonSum:
    """One lesson of a version; `times` and `tries` are None where they are withheld or nobody was there.

    `checks`: how many persons were asked whether they are present, and how many failed to say so at least once.
    """

    text: LessonText
    duration_ms: int | None
    times: Times | None = None
    tries: Tries | None = None
    checks: tuple[int, int] | None = None


@dataclass(frozen=True)
class CourseStudy:
    """A version as it is studied; `learners` is None for fewer than FEWEST, of whom nothing is shown."""

    version: CourseVersion
    text: CourseText
    learners: int | None
    lessons: tuple[LessonSum, ...]


@dataclass(frozen=True)
class LessonStudy:
    """One lesson as it is studied; `strip` for what is played, `items` for a quiz, None where withheld."""

    version: CourseVersion
    text: LessonText
    strip: Strip | None
    items: tuple[Item, ...] | None


def course(session: Session, actor: Actor, version_id: uuid.UUID) -> CourseStudy:
    """How each lesson of a version is studied. NotFound for a version of strangers."""
    version = _version(session, actor, version_id)
    mine = _learners(actor, version_id)
    persons = session.scalar(select(func.count(mine.c.person_id.distinct()))) or 0
    sums = _sums(session, version, mine) if persons >= FEWEST else ()
    return CourseStudy(version, courses.text_of(version), persons if persons >= FEWEST else None, tuple(sums))


def lesson(session: Session, actor: Actor, version_id: uuid.UUID, slug: str) -> LessonStudy:
    """How one lesson is studied, ten seconds by ten seconds, or question by question. NotFound."""
    version = _version(session, actor, version_id)
    row = session.scalar(select(Lesson).where(Lesson.course_version_id == version_id, Lesson.slug == slug))
    text = courses.text_of(version).find_lesson(slug)
    if row is None or text is None:
        raise NotFound
    mine = _learners(actor, version_id)
    strip = _strip(session, row, mine) if text.kind in TIMED and row.duration_ms else None
    found = items(text.quiz, _firsts(session, row.id, mine)) if text.quiz else None
    return LessonStudy(version, text, strip, found)


def _version(session: Session, actor: Actor, version_id: uuid.UUID) -> CourseVersion:
    return courses.get_visible(session, actor, version_id)


def _learners(actor: Actor, version_id: uuid.UUID) -> Subquery:
    """The enrollments whose study is counted, with what their cohort asks of them."""
    mine = scopes.learners_of(actor, Role.TRAINER).where(Enrollment.course_version_id == version_id)
    return mine.with_only_columns(Enrollment.id, Enrollment.person_id, Cohort.policy_code).subquery("mine")


def _stream(session: Session, query: Any) -> Iterator[Any]:
    return iter(session.execute(query, execution_options={"yield_per": AT_A_TIME}))


def _as_text(column: Any) -> Any:
    """An id as text, which sorts alike: making tens of thousands of them UUIDs is half the time of a page."""
    return cast(column, String)


class _Event(NamedTuple):
    person_id: Any
    entry: int
    policy_code: str
    what: Play | Check


def _strip(session: Session, row: Lesson, mine: Subquery) -> Strip | None:
    length_ms, now_ms = row.duration_ms or 0, study_clock.peek_ms(session)
    told = (_plays(session, row.id, mine), _checks(session, row.id, mine, now_ms))
    by_person = groupby(merge(*told, key=itemgetter(0, 1)), itemgetter(0))
    traces = (_trace(list(events), length_ms, now_ms) for _person_id, events in by_person)
    return analytics.withhold(analytics.strip(traces, length_ms))


def _trace(events: list[_Event], length_ms: int, now_ms: int) -> Trace:
    required_ms = policy_named(events[0].policy_code).required_ms(length_ms)
    return analytics.trace([each.what for each in events], length_ms, required_ms, now_ms)


def _plays(session: Session, lesson_id: uuid.UUID, mine: Subquery) -> Iterator[_Event]:
    """What was played, by person, as it was entered. What was refused as a whole is told again, or was never true."""
    row = StudyInterval
    query = (
        select(_as_text(row.person_id), row.entry, mine.c.policy_code, _as_text(row.source_id), row.from_ms, row.to_ms)
        .add_columns(row.recorded_ms, row.credited_ms, row.evidence_class)
        .join(mine, mine.c.id == row.enrollment_id)
        .where(row.lesson_id == lesson_id, row.verdict.not_in(REFUSED))
        .order_by(row.person_id, row.entry, row.number, row.part)
    )
    for person_id, entry, policy, *told, name in _stream(session, query):
        source, start, end, at_ms, credited_ms = told
        is_play = name in PLAYED
        what = Play(source, start if is_play else 0, end if is_play else 0, at_ms, credited_ms)
        yield _Event(person_id, entry, policy, what)


def _checks(session: Session, lesson_id: uuid.UUID, mine: Subquery, now_ms: int) -> Iterator[_Event]:
    """The checks in mid-lesson, by person; one that may still be answered is left out."""
    row, end = PresenceCheck, PresenceOutcome
    query = (
        select(_as_text(row.person_id), row.entry, mine.c.policy_code, end.outcome)
        .join(mine, mine.c.id == row.enrollment_id)
        .outerjoin(end, end.check_id == row.id)
        .where(row.lesson_id == lesson_id, row.kind == CheckKind.STUDY.value)
        .where(or_(end.check_id.is_not(None), row.due_ms < now_ms))
        .order_by(row.person_id, row.entry)
    )
    for person_id, entry, policy, outcome in _stream(session, query):
        yield _Event(person_id, entry, policy, Check(failed=outcome is None or outcome in UNCONFIRMED))


def _firsts(session: Session, lesson_id: uuid.UUID, mine: Subquery) -> Iterator[Answers]:
    """Everybody's first attempt at a quiz."""
    query = (
        select(mine.c.person_id, QuizAttempt.answers)
        .join(mine, mine.c.id == QuizAttempt.enrollment_id)
        .where(QuizAttempt.lesson_id == lesson_id)
        .order_by(mine.c.person_id, QuizAttempt.submitted_at, QuizAttempt.id)
    )
    for _person_id, attempts in groupby(_stream(session, query), itemgetter(0)):
        _, answers = next(attempts)
        yield {question: frozenset(picked) for question, picked in answers.items()}


def _sums(session: Session, version: CourseVersion, mine: Subquery) -> Iterator[LessonSum]:
    rows = {row.slug: row for row in version.lessons}
    lengths = {row.id: row.duration_ms or 0 for row in version.lessons}
    spent = _times(session, lengths, mine)
    tries, checks = _tries(session, mine), _checked(session, mine, study_clock.peek_ms(session))
    for text in courses.text_of(version).lessons:
        row = rows[text.slug]
        known = spent.get(row.id)
        yield LessonSum(text, row.duration_ms, known, tries.get(row.id), checks.get(row.id) if known else None)


def _times(session: Session, lengths: Mapping[uuid.UUID, int], mine: Subquery) -> dict[uuid.UUID, Times | None]:
    """What persons spent, by lesson; who is in two cohorts is one person."""
    opened, progress = StudySession, LessonProgress
    elapsed = (
        select(opened.enrollment_id, opened.lesson_id)
        .add_columns((func.max(opened.answered_ms) - func.min(opened.opened_ms)).label("elapsed_ms"))
        .join(mine, and_(mine.c.id == opened.enrollment_id, mine.c.person_id == opened.person_id))
        .group_by(opened.enrollment_id, opened.lesson_id)
        .subquery()
    )
    here = and_(elapsed.c.enrollment_id == progress.enrollment_id, elapsed.c.lesson_id == progress.lesson_id)
    query = (
        select(progress.lesson_id, func.max(progress.credited_ms), func.max(elapsed.c.elapsed_ms))
        .add_columns(func.min(mine.c.policy_code))
        .join(mine, mine.c.id == progress.enrollment_id)
        .outerjoin(elapsed, here)
        .group_by(progress.lesson_id, mine.c.person_id)
        .order_by(progress.lesson_id)
    )
    by_lesson = groupby(_stream(session, query), itemgetter(0))
    return {each: analytics.times(_spent(row, lengths[each]) for row in rows) for each, rows in by_lesson}


def _spent(row: Any, length_ms: int) -> Spent:
    _lesson_id, credited_ms, elapsed_ms, policy_code = row
    return Spent(credited_ms, elapsed_ms, credited_ms >= policy_named(policy_code).required_ms(length_ms))


def _tries(session: Session, mine: Subquery) -> dict[uuid.UUID, Tries]:
    query = (
        select(QuizAttempt.lesson_id, mine.c.person_id, QuizAttempt.passed)
        .join(mine, mine.c.id == QuizAttempt.enrollment_id)
        .order_by(QuizAttempt.lesson_id, mine.c.person_id, QuizAttempt.submitted_at, QuizAttempt.id)
    )
    found: dict[uuid.UUID, Tries] = {}
    for (lesson_id, _person_id), rows in groupby(_stream(session, query), itemgetter(0, 1)):
        passed = [row.passed for row in rows]
        known = found.get(lesson_id, Tries(0, 0, 0, 0))
        found[lesson_id] = Tries(
            known.persons + 1, known.passed_first + passed[0], known.passed + any(passed), known.attempts + len(passed)
        )
    return {lesson_id: tries for lesson_id, tries in found.items() if tries.persons >= FEWEST}


def _checked(session: Session, mine: Subquery, now_ms: int) -> dict[uuid.UUID, tuple[int, int]]:
    row, end = PresenceCheck, PresenceOutcome
    failed = case((or_(end.check_id.is_(None), end.outcome.in_(FAILED)), row.person_id))
    query = (
        select(row.lesson_id, func.count(row.person_id.distinct()), func.count(failed.distinct()))
        .join(mine, and_(mine.c.id == row.enrollment_id, mine.c.person_id == row.person_id))
        .outerjoin(end, end.check_id == row.id)
        .where(row.kind == CheckKind.STUDY.value, or_(end.check_id.is_not(None), row.due_ms < now_ms))
        .group_by(row.lesson_id)
    )
    return {lesson_id: (asked, missed) for lesson_id, asked, missed in session.execute(query)}
