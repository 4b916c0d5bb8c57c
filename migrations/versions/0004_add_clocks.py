"""Add clocks."""

revision = "0004_add_clocks"
down_revision = "0003_add_workspace"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
