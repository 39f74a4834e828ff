"""Keep what reports of a past day rest on."""

revision = "20261128_1020"
down_revision = "20261128_1010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
