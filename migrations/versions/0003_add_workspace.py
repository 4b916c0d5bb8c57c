"""Add workspace."""

revision = "0003_add_workspace"
down_revision = "0002_add_review_steps"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
