"""Create roster imports: files, their rows, remembered columns, and what a roster tells of a learner."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261128_0930"
down_revision = "20261128_0920"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    _imports()
    _rows()
    _remembered()


def _imports() -> None:
    op.create_table(
        "roster_imports",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("organisation_id", sa.Uuid(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), sa.ForeignKey("cohorts.id"), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("problem", sa.String(40), nullable=True),
        sa.Column("problem_values", JSON, nullable=False),
        sa.Column("shape", sa.String(64), nullable=True),
        sa.Column("heading_sealed", sa.Text(), nullable=True),
        sa.Column("columns", JSON, nullable=False),
        sa.Column("document_type", sa.String(32), nullable=False),
        sa.Column("mode", sa.String(8), nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("asked_by", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("imported_at", MOMENT, nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("emptied_at", MOMENT, nullable=True),
    )
    op.create_index("ix_roster_imports_organisation_id", "roster_imports", ["organisation_id"])
    op.create_index("ix_roster_imports_cohort_id_id", "roster_imports", ["cohort_id", "id"])
    op.create_index("ix_roster_imports_emptied_at_created_at", "roster_imports", ["emptied_at", "created_at"])


def _rows() -> None:
    op.create_table(
        "roster_rows",
        sa.Column("import_id", sa.Uuid(), sa.ForeignKey("roster_imports.id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("cells_sealed", sa.Text(), nullable=True),
        sa.Column("remarks", JSON, nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=True),
    )
    op.create_index("ix_roster_rows_import_id_state_number", "roster_rows", ["import_id", "state", "number"])
    op.create_index("ix_roster_rows_enrollment_id", "roster_rows", ["enrollment_id"])


def _remembered() -> None:
    op.create_table(
        "roster_mappings",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("organisation_id", sa.Uuid(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("shape", sa.String(64), nullable=False),
        sa.Column("columns", JSON, nullable=False),
        sa.Column("document_type", sa.String(32), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
    )
    place = ["organisation_id", "shape"]
    op.create_index("uq_roster_mappings_organisation_id_shape", "roster_mappings", place, unique=True)
    owner = sa.ForeignKey("enrollments.id", ondelete="CASCADE")
    op.create_table(
        "enrollment_details",
        sa.Column("enrollment_id", sa.Uuid(), owner, primary_key=True),
        sa.Column("details_sealed", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    for table in ("enrollment_details", "roster_mappings", "roster_rows", "roster_imports"):
        op.drop_table(table)
