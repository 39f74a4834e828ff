"""Attempts at quizzes: graded by the server from the pinned course text."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain import quizzes
from lms.domain.courses import Lesson as LessonText
from lms.domain.courses import LessonKind, Quiz
from lms.domain.errors import NotFound
from lms.domain.policies import policy_named
from lms.domain.quizzes import Answers, Grade
from lms.models.base import new_id
from lms.models.courses import Lesson
from lms.models.enrollments import Enrollment
from lms.models.quizzes import QuizAttempt
from lms.services import completion, courses, scopes
from lms.services.scopes import Actor


@dataclass(frozen=True)
class QuizSheet:
    """A quiz as one learner meets it: its text, her best score so far, the bar."""

    enrollment_id: uuid.UUID
    lesson_id: uuid.UUID
    title: str
    title_en: str
    quiz: Quiz
    pass_mark: int
    best_score: int | None


@dataclass(frozen=True)
class AttemptView:
    """One attempt with its grade and the answers given."""

    sheet: QuizSheet
    answers: Answers
    grade: Grade
    score: int
    passed: bool
    submitted_at: datetime

    def is_wrong(self, question: str) -> bool:
        """Whether a question was not answered right."""
        return dict(self.grade.marks)[question] is not quizzes.Mark.CORRECT


def get_sheet(session: Session, actor: Actor, enrollment_id: uuid.UUID, lesson_id: uuid.UUID) -> QuizSheet:
    """The quiz of an own enrollment's pinned course version."""
    enrollment, lesson = _quiz(session, actor, enrollment_id, lesson_id)
    return _sheet(session, enrollment, lesson)


def submit_attempt(
    session: Session,
    actor: Actor,
    enrollment_id: uuid.UUID,
    lesson_id: uuid.UUID,
    answers: Answers,
    *,
    now: datetime,
) -> uuid.UUID:
    """Grades and keeps one attempt; a pass may complete the course. Returns the attempt's id."""
    enrollment, lesson = _quiz(session, actor, enrollment_id, lesson_id)
    completion.require_running(session, enrollment, now=now)
    sheet = _sheet(session, enrollment, lesson)
    grade = quizzes.grade(sheet.quiz, answers)
    attempt = QuizAttempt(
        id=new_id(),
        enrollment_id=enrollment.id,
        lesson_id=lesson.id,
        answers={question: sorted(picked) for question, picked in answers.items()},
        score=grade.score_percent,
        passed=grade.passed(sheet.pass_mark),
        submitted_at=now,
    )
    session.add(attempt)
    if attempt.passed:
        completion.refresh(session, enrollment, now=now)
    return attempt.id


def get_attempt(session: Session, actor: Actor, attempt_id: uuid.UUID) -> AttemptView:
    """An own attempt, graded again from the same text: grading is pure, so it says the same."""
    attempt = session.scalar(scopes.attempts_of(actor).where(QuizAttempt.id == attempt_id))
    if attempt is None:
        raise NotFound
    enrollment = session.get_one(Enrollment, attempt.enrollment_id)
    sheet = _sheet(session, enrollment, session.get_one(Lesson, attempt.lesson_id))
    answers = {question: frozenset(picked) for question, picked in attempt.answers.items()}
    grade = quizzes.grade(sheet.quiz, answers)
    return AttemptView(sheet, answers, grade, attempt.score, attempt.passed, attempt.submitted_at)


def _quiz(session: Session, actor: Actor, enrollment_id: uuid.UUID, lesson_id: uuid.UUID) -> tuple[Enrollment, Lesson]:
    mine = scopes.lessons_of(actor, enrollment_id)
    found = session.execute(mine.where(Lesson.id == lesson_id, Lesson.kind == LessonKind.QUIZ.value)).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


def _sheet(session: Session, enrollment: Enrollment, lesson: Lesson) -> QuizSheet:
    text: LessonText = courses.lesson_text(session, lesson.id)
    best = (
        select(QuizAttempt.score)
        .where(QuizAttempt.enrollment_id == enrollment.id, QuizAttempt.lesson_id == lesson.id)
        .order_by(QuizAttempt.score.desc())
        .limit(1)
    )
    return QuizSheet(
        enrollment_id=enrollment.id,
        lesson_id=lesson.id,
        title=lesson.title,
        title_en=lesson.title_en,
        quiz=text.quiz or Quiz(questions=()),
        pass_mark=policy_named(enrollment.cohort.policy_code).quiz_pass_mark,
        best_score=session.scalar(best),
    )
