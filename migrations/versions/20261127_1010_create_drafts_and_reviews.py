"""Create drafts, their files and changes, reviews and comments; a course may belong to an organisation."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_1010"
down_revision = "20261127_1000"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("courses") as courses:
        courses.add_column(sa.Column("organisation_id", sa.Uuid(), nullable=True))
        courses.create_foreign_key(
            "fk_courses_organisation_id_organisations", "organisations", ["organisation_id"], ["id"]
        )
        courses.create_index("ix_courses_organisation_id", ["organisation_id"])
    _drafts()
    _files()
    _reviews()


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("organisation_id", sa.Uuid(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.UniqueConstraint("organisation_id", "slug", name="uq_drafts_organisation_id_slug"),
    )


def _files() -> None:
    def held() -> list[sa.Column[object]]:
        return [
            sa.Column("text", sa.Text(), nullable=True),
            sa.Column("sha256", sa.String(64), nullable=True),
            sa.Column("content_type", sa.String(40), nullable=True),
            sa.Column("size", sa.BigInteger(), nullable=False),
            sa.Column("changed_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
            sa.Column("changed_at", MOMENT, nullable=False),
        ]

    op.create_table(
        "draft_files",
        sa.Column("draft_id", sa.Uuid(), sa.ForeignKey("drafts.id"), primary_key=True),
        sa.Column("path", sa.String(200), primary_key=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        *held(),
    )
    op.create_table(
        "draft_changes",
        sa.Column("draft_id", sa.Uuid(), sa.ForeignKey("drafts.id"), primary_key=True),
        sa.Column("revision", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("path", sa.String(200), primary_key=True),
        sa.Column("act", sa.String(40), nullable=False),
        *held(),
    )
    op.create_index("ix_draft_changes_draft_id_path_revision", "draft_changes", ["draft_id", "path", "revision"])


def _reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("draft_id", sa.Uuid(), sa.ForeignKey("drafts.id"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("asked_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("decided_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decision_words", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Uuid(), sa.ForeignKey("course_versions.id"), nullable=True),
    )
    op.create_index("ix_reviews_draft_id", "reviews", ["draft_id"])
    is_open = sa.text("state = 'open'")
    op.create_index(
        "uq_reviews_open", "reviews", ["draft_id"], unique=True, sqlite_where=is_open, postgresql_where=is_open
    )
    op.create_table(
        "review_comments",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("review_id", sa.Uuid(), sa.ForeignKey("reviews.id"), nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("settled_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
    )
    op.create_index("ix_review_comments_review_id", "review_comments", ["review_id"])


def downgrade() -> None:
    for table in ("review_comments", "reviews", "draft_changes", "draft_files", "drafts"):
        op.drop_table(table)
    with op.batch_alter_table("courses") as courses:
        courses.drop_index("ix_courses_organisation_id")
        courses.drop_constraint("fk_courses_organisation_id_organisations", type_="foreignkey")
        courses.drop_column("organisation_id")
