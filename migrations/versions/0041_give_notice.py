"""Let a side give notice of leaving the common agreement, which holds until its day."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0041_give_notice"
down_revision = "0040_switch_access_off"
branch_labels = None
depends_on = None

LEAVING = "leaving"
STATES = ("open", "signed", "in_force", LEAVING, "declined", "ended")
BEFORE = tuple(state for state in STATES if state != LEAVING)
ACCESSION = sa.table("accession", sa.column("state"))
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_COLUMNS: dict[str, sa.types.TypeEngine[Any]] = {
    "notice_at": sa.DateTime(timezone=True),
    "notice_by_id": _KEY,
    "notice_received_on": sa.Date(),
    "notice_reason": sa.Text(),
    "notice_document_id": _KEY,
    "notice_followed_at": sa.DateTime(timezone=True),
    "leaves_on": sa.Date(),
}
_REFERS = {"notice_by_id": "person", "notice_document_id": "stored_file"}


def upgrade() -> None:
    """One state more, and what a notice says."""
    with op.batch_alter_table("accession") as table:
        for name, kind in _COLUMNS.items():
            table.add_column(sa.Column(name, kind, nullable=True))
        for column_name, to in _REFERS.items():
            table.create_foreign_key(op.f(f"fk_accession_{column_name}_{to}"), to, [column_name], ["id"])
    _say(STATES, "('signed','in_force','leaving')", "state NOT IN ('in_force','leaving')")
    with op.batch_alter_table("accession") as table:
        says = "state <> 'leaving' OR (notice_at IS NOT NULL AND leaves_on IS NOT NULL)"
        table.create_check_constraint(op.f("ck_accession_leaves_on_a_day"), says)


def downgrade() -> None:
    """The older tables know no notice: nothing is taken back while one runs."""
    if op.get_bind().scalar(sa.select(sa.func.count()).where(ACCESSION.c.state == LEAVING)):
        raise RuntimeError("notices of leaving run; the older tables cannot hold that, so nothing was taken back")
    with op.batch_alter_table("accession") as table:
        table.drop_constraint(op.f("ck_accession_leaves_on_a_day"), type_="check")
    _say(BEFORE, "('signed','in_force')", "state <> 'in_force'")
    with op.batch_alter_table("accession") as table:
        for column_name, to in _REFERS.items():
            table.drop_constraint(op.f(f"fk_accession_{column_name}_{to}"), type_="foreignkey")
        for name in reversed(_COLUMNS):
            table.drop_column(name)


def _say(states: tuple[str, ...], signed: str, not_in_force: str) -> None:
    checks = {
        "accession_state": f"state IN ({', '.join(repr(state) for state in states)})",
        "signed_by_somebody": f"state NOT IN {signed} OR on_paper OR (signed_at IS NOT NULL AND signatory_id IS NOT NULL)",
        "in_force_since": f"{not_in_force} OR countersigned_at IS NOT NULL",
    }
    with op.batch_alter_table("accession") as table:
        for name, says in checks.items():
            table.drop_constraint(op.f(f"ck_accession_{name}"), type_="check")
            table.create_check_constraint(op.f(f"ck_accession_{name}"), says)
