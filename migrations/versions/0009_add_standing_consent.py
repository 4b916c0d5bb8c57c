"""Add standing consent."""

revision = "0009_add_standing_consent"
down_revision = "0008_add_duties_and_access"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
