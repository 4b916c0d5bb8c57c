"""Add what can be taken back in a review, and what was: requests for changes, and verdicts that ended a step."""

import sqlalchemy as sa
from alembic import op

revision = "0028_add_undoable_acts"
down_revision = "0027_add_publisher_of_findings"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
ONE_VERDICT = "uq_step_verdict_proposal_version_id_step"


def upgrade() -> None:
    """What was done before cannot be taken back: nobody kept how it stood."""
    op.create_table(
        "undoable_act",
        sa.Column("id", ID, nullable=False),
        sa.Column("proposal_id", ID, nullable=False),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("left", sa.JSON(), nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_undoable_act_by_id_person")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_undoable_act_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undoable_act")),
    )
    op.create_index("ix_undoable_act_proposal", "undoable_act", ["proposal_id", "at"])
    with op.batch_alter_table("comment") as table:
        table.add_column(sa.Column("withdrawn_at", MOMENT, nullable=True))
    with op.batch_alter_table("step_verdict") as table:
        table.add_column(sa.Column("undone_at", MOMENT, nullable=True))
        table.drop_constraint(op.f(ONE_VERDICT), type_="unique")
    stands = sa.text("undone_at IS NULL")
    op.create_index(
        "uq_step_verdict_effective",
        "step_verdict",
        ["proposal_version_id", "step"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )


def downgrade() -> None:
    """What was taken back goes: the history keeps its words."""
    op.execute(sa.text("DELETE FROM comment WHERE withdrawn_at IS NOT NULL"))
    op.execute(sa.text("DELETE FROM step_verdict WHERE undone_at IS NOT NULL"))
    op.drop_index("uq_step_verdict_effective", "step_verdict")
    with op.batch_alter_table("step_verdict") as table:
        table.create_unique_constraint(op.f(ONE_VERDICT), ["proposal_version_id", "step"])
        table.drop_column("undone_at")
    with op.batch_alter_table("comment") as table:
        table.drop_column("withdrawn_at")
    op.drop_table("undoable_act")
