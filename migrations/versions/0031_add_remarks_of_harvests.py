"""Add what is to be mended in a catalog that a harvest read: how much, and the first of it."""

import sqlalchemy as sa
from alembic import op

revision = "0031_add_remarks_of_harvests"
down_revision = "0030_time_crisis_waits_anew"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Readings of before have none: the next one finds them."""
    with op.batch_alter_table("harvest_run") as table:
        table.add_column(sa.Column("remarked", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("remarks", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """They go: the next reading finds them again."""
    with op.batch_alter_table("harvest_run") as table:
        table.drop_column("remarks")
        table.drop_column("remarked")
