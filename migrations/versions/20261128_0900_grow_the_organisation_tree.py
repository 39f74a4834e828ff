"""Grow the organisation tree: who stands under whom, of what kind, and each change of it for good."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_0900"
down_revision = "20261127_1100"
branch_labels = None
depends_on = None

TABLE = "organisation_changes"


def upgrade() -> None:
    """Institutions of before stand under nobody, of a kind that nobody has said yet."""
    _add_parent()
    op.add_column(
        "organisations", sa.Column("kind", sa.String(length=20), nullable=False, server_default="institution")
    )
    op.add_column("organisations", sa.Column("department", sa.String(length=20), nullable=True))
    op.add_column("organisations", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_organisations_parent_id"), "organisations", ["parent_id"])
    op.create_table(
        TABLE,
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("before", sa.String(length=200), nullable=False),
        sa.Column("after", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_organisation_changes_account_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_organisation_changes_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_changes")),
    )
    op.create_index(op.f("ix_organisation_changes_organisation_id"), TABLE, ["organisation_id"])
    _guard()


def _add_parent() -> None:
    """SQLite takes the foreign key with the column only: to copy the table would break all that points at it."""
    key = "fk_organisations_parent_id"
    if op.get_bind().dialect.name == "sqlite":
        column = f"parent_id CHAR(32) CONSTRAINT {key} REFERENCES organisations (id)"
        op.execute(f"ALTER TABLE organisations ADD COLUMN {column}")
        return
    op.add_column("organisations", sa.Column("parent_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f(key), "organisations", "organisations", ["parent_id"], ["id"])


def _guard() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER tr_{TABLE}_appended BEFORE UPDATE OR DELETE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER tr_{TABLE}_no_{act} BEFORE {act.upper()} ON {TABLE} "
            f"BEGIN SELECT RAISE(ABORT, 'evidence is appended, never changed: {TABLE}'); END"
        )


def downgrade() -> None:
    op.drop_table(TABLE)  # and its triggers with it
    op.drop_index(op.f("ix_organisations_parent_id"), "organisations")
    for column in ("closed_at", "department", "kind", "parent_id"):
        op.drop_column("organisations", column)
