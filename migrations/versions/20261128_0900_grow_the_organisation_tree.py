"""Grow the organisation tree."""

revision = "20261128_0900"
down_revision = "20261127_1100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
