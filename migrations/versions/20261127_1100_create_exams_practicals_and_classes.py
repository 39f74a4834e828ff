"""Create exams, practicals, classes in person and the wrong-answer notebook."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261127_1100"
down_revision = "20261127_1020"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
APPENDED = (
    "exam_rulings",
    "exam_sittings",
    "exam_answers",
    "exam_closings",
    "exam_grades",
    "practice_sittings",
    "practice_sheets",
    "consents",
    "attendance_marks",
    "attendance_lists",
    "attendance_decisions",
    "quiz_reviews",
)


def upgrade() -> None:
    with op.batch_alter_table("lessons") as lessons:
        lessons.alter_column("course_version_id", existing_type=sa.Uuid(), nullable=True)
    _exams()
    _practice()
    _classes()
    _notebook()
    for table in APPENDED:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER tr_{table}_appended BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            continue
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER tr_{table}_no_{act} BEFORE {act.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'evidence is appended, never changed: {table}'); END"
            )


def _exams() -> None:
    op.create_table(
        "exam_rulings",
        sa.Column("organisation_id", sa.Uuid(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("ruling", sa.String(12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.ForeignKeyConstraint(
            ["question_id", "revision"],
            ["bank_revisions.question_id", "bank_revisions.number"],
            name="fk_exam_rulings_question_id_revision_bank_revisions",
        ),
    )
    op.create_index("ix_exam_rulings_question_id_revision", "exam_rulings", ["question_id", "revision"])
    op.create_table(
        "exam_sittings",
        sa.Column("enrollment_id", sa.Uuid(), sa.ForeignKey("enrollments.id"), nullable=False),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(12), nullable=False),
        sa.Column("examiner_id", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=True),
        sa.Column("seed", sa.String(64), nullable=False),
        sa.Column("paper", JSON, nullable=False),
        sa.Column("paper_hash", sa.String(64), nullable=False),
        sa.Column("watermark", sa.String(16), nullable=False),
        sa.Column("policy_code", sa.String(40), nullable=False),
        sa.Column("pass_percent", sa.Integer(), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.UniqueConstraint("enrollment_id", "number", name="uq_exam_sittings_enrollment_id_number"),
    )
    op.create_index("ix_exam_sittings_opened_at", "exam_sittings", ["opened_at"])
    op.create_index("ix_exam_sittings_person_id", "exam_sittings", ["person_id"])
    op.create_table(
        "exam_answers",
        sa.Column("sitting_id", sa.Uuid(), sa.ForeignKey("exam_sittings.id"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("client_key", sa.String(80), nullable=False),
        sa.Column("answer", JSON, nullable=False),
        sa.Column("held_ms", sa.BigInteger(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.UniqueConstraint("sitting_id", "client_key", name="uq_exam_answers_sitting_id_client_key"),
    )
    op.create_index("ix_exam_answers_sitting_id_place", "exam_answers", ["sitting_id", "place"])
    op.create_table(
        "exam_closings",
        sa.Column("sitting_id", sa.Uuid(), sa.ForeignKey("exam_sittings.id"), primary_key=True),
        sa.Column("cause", sa.String(12), nullable=False),
        sa.Column("answers_hash", sa.String(64), nullable=False),
        sa.Column("closed_ms", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "exam_grades",
        sa.Column("sitting_id", sa.Uuid(), sa.ForeignKey("exam_sittings.id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("scores", JSON, nullable=False),
        sa.Column("score_percent", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("ruling_id", sa.Uuid(), sa.ForeignKey("exam_rulings.id"), nullable=True),
        sa.Column("graded_at", MOMENT, nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
    )


def _practice() -> None:
    op.create_table(
        "practice_sittings",
        sa.Column("enrollment_id", sa.Uuid(), sa.ForeignKey("enrollments.id"), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), sa.ForeignKey("lessons.id"), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("examiners", sa.Integer(), nullable=False),
        sa.Column("policy_code", sa.String(40), nullable=False),
        sa.Column("opened_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.UniqueConstraint(
            "enrollment_id",
            "lesson_id",
            "kind",
            "number",
            name="uq_practice_sittings_enrollment_id_lesson_id_kind_number",
        ),
    )
    op.create_table(
        "practice_sheets",
        sa.Column("sitting_id", sa.Uuid(), sa.ForeignKey("practice_sittings.id"), nullable=False),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("client_key", sa.String(80), nullable=False),
        sa.Column("marks", JSON, nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("critical_missed", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("submitted_ms", sa.BigInteger(), nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.UniqueConstraint("sitting_id", "account_id", name="uq_practice_sheets_sitting_id_account_id"),
        sa.UniqueConstraint("sitting_id", "client_key", name="uq_practice_sheets_sitting_id_client_key"),
    )
    op.create_index("ix_practice_sheets_account_id", "practice_sheets", ["account_id"])
    op.create_table(
        "consents",
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
    )
    op.create_index("ix_consents_person_id_purpose", "consents", ["person_id", "purpose"])
    op.create_table(
        "practice_pictures",
        sa.Column("sitting_id", sa.Uuid(), sa.ForeignKey("practice_sittings.id"), nullable=False),
        sa.Column("consent_id", sa.Uuid(), sa.ForeignKey("consents.id"), nullable=False),
        sa.Column("object_key", sa.String(200), nullable=False),
        sa.Column("content_type", sa.String(80), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("added_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
    )
    op.create_index("ix_practice_pictures_sitting_id", "practice_pictures", ["sitting_id"])


def _classes() -> None:
    op.create_table(
        "class_meetings",
        sa.Column("cohort_id", sa.Uuid(), sa.ForeignKey("cohorts.id"), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), sa.ForeignKey("lessons.id"), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("module_slug", sa.String(80), nullable=False),
        sa.Column("content", sa.String(12), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("makes_up_for", sa.Uuid(), sa.ForeignKey("class_meetings.id"), nullable=True),
        sa.Column("created_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.UniqueConstraint("lesson_id", name="uq_class_meetings_lesson_id"),
    )
    op.create_index("ix_class_meetings_cohort_id_starts_at", "class_meetings", ["cohort_id", "starts_at"])
    op.create_index("ix_class_meetings_teacher_id", "class_meetings", ["teacher_id"])
    op.create_table(
        "attendance_lists",
        sa.Column("meeting_id", sa.Uuid(), sa.ForeignKey("class_meetings.id"), nullable=False),
        sa.Column("rows", JSON, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attachment_key", sa.String(200), nullable=False),
        sa.Column("attachment_name", sa.String(200), nullable=False),
        sa.Column("attachment_hash", sa.String(64), nullable=False),
        sa.Column("entered_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
    )
    op.create_index("ix_attendance_lists_meeting_id", "attendance_lists", ["meeting_id"])
    op.create_table(
        "attendance_marks",
        sa.Column("meeting_id", sa.Uuid(), sa.ForeignKey("class_meetings.id"), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), sa.ForeignKey("enrollments.id"), nullable=False),
        sa.Column("kind", sa.String(4), nullable=False),
        sa.Column("method", sa.String(8), nullable=False),
        sa.Column("stands_from_ms", sa.BigInteger(), nullable=False),
        sa.Column("ticket", sa.String(64), nullable=False),
        sa.Column("list_id", sa.Uuid(), sa.ForeignKey("attendance_lists.id"), nullable=True),
        sa.Column("late_ms", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("recorded_ms", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.UniqueConstraint(
            "meeting_id", "enrollment_id", "kind", name="uq_attendance_marks_meeting_id_enrollment_id_kind"
        ),
    )
    op.create_index("ix_attendance_marks_enrollment_id", "attendance_marks", ["enrollment_id"])
    op.create_table(
        "attendance_decisions",
        sa.Column("list_id", sa.Uuid(), sa.ForeignKey("attendance_lists.id"), primary_key=True),
        sa.Column("decision", sa.String(12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
    )
    op.create_table(
        "attendance_leaves",
        sa.Column("meeting_id", sa.Uuid(), sa.ForeignKey("class_meetings.id"), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), sa.ForeignKey("enrollments.id"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("decision", sa.String(12), nullable=False),
        sa.Column("decided_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.UniqueConstraint("meeting_id", "enrollment_id", name="uq_attendance_leaves_meeting_id_enrollment_id"),
    )
    op.create_index("ix_attendance_leaves_enrollment_id", "attendance_leaves", ["enrollment_id"])


def _notebook() -> None:
    op.create_table(
        "quiz_reviews",
        sa.Column("enrollment_id", sa.Uuid(), sa.ForeignKey("enrollments.id"), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), sa.ForeignKey("lessons.id"), nullable=False),
        sa.Column("question", sa.String(80), nullable=False),
        sa.Column("client_key", sa.String(80), nullable=False),
        sa.Column("picked", JSON, nullable=False),
        sa.Column("correct", sa.Boolean(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.UniqueConstraint("enrollment_id", "client_key", name="uq_quiz_reviews_enrollment_id_client_key"),
    )
    op.create_index("ix_quiz_reviews_enrollment_id_lesson_id", "quiz_reviews", ["enrollment_id", "lesson_id"])


def downgrade() -> None:
    for table in (
        "quiz_reviews",
        "attendance_leaves",
        "attendance_decisions",
        "attendance_marks",
        "attendance_lists",
        "class_meetings",
        "practice_pictures",
        "consents",
        "practice_sheets",
        "practice_sittings",
        "exam_grades",
        "exam_closings",
        "exam_answers",
        "exam_sittings",
        "exam_rulings",
    ):
        op.drop_table(table)
    op.execute("DELETE FROM lessons WHERE course_version_id IS NULL")
    with op.batch_alter_table("lessons") as lessons:
        lessons.alter_column("course_version_id", existing_type=sa.Uuid(), nullable=False)
