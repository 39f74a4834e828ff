"""Create courses."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261123_0920"
down_revision = "20261123_0910"
branch_labels = None
depends_on = None

JSON_VALUE = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "courses",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.UniqueConstraint("slug", name=op.f("uq_courses_slug")),
    )
    op.create_table(
        "media",
        sa.Column("source_hash", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("problem", sa.String(length=80), nullable=True),
        sa.Column("problem_values", JSON_VALUE, nullable=False),
        sa.Column("original_key", sa.String(length=200), nullable=True),
        sa.Column("prefix", sa.String(length=200), nullable=True),
        sa.Column("has_captions", sa.Boolean(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sa.UniqueConstraint("source_hash", name=op.f("uq_media_source_hash")),
    )
    op.create_table(
        "course_versions",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("frozen", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_course_versions_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_versions")),
        sa.UniqueConstraint("course_id", "content_hash", name=op.f("uq_course_versions_course_id_content_hash")),
        sa.UniqueConstraint("course_id", "number", name=op.f("uq_course_versions_course_id_number")),
    )
    op.create_table(
        "lessons",
        sa.Column("course_version_id", sa.Uuid(), nullable=False),
        sa.Column("module_slug", sa.String(length=80), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("media_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_version_id"], ["course_versions.id"], name=op.f("fk_lessons_course_version_id")
        ),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name=op.f("fk_lessons_media_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lessons")),
        sa.UniqueConstraint("course_version_id", "position", name=op.f("uq_lessons_course_version_id_position")),
        sa.UniqueConstraint("course_version_id", "slug", name=op.f("uq_lessons_course_version_id_slug")),
    )
    op.create_index(op.f("ix_lessons_media_id"), "lessons", ["media_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_lessons_media_id"), table_name="lessons")
    op.drop_table("lessons")
    op.drop_table("course_versions")
    op.drop_table("media")
    op.drop_table("courses")
