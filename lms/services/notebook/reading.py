"""Notebooks as they stand: her attempts and reviews, graded against the pinned text, in three queries."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain import notebook
from lms.domain.courses import Course as CourseText
from lms.domain.courses import Lesson as LessonText
from lms.domain.courses import Question, Quiz
from lms.domain.errors import NotFound
from lms.domain.notebook import Given, Missed
from lms.domain.policies import policy_named
from lms.models.courses import Lesson
from lms.models.enrollments import Enrollment
from lms.models.quizzes import QuizAttempt, QuizReview
from lms.services import courses, scopes
from lms.services.scopes import Actor


@dataclass(frozen=True)
class Page:
    """One missed question: where it stands, its text, and the title of the quiz it is of."""

    missed: Missed
    lesson_id: uuid.UUID
    question: Question
    title: str
    title_en: str


@dataclass(frozen=True)
class Notebook:
    """The notebook of one enrollment on one civil day; `pages`: what is due in the order to ask it, then the rest.

    reviewed, right: how many reviews she gave on that day, and how many of them were right.
    """

    enrollment_id: uuid.UUID
    title: str
    title_en: str
    institution: str
    cohort: str
    today: date
    reviewed: int
    right: int
    pages: tuple[Page, ...]

    @property
    def due(self) -> tuple[Page, ...]:
        """What waits to be asked today."""
        return tuple(page for page in self.pages if page.missed.is_due(self.today))

    @property
    def later(self) -> tuple[Page, ...]:
        """What comes back on a later day, the next first."""
        dated = [(page.missed.due_on, page) for page in self.pages if page.missed.due_on]
        return tuple(page for day, page in sorted(dated, key=lambda each: each[0]) if day > self.today)

    @property
    def learned(self) -> tuple[Page, ...]:
        """What has been learned."""
        return tuple(page for page in self.pages if page.missed.is_learned)


@dataclass(frozen=True)
class Asked:
    """A question as it is asked this time: the options' numbers in the order to show, and the key of its answer."""

    page: Page
    order: tuple[int, ...]
    key: str


def list_own(session: Session, actor: Actor, *, now: datetime) -> list[Notebook]:
    """The notebooks of all her enrollments, the newest enrollment first."""
    rows = scopes.enrollments_of(actor).order_by(Enrollment.created_at.desc(), Enrollment.id.desc())
    return _notebooks(session, session.scalars(rows).all(), now)


def get_own(session: Session, actor: Actor, enrollment_id: uuid.UUID, *, now: datetime) -> Notebook:
    """The notebook of one own enrollment. NotFound."""
    found = session.scalar(scopes.enrollments_of(actor).where(Enrollment.id == enrollment_id))
    if found is None:
        raise NotFound
    return _notebooks(session, [found], now)[0]


def find_next(mine: Notebook) -> Asked | None:
    """The question to ask now, the same however often its page is opened until it is answered; None when none waits."""
    if not mine.due:
        return None
    page = mine.due[0]
    key = notebook.showing(str(mine.enrollment_id), page.missed)
    return Asked(page, notebook.order(page.question, key), key)


def list_teaching(session: Session, lesson_id: uuid.UUID, questions: Sequence[Question]) -> dict[str, Lesson]:
    """By question id: the lesson of the same course version that teaches it; questions without one are left out."""
    quiz, text = session.get_one(Lesson, lesson_id), courses.lesson_text(session, lesson_id)
    course = _course_of(quiz)
    slugs = {each.id: found.slug for each in questions if (found := notebook.teaching(course, text, each))}
    mine = select(Lesson).where(Lesson.course_version_id == quiz.course_version_id, Lesson.slug.in_(slugs.values()))
    rows = {row.slug: row for row in session.scalars(mine)} if slugs else {}
    return {question: rows[slug] for question, slug in slugs.items()}


Texts = Mapping[uuid.UUID, LessonText]


def _notebooks(session: Session, enrollments: Sequence[Enrollment], now: datetime) -> list[Notebook]:
    ids = [enrollment.id for enrollment in enrollments]
    attempts = _by_enrollment(session, _attempts(ids))
    reviews = _by_enrollment(session, _reviews(ids))
    texts = _texts(session, {row.lesson_id for rows in attempts.values() for row in rows})
    return [_notebook(each, attempts[each.id], reviews[each.id], texts, now) for each in enrollments]


def _attempts(ids: Sequence[uuid.UUID]) -> Any:
    columns = (QuizAttempt.enrollment_id, QuizAttempt.lesson_id, QuizAttempt.answers, QuizAttempt.submitted_at)
    return select(*columns).where(QuizAttempt.enrollment_id.in_(ids))


def _reviews(ids: Sequence[uuid.UUID]) -> Any:
    columns = (QuizReview.enrollment_id, QuizReview.lesson_id, QuizReview.question, QuizReview.correct)
    return select(*columns, QuizReview.answered_at).where(QuizReview.enrollment_id.in_(ids))


def _by_enrollment(session: Session, query: Any) -> defaultdict[uuid.UUID, list[Any]]:
    found: defaultdict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in session.execute(query):
        found[row.enrollment_id].append(row)
    return found


def _texts(session: Session, quizzes: set[uuid.UUID]) -> Texts:
    rows = session.scalars(select(Lesson).where(Lesson.id.in_(quizzes))) if quizzes else ()
    found = ((row.id, _course_of(row).find_lesson(row.slug)) for row in rows)
    return {lesson_id: text for lesson_id, text in found if text and text.quiz}


def _course_of(lesson: Lesson) -> CourseText:
    if lesson.course_version is None:  # a class in person belongs to no version, and asks nothing
        raise NotFound
    return courses.text_of(lesson.course_version)


def _in_attempts(rows: Iterable[Any], texts: Texts) -> Iterable[Given]:
    for row in rows:
        picked = {question: frozenset(numbers) for question, numbers in row.answers.items()}
        quiz = texts[row.lesson_id].quiz or Quiz(())
        yield from notebook.answers_in(quiz, str(row.lesson_id), picked, row.submitted_at)


def _in_reviews(rows: Iterable[Any]) -> list[Given]:
    return [Given(str(row.lesson_id), row.question, row.answered_at, row.correct) for row in rows]


def _notebook(
    enrollment: Enrollment, attempts: Iterable[Any], reviews: Iterable[Any], texts: Texts, now: datetime
) -> Notebook:
    cohort = enrollment.cohort
    zone = policy_named(cohort.policy_code).zone
    today, given = now.astimezone(zone).date(), _in_reviews(reviews)
    missed = notebook.notebook([*_in_attempts(attempts, texts), *given], zone)
    due = notebook.pick(missed, today, len(missed))
    rest = [each for each in missed if not each.is_due(today)]
    marks = [each.right for each in given if each.at.astimezone(zone).date() == today]
    return Notebook(
        enrollment_id=enrollment.id,
        title=cohort.course_version.title,
        title_en=cohort.course_version.title_en,
        institution=cohort.organisation.name,
        cohort=cohort.name,
        today=today,
        reviewed=len(marks),
        right=sum(marks),
        pages=tuple(_page(each, texts) for each in (*due, *rest)),
    )


def _page(missed: Missed, texts: Texts) -> Page:
    lesson_id = uuid.UUID(missed.lesson)
    text = texts[lesson_id]
    questions = text.quiz.questions if text.quiz else ()
    question = next(each for each in questions if each.id == missed.question)
    return Page(missed, lesson_id, question, text.title, text.title_en)
