"""Index decisions by their item: a page that shows one proposal read every decision of the consortium."""

from alembic import op

revision = "0010_index_decisions"
down_revision = "0009_add_standing_consent"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One index."""
    op.create_index("ix_decision_item", "decision", ["item_id"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_decision_item", "decision")
