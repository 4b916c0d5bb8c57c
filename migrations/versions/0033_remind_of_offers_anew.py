"""Let the recipient of a hand-over be reminded from the beginning: what its signatory was reminded of does not count."""

from alembic import op

revision = "0033_remind_of_offers_anew"
down_revision = "0032_let_reviews_go_on"
branch_labels = None
depends_on = None

# Until lately signing kept the share. Who was reminded since the offer went out stands in the history.
_LEFT_OVER = """
UPDATE subgrant SET reminded = NULL WHERE state = 'offered' AND NOT EXISTS (
    SELECT 1 FROM history_event WHERE thing = 'subgrant' AND thing_ref = subgrant.number
    AND type = 'subgrant.reminded' AND at >= subgrant.state_since
)
"""


def upgrade() -> None:
    """Each offer of which nobody was reminded begins at nothing."""
    op.execute(_LEFT_OVER)


def downgrade() -> None:
    """Nothing to take back: the share of an earlier wait means nothing to this one."""
