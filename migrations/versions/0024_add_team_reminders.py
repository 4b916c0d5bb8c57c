"""Add what it takes to remind those who are waited for around a team: to vouch, to accept the terms, to lead, to take part."""

import sqlalchemy as sa
from alembic import op

revision = "0024_add_team_reminders"
down_revision = "0023_keep_what_runs_began_with"
branch_labels = None
depends_on = None

_SHARES = (
    ("card", "reminded"),
    ("co_applicant", "reminded"),
    ("lead_handover", "reminded"),
    ("proposal", "lead_reminded"),
    ("team_member", "reminded"),
)
_INVITED = sa.text("state = 'invited'")


def upgrade() -> None:
    """The share of the time at which somebody was last reminded, and when a member of a team was last asked."""
    for table, column in _SHARES:
        op.add_column(table, sa.Column(column, sa.Integer(), nullable=True))
    op.add_column("team_member", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_team_member_invited",
        "team_member",
        ["proposal_id"],
        sqlite_where=_INVITED,
        postgresql_where=_INVITED,
    )


def downgrade() -> None:
    """They go: who was reminded stands in the history."""
    op.drop_index("ix_team_member_invited", "team_member")
    op.drop_column("team_member", "asked_at")
    for table, column in reversed(_SHARES):
        op.drop_column(table, column)
