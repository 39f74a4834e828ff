"""Create exports."""

revision = "20261128_0950"
down_revision = "20261128_0940"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
