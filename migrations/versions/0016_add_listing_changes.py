"""Add the sequence of changes of listings, which the search index follows."""

import sqlalchemy as sa
from alembic import op

revision = "0016_add_listing_changes"
down_revision = "0015_add_data_needs"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """One table; an index that holds nothing yet is built from the listings themselves."""
    op.create_table(
        "listing_change",
        sa.Column("seq", ID, nullable=False),
        sa.Column("dataset_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_listing_change")),
    )


def downgrade() -> None:
    """The sequence goes."""
    op.drop_table("listing_change")
