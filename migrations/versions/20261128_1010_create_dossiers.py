"""Create dossiers."""

revision = "20261128_1010"
down_revision = "20261128_1000"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
