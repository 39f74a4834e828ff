"""Freeze completion records, with states that follow each other."""

revision = "20261129_0900"
down_revision = "20261128_1020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
