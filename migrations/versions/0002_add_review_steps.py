"""Add review steps."""

revision = "0002_add_review_steps"
down_revision = "0001_create_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
