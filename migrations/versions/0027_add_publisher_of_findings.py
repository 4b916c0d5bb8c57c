"""Add whose each dataset is that a harvest found, as the catalog writes the publisher's name."""

import sqlalchemy as sa
from alembic import op

revision = "0027_add_publisher_of_findings"
down_revision = "0026_add_wait_reminders"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Findings of before have none: their publishers are asked for at the next reading."""
    with op.batch_alter_table("harvest_finding") as table:
        table.add_column(sa.Column("publisher", sa.String(300), nullable=False, server_default=""))


def downgrade() -> None:
    """It goes: the next reading finds it again."""
    with op.batch_alter_table("harvest_finding") as table:
        table.drop_column("publisher")
