"""Add mail preferences."""

revision = "0005_add_mail_preferences"
down_revision = "0004_add_clocks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
