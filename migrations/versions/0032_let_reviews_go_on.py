"""Let a review end, or go on without a dataset, because a side of it has left the common agreement."""

import sqlalchemy as sa
from alembic import op

revision = "0032_let_reviews_go_on"
down_revision = "0031_add_remarks_of_harvests"
branch_labels = None
depends_on = None

STATES = (
    "draft", "in_intake", "in_review", "changes_requested", "decided", "issued", "not_taken_up", "parked", "withdrawn",
)  # fmt: skip
OUTCOMES = ("pending", "approved", "approved_with_conditions", "not_approved")
ENDED, NOT_OFFERED = "ended", "not_offered"
PROPOSAL, ITEM = sa.table("proposal", sa.column("state")), sa.table("proposal_item", sa.column("state"))


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _say(table: str, checks: dict[str, str]) -> None:
    with op.batch_alter_table(table) as batch:
        for name, says in checks.items():
            batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
            batch.create_check_constraint(op.f(f"ck_{table}_{name}"), says)


def upgrade() -> None:
    """One state more of a proposal, and one of an item, which has no decision."""
    _say("proposal", {"proposal_state": _one_of("state", (*STATES, ENDED))})
    decided = f"(state IN ('pending','{NOT_OFFERED}')) = (decision_id IS NULL)"
    _say("proposal_item", {"item_state": _one_of("state", (*OUTCOMES, NOT_OFFERED)), "decided_has_a_decision": decided})
    outcome = f"outcome NOT IN ('pending','{NOT_OFFERED}')"
    _say("decision", {"decision_outcome": _one_of("outcome", (*OUTCOMES, NOT_OFFERED)), "is_an_outcome": outcome})


def downgrade() -> None:
    """What ended counts as withdrawn; where a dataset was closed, its proposal cannot be told without it any more."""
    if op.get_bind().scalar(sa.select(sa.func.count()).where(ITEM.c.state == NOT_OFFERED)):
        raise RuntimeError("data partners left reviews; the older tables cannot hold that, so nothing was taken back")
    op.execute(PROPOSAL.update().where(PROPOSAL.c.state == ENDED).values(state="withdrawn"))
    _say("decision", {"decision_outcome": _one_of("outcome", OUTCOMES), "is_an_outcome": "outcome <> 'pending'"})
    decided = "(state = 'pending') = (decision_id IS NULL)"
    _say("proposal_item", {"item_state": _one_of("state", OUTCOMES), "decided_has_a_decision": decided})
    _say("proposal", {"proposal_state": _one_of("state", STATES)})
