"""Create study."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261123_0940"
down_revision = "20261123_0930"
branch_labels = None
depends_on = None

JSON_VALUE = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "study_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("boot_id", sa.String(length=64), nullable=False),
        sa.Column("base_ms", sa.BigInteger(), nullable=False),
        sa.Column("last_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_clock")),
    )
    op.create_table(
        "study_leases",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("high_water_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_study_leases_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_study_leases")),
    )
    op.create_table(
        "lesson_progress",
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("covered", JSON_VALUE, nullable=False),
        sa.Column("credited_ms", sa.Integer(), nullable=False),
        sa.Column("position_ms", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollments.id"], name=op.f("fk_lesson_progress_enrollment_id")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_lesson_progress_lesson_id")),
        sa.PrimaryKeyConstraint("enrollment_id", "lesson_id", name=op.f("pk_lesson_progress")),
    )
    op.create_table(
        "study_sessions",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=80), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("opened_answer", sa.Text(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_ms", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollments.id"], name=op.f("fk_study_sessions_enrollment_id")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_study_sessions_lesson_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_study_sessions_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_sessions")),
        sa.UniqueConstraint("person_id", "idempotency_key", name=op.f("uq_study_sessions_person_id_idempotency_key")),
    )
    op.create_index(op.f("ix_study_sessions_person_id"), "study_sessions", ["person_id"], unique=False)
    op.create_table(
        "study_heartbeats",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("from_ms", sa.Integer(), nullable=False),
        sa.Column("to_ms", sa.Integer(), nullable=False),
        sa.Column("advisory", JSON_VALUE, nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("credited_ms", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollments.id"], name=op.f("fk_study_heartbeats_enrollment_id")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_study_heartbeats_lesson_id")),
        sa.ForeignKeyConstraint(["session_id"], ["study_sessions.id"], name=op.f("fk_study_heartbeats_session_id")),
        sa.PrimaryKeyConstraint("session_id", "seq", name=op.f("pk_study_heartbeats")),
    )
    op.create_index(
        "ix_study_heartbeats_enrollment_id_lesson_id",
        "study_heartbeats",
        ["enrollment_id", "lesson_id"],
        unique=False,
    )
    op.create_table(
        "study_segments",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("from_ms", sa.Integer(), nullable=False),
        sa.Column("to_ms", sa.Integer(), nullable=False),
        sa.Column("wall_from_ms", sa.BigInteger(), nullable=False),
        sa.Column("wall_to_ms", sa.BigInteger(), nullable=False),
        sa.Column("evidence_class", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("from_ms < to_ms AND wall_from_ms < wall_to_ms", name=op.f("ck_study_segments_not_empty")),
        sa.CheckConstraint(
            "to_ms - from_ms <= wall_to_ms - wall_from_ms", name=op.f("ck_study_segments_content_within_wall")
        ),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollments.id"], name=op.f("fk_study_segments_enrollment_id")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_study_segments_lesson_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_study_segments_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["study_sessions.id"], name=op.f("fk_study_segments_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_segments")),
    )
    op.create_index(
        "ix_study_segments_enrollment_id_lesson_id",
        "study_segments",
        ["enrollment_id", "lesson_id"],
        unique=False,
    )
    op.create_index(
        "ix_study_segments_person_id_wall_to_ms", "study_segments", ["person_id", "wall_to_ms"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_study_segments_person_id_wall_to_ms", table_name="study_segments")
    op.drop_index("ix_study_segments_enrollment_id_lesson_id", table_name="study_segments")
    op.drop_table("study_segments")
    op.drop_index("ix_study_heartbeats_enrollment_id_lesson_id", table_name="study_heartbeats")
    op.drop_table("study_heartbeats")
    op.drop_index(op.f("ix_study_sessions_person_id"), table_name="study_sessions")
    op.drop_table("study_sessions")
    op.drop_table("lesson_progress")
    op.drop_table("study_leases")
    op.drop_table("study_clock")
