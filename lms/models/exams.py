"""Gating exams: the paper drawn for one person, what she answered and when, and every grading of it."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class ExamSitting(Identified, Base):
    """One paper for one enrollment: the `number`-th try, open on the study clock in [opened_ms, due_ms). Insert-only.

    `mode`: online, or oral, where the examiner `examiner_id` enters what is said. The paper is drawn from `seed` and
    kept: [{question, revision, options: order shown, …}] in the order shown, with its SHA-256. `watermark` names the
    viewer in the paper.
    """

    __tablename__ = "exam_sittings"
    __table_args__ = (UniqueConstraint("enrollment_id", "number"), Index("ix_exam_sittings_opened_at", "opened_at"))

    enrollment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrollments.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    number: Mapped[int]
    mode: Mapped[str] = mapped_column(String(12))
    examiner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    seed: Mapped[str] = mapped_column(String(64))
    paper: Mapped[list[Any]]
    paper_hash: Mapped[str] = mapped_column(String(64))
    watermark: Mapped[str] = mapped_column(String(16))
    policy_code: Mapped[str] = mapped_column(String(40))
    pass_percent: Mapped[int]
    opened_ms: Mapped[int] = mapped_column(BigInteger)
    opened_at: Mapped[datetime]
    due_ms: Mapped[int] = mapped_column(BigInteger)
    entry: Mapped[int] = mapped_column(BigInteger)


class ExamAnswer(Identified, Base):
    """One answer as it was saved: the last one of a place in the paper that came in time counts. Insert-only.

    `client_key` makes a redelivery harmless. `held_ms` is how long a phone without a line held it back, as far as
    the server's own window bears it out; 0 for what came at once.
    """

    __tablename__ = "exam_answers"
    __table_args__ = (
        UniqueConstraint("sitting_id", "client_key"),
        Index("ix_exam_answers_sitting_id_place", "sitting_id", "place"),
    )

    sitting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("exam_sittings.id"))
    place: Mapped[int]
    number: Mapped[int]
    client_key: Mapped[str] = mapped_column(String(80))
    answer: Mapped[dict[str, Any]]
    held_ms: Mapped[int] = mapped_column(BigInteger)
    received_ms: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime]


class ExamClosing(Base):
    """The end of a sitting: handed in, or its time was up. Insert-only. `answers_hash`: SHA-256 of what counts."""

    __tablename__ = "exam_closings"

    sitting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("exam_sittings.id"), primary_key=True)
    cause: Mapped[str] = mapped_column(String(12))
    answers_hash: Mapped[str] = mapped_column(String(64))
    closed_ms: Mapped[int] = mapped_column(BigInteger)
    closed_at: Mapped[datetime]
    entry: Mapped[int] = mapped_column(BigInteger)


class ExamGrade(Base):
    """A grading of a closed sitting: the first, or a later one with its reason. Insert-only; the last one counts.

    `scores`: ‰ of each place in the paper; a place left out of the count is null.
    """

    __tablename__ = "exam_grades"

    sitting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("exam_sittings.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    scores: Mapped[list[Any]]
    score_percent: Mapped[int]
    passed: Mapped[bool]
    ruling_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("exam_rulings.id"))
    graded_at: Mapped[datetime]
    entry: Mapped[int] = mapped_column(BigInteger)


class ExamRuling(Identified, Base):
    """What a person decided about a faulty wording of a question: leave it out, or accept every answer. Insert-only."""

    __tablename__ = "exam_rulings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["question_id", "revision"],
            ["bank_revisions.question_id", "bank_revisions.number"],
            name="fk_exam_rulings_question_id_revision_bank_revisions",
        ),
        Index("ix_exam_rulings_question_id_revision", "question_id", "revision"),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    question_id: Mapped[uuid.UUID]
    revision: Mapped[int]
    ruling: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime]
