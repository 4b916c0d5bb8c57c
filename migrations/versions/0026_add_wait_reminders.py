"""Add when somebody was last reminded of a signature, a listing to check, a data need, or what a harvest found."""

import sqlalchemy as sa
from alembic import op

revision = "0026_add_wait_reminders"
down_revision = "0025_add_change_reminders"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """One row for each thing and organization that is waited for."""
    op.create_table(
        "wait_reminder",
        sa.Column("id", ID, nullable=False),
        sa.Column("thing", sa.String(20), nullable=False),
        sa.Column("ref", sa.String(60), nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_wait_reminder_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wait_reminder")),
        sa.UniqueConstraint("thing", "ref", "organization_id", name=op.f("uq_wait_reminder_thing_ref_organization_id")),
    )


def downgrade() -> None:
    """It goes: who was reminded stands in the history."""
    op.drop_table("wait_reminder")
