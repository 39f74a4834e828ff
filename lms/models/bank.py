"""The question bank: questions, every wording they had, the batches they came in, and what was answered."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class BankBatch(Identified, Base):
    """A file somebody brought. States: checked (nothing is in the bank), imported, undone.

    The file lies in the store; `choices` are what was chosen for it, `counts` what came of it.
    """

    __tablename__ = "bank_batches"
    __table_args__ = (Index("ix_bank_batches_organisation_id_course_slug", "organisation_id", "course_slug"),)

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    course_slug: Mapped[str] = mapped_column(String(80))
    file_name: Mapped[str] = mapped_column(String(200))
    format: Mapped[str] = mapped_column(String(12))
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12), default="checked")
    choices: Mapped[dict[str, Any]]
    counts: Mapped[dict[str, Any]]
    created_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    imported_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class BankQuestion(Identified, Base):
    """A question as it is now; what it says stands in its revision. States: active, retired.

    `words` is what a search looks through, `tags` are held as `|one|two|`.
    """

    __tablename__ = "bank_questions"
    __table_args__ = (
        Index("ix_bank_questions_organisation_id_course_slug_state", "organisation_id", "course_slug", "state"),
        Index("ix_bank_questions_content_hash", "content_hash"),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    course_slug: Mapped[str] = mapped_column(String(80))
    objective: Mapped[str] = mapped_column(String(80))
    type: Mapped[str] = mapped_column(String(12))
    difficulty: Mapped[int]
    tags: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12), default="active")
    revision: Mapped[int] = mapped_column(default=1)
    batch_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("bank_batches.id"), index=True)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class BankRevision(Base):
    """One wording of a question. Insert-only: an edit is a new one, and answers name the one they answered."""

    __tablename__ = "bank_revisions"

    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_questions.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[str] = mapped_column(String(12))
    body: Mapped[dict[str, Any]]
    content_hash: Mapped[str] = mapped_column(String(64))
    changed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    changed_at: Mapped[datetime]


class BankAnswer(Identified, Base):
    """One answer to one wording in one attempt, with its score in ‰. Insert-only."""

    __tablename__ = "bank_answers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["question_id", "revision"],
            ["bank_revisions.question_id", "bank_revisions.number"],
            name="fk_bank_answers_question_id_revision_bank_revisions",
        ),
        Index("uq_bank_answers_attempt_id_question_id", "attempt_id", "question_id", unique=True),
        Index("ix_bank_answers_question_id_revision", "question_id", "revision"),
    )

    question_id: Mapped[uuid.UUID]
    revision: Mapped[int]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    attempt_id: Mapped[uuid.UUID]
    score_permille: Mapped[int]
    answered_at: Mapped[datetime]
