"""Add which row of an uploaded table was said to be its header. Of those that are there it is guessed, as before."""

import sqlalchemy as sa
from alembic import op

revision = "0038_choose_a_header"
down_revision = "0037_trust_to_list_unchecked"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Zero is the guess."""
    with op.batch_alter_table("import_choice") as table:
        table.add_column(sa.Column("header", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("import_choice") as table:
        table.alter_column("header", server_default=None)


def downgrade() -> None:
    """The header is the first line again."""
    with op.batch_alter_table("import_choice") as table:
        table.drop_column("header")
