"""Create skill levels, assessors, credits and their conversion."""

revision = "20261129_0940"
down_revision = "20261129_0930"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
