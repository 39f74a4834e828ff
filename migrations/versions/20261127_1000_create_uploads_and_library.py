"""Create uploads, the library they end in, and captions with their history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261127_1000"
down_revision = "20261127_0920"
branch_labels = None
depends_on = None

JSON_VALUE = sa.JSON().with_variant(JSONB(), "postgresql")
TOLD = (
    ("width", sa.Integer()),
    ("height", sa.Integer()),
    ("has_sound", sa.Boolean()),
    ("captions_number", sa.Integer()),
)


def upgrade() -> None:
    for name, kind in TOLD:
        op.add_column("media", sa.Column(name, kind, nullable=True))
    _create_uploads()
    _create_library()


def _create_uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("client_key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("part_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("problem", sa.String(length=80), nullable=True),
        sa.Column("problem_values", JSON_VALUE, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("ref", sa.String(length=1000), nullable=False),
        sa.Column("media_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_uploads_account_id")),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name=op.f("fk_uploads_media_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_uploads_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.UniqueConstraint(
            "account_id", "organisation_id", "client_key", name=op.f("uq_uploads_account_id_organisation_id_client_key")
        ),
    )
    op.create_index("ix_uploads_state_touched_at", "uploads", ["state", "touched_at"], unique=False)
    op.create_index(op.f("ix_uploads_organisation_id"), "uploads", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_uploads_media_id"), "uploads", ["media_id"], unique=False)
    op.create_table(
        "upload_parts",
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("etag", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["uploads.id"], name=op.f("fk_upload_parts_upload_id")),
        sa.PrimaryKeyConstraint("upload_id", "number", name=op.f("pk_upload_parts")),
    )


def _create_library() -> None:
    op.create_table(
        "library_files",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("media_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_library_files_account_id")),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name=op.f("fk_library_files_media_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_library_files_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_files")),
        sa.UniqueConstraint("media_id", name=op.f("uq_library_files_media_id")),
        sa.UniqueConstraint(
            "organisation_id", "content_hash", name=op.f("uq_library_files_organisation_id_content_hash")
        ),
    )
    op.create_table(
        "media_captions",
        sa.Column("media_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_media_captions_account_id")),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name=op.f("fk_media_captions_media_id")),
        sa.PrimaryKeyConstraint("media_id", "number", name=op.f("pk_media_captions")),
    )


def downgrade() -> None:
    for table in ("media_captions", "library_files", "upload_parts", "uploads"):
        op.drop_table(table)
    for name, _ in reversed(TOLD):
        op.drop_column("media", name)
