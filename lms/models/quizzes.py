"""Attempts at quizzes, and the notebook of what went wrong in them."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class QuizAttempt(Identified, Base):
    """One submission of one quiz, with the answers as given and the grade as computed. Never changed."""

    __tablename__ = "quiz_attempts"
    __table_args__ = (Index("ix_quiz_attempts_enrollment_id_lesson_id", "enrollment_id", "lesson_id"),)

    enrollment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrollments.id"))
    lesson_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lessons.id"))
    answers: Mapped[dict[str, Any]]
    score: Mapped[int]
    passed: Mapped[bool]
    submitted_at: Mapped[datetime]


class QuizReview(Identified, Base):
    """One answer to one question of the wrong-answer notebook (错题本). Insert-only.

    `question`: its id in the quiz; with the attempts these rows say which questions are due again.
    """

    __tablename__ = "quiz_reviews"
    __table_args__ = (
        Index("ix_quiz_reviews_enrollment_id_lesson_id", "enrollment_id", "lesson_id"),
        UniqueConstraint("enrollment_id", "client_key"),
    )

    enrollment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrollments.id"))
    lesson_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lessons.id"))
    question: Mapped[str] = mapped_column(String(80))
    client_key: Mapped[str] = mapped_column(String(80))
    picked: Mapped[list[Any]]
    correct: Mapped[bool]
    answered_at: Mapped[datetime]
