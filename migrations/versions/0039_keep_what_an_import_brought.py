"""Add which listings an import brought, so that those that lack nothing can be sent to the check together."""

import sqlalchemy as sa
from alembic import op

revision = "0039_keep_what_an_import_brought"
down_revision = "0038_choose_a_header"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Of imports that are there it is not known: their drafts are sent one by one."""
    op.create_table(
        "imported_listing",
        sa.Column("import_id", ID, nullable=False),
        sa.Column("dataset_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["dataset.id"], name=op.f("fk_imported_listing_dataset_id_dataset"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["catalog_import.id"], name=op.f("fk_imported_listing_import_id_catalog_import")
        ),
        sa.PrimaryKeyConstraint("import_id", "dataset_id", name=op.f("pk_imported_listing")),
    )
    op.create_index(op.f("ix_imported_listing_dataset_id"), "imported_listing", ["dataset_id"])


def downgrade() -> None:
    """It goes with its table."""
    op.drop_table("imported_listing")
