"""Add grant changes."""

revision = "0007_add_grant_changes"
down_revision = "0006_add_team_life"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
