"""Create credentials, their keys and their status lists."""

revision = "20261129_0920"
down_revision = "20261129_0910"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
