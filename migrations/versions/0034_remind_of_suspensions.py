"""Remind of suspensions: what a grant itself waits for has one memory of its reminders, whichever wait it is."""

from alembic import op

revision = "0034_remind_of_suspensions"
down_revision = "0033_remind_of_offers_anew"
branch_labels = None
depends_on = None

NAMES = (("close_out_reminded", "wait_reminded"), ("close_out_reminded_at", "wait_reminded_at"))


def upgrade() -> None:
    for before, after in NAMES:
        op.execute(f'ALTER TABLE "grant" RENAME COLUMN {before} TO {after}')


def downgrade() -> None:
    for before, after in NAMES:
        op.execute(f'ALTER TABLE "grant" RENAME COLUMN {after} TO {before}')
