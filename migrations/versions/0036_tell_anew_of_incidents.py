"""Add why somebody is told of an incident, and what was learned of personal data with what was added to one."""

import sqlalchemy as sa
from alembic import op

revision = "0036_tell_anew_of_incidents"
down_revision = "0035_ask_line_by_line"
branch_labels = None
depends_on = None

ONCE = "uq_incident_notice_incident_id_recipient"
ONCE_EACH = "uq_incident_notice_incident_id_recipient_because"
CHECK = "ck_incident_notice_incident_notice_because"
REASONS = sa.Enum("incident", "personal_data", name="incident_notice_because", native_enum=False, length=40)


def upgrade() -> None:
    """Who was told before, was told of the incident."""
    with op.batch_alter_table("incident_notice") as table:
        table.add_column(sa.Column("because", REASONS, nullable=False, server_default="incident"))
        table.drop_constraint(op.f(ONCE), type_="unique")
        table.create_unique_constraint(op.f(ONCE_EACH), ["incident_id", "recipient", "because"])
        table.create_check_constraint(op.f(CHECK), "because IN ('incident', 'personal_data')")
    with op.batch_alter_table("incident_note") as table:
        table.add_column(sa.Column("personal_data", sa.String(20), nullable=False, server_default=""))
    with op.batch_alter_table("incident_notice") as table:
        table.alter_column("because", server_default=None)
    with op.batch_alter_table("incident_note") as table:
        table.alter_column("personal_data", server_default=None)


def downgrade() -> None:
    """Who was told anew goes: the history keeps that it was."""
    op.execute(sa.text("DELETE FROM incident_notice WHERE because <> 'incident'"))
    with op.batch_alter_table("incident_note") as table:
        table.drop_column("personal_data")
    with op.batch_alter_table("incident_notice") as table:
        table.drop_constraint(op.f(CHECK), type_="check")
        table.drop_constraint(op.f(ONCE_EACH), type_="unique")
        table.create_unique_constraint(op.f(ONCE), ["incident_id", "recipient"])
        table.drop_column("because")
