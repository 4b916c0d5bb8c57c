"""One table for every import, by page and by program, with what was found; corrections are kept for the next catalog."""

import sqlalchemy as sa
from alembic import op

revision = "0021_widen_imports"
down_revision = "0020_add_question_reminders"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ADDED = {
    "catalog_import": (
        ("by_page", sa.Boolean(), sa.false()),
        ("authentication", sa.String(length=40), "token"),
        ("listed", sa.Integer(), "0"),
        ("found", sa.JSON(), "{}"),
    ),
    "import_choice": (("sheet", sa.String(length=200), ""),),
}


def upgrade() -> None:
    """New columns, filled for what is there, and one table."""
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as batch:
            for name, kind, filled in columns:
                batch.add_column(sa.Column(name, kind, nullable=False, server_default=filled))
        with op.batch_alter_table(table) as batch:
            for name, _kind, _filled in columns:
                batch.alter_column(name, server_default=None)
    with op.batch_alter_table("catalog_import") as batch:
        batch.create_index("ix_catalog_import_file", ["file_id", "id"])
    op.create_table(
        "kept_choice",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("publishers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_kept_choice_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_kept_choice")),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("kept_choice")
    with op.batch_alter_table("catalog_import") as batch:
        batch.drop_index("ix_catalog_import_file")
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as batch:
            for name, _kind, _filled in columns:
                batch.drop_column(name)
