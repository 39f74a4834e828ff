"""Create offline passes, presence checks, the log, corrections and cases."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261127_0910"
down_revision = "20261127_0900"
branch_labels = None
depends_on = None

JSON_VALUE = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "log_checkpoints",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_checkpoints")),
    )
    op.create_table(
        "log_leaves",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_log_leaves")),
        sa.UniqueConstraint("person_id", "number", name=op.f("uq_log_leaves_person_id_number")),
    )
    op.create_table(
        "study_batches",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "body_hash", name=op.f("pk_study_batches")),
    )
    op.create_table(
        "cases",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_cases_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_cases_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    op.create_index("ix_cases_organisation_id_state", "cases", ["organisation_id", "state"], unique=False)
    op.create_index(op.f("ix_cases_person_id"), "cases", ["person_id"], unique=False)
    op.create_table(
        "case_steps",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_case_steps_account_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_steps_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_steps")),
    )
    op.create_index(op.f("ix_case_steps_case_id"), "case_steps", ["case_id"], unique=False)
    op.create_table(
        "flags",
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("detail", JSON_VALUE, nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_flags_case_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_flags_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_flags_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
        sa.UniqueConstraint("key", name=op.f("uq_flags_key")),
    )
    op.create_index(op.f("ix_flags_case_id"), "flags", ["case_id"], unique=False)
    op.create_index("ix_flags_person_id", "flags", ["person_id"], unique=False)
    op.create_table(
        "study_parts",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("after_seq", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("from_ms", sa.Integer(), nullable=False),
        sa.Column("to_ms", sa.Integer(), nullable=False),
        sa.Column("mono_from_ms", sa.BigInteger(), nullable=False),
        sa.Column("mono_to_ms", sa.BigInteger(), nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_study_parts_lesson_id")),
        sa.PrimaryKeyConstraint("source_id", "after_seq", "number", name=op.f("pk_study_parts")),
    )
    op.create_table(
        "corrections",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("evidence_class", sa.String(length=12), nullable=False),
        sa.Column("segment_ids", JSON_VALUE, nullable=False),
        sa.Column("from_ms", sa.Integer(), nullable=False),
        sa.Column("to_ms", sa.Integer(), nullable=False),
        sa.Column("wall_from_ms", sa.BigInteger(), nullable=False),
        sa.Column("wall_to_ms", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attachment_key", sa.String(length=200), nullable=False),
        sa.Column("attachment_name", sa.String(length=200), nullable=False),
        sa.Column("attachment_hash", sa.String(length=64), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollments.id"], name=op.f("fk_corrections_enrollment_id")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_corrections_lesson_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_corrections_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_corrections_person_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["accounts.id"], name=op.f("fk_corrections_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_enrollment_id"), "corrections", ["enrollment_id"], unique=False)
    op.create_index(
        "ix_corrections_organisation_id_proposed_at", "corrections", ["organisation_id", "proposed_at"], unique=False
    )
    op.create_table(
        "presence_checks",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("from_entry", sa.BigInteger(), nullable=False),
        sa.Column("to_entry", sa.BigInteger(), nullable=True),
        sa.Column("question", JSON_VALUE, nullable=False),
        sa.Column("right_option", sa.Integer(), nullable=False),
        sa.Column("issued_ms", sa.BigInteger(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollments.id"], name=op.f("fk_presence_checks_enrollment_id")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_presence_checks_lesson_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_presence_checks_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence_checks")),
    )
    op.create_index(
        "ix_presence_checks_person_id_issued_ms", "presence_checks", ["person_id", "issued_ms"], unique=False
    )
    op.create_table(
        "study_chains",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("after_seq", sa.Integer(), nullable=False),
        sa.Column("evidence_class", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("seed_hash", sa.String(length=64), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("anchor_ms", sa.BigInteger(), nullable=False),
        sa.Column("window_from_ms", sa.BigInteger(), nullable=False),
        sa.Column("window_to_ms", sa.BigInteger(), nullable=False),
        sa.Column("committed_ms", sa.BigInteger(), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled", sa.Integer(), nullable=False),
        sa.Column("settled_leaf", sa.String(length=64), nullable=False),
        sa.Column("cursor_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollments.id"], name=op.f("fk_study_chains_enrollment_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_study_chains_person_id")),
        sa.PrimaryKeyConstraint("source_id", "after_seq", name=op.f("pk_study_chains")),
    )
    op.create_index(op.f("ix_study_chains_person_id"), "study_chains", ["person_id"], unique=False)
    op.create_table(
        "study_passes",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("lesson_ids", JSON_VALUE, nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("idempotency_key", sa.String(length=80), nullable=True),
        sa.Column("issued_ms", sa.BigInteger(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollments.id"], name=op.f("fk_study_passes_enrollment_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_study_passes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_passes")),
        sa.UniqueConstraint("person_id", "idempotency_key", name=op.f("uq_study_passes_person_id_idempotency_key")),
    )
    op.create_index(op.f("ix_study_passes_person_id"), "study_passes", ["person_id"], unique=False)
    op.create_table(
        "correction_decisions",
        sa.Column("correction_id", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("before_ms", sa.Integer(), nullable=False),
        sa.Column("after_ms", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["corrections.id"], name=op.f("fk_correction_decisions_correction_id")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_correction_decisions_decided_by")),
        sa.PrimaryKeyConstraint("correction_id", name=op.f("pk_correction_decisions")),
    )
    op.create_table(
        "presence_outcomes",
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("picked", sa.Integer(), nullable=True),
        sa.Column("from_entry", sa.BigInteger(), nullable=False),
        sa.Column("to_entry", sa.BigInteger(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("recorded_ms", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["check_id"], ["presence_checks.id"], name=op.f("fk_presence_outcomes_check_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_presence_outcomes_person_id")),
        sa.PrimaryKeyConstraint("check_id", name=op.f("pk_presence_outcomes")),
    )
    op.create_index(
        "ix_presence_outcomes_person_id_recorded_at", "presence_outcomes", ["person_id", "recorded_at"], unique=False
    )
    op.create_table(
        "study_voids",
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("correction_id", sa.Uuid(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["correction_id"], ["corrections.id"], name=op.f("fk_study_voids_correction_id")),
        sa.ForeignKeyConstraint(["segment_id"], ["study_segments.id"], name=op.f("fk_study_voids_segment_id")),
        sa.PrimaryKeyConstraint("segment_id", name=op.f("pk_study_voids")),
    )
    op.create_index(op.f("ix_study_voids_correction_id"), "study_voids", ["correction_id"], unique=False)
    op.add_column("memberships", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "study_clock",
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False, server_default="1970-01-01 00:00:00+00:00"),
    )
    with op.batch_alter_table("study_clock") as clock:
        clock.alter_column("stored_at", server_default=None)


def downgrade() -> None:
    op.drop_column("study_clock", "stored_at")
    op.drop_column("memberships", "expires_at")
    op.drop_index(op.f("ix_study_voids_correction_id"), table_name="study_voids")
    op.drop_table("study_voids")
    op.drop_index("ix_presence_outcomes_person_id_recorded_at", table_name="presence_outcomes")
    op.drop_table("presence_outcomes")
    op.drop_table("correction_decisions")
    op.drop_index(op.f("ix_study_passes_person_id"), table_name="study_passes")
    op.drop_table("study_passes")
    op.drop_index(op.f("ix_study_chains_person_id"), table_name="study_chains")
    op.drop_table("study_chains")
    op.drop_index("ix_presence_checks_person_id_issued_ms", table_name="presence_checks")
    op.drop_table("presence_checks")
    op.drop_index("ix_corrections_organisation_id_proposed_at", table_name="corrections")
    op.drop_index(op.f("ix_corrections_enrollment_id"), table_name="corrections")
    op.drop_table("corrections")
    op.drop_table("study_parts")
    op.drop_index("ix_flags_person_id", table_name="flags")
    op.drop_index(op.f("ix_flags_case_id"), table_name="flags")
    op.drop_table("flags")
    op.drop_index(op.f("ix_case_steps_case_id"), table_name="case_steps")
    op.drop_table("case_steps")
    op.drop_index(op.f("ix_cases_person_id"), table_name="cases")
    op.drop_index("ix_cases_organisation_id_state", table_name="cases")
    op.drop_table("cases")
    op.drop_table("study_batches")
    op.drop_table("log_leaves")
    op.drop_table("log_checkpoints")
