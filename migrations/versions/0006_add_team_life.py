"""Add team life."""

revision = "0006_add_team_life"
down_revision = "0005_add_mail_preferences"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
