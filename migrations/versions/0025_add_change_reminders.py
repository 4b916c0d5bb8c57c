"""Keep at which share of its time somebody was reminded of a change, of a hand-over to sign, of a close-out to confirm."""

import sqlalchemy as sa
from alembic import op

revision = "0025_add_change_reminders"
down_revision = "0024_add_team_reminders"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Four columns."""
    op.add_column("grant_change", sa.Column("reminded", sa.Integer(), nullable=True))
    op.add_column("subgrant", sa.Column("reminded", sa.Integer(), nullable=True))
    op.add_column("grant", sa.Column("close_out_reminded", sa.Integer(), nullable=True))
    op.add_column("grant", sa.Column("close_out_reminded_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """All go: who was reminded stands in the history."""
    op.drop_column("grant", "close_out_reminded_at")
    op.drop_column("grant", "close_out_reminded")
    op.drop_column("subgrant", "reminded")
    op.drop_column("grant_change", "reminded")
