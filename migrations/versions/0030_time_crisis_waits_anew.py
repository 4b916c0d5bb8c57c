"""Let the waits of the crisis pipeline be timed anew: they count hours now, and had counted working days."""

from alembic import op

revision = "0030_time_crisis_waits_anew"
down_revision = "0029_give_each_page_its_notes"
branch_labels = None
depends_on = None

# A wait that names nobody is worked out anew within a minute, with all of its moments.
_ANEW = (
    "UPDATE open_wait SET person_id = NULL WHERE proposal_id IN (SELECT id FROM proposal WHERE pipeline = 'crisis@1')"
)


def upgrade() -> None:
    """Their moments are those of days until then."""
    op.execute(_ANEW)


def downgrade() -> None:
    """The same, with what counts days again."""
    op.execute(_ANEW)
