"""Create validity and reminders of records."""

revision = "20261129_0950"
down_revision = "20261129_0940"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
