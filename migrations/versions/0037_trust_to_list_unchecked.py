"""Add whether an organization's imports and harvests may be listed without a check of each. Nobody's may at first."""

import sqlalchemy as sa
from alembic import op

revision = "0037_trust_to_list_unchecked"
down_revision = "0036_tell_anew_of_incidents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is there was not asked about: each dataset is checked until the secretariat says otherwise."""
    with op.batch_alter_table("organization") as table:
        table.add_column(sa.Column("lists_unchecked", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """It goes: the secretariat says it again."""
    with op.batch_alter_table("organization") as table:
        table.drop_column("lists_unchecked")
