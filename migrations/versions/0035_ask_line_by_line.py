"""Add what readers of outputs ask for line by line, the answers to it, and what of their own answers they can take back."""

import sqlalchemy as sa
from alembic import op

revision = "0035_ask_line_by_line"
down_revision = "0034_remind_of_suspensions"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
ANSWERS = "fk_output_comment_answers_id_output_comment"


def upgrade() -> None:
    """Remarks of before keep their place in words."""
    with op.batch_alter_table("output_comment") as table:
        table.add_column(sa.Column("line", sa.Integer(), nullable=True))
        table.add_column(sa.Column("answers_id", ID, nullable=True))
        table.create_foreign_key(op.f(ANSWERS), "output_comment", ["answers_id"], ["id"])
    op.create_table(
        "output_draft",
        sa.Column("id", ID, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(60), nullable=False),
        sa.Column("ground", sa.String(40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["output_version.id"], name=op.f("fk_output_draft_version_id_output_version")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_output_draft_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_output_draft_author_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_output_draft")),
    )
    op.create_index("ix_output_draft_version", "output_draft", ["version_id", "organization_id"])
    _add_acts()


def _add_acts() -> None:
    op.create_table(
        "output_act",
        sa.Column("id", ID, nullable=False),
        sa.Column("output_id", ID, nullable=False),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("left", sa.JSON(), nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["output_id"], ["output.id"], name=op.f("fk_output_act_output_id_output")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_output_act_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_output_act")),
    )
    op.create_index("ix_output_act_output", "output_act", ["output_id", "at"])


def downgrade() -> None:
    """What was noted and not sent goes; a line is named in words, and answers stand as remarks of their own."""
    op.execute(sa.text("UPDATE output_comment SET place = 'line ' || line WHERE line IS NOT NULL AND place = ''"))
    op.drop_table("output_act")
    op.drop_table("output_draft")
    with op.batch_alter_table("output_comment") as table:
        table.drop_constraint(op.f(ANSWERS), type_="foreignkey")
        table.drop_column("answers_id")
        table.drop_column("line")
