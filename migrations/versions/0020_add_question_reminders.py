"""Add what a question on a dataset's page needs to be shown again, and to have its steward reminded by date."""

import sqlalchemy as sa
from alembic import op

revision = "0020_add_question_reminders"
down_revision = "0019_drop_search_columns"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns."""
    op.add_column("dataset_question", sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("dataset_question", sa.Column("reminded", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Both go: who was reminded stands in the history."""
    op.drop_column("dataset_question", "reminded")
    op.drop_column("dataset_question", "shown_at")
