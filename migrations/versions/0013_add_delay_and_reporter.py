"""Add the delay of an output's publication, and the side that owes an incident's full report."""

import sqlalchemy as sa
from alembic import op

revision = "0013_add_delay_and_reporter"
down_revision = "0012_add_listing_life"
branch_labels = None
depends_on = None

_SIDES = ("member", "partner")


def upgrade() -> None:
    """Three columns with their constraints. Reports of incidents that are open were asked of the member, and stay there."""
    with op.batch_alter_table("output") as table:
        table.add_column(sa.Column("delayed_until", sa.Date(), nullable=True))
        table.add_column(sa.Column("delay_words", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("output") as table:
        table.alter_column("delay_words", server_default=None)
        table.create_check_constraint(
            op.f("ck_output_delay_has_a_reason"),
            "delayed_until IS NULL OR (cleared_at IS NOT NULL AND delay_words <> '')",
        )
    side = sa.Enum(*_SIDES, name="incident_owed_by", native_enum=False, length=40)
    with op.batch_alter_table("incident") as table:
        table.add_column(sa.Column("owed_by", side, nullable=False, server_default="member"))
    with op.batch_alter_table("incident") as table:
        table.alter_column("owed_by", server_default=None)
        table.create_check_constraint(op.f("ck_incident_incident_owed_by"), "owed_by IN ('member', 'partner')")


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("incident") as table:
        table.drop_constraint(op.f("ck_incident_incident_owed_by"), type_="check")
        table.drop_column("owed_by")
    with op.batch_alter_table("output") as table:
        table.drop_constraint(op.f("ck_output_delay_has_a_reason"), type_="check")
        table.drop_column("delay_words")
        table.drop_column("delayed_until")
