"""Add what people say about an uploaded catalog: which column is which field, whose the datasets of a publisher are."""

import sqlalchemy as sa
from alembic import op

revision = "0018_add_import_choices"
down_revision = "0017_add_tokens"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """One table."""
    op.create_table(
        "import_choice",
        sa.Column("file_id", ID, nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("publishers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_import_choice_file_id_stored_file")),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_import_choice")),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("import_choice")
