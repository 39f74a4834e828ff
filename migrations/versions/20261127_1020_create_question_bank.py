"""Create the question bank: batches, questions, their revisions, and answers to them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261127_1020"
down_revision = "20261127_1010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    _batches()
    _questions()
    _answers()


def _batches() -> None:
    op.create_table(
        "bank_batches",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("organisation_id", sa.Uuid(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("course_slug", sa.String(80), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("format", sa.String(12), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("choices", JSON, nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("created_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("imported_at", MOMENT, nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
    )
    op.create_index("ix_bank_batches_organisation_id_course_slug", "bank_batches", ["organisation_id", "course_slug"])


def _questions() -> None:
    op.create_table(
        "bank_questions",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("organisation_id", sa.Uuid(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("course_slug", sa.String(80), nullable=False),
        sa.Column("objective", sa.String(80), nullable=False),
        sa.Column("type", sa.String(12), nullable=False),
        sa.Column("difficulty", sa.Integer(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), sa.ForeignKey("bank_batches.id"), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
    )
    place = ["organisation_id", "course_slug", "state"]
    op.create_index("ix_bank_questions_organisation_id_course_slug_state", "bank_questions", place)
    op.create_index("ix_bank_questions_content_hash", "bank_questions", ["content_hash"])
    op.create_index("ix_bank_questions_batch_id", "bank_questions", ["batch_id"])
    op.create_table(
        "bank_revisions",
        sa.Column("question_id", sa.Uuid(), sa.ForeignKey("bank_questions.id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("act", sa.String(12), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("changed_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
    )


def _answers() -> None:
    op.create_table(
        "bank_answers",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("score_permille", sa.Integer(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id", "revision"],
            ["bank_revisions.question_id", "bank_revisions.number"],
            name="fk_bank_answers_question_id_revision_bank_revisions",
        ),
    )
    attempt = ["attempt_id", "question_id"]
    op.create_index("uq_bank_answers_attempt_id_question_id", "bank_answers", attempt, unique=True)
    op.create_index("ix_bank_answers_question_id_revision", "bank_answers", ["question_id", "revision"])


def downgrade() -> None:
    for table in ("bank_answers", "bank_revisions", "bank_questions", "bank_batches"):
        op.drop_table(table)
