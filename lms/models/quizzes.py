"""Attempts at quizzes."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
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
