"""Create notices and rights."""

revision = "20261128_0920"
down_revision = "20261128_0910"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
