"""Reviews: one answer to one question of the notebook, kept once however often it is sent."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.db import insert_if_absent
from lms.domain import quizzes
from lms.domain.courses import Question, Quiz
from lms.domain.errors import NotFound, Refused
from lms.domain.quizzes import Mark
from lms.models.base import new_id
from lms.models.courses import Lesson
from lms.models.quizzes import QuizReview
from lms.services import scopes
from lms.services.notebook.reading import Notebook, Page, get_own, list_teaching
from lms.services.scopes import Actor

LONGEST_KEY = 80


@dataclass(frozen=True)
class Told:
    """An answer from the phone: which question, the options picked by number, and the key of this showing."""

    lesson_id: uuid.UUID
    question: str
    picked: frozenset[int]
    key: str


@dataclass(frozen=True)
class ReviewView:
    """A review as it was given, the notebook as it stands now, and the lesson that teaches the question."""

    mine: Notebook
    page: Page
    picked: frozenset[int]
    correct: bool
    teaches: Lesson | None


def record_review(
    session: Session, actor: Actor, enrollment_id: uuid.UUID, told: Told, *, now: datetime
) -> uuid.UUID | None:
    """Keeps one answer and returns its id; told again under the same key, the first answer stands.

    None when the question is not due any more, having been answered on another page meanwhile. NotFound for what is
    not in her notebook, Refused(review_key_malformed, answer_none_picked, answer_unknown_option,
    answer_one_option_only).
    """
    mine = get_own(session, actor, enrollment_id, now=now)
    if not told.key.isascii() or not told.key.isalnum() or len(told.key) > LONGEST_KEY:
        raise Refused("review_key_malformed")
    if known := _find(session, enrollment_id, told.key):
        return known
    page = _page_of(mine, told.lesson_id, told.question)
    correct = _grade(page.question, told.picked)
    if not page.missed.is_due(mine.today):
        return None
    insert_if_absent(
        session,
        QuizReview,
        id=new_id(),
        enrollment_id=enrollment_id,
        lesson_id=told.lesson_id,
        question=told.question,
        client_key=told.key,
        picked=sorted(told.picked),
        correct=correct,
        answered_at=now,
    )
    return _find(session, enrollment_id, told.key)


def get_review(session: Session, actor: Actor, review_id: uuid.UUID, *, now: datetime) -> ReviewView:
    """An own review with the feedback on it. NotFound."""
    row = session.scalar(scopes.reviews_of(actor).where(QuizReview.id == review_id))
    if row is None:
        raise NotFound
    mine = get_own(session, actor, row.enrollment_id, now=now)
    page = _page_of(mine, row.lesson_id, row.question)
    teaches = list_teaching(session, row.lesson_id, [page.question]).get(page.question.id)
    return ReviewView(mine, page, frozenset(row.picked), row.correct, teaches)


def _find(session: Session, enrollment_id: uuid.UUID, key: str) -> uuid.UUID | None:
    mine = select(QuizReview.id).where(QuizReview.enrollment_id == enrollment_id)
    return session.scalar(mine.where(QuizReview.client_key == key))


def _page_of(mine: Notebook, lesson_id: uuid.UUID, question: str) -> Page:
    found = next((page for page in mine.pages if (page.lesson_id, page.question.id) == (lesson_id, question)), None)
    if found is None:
        raise NotFound
    return found


def _grade(question: Question, picked: frozenset[int]) -> bool:
    """The same grading as in the quiz, of one question."""
    if not picked:
        raise Refused("answer_none_picked")
    return quizzes.grade(Quiz((question,)), {question.id: picked}).count(Mark.CORRECT) == 1
