"""Drop the words by which listings were searched in the database: the search index, which is derived, holds them."""

import sqlalchemy as sa
from alembic import op

revision = "0019_drop_search_columns"
down_revision = "0018_add_import_choices"
branch_labels = None
depends_on = None

COLUMNS = ("search_title", "search_words", "search_text")


def upgrade() -> None:
    """Three columns go."""
    for name in COLUMNS:
        op.drop_column("dataset", name)


def downgrade() -> None:
    """They come back empty; each is written again with the next change of its listing."""
    for name in COLUMNS:
        op.add_column("dataset", sa.Column(name, sa.Text(), nullable=False, server_default=" "))
