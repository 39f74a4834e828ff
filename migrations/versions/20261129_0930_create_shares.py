"""Create share links of records."""

revision = "20261129_0930"
down_revision = "20261129_0920"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
