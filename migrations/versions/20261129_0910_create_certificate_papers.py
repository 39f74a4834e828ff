"""Create templates and papers of certificates."""

revision = "20261129_0910"
down_revision = "20261129_0900"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
