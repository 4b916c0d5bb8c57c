"""Add duties and access."""

revision = "0008_add_duties_and_access"
down_revision = "0007_add_grant_changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
