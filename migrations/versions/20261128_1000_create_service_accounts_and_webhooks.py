"""Create service accounts and webhooks."""

revision = "20261128_1000"
down_revision = "20261128_0950"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
